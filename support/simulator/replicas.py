"""The control plane: which regions a table has replicas in, as DescribeTable and UpdateTable know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from support.clock import MICROSECONDS
from support.simulator.engines.engine import Engine
from support.simulator.messages import Request, Response, dynamodb_request
from support.simulator.replication.replication import Replication
from support.simulator.table_settings import LOCAL_SETTINGS, STREAM, settings_of_replica

GLOBAL_TABLE_VERSION = "2019.11.21"


@dataclass
class Replica:
    """A region's copy of a table: CREATING until it is due (microseconds on the simulator's clock) and filled."""

    active_at: int
    filled: bool

    def status(self, now: int) -> str:
        """The ReplicaStatus of AWS."""
        return "ACTIVE" if now >= self.active_at and self.filled else "CREATING"


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
        if answer and not isinstance(request.parameters.get("TableName"), str):
            return _refusal("1 validation error detected: 'tableName' must be the name of a table")
        return answer(request) if answer else None

    def places(self) -> list[tuple[str, str]]:
        """The region and the table of all replicas; a table of the same name may exist beside them elsewhere."""
        return [(region, table) for table, replicas in self._tables.items() for region in replicas]

    def members(self, table: str) -> list[str]:
        """The regions whose replicas of the table are ACTIVE."""
        now = self._replication.now()
        return [region for region, replica in self._tables.get(table, {}).items() if replica.status(now) == "ACTIVE"]

    def copy_due(self) -> None:
        """Fill the replicas whose creation is over by now with the items that are there."""
        now = self._replication.now()
        for table, replicas in self._tables.items():
            for region, replica in replicas.items():
                if not replica.filled and replica.active_at <= now:
                    self._replication.copy_table(table, self.members(table), region)
                    replica.filled = True

    def create(self, source: str, destination: str, table: str, seconds: float) -> Response | None:
        """Start a replica; an error response if that can't be."""
        if destination == source:
            return _refusal("Cannot add or delete the local region through ReplicaUpdates")
        if destination not in self._replication.versions:
            return _refusal(f"Unsupported region: {destination}")
        if destination in self._tables.get(table, {}):
            return _refusal(f"Replica already exists in region {destination}")
        if self._is_global(table) and source not in self._tables[table]:
            return _refusal(f"The simulator knows one global table of a name: {table} has no replica in {source}")
        described = self._engine.send(dynamodb_request(source, "DescribeTable", {"TableName": table})).result["Table"]
        if "StreamSpecification" not in described:
            enabled = {"TableName": table, "StreamSpecification": STREAM}
            refusal = self._engine.send(dynamodb_request(source, "UpdateTable", enabled))
            if not refusal.ok:
                return refusal
        created = self._engine.send(dynamodb_request(destination, "CreateTable", settings_of_replica(described)))
        if not created.ok:
            return created
        now = self._replication.now()
        if source not in self._tables.get(table, {}):
            self._engine.take_records(source, table)  # what was written before is copied as items
            self._tables[table] = {source: Replica(now, filled=True)}
        self._tables[table][destination] = Replica(now + round(seconds * MICROSECONDS), filled=False)
        self._copy_time_to_live(source, destination, table)
        self.copy_due()
        return None

    def _describe_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if not response.ok:
            return response
        return Response.of({"Table": self._with_replicas(response.result["Table"], request.region)})

    def _is_global(self, table: str) -> bool:
        # A table that has lost its last other replica stays known: changes from there may still be on their way, and
        # must not undo what is written meanwhile.
        return len(self._tables.get(table, {})) > 1

    def _with_replicas(self, table: dict[str, Any], region: str) -> dict[str, Any]:
        replicas = self._tables.get(table["TableName"], {})
        if not self._is_global(table["TableName"]) or region not in replicas:
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
        if self._is_global(table) and parameters.get("StreamSpecification", {}).get("StreamEnabled") is False:
            return _refusal("Disabling the stream is not allowed on a Global Table")
        if not updates or len(parameters) > 1:
            updated = self._update_everywhere(request.with_parameters(**parameters))
            if not updated.ok:
                return updated
        for update in updates:
            refusal = self._update_replica(request.region, table, update)
            if refusal:
                return refusal
        described = self._describe_table(request.with_parameters(TableName=table).to(request.region, "DescribeTable"))
        return Response.of({"TableDescription": described.result["Table"]}) if described.ok else described

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
        if not gone.ok:
            return gone
        self._forget(region, table)
        return None

    def _delete_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if response.ok:
            self._forget(request.region, request.parameters["TableName"])
        return response

    def _forget(self, region: str, table: str) -> None:
        replicas = self._tables.get(table, {})
        replicas.pop(region, None)
        self._replication.forget_table(table, region)
        if not replicas:
            self._tables.pop(table, None)

    def _update_everywhere(self, request: Request) -> Response:
        """Settings that AWS keeps in step (facts 2.5) are changed in every replica."""
        response = self._engine.send(request)
        shared = {name: value for name, value in request.parameters.items() if name not in LOCAL_SETTINGS}
        replicas = self._tables.get(request.parameters["TableName"], {})
        if response.ok and len(shared) > 1 and request.region in replicas:
            for region in replicas:
                if region != request.region:
                    self._engine.send(request.with_parameters(**shared).to(region))
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
