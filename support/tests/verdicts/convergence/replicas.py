"""Regions that show an item as they are told to, waited for until they agree."""

from collections.abc import Callable, Mapping, Sequence

from support.clock import SimulatedClock
from support.polling import PollPolicy, Progress, no_progress
from support.tests.verdicts.histories import AP, EU, US, order, put, write
from support.verdicts.convergence.agreement import Agreement, Settling, until_converged
from support.verdicts.history import Image, Write

NEW = put(US, 0, order(100))
A = write(US, 0, order(100), order(150), "A")
B = write(EU, 0, order(100), order(200), "B")


def nothing_owed(_: float) -> float:
    """Nothing is owed: what the regions agree on is final."""
    return 0.0


class Replicas:
    """What regions show from which second on; every look takes its time."""

    def __init__(self, looking: float = 0.0, **shown: Mapping[float, Image | None]) -> None:
        names = {"us": US, "eu": EU, "ap": AP}
        self.clock = SimulatedClock()
        self.shown = {names[name]: versions for name, versions in shown.items()}
        self.looking = looking
        self.asked: list[float] = []

    def look(self, region: str) -> Image | None:
        self.asked.append(self.clock.elapsed())
        self.clock.wait(self.looking)
        since = max(at for at in self.shown[region] if at <= self.clock.elapsed())
        return self.shown[region][since]

    def agree(
        self,
        writes: Sequence[Write],
        within: float,
        explain: Callable[[str], str] = lambda _: "",
        settling: Settling = nothing_owed,
        on_progress: Callable[[Progress], None] = no_progress,
    ) -> Agreement:
        policy = PollPolicy(self.clock.elapsed, within, 0.1, on_progress=on_progress)
        task = until_converged(lambda: writes, self.look, list(self.shown), policy, settling, explain)
        (agreement,) = self.clock.run(task)
        return agreement
