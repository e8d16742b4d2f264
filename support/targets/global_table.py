"""The global table as steps use it: its regions, waiting for convergence, and the checklist."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import InitVar, dataclass
from typing import Protocol

from support.checklist.causes import Cause, judged
from support.checklist.evidence import Question, gather
from support.clock import Clock, Task
from support.page.workshop import Limits, Participant
from support.polling import BACKOFF, PollPolicy, Progress
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch
from support.table.region import Region
from support.verdicts.convergence import Agreement, Settling, until_converged
from support.verdicts.findings import Retries
from support.verdicts.health import Description
from support.verdicts.history import History, Image, Key
from support.verdicts.versions import final_writes, left_by

Link = tuple[str, str]
"""A source and a destination."""


class Links(Protocol):
    """What can be done to replication itself. AWS can pause it (`@experiment`); the rest is for `@simulated_only`."""

    def pause(self) -> None:
        """Deliver nothing between the regions, either way. Raises InconclusiveError where that does not come about."""

    def demand_paused(self) -> None:
        """Raise InconclusiveError if the pause has ended by itself: what is seen then is no verdict."""
        return

    def resume(self) -> float:
        """Let replication go on; when it was asked to, in seconds of the scenario's clock."""

    def cut(self, source: str, destination: str) -> None:
        """Deliver nothing until the link heals."""

    def heal(self, source: str, destination: str) -> None:
        """Deliver what is pending."""

    def slow_down(self, source: str, destination: str, seconds: float) -> None:
        """Let every change take this long from now on."""

    def next_look(self, keys: Collection[Key], regions: Collection[str], agreed_for: float) -> float:
        """Seconds until something that was written may change what these regions show of these items.

        `agreed_for` are the seconds for which they have shown what they should. 0: nothing can change it any more.
        Infinite: something is pending on a link that is cut.
        """

    def note_delay(self, written: float, seen: float) -> None:
        """Remember when a change was written, or just before, and when it was seen everywhere, in seconds."""

    def is_pending(self, key: Key, region: str) -> bool:
        """Whether a change of this item is known to be still on its way to a region; False where nothing is known."""

    def pending(self) -> Mapping[Link, int] | None:
        """How many changes each link has not delivered, those without any left out; None: nothing is known."""
        return None

    def faults(self) -> Sequence[str]:
        """What is broken on purpose, and so needs no other cause."""
        return ()


