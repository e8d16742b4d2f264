"""A mutant: one small, named deviation of the simulated table from what AWS documents."""

from collections.abc import Callable
from dataclasses import dataclass

from support.mutants.seams import Seams

Apply = Callable[[Seams], None]


@dataclass(frozen=True)
class Mutant:
    """What is wrong with a table, the rule that it breaks, and the tags of the scenarios that are about that rule.

    `apply` breaks a simulator that has no table yet. `equivalent` is the reason why no client can tell this table from
    a right one; empty for all mutants that have to be noticed.
    """

    name: str
    says: str
    rule: str
    area: str
    subjects: tuple[str, ...]
    apply: Apply
    equivalent: str = ""


def mutant(rule: str, *subjects: str, equivalent: str = "") -> Callable[[Apply], Mutant]:
    """Make a mutant of a function that breaks a table.

    Its name is the mutant's, its docstring says what is wrong, and its module is the area.
    """

    def make(apply: Apply) -> Mutant:
        name = apply.__name__.replace("_", "-")
        area = apply.__module__.rpartition(".")[2].replace("_", " ")
        return Mutant(name, (apply.__doc__ or "").partition("\n\n")[0], rule, area, subjects, apply, equivalent)

    return make
