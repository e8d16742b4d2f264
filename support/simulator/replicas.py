"""The control plane: which regions a table has replicas in, as DescribeTable and UpdateTable know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from support.clock import MICROSECONDS
from support.simulator.engine import Engine
from support.simulator.messages import Request, Response, dynamodb_request
from support.simulator.replication import Replication
from support.simulator.table_settings import STREAM, settings_of_replica

GLOBAL_TABLE_VERSION = "2019.11.21"


@dataclass
class Replica:
    """A region's copy of a table: CREATING until it is active (microseconds on the simulator's clock)."""

    active_at: int
    copied_from: str | None

    def status(self, now: int) -> str:
        """The ReplicaStatus of AWS."""
        return "ACTIVE" if now >= self.active_at and self.copied_from is None else "CREATING"


class Replicas:
    """Answers the requests that concern replicas; all others are not for it."""

    def __init__(self, engine: Engine, replication: Replication, creation_time: float) -> None:
        self._engine = engine
        self._replication = replication
        self._creation_time = creation_time
        self._tables: dict[str, dict[str, Replica]] = {}
        self._answers: Mapping[str, Callable[[Request], Response]] = {
            "DescribeTable": self._describe_table,
            "UpdateTable": self._update_table,
            "DeleteTable": self._delete_table,
            "UpdateTimeToLive": self._update_everywhere,
        }

    def answer(self, request: Request) -> Response | None:
        """The answer to a request about tables; None for a request that a region answers alone."""
        answer = self._answers.get(request.operation)
        return answer(request) if answer else None

    def tables(self) -> list[str]:
        """The tables that have replicas."""
        return list(self._tables)

    def members(self, table: str) -> list[str]:
        """The regions whose replicas of the table are ACTIVE."""
        now = self._replication.now()
        return [region for region, replica in self._tables.get(table, {}).items() if replica.status(now) == "ACTIVE"]

    def copy_due(self) -> None:
        """Fill the replicas whose creation is over by now with the items that are there."""
        now = self._replication.now()
        for table, replicas in self._tables.items():
            for region, replica in replicas.items():
                if replica.copied_from and replica.active_at <= now:
                    self._replication.copy_table(table, [replica.copied_from, *self.members(table)], region)
                    replica.copied_from = None

    def create(self, source: str, destination: str, table: str, seconds: float) -> Response | None:
        """Start a replica; an error response if that can't be."""
        if destination == source:
            return _refusal("Cannot add or delete the local region through ReplicaUpdates")
        if destination not in self._replication.versions:
            return _refusal(f"Unsupported region: {destination}")
        if destination in self._tables.get(table, {}):
            return _refusal(f"Replica already exists in region {destination}")
        described = self._engine.send(dynamodb_request(source, "DescribeTable", {"TableName": table})).result["Table"]
        if "StreamSpecification" not in described:
            enabled = {"TableName": table, "StreamSpecification": STREAM}
            self._engine.send(dynamodb_request(source, "UpdateTable", enabled))
        created = self._engine.send(dynamodb_request(destination, "CreateTable", settings_of_replica(described)))
        if not created.ok:
            return created
        self._engine.take_records(source, table)  # what was written before is copied as items
        now = self._replication.now()
        replicas = self._tables.setdefault(table, {source: Replica(now, None)})
        replicas[destination] = Replica(now + round(seconds * MICROSECONDS), copied_from=source)
        self._copy_time_to_live(source, destination, table)
        self.copy_due()
        return None

    def _describe_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if not response.ok:
            return response
        return Response.of({"Table": self._with_replicas(response.result["Table"])})

    def _with_replicas(self, table: dict[str, Any]) -> dict[str, Any]:
        replicas = self._tables.get(table["TableName"])
        if not replicas:
            return table
        # AWS has been seen to list the own region and to leave it out (facts 2.1): here it is listed.
        now = self._replication.now()
        listed = [{"RegionName": region, "ReplicaStatus": each.status(now)} for region, each in replicas.items()]
        return {
            **table,
            "GlobalTableVersion": GLOBAL_TABLE_VERSION,
            "MultiRegionConsistency": "EVENTUAL",
            "Replicas": listed,
        }

    def _update_table(self, request: Request) -> Response:
        parameters = dict(request.parameters)
        updates = parameters.pop("ReplicaUpdates", [])
        table = parameters["TableName"]
        if table in self._tables and parameters.get("StreamSpecification", {}).get("StreamEnabled") is False:
            return _refusal("Disabling the stream is not allowed on a Global Table")
        for update in updates:
            refusal = self._update_replica(request.region, table, update)
            if refusal:
                return refusal
        if updates and len(parameters) == 1:
            described = self._describe_table(
                request.with_parameters(TableName=table).to(request.region, "DescribeTable")
            )
            return Response.of({"TableDescription": described.result["Table"]}) if described.ok else described
        return self._update_everywhere(request.with_parameters(**parameters))

    def _update_replica(self, region: str, table: str, update: Mapping[str, Any]) -> Response | None:
        if "Create" in update:
            known = self._engine.send(dynamodb_request(region, "DescribeTable", {"TableName": table}))
            creation = update["Create"]["RegionName"]
            return self.create(region, creation, table, self._creation_time) if known.ok else known
        if "Delete" in update:
            deleted = update["Delete"]["RegionName"]
            if deleted == region:
                return _refusal("Cannot add or delete the local region through ReplicaUpdates")
            if deleted not in self._tables.get(table, {}):
                return _refusal(f"Replica does not exist in region {deleted}")
            return self._remove(deleted, table)
        return None

    def _remove(self, region: str, table: str) -> Response | None:
        gone = self._engine.send(dynamodb_request(region, "DeleteTable", {"TableName": table}))
        self._forget(region, table)
        return None if gone.ok else gone

    def _delete_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if response.ok:
            self._forget(request.region, request.parameters["TableName"])
        return response

    def _forget(self, region: str, table: str) -> None:
        replicas = self._tables.get(table, {})
        replicas.pop(region, None)
        self._replication.forget_table(table, region)
        if len(replicas) < 2:
            self._tables.pop(table, None)

    def _update_everywhere(self, request: Request) -> Response:
        """Settings that AWS keeps in step (facts 2.5) are changed in every replica."""
        response = self._engine.send(request)
        if response.ok:
            for region in self._tables.get(request.parameters["TableName"], {}):
                if region != request.region:
                    self._engine.send(request.to(region))
        return response

    def _copy_time_to_live(self, source: str, destination: str, table: str) -> None:
        described = self._engine.send(dynamodb_request(source, "DescribeTimeToLive", {"TableName": table}))
        setting = described.result.get("TimeToLiveDescription", {})
        if setting.get("TimeToLiveStatus") == "ENABLED":
            specification = {"Enabled": True, "AttributeName": setting["AttributeName"]}
            parameters = {"TableName": table, "TimeToLiveSpecification": specification}
            self._engine.send(dynamodb_request(destination, "UpdateTimeToLive", parameters))


def _refusal(message: str) -> Response:
    return Response.error("ValidationException", message)
