"""A global table for tests: version 2019.11.21 (MREC) as AWS documents it, on regional tables of an engine."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from support.clock import Clock
from support.experiments import LATEST_EFFECT
from support.simulator.boto_clients import BotoClients
from support.simulator.control_plane import ControlPlane
from support.simulator.engines.engine import Engine
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.experiments import Experiments
from support.simulator.faults import Fault
from support.simulator.faults.seams import InjectedFaults, Seams
from support.simulator.items import WireImage, item_key
from support.simulator.messages import RefusedError, Response, dynamodb_request
from support.simulator.replicas import Replicas
from support.simulator.replication.links import Lag
from support.simulator.replication.replication import Replication
from support.simulator.request_router import RequestRouter

REPLICA_CREATION_SECONDS = 60.0
REPLICA_DELETION_SECONDS = 20.0


class Simulator:
    """Regions, the links between them, and the router of all requests to them.

    The same clock, seed and requests give the same answers. `clock` tells when changes are due; `lag` is that of every
    link that is not in `lags`, by source and destination; `faults` are injected from the start; `publish_after` is
    how many seconds CloudWatch takes to show a value (None: until the period of its datapoint is over), `latest_effect`
    how many an experiment takes at most until it pauses replication.
    """

    def __init__(
        self,
        clock: Clock,
        regions: Sequence[str] = ("us-east-1", "eu-west-1"),
        seed: str = "1",
        lag: Lag | None = None,
        faults: Iterable[Fault] = (),
        engine: Engine | None = None,
        publish_after: float | None = None,
        lags: Mapping[tuple[str, str], Lag] | None = None,
        latest_effect: float = LATEST_EFFECT,
    ) -> None:
        self.regions = tuple(regions)
        self.lag = lag or Lag()
        self._lags = dict(lags or {})
        self._engine = engine or MotoEngine()
        self.replication = Replication(self._engine, clock, self.regions, self._usual_lag, seed, publish_after)
        self._replicas = replicas = Replicas(self._engine, self.replication)
        times = (REPLICA_CREATION_SECONDS, REPLICA_DELETION_SECONDS)
        self._control_plane = ControlPlane(self._engine, replicas, self.regions, times)
        self._experiments = Experiments(self.replication, seed, latest_effect)
        self.router = RequestRouter(
            self._engine, self.replication, replicas, self._control_plane, self._experiments, self.regions, clock
        )
        parts = self._engine, self.replication, self.router, self.regions, clock, seed
        self.faults = InjectedFaults(lambda fault: Seams(*parts, fault), self.router.between_requests)
        for fault in faults:
            self.faults.inject(fault)

    def client(self, service: str, region: str) -> Any:
        return BotoClients(lambda request: self.router.answer(request)).client(service, region)

    def create_global_table(self, table: Mapping[str, Any], time_to_live: str | None = None) -> None:
        """Create a table, from CreateTable parameters, that is ACTIVE in all regions at once.

        Raises RuntimeError when the engine refuses it.
        """
        home, *others = self.regions
        try:
            self._control_plane.demand(dynamodb_request(home, "CreateTable", table))
            if time_to_live:
                setting = {"Enabled": True, "AttributeName": time_to_live}
                parameters = {"TableName": table["TableName"], "TimeToLiveSpecification": setting}
                self._control_plane.demand(dynamodb_request(home, "UpdateTimeToLive", parameters))
            for region in others:
                self._control_plane.create(home, region, table["TableName"], seconds=0)
        except RefusedError as refused:
            raise RuntimeError(f"the engine refused the table: {refused}") from None
        if reasons := self.replication.failures.all():
            raise RuntimeError(f"the engine refused the table: {reasons[0]}")

    def cut(self, source: str, destination: str) -> None:
        with self.router.between_requests():
            self.replication.link(source, destination).cut = True

    def heal(self, source: str, destination: str) -> None:
        with self.router.between_requests():
            self.replication.heal(source, destination)

    def slow_down(self, source: str, destination: str, seconds: float) -> None:
        with self.router.between_requests():
            self.replication.link(source, destination).lag = Lag(median=0, extra=seconds)

    def usual_lag(self, source: str, destination: str) -> None:
        with self.router.between_requests():
            self.replication.link(source, destination).lag = self._usual_lag(source, destination)

    def experiment(self, region: str, method: str, path: str, parameters: Mapping[str, Any]) -> Response:
        with self.router.between_requests():
            tables = [table for place, table in self._replicas.places() if place == region]
            try:
                return self._experiments.answer(region, method, path, parameters, tables)
            except RefusedError as refused:
                return refused.response()

    def next_arrival(self, table: str, key: WireImage, destination: str) -> float | None:
        """Seconds until the next change of an item arrives in a region. None: there is none. Infinite: its link is cut.

        `key` are the key attributes as DynamoDB's JSON, in the order of the key schema.
        """
        with self.router.between_requests():
            return self.replication.next_arrival(table, item_key(list(key), key), destination)

    def pending(self, source: str, destination: str) -> int:
        with self.router.between_requests():
            return len(self.replication.link(source, destination))

    def close(self) -> None:
        self._engine.close()

    def _usual_lag(self, source: str, destination: str) -> Lag:
        return self._lags.get((source, destination), self.lag)
