"""The simulated target: a global table in this process, with a day of its own for every scenario."""

from collections.abc import Collection
from itertools import permutations
from typing import Any

from support.clock import Clock, SimulatedClock
from support.page.workshop import TABLE, TIME_TO_LIVE_ATTRIBUTE, Participant
from support.settings import Settings
from support.simulator import Lag, Simulator
from support.simulator.boto_clients import BotoClients
from support.simulator.messages import Request, Response
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch
from support.table.wire import wire_key
from support.targets.global_table import GlobalTable, Link
from support.verdicts.history import History, Key

A_MOMENT = 1e-6
"""The least that the simulated clock can advance, in seconds."""


class SimulatedTarget:
    """Makes a fresh simulator for each scenario. The clients are made once, because that takes boto3 a while."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._current: Simulator | None = None
        make = BotoClients(self._answer).client
        self._clients: dict[str, Any] = {region: make("dynamodb", region) for region in settings.regions}
        self._clients_of_cloudwatch = {region: make("cloudwatch", region) for region in settings.regions}

    def start_scenario(self, scenario: str) -> tuple[GlobalTable, Participant]:
        """The workshop's table on a new simulated day. What happens depends on the seed and the scenario's id alone."""
        clock, settings, name = SimulatedClock(), self._settings, self._settings.table_name
        lags = {way: Lag.measured(each) for way, each in (settings.lags.lags if settings.lags else {}).items()}
        seed = f"{settings.seed}/{scenario}"
        self._current = Simulator(clock, settings.regions, seed, faults=settings.fault, lags=lags)
        self._current.create_global_table({**TABLE, "TableName": name}, TIME_TO_LIVE_ATTRIBUTE)
        callers = {region: Caller(region, each, clock, {"TableName": name}) for region, each in self._clients.items()}
        watchers = {region: Caller(region, each, clock, {}) for region, each in self._clients_of_cloudwatch.items()}
        links, cloudwatch = SimulatedLinks(self._current, name, clock), CloudWatch(name, watchers, clock)
        table = GlobalTable(name, callers, clock, History(), settings.limits, links, cloudwatch)
        return table, Participant(settings.participant)

    def end_scenario(self) -> None:
        if self._current is not None:
            self._current.close()
            self._current = None

    def close(self) -> None:
        """Nothing is left to let go of."""

    def _answer(self, request: Request) -> Response:
        if self._current is None:
            raise RuntimeError("no scenario is running")
        return self._current.router.answer(request)


class SimulatedLinks:
    """The links of the simulator, as steps use them."""

    def __init__(self, simulator: Simulator, table: str, clock: Clock) -> None:
        self.simulator = simulator
        self._table = table
        self._clock = clock
        self._links = list(permutations(simulator.regions, 2))
        self.cut = simulator.cut
        self.heal = simulator.heal
        self.slow_down = simulator.slow_down

    def pause(self) -> None:
        for link in self._links:
            self.cut(*link)

    def demand_paused(self) -> None:
        """It ends when it is told to."""

    def resume(self) -> float:
        for link in self._links:
            self.heal(*link)
        return self._clock.elapsed()

    def next_look(self, keys: Collection[Key], regions: Collection[str], agreed_for: float) -> float:  # noqa: ARG002
        """Seconds until the next change of one of these items arrives in one of these regions; 0: none is pending."""
        arrivals = [due for region in regions for key in keys if (due := self._next_arrival(key, region)) is not None]
        return max(min(arrivals), A_MOMENT) if arrivals else 0.0

    def note_delay(self, written: float, seen: float) -> None:
        """What is pending is known: no time has to be derived from delays."""

    def is_pending(self, key: Key, region: str) -> bool:
        return self._next_arrival(key, region) is not None

    def pending(self) -> dict[Link, int]:
        return {each: number for each in self._links if (number := self.simulator.pending(*each))}

    def faults(self) -> list[str]:
        return [str(fault) for fault in self.simulator.faults]

    def _next_arrival(self, key: Key, region: str) -> float | None:
        return self.simulator.next_arrival(self._table, wire_key(key), region)
