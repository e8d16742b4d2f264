"""All faults that can be injected into a simulated table, by area: the suite is proved against them."""

from difflib import get_close_matches
from importlib import import_module

from support.simulator.faults.fault import Fault, FaultKind, check_together

__all__ = ["FAULTS", "Fault", "FaultKind", "check_together", "fault_named", "known_fault", "list_of_faults"]

AREAS = (
    "replication", "operations", "conflicts", "images", "indexes", "conditions", "control_plane", "metrics", "reads",
    "requests",
)  # fmt: skip

FAULTS: dict[str, FaultKind] = {
    kind.name: kind
    for area in AREAS
    for kind in vars(import_module(f"{__name__}.{area}")).values()
    if isinstance(kind, FaultKind)
}
"""By their names, in the order of the areas and of their definitions."""


def known_fault(name: str) -> FaultKind:
    """The kind of fault of this name. Raises ValueError, with the one that was perhaps meant, for a name of none."""
    if name in FAULTS:
        return FAULTS[name]
    meant = "".join(f"perhaps {each!r} was meant; " for each in get_close_matches(name, FAULTS, n=1))
    raise ValueError(f"there is no fault {name!r}: {meant}python -m support.simulator --list-faults shows them all")


def fault_named(text: str) -> Fault:
    """The fault of NAME or NAME=VALUE. Raises ValueError with one line that names the cure."""
    name, equals, value = text.partition("=")
    kind = known_fault(name)
    if equals and not kind.takes:
        raise ValueError(f"the fault {name} takes no value: leave out {equals}{value}")
    value = value if equals else kind.cases[0]
    if not kind.reads(value):
        raise ValueError(f"the fault {name} takes {kind.takes}, as in {name}={kind.cases[0]}, not {value!r}")
    return Fault(kind, value)


def list_of_faults() -> str:
    """A line for each fault, with the kind of its value and the rule that it breaks."""
    return "".join(
        f"{kind.area:<14} {kind.name}{kind.takes and f'={kind.takes}'}: {kind.says} ({kind.rule})\n"
        for kind in FAULTS.values()
    )
