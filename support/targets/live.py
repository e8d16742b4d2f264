"""The live target: a table that exists, wherever boto3's own configuration leads to, and its replication."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import permutations
from random import Random
from typing import NoReturn

import pytest

from support.clock import Clock, WallClock
from support.experiments import AT_WORK, LATEST_EFFECT, MINUTES
from support.housekeeping.experiments import Experiments
from support.housekeeping.guard import Owner, guard
from support.housekeeping.journal import Journal
from support.page.workshop import Participant
from support.polling import Poll, PollPolicy, Progress
from support.settings import LIVE_POLLING
from support.table.aws_clients import Clients
from support.table.calls import Caller, Endpoint
from support.table.cloudwatch import CloudWatch
from support.table.region import Region
from support.targets.global_table import GlobalTable, Links
from support.targets.live_run.order import CUT, DONE, ENDED, HEALED, Barrier, barriers_key
from support.targets.run import journal_folder, process_name, run_key, settings_key
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import History, Key

SETTLING_MULTIPLE = 3
SETTLING_FLOOR = 1.0
SETTLING_CEILING = 30.0
"""For regions that agreed: a version that is still on its way has taken three times as long as any before."""

PROBES = 3
MULTIPLE = 10
"""Replication counts as paused when no probe has arrived after so many times the slowest delay of the run."""
LEAST_WAIT = 2.0
LONGEST_PROOF = LATEST_EFFECT + 60.0
LOOK = 0.5
NO_PAUSE = "a live target pauses replication for what has the tag @experiment only"


class LiveTarget:
    """One table for all scenarios, each of which has keys of its own. What is created is journalled first."""

    def __init__(self, config: pytest.Config) -> None:
        self._settings = settings = config.stash[settings_key]
        self._run = run = config.stash[run_key]
        self._barriers = config.stash.get(barriers_key, {})
        self._owner = Owner(run.manifest.owner)
        self._journal = Journal(journal_folder(config), run.manifest, process_name(config))
        self._attempts: Counter[str] = Counter()
        self._random = Random()
        self._links = LiveLinks(History())
        clients = Clients(settings.aws_profile, connections=4 * settings.probes + 10)
        self._clients = {
            region: guard(clients.client("dynamodb", region), settings.table_name, self._owner, self._journal.note)
            for region in settings.regions
        }
        self._clients_of_cloudwatch = {region: clients.client("cloudwatch", region) for region in settings.regions}
        self._fis = clients.client("fis", settings.primary_region) if settings.experiments else None
        self._endpoints = {region: Endpoint(region, ends_the_run=True) for region in settings.regions}
        self._endpoints_of_cloudwatch = {region: Endpoint(f"CloudWatch in {region}") for region in settings.regions}

    def start_scenario(self, scenario: str) -> tuple[GlobalTable, Participant]:
        """The table, a clock that starts now, and a participant for this scenario and this attempt at it."""
        clock, settings, random, history = WallClock(), self._settings, self._random, History()
        always = {"TableName": settings.table_name}
        callers = {
            region: Caller(region, each, clock, always, random, True, self._run.tells_capacity, self._endpoints[region])
            for region, each in self._clients.items()
        }
        watchers = {
            region: Caller(region, each, clock, {}, random, endpoint=self._endpoints_of_cloudwatch[region])
            for region, each in self._clients_of_cloudwatch.items()
        }
        cloudwatch = CloudWatch(settings.table_name, watchers, clock)
        self._attempts[scenario] += 1
        participant = self._owner.participant(scenario, self._attempts[scenario])
        slowest, barrier = self._links.slowest, self._barriers.get(scenario)
        if barrier:
            fis = Caller(f"FIS in {settings.primary_region}", self._fis, clock, {}, random)
            self._links = PausableLinks(
                history,
                slowest,
                barrier=barrier,
                experiments=Experiments(fis, self._run.manifest.template, self._owner.name),
                regions=[Region(name, settings.table_name, each, History(), clock) for name, each in callers.items()],
                clock=clock,
                pk=f"TEST#timing-{participant.name}-pause",
                on_progress=lambda progress: table.on_progress(progress),
            )
        else:
            self._links = LiveLinks(history, slowest)
        table = GlobalTable(
            settings.table_name, callers, clock, history, settings.limits, self._links, cloudwatch, self._run.rehearsal
        )
        return table, participant

    def end_scenario(self) -> None:
        """What it has created is removed when the run ends; replication goes on, unless others need the pause."""
        self._links.leave()

    def close(self) -> None:
        self._journal.close()


@dataclass
class LiveLinks(Links):
    """The replication of a live table, as one scenario sees it.

    AWS has no way to ask what is still pending (facts 1.5). So how long an agreement has to last until it is taken for
    final is derived from the `slowest` delay that this run has seen, in seconds. Threads may add to it.
    """

    history: History
    slowest: float = 0.0
    resumed: float = 0.0
    """When replication went on after a pause, in seconds of the scenario's clock."""

    @property
    def settling(self) -> float:
        """A multiple of the slowest delay, between a floor and a ceiling."""
        return min(max(SETTLING_FLOOR, SETTLING_MULTIPLE * self.slowest), SETTLING_CEILING)

    def next_look(self, keys: Collection[Key], regions: Collection[str], agreed_for: float) -> float:  # noqa: ARG002
        """Seconds until the next look, or 0 when the settling time is over.

        Of items that were written once the only version has arrived: nothing else can.
        """
        if all(len(self.history.writes(key)) == 1 for key in keys):
            return 0.0
        return min(max(self.settling - agreed_for, 0.0), LIVE_POLLING)

    def note_delay(self, written: float, seen: float) -> None:
        """Let the settling time follow the slowest delay; what a pause has held up travels since its end."""
        self.slowest = max(self.slowest, seen - max(written, self.resumed))

    def is_pending(self, key: Key, region: str) -> bool:  # noqa: ARG002
        return False

    def pause(self) -> None:
        raise NotImplementedError(NO_PAUSE)

    def resume(self) -> float:
        raise NotImplementedError(NO_PAUSE)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError("a live link can't be cut, healed or slowed down: tag the scenario @simulated_only")

    cut = heal = slow_down = _refuse

    def leave(self) -> None:
        """The scenario is over."""


