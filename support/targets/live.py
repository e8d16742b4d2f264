"""The live target: a table that exists, wherever boto3's own configuration leads to."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NoReturn

from support.clock import WallClock
from support.housekeeping.experiments import Experiments
from support.housekeeping.guard import Owner, guard
from support.housekeeping.journal import Journal
from support.page.workshop import Participant
from support.settings import LIVE_POLLING, Settings
from support.table.aws_clients import Clients
from support.table.calls import Caller, Endpoint
from support.table.cloudwatch import CloudWatch
from support.table.region import Region
from support.targets.global_table import GlobalTable
from support.targets.live_run.pause import Meeting, Pause
from support.targets.run import LiveRun
from support.verdicts.history import History, Key

SETTLING_MULTIPLE = 3
SETTLING_FLOOR = 1.0
SETTLING_CEILING = 30.0
"""For regions that agreed: a version that is still on its way has taken three times as long as any before."""


class LiveTarget:
    """One table for all scenarios, each of which has keys of its own. What is created is journalled first.

    `meetings` are those of the scenarios that pause replication, by id.
    """

    def __init__(
        self, settings: Settings, run: LiveRun, folder: Path, process: str, meetings: Mapping[str, Meeting]
    ) -> None:
        self._settings = settings
        self._run = run
        self._owner = Owner(run.manifest.owner)
        self._journal = Journal(folder, run.manifest, process)
        self._attempts: Counter[str] = Counter()
        self._random = Random()
        self._settling = SettlingTime()
        self._meetings = meetings
        self._pause: Pause | None = None
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
        if meeting := self._meetings.get(scenario):
            fis = Caller(f"FIS in {settings.primary_region}", self._fis, clock, {}, random)
            self._pause = Pause(
                meeting,
                Experiments(fis, self._run.manifest.template, self._owner.name),
                {name: Region(name, settings.table_name, each, History(), clock) for name, each in callers.items()},
                clock,
                pk=f"TEST#timing-{participant.name}-pause",
                slowest=lambda: self._settling.slowest,
                on_progress=lambda progress: table.on_progress(progress),
            )
        links = LiveLinks(self._settling, history, self._pause)
        table = GlobalTable(
            settings.table_name, callers, clock, history, settings.limits, links, cloudwatch, self._run.rehearsal
        )
        return table, participant

    def end_scenario(self) -> None:
        """What it has created is removed when the run ends; replication goes on, unless others need the pause."""
        pause, self._pause = self._pause, None
        if pause:
            pause.leave()

    def close(self) -> None:
        self._journal.close()


@dataclass
class SettlingTime:
    """How long an agreement of a live table has to last until it is taken for final.

    AWS has no way to ask what is still pending (facts 1.5). So the time is derived from the delays that this run has
    seen: a multiple of the slowest one, between a floor and a ceiling, all in seconds. Threads may add to it.
    """

    slowest: float = 0.0

    @property
    def seconds(self) -> float:
        return min(max(SETTLING_FLOOR, SETTLING_MULTIPLE * self.slowest), SETTLING_CEILING)


@dataclass
class LiveLinks:
    """The replication of a live table, which can at most be paused, and does not tell what is pending.

    `resumed` is when it went on, in seconds of the scenario's clock.
    """

    settling: SettlingTime
    history: History
    experiment: Pause | None = None
    resumed: float = 0.0

    def pause(self) -> None:
        self._pause().begin()

    def demand_paused(self) -> None:
        if self.experiment is not None:
            self.experiment.demand()

    def resume(self) -> float:
        self.resumed = self._pause().end()
        return self.resumed

    def _pause(self) -> Pause:
        if self.experiment is None:
            raise NotImplementedError("a live target pauses replication for what has the tag @experiment only")
        return self.experiment

    def next_look(self, keys: Collection[Key], regions: Collection[str], agreed_for: float) -> float:  # noqa: ARG002
        """Seconds until the next look, or 0 when the settling time is over.

        Of items that were written once the only version has arrived: nothing else can.
        """
        if all(len(self.history.writes(key)) == 1 for key in keys):
            return 0.0
        return min(max(self.settling.seconds - agreed_for, 0.0), LIVE_POLLING)

    def note_delay(self, written: float, seen: float) -> None:
        """Let the settling time follow the slowest delay; what a pause has held up travels since its end."""
        self.settling.slowest = max(self.settling.slowest, seen - max(written, self.resumed))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError("a live link can't be cut, healed or slowed down: tag the scenario @simulated_only")

    cut = heal = slow_down = _refuse

    def is_pending(self, key: Key, region: str) -> bool:  # noqa: ARG002
        return False

    def pending(self) -> None:
        return None

    def faults(self) -> tuple[str, ...]:
        return ()
