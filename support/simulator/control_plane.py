"""The requests that make, change and describe tables, as version 2019.11.21 of global tables answers them.

What AWS was seen to do is in facts 1.4 and 2; "the simulator has ..." begins what it refuses on its own account.
"""

from collections.abc import Callable, Mapping
from typing import Any

from support.simulator.engines.engine import Engine
from support.simulator.messages import RefusedError, Request, Response, dynamodb_request, invalid
from support.simulator.replicas import Replicas
from support.simulator.table_settings import LOCAL_SETTINGS, STREAM, checked_updates, settings_of_replica, undoing

OWN_REGION = (
    "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or"
    " UpdateTable as required."
)
NOT_A_MEMBER = (
    "Update global table operation failed because one or more replicas were not part of the global table. Please retry"
    " the request without these replicas: [{}]."
)
EXISTS = (
    "Failed to create a the new replica of table with name: '{}' because one or more replicas already existed as"
    " tables."
)
PROTECTED = (
    "Cannot delete table {} in region {} because it has deletion protection enabled. Disable deletion protection first."
)
CHANGES_TABLES = ("UpdateTable", "DeleteTable", "UpdateTimeToLive")
DESCRIBES = ("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", "ListTagsOfResource")


class ControlPlane:
    """Answers the requests that concern replicas; all others are not for it.

    `creation` and `deletion` are the seconds that it takes to make and to remove a replica.
    """

    def __init__(
        self, engine: Engine, replicas: Replicas, regions: tuple[str, ...], times: tuple[float, float]
    ) -> None:
        self._engine = engine
        self._replicas = replicas
        self._regions = regions
        self._creation, self._deletion = times
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

    def check_status(self, request: Request, tables: set[str]) -> None:
        """Raise RefusedError for a request that the status of a table does not allow at present."""
        for table in tables:
            status = self._replicas.status(request.region, table)
            if status in (None, "ACTIVE") or request.operation in DESCRIBES:
                continue
            if request.operation in CHANGES_TABLES:
                doing = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[str(status)]
                message = f"Attempt to change a resource which is still in use: Table is being {doing}: {table}"
                raise RefusedError(message, "ResourceInUseException")
            if status != "UPDATING":
                raise RefusedError("Requested resource not found", "ResourceNotFoundException")

    def create(self, source: str, destination: str, table: str, seconds: float) -> None:
        """Start a replica. Raises RefusedError when that can't be."""
        if self._replicas.is_global(table) and source not in self._replicas.regions(table):
            raise RefusedError(f"the simulator has one global table of a name: {table} has no replica in {source}")
        described = self._described(source, table)
        self.demand(dynamodb_request(destination, "CreateTable", settings_of_replica(described)))
        if "StreamSpecification" not in described:
            enabled = {"TableName": table, "StreamSpecification": STREAM}
            self.demand(dynamodb_request(source, "UpdateTable", enabled))
        self._copy_time_to_live(source, destination, table)
        self._replicas.add(source, destination, table, seconds)

    def demand(self, request: Request) -> Mapping[str, Any]:
        """What the engine answers. Raises RefusedError."""
        response = self._engine.send(request)
        if response.ok:
            return response.result
        raise RefusedError(response.message, response.code)

    def _describe_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if not response.ok:
            return response
        return Response.of({"Table": self._replicas.described(response.result["Table"], request.region)})

    def _update_table(self, request: Request) -> Response:
        parameters = dict(request.parameters)
        table = parameters["TableName"]
        described = self._described(request.region, table)
        stream = parameters.get("StreamSpecification")
        if stream and not stream["StreamEnabled"] and self._replicas.is_global(table):
            raise invalid("Disabling the stream is not allowed on a Global Table")
        parameters.pop("MultiRegionConsistency", None)  # EVENTUAL: what it has anyway
        action = None
        if updates := parameters.pop("ReplicaUpdates", None):
            if parameters.keys() - {"TableName", "AttributeDefinitions", "StreamSpecification"}:
                raise RefusedError(
                    "the simulator changes replicas by a request of its own: leave out all other changes"
                )
            action = self._replica_action(request.region, table, updates)
        undo = None
        if "GlobalSecondaryIndexUpdates" in parameters:
            checked = checked_updates(described, parameters)
            undo, parameters = undoing(described, parameters), checked
        if len(parameters) > 1:
            updated = self._update_everywhere(request.with_only(**parameters), undo)
            if not updated.ok:
                return updated
        if action:
            action()
        changed = self._describe_table(request.with_only(TableName=table).to(request.region, "DescribeTable"))
        return Response.of({"TableDescription": changed.result["Table"]}) if changed.ok else changed

    def _replica_action(self, region: str, table: str, updates: list[dict[str, Any]]) -> Callable[[], None]:
        """The one thing that the updates ask for, after all that can be wrong with it. Raises RefusedError."""
        actions = [(action, settings) for update in updates for action, settings in update.items()]
        if not actions:
            raise RefusedError("There are no actions specified in the Replica Update Action of the request.")
        if len(actions) > 1:
            raise RefusedError("Update table operation with more than one create or delete replica actions not allowed")
        ((action, settings),) = actions
        if action not in ("Create", "Update", "Delete"):
            # Disassociate, since August 2026, and whatever comes after it: never to be taken for a Delete.
            raise RefusedError(f"the simulator has no {action} of a replica: it has Create and Delete")
        other = settings["RegionName"]
        if other == region:
            raise RefusedError(OWN_REGION)
        if other not in self._regions:
            raise RefusedError(f"Region {other} is not supported. The simulator serves {', '.join(self._regions)}")
        members = self._replicas.regions(table)
        if action != "Create" and (region not in members or other not in members):
            raise RefusedError(NOT_A_MEMBER.format(other))
        if action == "Update" or len(settings) > 1:
            named = ", ".join(name for name in settings if name != "RegionName") or "Update"
            raise RefusedError(f"the simulator has no settings of a single replica: leave out {named}")
        if action == "Create":
            return lambda: self._create(region, other, table)
        return lambda: self._remove(other, table)

    def _create(self, region: str, other: str, table: str) -> None:
        if self._engine.send(dynamodb_request(other, "DescribeTable", {"TableName": table})).ok:
            raise RefusedError(EXISTS.format(table))
        self.create(region, other, table, self._creation)

    def _remove(self, region: str, table: str) -> None:
        if self._described(region, table).get("DeletionProtectionEnabled"):
            raise RefusedError(PROTECTED.format(table, region))
        self._replicas.remove(region, table, self._deletion)

    def _delete_table(self, request: Request) -> Response:
        response = self._engine.send(request)
        if response.ok:
            self._replicas.forget(request.region, request.parameters["TableName"])
        return response

    def _update_everywhere(self, request: Request, undo: Mapping[str, Any] | None = None) -> Response:
        """Change the settings that AWS keeps in step (facts 2.5) in every replica; the first refusal ends that.

        `undo`: what is then asked of the regions that have done it, so that they are as before.
        """
        shared = {name: value for name, value in request.parameters.items() if name not in LOCAL_SETTINGS}
        members = self._replicas.regions(request.parameters["TableName"])
        others = [region for region in members if region != request.region and request.region in members]
        requests = [request, *(request.with_only(**shared).to(region) for region in others if len(shared) > 1)]
        responses: list[Response] = []
        try:
            for each in requests:
                responses.append(self._engine.send(each))
                if not responses[-1].ok:
                    break
        finally:
            if undo and (len(responses) < len(requests) or not responses[-1].ok):
                for each, response in zip(requests, responses, strict=False):
                    if response.ok:
                        self._engine.send(each.with_only(**undo))
        return responses[0] if responses[-1].ok else responses[-1]

    def _copy_time_to_live(self, source: str, destination: str, table: str) -> None:
        described = self._engine.send(dynamodb_request(source, "DescribeTimeToLive", {"TableName": table}))
        setting = described.result.get("TimeToLiveDescription", {})
        if setting.get("TimeToLiveStatus") == "ENABLED":
            specification = {"Enabled": True, "AttributeName": setting["AttributeName"]}
            parameters = {"TableName": table, "TimeToLiveSpecification": specification}
            self._engine.send(dynamodb_request(destination, "UpdateTimeToLive", parameters))

    def _described(self, region: str, table: str) -> Mapping[str, Any]:
        described = self.demand(dynamodb_request(region, "DescribeTable", {"TableName": table}))
        found: Mapping[str, Any] = described["Table"]
        return found
