"""The live target: a table that exists, wherever boto3's own configuration leads to."""

from collections import Counter
from pathlib import Path
from random import Random

from support.clock import WallClock
from support.housekeeping.guard import guard
from support.housekeeping.journal import Journal, RunManifest
from support.housekeeping.ownership import Owner
from support.settings import Settings
from support.table.aws_clients import Clients
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch
from support.targets.global_table import GlobalTable
from support.targets.target import ScenarioContext
from support.verdicts.history import History


class LiveTarget:
    """One table for all scenarios, each of which has keys of its own. What is created is journalled first."""

    def __init__(self, settings: Settings, manifest: RunManifest, folder: Path, process: str) -> None:
        self._settings = settings
        self._owner = Owner(manifest.owner)
        self._journal = Journal(folder, manifest, process)
        self._attempts: Counter[str] = Counter()
        self._random = Random()
        clients = Clients(settings.aws_profile, connections=4 * settings.probes + 10)
        self._clients = {
            region: guard(clients.client("dynamodb", region), settings.table_name, self._owner, self._journal.note)
            for region in settings.regions
        }
        self._clients_of_cloudwatch = {region: clients.client("cloudwatch", region) for region in settings.regions}

    def start_scenario(self, scenario: str) -> ScenarioContext:
        """The table, a clock that starts now, and a participant for this scenario and this attempt at it."""
        clock, settings, random = WallClock(), self._settings, self._random
        always = {"TableName": settings.table_name}
        callers = {region: Caller(region, each, clock, always, random) for region, each in self._clients.items()}
        watchers = {
            region: Caller(region, each, clock, {}, random) for region, each in self._clients_of_cloudwatch.items()
        }
        cloudwatch = CloudWatch(settings.table_name, watchers, clock)
        table = GlobalTable(settings.table_name, callers, clock, History(), settings.limits, NoLinks(), cloudwatch)
        self._attempts[scenario] += 1
        return ScenarioContext(table, clock, self._owner.participant(scenario, self._attempts[scenario]))

    def end_scenario(self) -> None:
        """Nothing ends: what the scenario has created is removed when the run ends."""

    def close(self) -> None:
        """Let others have the journal."""
        self._journal.close()


class NoLinks:
    """Nobody can touch the replication of a live table, nor see what it owes."""

    def cut(self, source: str, destination: str) -> None:
        """Raise NotImplementedError: the scenario lacks the tag @simulated_only."""
        raise NotImplementedError(f"nobody can cut {source} to {destination}: tag the scenario @simulated_only")

    def heal(self, source: str, destination: str) -> None:
        """Raise NotImplementedError: the scenario lacks the tag @simulated_only."""
        raise NotImplementedError(f"nobody can heal {source} to {destination}: tag the scenario @simulated_only")

    def slow_down(self, source: str, destination: str, seconds: float) -> None:
        """Raise NotImplementedError: the scenario lacks the tag @simulated_only."""
        what = f"{source} to {destination} take {seconds:g} s"
        raise NotImplementedError(f"nobody can let {what}: tag the scenario @simulated_only")

    def owed(self) -> str:
        """Nobody can tell."""
        return ""
