"""The faults of one simulator: they stand in for its steps, and can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

from support.simulator.faults.fault import Fault
from support.simulator.faults.seams import Seams


class InjectedFaults:
    """In the order in which they were injected: a later one stands in for what the earlier ones have made of a step.

    `seams` makes the seams for a fault of this name; a change is made `between_requests`, after what was due.
    """

    def __init__(
        self, seams: Callable[[str], Seams], between_requests: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._seams = seams
        self._between_requests = between_requests
        self._injected: dict[str, tuple[Fault, Seams]] = {}

    def inject(self, fault: Fault) -> None:
        """Inject a fault; one of the same name is taken back before."""
        seams = self._seams(fault.name)
        fault.inject(seams)
        self._change({**self._without(fault.name), fault.name: (fault, seams)})

    def take_back(self, name: str) -> None:
        """Take a fault back; nothing happens when there is none of this name."""
        self._change(self._without(name))

    def __iter__(self) -> Iterator[Fault]:
        return iter([fault for fault, _ in self._injected.values()])

    def _without(self, name: str) -> dict[str, tuple[Fault, Seams]]:
        return {other: injected for other, injected in self._injected.items() if other != name}

    def _change(self, injected: dict[str, tuple[Fault, Seams]]) -> None:
        with self._between_requests():
            for _, seams in self._injected.values():
                for part, step, _ in seams.stand_ins:
                    vars(part).pop(step, None)
            self._injected = injected
            for _, seams in injected.values():
                for part, step, stand_in in seams.stand_ins:
                    setattr(part, step, partial(stand_in, getattr(part, step)))
