"""Pausing the replication of a live table by an experiment of the Fault Injection Service (facts 4).

A pause hits the whole table, both ways. So there is one for all scenarios that need it, when all others have ended:
they begin it together, each in a process of its own, and end it together. They wait for each other by files beside the
journal, whose names begin with the run's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from support.clock import Clock
from support.experiments import AT_WORK, LATEST_EFFECT, MINUTES
from support.housekeeping.experiments import Experiments
from support.polling import Progress
from support.table.region import Region
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import Write

SUFFIX = ".pause"
CRASHED, DONE, OVER = "crashed", "done", "over"
"""What names a worker that has died, one that runs nothing but scenarios with a pause any more, and one that has ended.
"""
CUT, HEALED, ENDED = "cut", "healed", "ended"
"""How far a scenario has come: it is ready for the pause, ready for its end, or over."""

PROBES = 3
MULTIPLE = 10
"""Replication counts as paused when no probe has arrived after so many times the slowest delay of the run."""
LEAST_WAIT = 2.0
LONGEST_PROOF = LATEST_EFFECT + 60.0
LOOK = 0.5


@dataclass(frozen=True)
class Words:
    """What the processes of a run let each other know, for as long as it lasts: empty files beside the journal."""

    folder: Path
    owner: str

    def leave(self, word: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{self.owner}.{word}{SUFFIX}").touch()

    def left(self, pattern: str) -> list[str]:
        """The words of this form, with stars for what is not known."""
        names = [path.name for path in self.folder.glob(f"{self.owner}.{pattern}{SUFFIX}")]
        return [name.removeprefix(f"{self.owner}.").removesuffix(SUFFIX) for name in names]

    def forget(self) -> None:
        for path in self.folder.glob(f"{self.owner}.*{SUFFIX}"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Meeting:
    """Where the scenarios of a run that need a pause wait for each other: `number` counts them from 0.

    As many as there are workers share one pause, in the order of their numbers; `process` is the worker of this one.
    """

    words: Words
    process: str
    number: int
    scenarios: int
    workers: int

    @property
    def turn(self) -> int:
        """Which of the run's pauses is this scenario's."""
        return self.number // self.workers

    def tell(self, stage: str) -> None:
        self.words.leave(f"{self.number}-{stage}")

    def all_can_begin(self) -> bool:
        """Whether all other scenarios have ended, those of earlier pauses too, and all of this pause are ready."""
        earlier = all(self._has_come(number, ENDED) for number in range(self._alike.start))
        return earlier and self._count(DONE) >= self.workers and all(self._has_come(each, CUT) for each in self._alike)

    def all_can_end(self) -> bool:
        return all(self._has_come(each, HEALED) for each in self._alike)

    def demand_hope(self) -> None:
        """Raise InconclusiveError when another scenario will never come."""
        to_come = sum(not self._has_come(number, ENDED) for number in self._alike)
        if self._count(CRASHED) or to_come > self.workers - self._count(OVER):
            raise InconclusiveError("the run ends: not all scenarios will come that share this pause of replication")

    @property
    def _alike(self) -> range:
        first = self.turn * self.workers
        return range(first, min(first + self.workers, self.scenarios))

    def _has_come(self, number: int, stage: str) -> bool:
        return any(self.words.left(f"{number}-{each}") for each in (stage, ENDED))

    def _count(self, what: str) -> int:
        return len(self.words.left(f"{what}-*"))


@dataclass
class Pause:
    """The pause of one scenario; `regions` are for probes that count nowhere, with keys under `pk`.

    `slowest` tells the slowest delay of the run so far, in seconds; `experiment` is what has paused replication.
    """

    meeting: Meeting
    experiments: Experiments
    regions: Mapping[str, Region]
    clock: Clock
    pk: str
    slowest: Callable[[], float]
    on_progress: Callable[[Progress], None]
    experiment: str = ""

    def begin(self) -> None:
        """Return when replication is proven to be paused. Raises InconclusiveError if it is not in time."""
        self.meeting.words.leave(f"{DONE}-{self.meeting.process}")
        self.meeting.tell(CUT)
        self._wait_for("all other scenarios, which a pause would disturb", self.meeting.all_can_begin)
        self.experiment = self.experiments.start(self.meeting.turn)
        began = self.clock.elapsed()
        while self.demand() != "running" or not self._is_paused(round(self.clock.elapsed() - began)):
            waited = self.clock.elapsed() - began
            if waited > LONGEST_PROOF:
                raise InconclusiveError(f"replication still works {waited:.0f} s after the experiment began")
            self.on_progress(Progress("replication to be paused", waited, LONGEST_PROOF))
            self.clock.wait(LOOK)

    def demand(self) -> str:
        """How far the experiment is. Raises InconclusiveError unless it is at work, or about to be."""
        status, reason = self.experiments.state(self.experiment)
        if status not in AT_WORK:
            raise InconclusiveError(f"the experiment that pauses replication is {status}: {reason}")
        return status

    def end(self) -> float:
        """Let replication go on, when all have done what they do meanwhile; the last moment when it surely was paused.

        Raises InconclusiveError if the experiment has ended by itself.
        """
        self.meeting.tell(HEALED)
        paused = self._wait_for("the other scenarios that need the pause", self.meeting.all_can_end)
        status, reason = self.experiments.state(self.experiment)
        if status in AT_WORK:
            self.experiments.stop(self.experiment)
            status, reason = self.experiments.state(self.experiment)
        while status == "stopping":
            self.clock.wait(LOOK)
            status, reason = self.experiments.state(self.experiment)
        if status != "stopped":
            raise InconclusiveError(f"the experiment, which lasts {MINUTES} minutes, was not ours to end: {reason}")
        return paused

    def leave(self) -> None:
        """End the pause for all if no other scenario needs it any more."""
        self.meeting.tell(ENDED)
        if self.experiment and self.meeting.all_can_end() and self.experiments.state(self.experiment)[0] in AT_WORK:
            self.experiments.stop(self.experiment)

    def _wait_for(self, whom: str, there: Callable[[], bool]) -> float:
        """Wait; the last moment at which a look was begun that found them not all there, or when the wait began."""
        began = missed = asked = self.clock.elapsed()
        while not there():
            missed = asked
            self.meeting.demand_hope()
            self.on_progress(Progress(whom, missed - began, MINUTES * 60))
            self.clock.wait(LOOK)
            asked = self.clock.elapsed()
        return missed

    def _is_paused(self, number: int) -> bool:
        """Whether nothing arrives, either way, in ten times the time that the slowest change of this run has taken."""
        ways = [(one, other) for one, other in product(self.regions.values(), repeat=2) if one is not other]
        probes: Sequence[tuple[Region, Write]] = [
            (other, one.put({"PK": self.pk, "SK": f"{one.name}#{number}.{each}"}))
            for one, other in ways
            for each in range(PROBES)
        ]
        self.clock.wait(max(LEAST_WAIT, MULTIPLE * self.slowest()))
        return all(other.peek(write.key) is None for other, write in probes)
