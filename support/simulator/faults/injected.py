"""The faults of one simulator: they stand in for its steps, and can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from support.simulator.faults.fault import Fault
from support.simulator.faults.seams import Seams


class InjectedFaults:
    """In the order in which they were injected: a later one stands in for what the earlier ones have made of a step.

    `break_by` injects a fault into seams of its own; a change is made `between_requests`, after what was due.
    """

    def __init__(
        self, break_by: Callable[[Fault], Seams], between_requests: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._break_by = break_by
        self._between_requests = between_requests
        self._injected: dict[str, Seams] = {}

    def inject(self, fault: Fault) -> None:
        """Inject a fault; one of the same name is taken back before."""
        self._change(fault.name, {fault.name: self._break_by(fault)})

    def take_back(self, name: str) -> None:
        """Take a fault back; nothing happens when there is none of this name."""
        self._change(name, {})

    def __iter__(self) -> Iterator[Fault]:
        return iter([each.fault for each in self._injected.values()])

    def _change(self, name: str, injected: dict[str, Seams]) -> None:
        with self._between_requests():
            for part, step, _ in self._stand_ins():
                vars(part).pop(step, None)
            self._injected = {other: seams for other, seams in self._injected.items() if other != name} | injected
            for part, step, stand_in in self._stand_ins():
                setattr(part, step, partial(stand_in, getattr(part, step)))

    def _stand_ins(self) -> list[tuple[object, str, Callable[..., Any]]]:
        return [each for seams in self._injected.values() for each in seams.stand_ins]
