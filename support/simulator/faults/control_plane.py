"""Faults of the control plane: what DescribeTable says of the table, its replicas and its settings."""

from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.messages import Request, Response

REPLICAS = "troubleshooting, warning: check the health of the global table"
ALIKE = "facts 2.5: settings that are kept equal in all replicas"
STREAM = "facts 1.4: replication reads the streams"

Table = dict[str, Any]


@fault(REPLICAS, "health")
def replica_is_still_created(seams: Seams) -> None:
    """The primary region lists its replica as CREATING."""
    _described(seams, seams.primary, lambda table: {"Replicas": _statuses(table, "CREATING")})


@fault(REPLICAS, "health")
def replica_is_not_authorized(seams: Seams) -> None:
    """The replica's region lists the primary one as REPLICATION_NOT_AUTHORIZED."""
    _described(seams, seams.replica, lambda table: {"Replicas": _statuses(table, "REPLICATION_NOT_AUTHORIZED")})


@fault(REPLICAS, "health")
def replica_lists_no_other_region(seams: Seams) -> None:
    """The replica's region knows of no other one: two tables of one name."""
    _described(seams, seams.replica, lambda _: {"Replicas": []})


@fault(REPLICAS, "health")
def table_is_updating(seams: Seams) -> None:
    """The table in the replica's region is UPDATING."""
    _described(seams, seams.replica, lambda _: {"TableStatus": "UPDATING"})


@fault(REPLICAS, "health")
def replica_has_no_table(seams: Seams) -> None:
    """The replica's region has no such table when it is asked to describe it."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation == "DescribeTable" and request.region == seams.replica:
            return Response.error("ResourceNotFoundException", "Requested resource not found")
        return forward(request)

    seams.answering(answer)


@fault(
    STREAM,
    "health",
    equivalent="replication reads a stream whatever its view type is: AWS was seen to replicate with KEYS_ONLY",
)
def stream_has_keys_only(seams: Seams) -> None:
    """The stream of the primary region has keys, and no images."""
    only_keys = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    _described(seams, seams.primary, lambda _: {"StreamSpecification": only_keys})


@fault(STREAM, "health")
def replica_has_no_stream(seams: Seams) -> None:
    """The replica's region has no stream."""
    _described(seams, seams.replica, lambda _: {"StreamSpecification": {"StreamEnabled": False}})


@fault(ALIKE, "health")
def replica_is_billed_otherwise(seams: Seams) -> None:
    """The replica's region is billed by request, the primary one by capacity."""
    _described(seams, seams.replica, lambda _: {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}})


@fault(ALIKE, "health")
def replica_lacks_an_index(seams: Seams) -> None:
    """The replica's region lacks GSI2."""
    _described(seams, seams.replica, lambda table: {"GlobalSecondaryIndexes": table["GlobalSecondaryIndexes"][:1]})


@fault(ALIKE, "health")
def replica_index_projects_otherwise(seams: Seams) -> None:
    """An index projects ALL in the replica's region, KEYS_ONLY in the primary one."""

    def other(table: Table) -> Table:
        first, *rest = table["GlobalSecondaryIndexes"]
        return {"GlobalSecondaryIndexes": [{**first, "Projection": {"ProjectionType": "ALL"}}, *rest]}

    _described(seams, seams.replica, other)


@fault(ALIKE, "health")
def replica_has_another_key_type(seams: Seams) -> None:
    """An index key is a number in the replica's region, a text in the primary one."""

    def other(table: Table) -> Table:
        first, *rest = table["AttributeDefinitions"]
        return {"AttributeDefinitions": [{**first, "AttributeType": "N"}, *rest]}

    _described(seams, seams.replica, other)


@fault(ALIKE, "health")
def replica_has_other_keys(seams: Seams) -> None:
    """The replica's region has no sort key."""
    _described(seams, seams.replica, lambda table: {"KeySchema": table["KeySchema"][:1]})


@fault(ALIKE, "health")
def replica_has_no_time_to_live(seams: Seams) -> None:
    """Time to live is off in the replica's region."""
    off = {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    seams.results("DescribeTimeToLive", lambda request, result: off if request.region == seams.replica else result)


def _described(seams: Seams, region: str, differs: Any) -> None:
    """Let a region describe its table otherwise than it is."""

    def describe(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        table = result["Table"]
        return {"Table": {**table, **differs(table)}} if request.region == region else result

    seams.results("DescribeTable", describe)


def _statuses(table: Table, status: str) -> list[dict[str, str]]:
    return [{**each, "ReplicaStatus": status} for each in table.get("Replicas", [])]
