"""A fault: one small, named deviation of a simulated table from what AWS documents."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, TypeVar

R = TypeVar("R")

READERS: dict[str, Callable[[str], bool]] = {
    "region": bool,
    "attribute": bool,
    "number": lambda value: isfinite(float(value)),
    "seconds": lambda value: isfinite(float(value)) and float(value) >= 0,
    "share, 0 to 1": lambda value: 0 <= float(value) <= 1,
    "SOURCE>DESTINATION": lambda value: all(value.partition(">")),
    "REGION:SECONDS": lambda value: bool(value.partition(":")[0]) and isfinite(float(value.partition(":")[2])),
}
"""For each kind of value: whether a text is one (ValueError: it is not). A value of no such kind is a case."""

REGIONS = {"region": 1, "SOURCE>DESTINATION": 2, "REGION:SECONDS": 1}
"""With how many regions a value begins."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a table, the rule that this breaks, and the tags of the scenarios that are about that rule.

    A fault without such tags is trouble on the way to a right table. `takes` says in words which `value` says more of
    it, `cases` are the values that the suite is proved against; the first one is the default. `equivalent` is the
    reason why no client can tell this table from a right one; empty for all faults that have to be noticed.
    """

    name: str
    says: str
    rule: str
    area: str
    subjects: tuple[str, ...]
    seam: Callable[[Any, Callable[..., Any]], None]
    wrong: Callable[..., Any]
    takes: str
    cases: tuple[str, ...]
    equivalent: str
    value: str

    def takes_value(self, value: str) -> bool:
        with suppress(ValueError):
            return READERS[self.takes](value) if self.takes in READERS else value in self.cases
        return False

    def inject(self, seams: Any) -> None:
        self.seam(seams, partial(self.wrong, seams, *([self.value] if self.takes else [])))

    def check_regions(self, served: Sequence[str]) -> None:
        """Raise ValueError with one line for a region that is not served: nothing would come of the fault."""
        for region in re.split("[>:]", self.value)[: REGIONS.get(self.takes, 0)]:
            if region and region not in served:
                raise ValueError(f"the fault {self} names {region}, which is not served: use {' or '.join(served)}")

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name


def fault(
    seam: Callable[[Any, Callable[..., R]], None],
    rule: str,
    *subjects: str,
    takes: str = "",
    cases: tuple[str, ...] = ("",),
    equivalent: str = "",
) -> Callable[[Callable[..., R]], Fault]:
    """Make a fault of a wrong rule: a function that stands in for the right one at a seam of the simulator.

    It gets the simulator's seams, the fault's value if there is one, and what the seam gives. Its name is the fault's,
    its docstring says what is wrong, and its module is the area. `takes` may be left out where the value is a case.
    """

    def make(wrong: Callable[..., R]) -> Fault:
        name = wrong.__name__.replace("_", "-")
        area = wrong.__module__.rpartition(".")[2].replace("_", " ")
        says = (wrong.__doc__ or "").rstrip(".")
        value = takes or (f"one of {', '.join(cases)}" if any(cases) else "")
        return Fault(name, says, rule, area, subjects, seam, wrong, value, cases, equivalent, cases[0])

    return make


def check_together(faults: Sequence[Fault], served: Sequence[str]) -> None:
    """Raise ValueError with one line for a fault of a region that is not served, and for one that is there twice."""
    for number, each in enumerate(faults):
        each.check_regions(served)
        if each.name in [other.name for other in faults[:number]]:
            raise ValueError(f"the fault {each.name} is given twice, and has one value: leave out {each}")
