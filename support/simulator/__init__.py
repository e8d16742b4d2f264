"""A simulator of DynamoDB global tables, usable without the rest of this project."""

from typing import TYPE_CHECKING, Any

from support.simulator.faults import Fault, check_together, fault_named
from support.simulator.replication.links import Lag

if TYPE_CHECKING:
    from support.simulator.simulator import Simulator

__all__ = ["Fault", "Lag", "Simulator", "check_together", "fault_named"]


def __getattr__(name: str) -> Any:
    # Imported when it is asked for: it brings moto along, which eight workers of a live run need not wait for.
    if name == "Simulator":
        from support.simulator.simulator import Simulator

        return Simulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
