"""All faults that can be injected into a simulated table, by area: the suite is proved against them."""

from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module

from support.simulator.faults.fault import Fault, check_together

__all__ = ["FAULTS", "Fault", "check_together", "fault_named", "known_fault", "list_of_faults"]

AREAS = (
    "replication", "operations", "conflicts", "images", "indexes", "conditions", "control_plane", "metrics", "reads",
    "requests",
)  # fmt: skip

FAULTS: dict[str, Fault] = {
    each.name: each
    for area in AREAS
    for each in vars(import_module(f"{__name__}.{area}")).values()
    if isinstance(each, Fault)
}
"""By their names, in the order of the areas and of their definitions; each with its first case."""


def known_fault(name: str) -> Fault:
    """The fault of this name. Raises ValueError, with the one that was perhaps meant, for a name of none."""
    if name in FAULTS:
        return FAULTS[name]
    meant = "".join(f"perhaps {each!r} was meant; " for each in get_close_matches(name, FAULTS, n=1))
    raise ValueError(f"there is no fault {name!r}: {meant}python -m support.simulator --list-faults shows them all")


def fault_named(text: str) -> Fault:
    """The fault of NAME or NAME=VALUE. Raises ValueError with one line that names the cure."""
    name, equals, value = text.partition("=")
    found = known_fault(name)
    if equals and not found.takes:
        raise ValueError(f"the fault {name} takes no value: leave out {equals}{value}")
    if equals and not found.takes_value(value):
        example = replace(found, value=next(filter(None, found.cases), ""))
        raise ValueError(f"the fault {name} takes {found.takes}, as in {example}, not {value!r}")
    return replace(found, value=value) if equals else found


def list_of_faults() -> str:
    """A line for each fault, with the kind of its value and the rule that it breaks."""
    return "".join(
        f"{each.area:<14} {each.name}{each.takes and f'={each.takes}'}: {each.says} ({each.rule})\n"
        for each in FAULTS.values()
    )
