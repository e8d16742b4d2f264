"""Findings: what a scenario measured or decided, in sentences that the report shows under the step."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["delay", "conflict", "timing", "recovery", "retry", "note"]


@dataclass(frozen=True)
class Finding:
    """One result of a step: a whole sentence, and details as pairs of a name and a value in the order to show them.

    A "conflict" says who won and why, a "timing" sums up the probes of one direction, a "delay" is one replication that
    was timed, a "recovery" is a figure on replication that was cut, a "retry" counts the calls that had to be made
    again, a "note" is anything else that a reader should see.
    `values` says the same to a program: numbers, texts, lists of them, under names.
    """

    kind: Kind
    title: str
    details: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Finding":
        details = tuple((name, value) for name, value in values["details"])
        return cls(values["kind"], values["title"], details, values["values"])
