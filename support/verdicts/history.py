"""The operations of one scenario, as records: who did what, where, when, and what came of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from threading import Lock
from typing import Any, Literal, NamedTuple, TypeVar

from support.verdicts.errors import ServiceError

Action = Literal["put", "update", "delete"]

Image = Mapping[str, Any]
"""All attributes of an item, with plain values: str, bytes, Decimal, bool, None, list, dict, set."""


class Key(NamedTuple):
    """The primary key of an item."""

    pk: str
    sk: str

    @classmethod
    def of(cls, image: Image) -> "Key":
        return cls(image["PK"], image["SK"])

    def __str__(self) -> str:
        return f"{self.pk} / {self.sk}"


class Outcome(StrEnum):
    """What is known of an operation after its answer, or after none."""

    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Write:
    """A write as its sender saw it.

    `invoked` and `answered` are seconds on the clock of the scenario, `at` the time of day when it was sent: the first
    attempt that may have been done, for one that was refused does not count.
    `old_image` is what the region held before (None: no item) and `new_image` what it holds after it (None:
    deleted); both are to be trusted only when the outcome is acknowledged. `repeated` says that an attempt
    before the acknowledged one had no answer: the write may have been done twice, and may have replaced itself.
    Without `reports_old_image` the answer said nothing of what was there before, as that of a batch or a transaction.
    """

    number: int
    region: str
    key: Key
    action: Action
    by: str
    invoked: float
    answered: float
    at: datetime
    outcome: Outcome
    old_image: Image | None
    new_image: Image | None
    attempts: int = 1
    error: ServiceError | None = None
    repeated: bool = False
    reports_old_image: bool = True

    @property
    def name(self) -> str:
        """Its name in messages: "the update of partner B" or "the delete in eu-west-1"."""
        return f"the {self.action} of {self.by}" if self.by else f"the {self.action} in {self.region}"

    @property
    def new_image_is_known(self) -> bool:
        """Whether `new_image` is what the write leaves if it is done: of an update only an answer can tell."""
        return self.action != "update" or (self.outcome is Outcome.ACKNOWLEDGED and self.reports_old_image)

    def is_before(self, other: "Write") -> bool:
        """Whether it was answered before the other one was sent: only then their order is known from outside.

        A region does what it is asked at one and the same moment in the order in which it was asked. A write without an
        answer may be done at any time.
        """
        if self.outcome is Outcome.UNKNOWN:
            return False
        at_once = self.answered == other.invoked and self.region == other.region
        return self.answered < other.invoked or (at_once and self.number < other.number)


@dataclass(frozen=True)
class Read:
    """What one region showed of one item (`found` None: nothing)."""

    number: int
    region: str
    key: Key
    invoked: float
    answered: float
    at: datetime
    outcome: Outcome
    found: Image | None
    attempts: int = 1
    error: ServiceError | None = None


Operation = TypeVar("Operation", Write, Read, Write | Read)


def in_order(operations: Iterable[Operation]) -> list[Operation]:
    """In the order in which they were sent."""
    return sorted(operations, key=lambda each: (each.invoked, each.number))


@dataclass
class History:
    """Operations in the order of their answers. Threads may add to it."""

    _operations: list[Write | Read] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    def __iter__(self) -> Iterator[Write | Read]:
        return iter(tuple(self._operations))

    def __len__(self) -> int:
        return len(self._operations)

    def next_number(self) -> int:
        with self._lock:
            return next(self._numbers)

    def add(self, operation: Write | Read) -> None:
        with self._lock:
            self._operations.append(operation)

    def writes(self, key: Key) -> list[Write]:
        """The writes to an item in the order in which they were sent, but for those that surely changed nothing.

        Raises ValueError when one of them does not tell what it replaced: who asks for writes relies on it.
        """
        writes = (each for each in self if isinstance(each, Write))
        sent = [each for each in writes if each.key == key and each.outcome is not Outcome.FAILED]
        for silent in (each for each in sent if not each.reports_old_image):
            raise ValueError(
                f"{silent.name} (operation {silent.number}) does not tell what it replaced, which verdicts on {key} "
                "rely on: write without batch or transaction, or record it in a history of its own"
            )
        return in_order(sent)

    def reads(self, key: Key, region: str) -> list[Read]:
        """What a region showed of an item, in the order in which it was asked."""
        reads = (each for each in self if isinstance(each, Read))
        return in_order(read for read in reads if (read.key, read.region) == (key, region))