@dataclass(eq=False)
class GlobalTable:
    """A table with a replica in each of its regions; `callers` are theirs, the primary one's first."""

    name: str
    callers: InitVar[Mapping[str, Caller]]
    clock: Clock
    history: History
    limits: Limits
    links: Links
    cloudwatch: CloudWatch
    may_lack_operations: bool = False
    on_progress: Callable[[Progress], None] = lambda _: None

    def __post_init__(self, callers: Mapping[str, Caller]) -> None:
        self._regions = {
            region: Region(region, self.name, each, self.history, self.clock) for region, each in callers.items()
        }

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self._regions)

    def region(self, name: str) -> Region:
        if name not in self._regions:
            raise LookupError(f"the table has no replica in {name!r}, only in {', '.join(self.regions)}")
        return self._regions[name]

    def others(self, name: str) -> tuple[str, ...]:
        return tuple(region for region in self.regions if region != name)

    def poll_policy(self, within: float, backoff: float = BACKOFF) -> PollPolicy:
        """How long to wait for replication, and how often to look: the run's limits may be shorter than a step's."""
        seconds = min(within, self.limits.timeout)
        return PollPolicy(self.clock.elapsed, seconds, self.limits.polling, backoff, self.on_progress)

    def metrics_poll_policy(self, within: float, every: float) -> PollPolicy:
        """How long to wait for CloudWatch, which has nothing to do with how long replication may take."""
        return PollPolicy(self.clock.elapsed, within, every, on_progress=self.on_progress)

    def convergence(self, key: Key, within: float, regions: Sequence[str] = ()) -> Task[Agreement]:
        """A task: look at an item in these regions (else in all) until they show what was written last."""
        agreement = yield from until_converged(
            writes=lambda: self.history.writes(key),
            look=lambda region: self.region(region).query(key),
            regions=regions or self.regions,
            policy=self.poll_policy(within),
            settling=self.settling([key], regions or self.regions),
        )
        # What the first look has found may have been there for long: only after one that missed a delay is known.
        seen = [hit for missed, hit in map(agreement.arrival, agreement.views.looks) if missed is not None]
        if seen:
            written = max(write.invoked for write in final_writes(self.history.writes(key)))
            self.links.note_delay(written, max(seen))
        return agreement

    def settling(self, keys: Collection[Key], regions: Collection[str]) -> Settling:
        return lambda agreed_for: self.links.next_look(keys, regions, agreed_for)

    def agreement(self, key: Key, within: float, regions: Sequence[str] = ()) -> Agreement:
        """Wait for `convergence`. Raises DivergenceError when it does not come about."""
        (agreement,) = self.clock.run(self.convergence(key, within, regions))
        return agreement

    def is_pending(self, key: Key, region: str) -> bool:
        """Whether a region surely can't show a change yet: one that was done twice may have arrived."""
        return self.links.is_pending(key, region) and not any(write.repeated for write in self.history.writes(key))

    def has_last_version(self, key: Key, region: str) -> bool:
        """Whether a region's table, read without a trace in the history, holds the item as it was written last."""
        return bool(left_by(final_writes(self.history.writes(key)), self.region(region).unrecorded_get(key)))

    def pending_in_words(self) -> str:
        """What has not arrived yet, and what is broken on purpose; empty where nothing is known."""
        pending = self.links.pending()
        if pending is None:
            return ""
        changes = [
            f"{number} change{'s are' if number > 1 else ' is'} pending from {source} to {destination}"
            for (source, destination), number in pending.items()
        ]
        faults = [f"fault {fault} is on" for fault in self.links.faults()]
        return "; ".join([*(changes or ["no change is pending"]), *faults])

    @property
    def tried_again(self) -> bool:
        """Whether a call of the scenario had to be tried again, which may have made later ones late."""
        return any(operation.attempts > 1 for operation in self.history)

    def checklist(self, question: Question) -> list[Cause]:
        """The causes of the troubleshooting guide, with what is known of each."""
        return judged(gather(self._regions, question, self.history))

    def question(self, key: Key, region: str, index: str = "", value: str = "") -> Question:
        """What the checklist is to be asked of an item that should be as it was written last."""
        last = final_writes(self.history.writes(key))
        waited = self.clock.elapsed() - max(write.invoked for write in last) if last else None
        expected = [write.new_image for write in last if write.new_image_is_known]
        return Question(key, region, index, value, expected, waited=waited)

    def describe(self) -> dict[str, Description | None]:
        return {name: region.describe() for name, region in self._regions.items()}

    def retries(self) -> Retries | None:
        """How many calls had to be tried again, for each region and error; None when none had to."""
        counts = {
            f"{name}, {error}": count
            for name, region in self._regions.items()
            for error, count in sorted(region.caller.tally.again.items())
        }
        return Retries(counts) if counts else None

    def held(self, key: Key) -> dict[str, Image | None]:
        return {name: region.get(key) for name, region in self._regions.items()}


class Target(Protocol):
    """A global table to run scenarios against, be it simulated or live."""

    def start_scenario(self, scenario: str) -> tuple[GlobalTable, Participant]:
        """The table, with a clock of its own, and a participant with items of its own, for the scenario with this id.

        One scenario runs at a time in a process.
        """

    def end_scenario(self) -> None:
        """End the scenario that was started last."""

    def close(self) -> None:
        """Release what the target holds: no scenario follows."""
