"""The catalogue of mutants, one module for each area."""

from difflib import get_close_matches
from types import ModuleType

from support.mutants.catalogue import (
    conditions,
    conflicts,
    control_plane,
    images,
    indexes,
    metrics,
    operations,
    reads,
    replication,
)
from support.mutants.mutant import Mutant

AREAS: tuple[ModuleType, ...] = (
    replication, operations, conflicts, images, indexes, conditions, control_plane, metrics, reads,
)  # fmt: skip

MUTANTS: tuple[Mutant, ...] = tuple(
    value for area in AREAS for value in vars(area).values() if isinstance(value, Mutant)
)
"""All mutants, in the order of the areas and of their definitions."""


def mutant_named(name: str) -> Mutant:
    """The mutant of this name. Raises LookupError for a name that none has."""
    for each in MUTANTS:
        if each.name == name:
            return each
    meant = "".join(f"perhaps {each!r} was meant; " for each in get_close_matches(name, [m.name for m in MUTANTS], n=1))
    raise LookupError(f"there is no mutant {name!r}: {meant}--list shows them all")
