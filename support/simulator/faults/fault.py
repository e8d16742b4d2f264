"""A fault: one small, named deviation of a simulated table from what AWS documents."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, TypeVar

R = TypeVar("R")

CASE = "one of its cases"
"""The kind of a value that is one of the fault's `cases`."""

READERS: dict[str, Callable[[str], bool]] = {
    "": lambda value: not value,
    "region": bool,
    "attribute": bool,
    "number": lambda value: isfinite(float(value)),
    "seconds": lambda value: isfinite(float(value)) and float(value) >= 0,
    "share, 0 to 1": lambda value: 0 <= float(value) <= 1,
    "SOURCE>DESTINATION": lambda value: all(value.partition(">")),
    "REGION:SECONDS": lambda value: bool(value.partition(":")[0]) and isfinite(float(value.partition(":")[2])),
}
"""For each kind of value: whether a text is one (ValueError: it is not)."""


@dataclass(frozen=True)
class FaultKind:
    """What is wrong with a table, the rule that this breaks, and the tags of the scenarios that are about that rule.

    A kind without such tags is trouble on the way to a right table. `takes` names the kind of value that says more of
    it, `cases` are the values that the suite is proved against; the first one is the default. `equivalent` is the
    reason why no client can tell this table from a right one; empty for all faults that have to be noticed.
    """

    name: str
    says: str
    rule: str
    area: str
    subjects: tuple[str, ...]
    inject: Callable[..., None]
    takes: str = ""
    cases: tuple[str, ...] = ("",)
    equivalent: str = ""

    @property
    def values(self) -> str:
        """What it takes, in words."""
        return f"one of {', '.join(self.cases)}" if self.takes == CASE else self.takes


def fault(
    seam: Callable[[Any, Callable[..., R]], None],
    rule: str,
    *subjects: str,
    takes: str = "",
    cases: tuple[str, ...] = ("",),
    equivalent: str = "",
) -> Callable[[Callable[..., R]], FaultKind]:
    """Make a kind of fault of a wrong rule: a function that stands in for the right one at a seam of the simulator.

    It gets the simulator's seams, the fault's value if there is one, and what the seam gives. Its name is the fault's,
    its docstring says what is wrong, and its module is the area.
    """

    def make(wrong: Callable[..., R]) -> FaultKind:
        name = wrong.__name__.replace("_", "-")
        area = wrong.__module__.rpartition(".")[2].replace("_", " ")
        says = (wrong.__doc__ or "").rstrip(".")

        def inject(seams: Any, *value: str) -> None:
            seam(seams, partial(wrong, seams, *value))

        kind_of_value = takes or (CASE if any(cases) else "")
        return FaultKind(name, says, rule, area, subjects, inject, kind_of_value, cases, equivalent)

    return make


@dataclass(frozen=True)
class Fault:
    """A kind of fault with its value (a text; empty for a kind that takes none)."""

    kind: FaultKind
    value: str = ""

    @property
    def name(self) -> str:
        return self.kind.name

    def inject(self, seams: Any) -> None:
        self.kind.inject(seams, *([self.value] if self.kind.takes else []))

    def check_regions(self, served: Sequence[str]) -> None:
        """Raise ValueError with one line for a region that is not served: nothing would come of the fault."""
        regions = {
            "SOURCE>DESTINATION": self.value.split(">"),
            "region": [self.value],
            "REGION:SECONDS": [self.value.partition(":")[0]],
        }
        unknown = [region for region in regions.get(self.kind.takes, ()) if region not in served]
        if unknown:
            raise ValueError(f"the fault {self} names {unknown[0]}, which is not served: use {' or '.join(served)}")

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name


def is_value(kind: FaultKind, value: str) -> bool:
    if kind.takes == CASE:
        return value in kind.cases
    with suppress(ValueError):
        return READERS[kind.takes](value)
    return False


def check_together(faults: Sequence[Fault], served: Sequence[str]) -> None:
    """Raise ValueError with one line for a fault of a region that is not served, and for one that is there twice."""
    for number, each in enumerate(faults):
        each.check_regions(served)
        if each.name in [other.name for other in faults[:number]]:
            raise ValueError(f"the fault {each.name} is given twice, and has one value: leave out {each}")