@dataclass(kw_only=True)
class PausableLinks(LiveLinks):
    """They can be paused, by an experiment of the Fault Injection Service (facts 4).

    A pause hits the whole table, both ways. So there is one for all scenarios that need it, when all others have ended:
    they begin it together, each in a process of its own, and end it together. `regions` are for probes that count
    nowhere, with keys under `pk`; `experiment` is what has paused replication.
    """

    barrier: Barrier
    experiments: Experiments
    regions: Sequence[Region]
    clock: Clock
    pk: str
    on_progress: Callable[[Progress], None]
    experiment: str = ""

    def pause(self) -> None:
        """Return when replication is proven to be paused. Raises InconclusiveError if it is not in time."""
        self.barrier.flags.set(f"{DONE}-{self.barrier.process}")
        self.barrier.reach(CUT)
        self._wait_for("all other scenarios, which a pause would disturb", self.barrier.all_can_begin)
        self.experiment = self.experiments.start(self.barrier.turn)
        poll = self._poll(LONGEST_PROOF)
        while self._demand_at_work() != "running" or not self._is_paused(round(poll.waited)):
            if poll.over:
                raise InconclusiveError(f"replication still works {poll.waited:.0f} s after the experiment began")
            self._look_again(poll, "replication to be paused")

    def demand_paused(self) -> None:
        self._demand_at_work()

    def resume(self) -> float:
        """Let replication go on when no scenario needs the pause any more.

        Returned is the last moment at which it surely was paused, in seconds of the clock: catching up begins there at
        the earliest. Raises InconclusiveError if the experiment has ended by itself.
        """
        self.barrier.reach(HEALED)
        paused = self._wait_for("the other scenarios that need the pause", self.barrier.all_can_end)
        status, reason = self.experiments.state(self.experiment)
        if status in AT_WORK:
            self.experiments.stop(self.experiment)
            status, reason = self.experiments.state(self.experiment)
        poll = self._poll()
        while status == "stopping":
            self._look_again(poll, "the experiment to stop")
            status, reason = self.experiments.state(self.experiment)
        if status != "stopped":
            raise InconclusiveError(f"the experiment, which lasts {MINUTES} minutes, was not ours to end: {reason}")
        self.resumed = paused
        return paused

    def leave(self) -> None:
        """End the pause for all if no other scenario needs it any more."""
        self.barrier.reach(ENDED)
        if self.experiment and self.barrier.all_can_end() and self.experiments.state(self.experiment)[0] in AT_WORK:
            self.experiments.stop(self.experiment)

    def _demand_at_work(self) -> str:
        """How far the experiment is. Raises InconclusiveError unless it pauses replication, or is about to."""
        status, reason = self.experiments.state(self.experiment)
        if status not in AT_WORK:
            raise InconclusiveError(f"the experiment that pauses replication is {status}: {reason}")
        return status

    def _wait_for(self, whom: str, there: Callable[[], bool]) -> float:
        """Wait; the last moment at which a look was begun that found them not all there, or when the wait began."""
        poll = self._poll()
        while not there():
            self.barrier.demand_all_will_come()
            self._look_again(poll, whom)
        return poll.started + poll.missed

    def _poll(self, within: float = MINUTES * 60) -> Poll:
        return PollPolicy(self.clock.elapsed, within, LOOK, 0, self.on_progress).start()

    def _look_again(self, poll: Poll, awaited: str) -> None:
        self.clock.wait(poll.pause(awaited) or LOOK)
        poll.look()

    def _is_paused(self, number: int) -> bool:
        """Whether nothing arrives, either way, in ten times the time that the slowest change of this run has taken."""
        probes = [
            (other, one.put({"PK": self.pk, "SK": f"{one.name}#{number}.{each}"}))
            for one, other in permutations(self.regions, 2)
            for each in range(PROBES)
        ]
        self.clock.wait(max(LEAST_WAIT, MULTIPLE * self.slowest))
        return all(other.unrecorded_get(write.key) is None for other, write in probes)
