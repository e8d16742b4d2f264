"""Findings: what a scenario measured or decided. Each kind of them is a class, in the module of its subject."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

Details = Sequence[tuple[str, str]]
"""Names and values, in the order to show them."""


@dataclass(frozen=True)
class Finding(ABC):
    """One result of a step. Its fields are plain values, which files keep; its words are made of them."""

    kinds: ClassVar[dict[str, type["Finding"]]] = {}

    def __init_subclass__(cls) -> None:
        Finding.kinds[cls.__name__] = cls

    @property
    @abstractmethod
    def title(self) -> str:
        """A whole sentence."""

    @property
    def details(self) -> Details:
        return ()

    def values(self) -> dict[str, Any]:
        return asdict(self)

    def to_json(self) -> dict[str, Any]:
        return {"finding": type(self).__name__, **self.values()}

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> "Finding":
        """What `to_json` made. Raises KeyError or TypeError for anything else."""
        return Finding.kinds[values["finding"]](**{name: each for name, each in values.items() if name != "finding"})


@dataclass(frozen=True)
class Note(Finding):
    """Anything else that a reader should see."""

    text: str
    more: Details = ()

    @property
    def title(self) -> str:
        return self.text

    @property
    def details(self) -> Details:
        return self.more


@dataclass(frozen=True)
class Retries(Finding):
    """How often calls had to be made again, by region and error."""

    counts: Mapping[str, int]

    @property
    def title(self) -> str:
        return f"calls that were tried again: {sum(self.counts.values())}"

    @property
    def details(self) -> Details:
        return [(place, str(count)) for place, count in self.counts.items()]
