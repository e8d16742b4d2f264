"""Faults of the control plane: what DescribeTable says of the table, its replicas and its settings."""

from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import CASE, fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.messages import Request, Response

REPLICAS = "troubleshooting, warning: check the health of the global table"
ALIKE = "facts 2.5: settings that are kept equal in all replicas"
STREAM = "facts 1.4: replication reads the streams"

Table = dict[str, Any]
Differs = Callable[[Table], Table]


def _statuses(status: str) -> Differs:
    return lambda table: {"Replicas": [{**each, "ReplicaStatus": status} for each in table.get("Replicas", [])]}


def _first(name: str, **other: Any) -> Differs:
    """The first of the table's descriptions of this name is another one."""
    return lambda table: {name: [{**table[name][0], **other}, *table[name][1:]]}


STATES: dict[str, Differs] = {
    "replica-not-authorized": _statuses("REPLICATION_NOT_AUTHORIZED"),
    "replica-being-created": _statuses("CREATING"),
    "no-replica": lambda _: {"Replicas": []},
    "updating": lambda _: {"TableStatus": "UPDATING"},
    "no-stream": lambda _: {"StreamSpecification": {"StreamEnabled": False}},
}
SETTINGS: dict[str, Differs] = {
    "billing": lambda _: {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}},
    "index-missing": lambda table: {"GlobalSecondaryIndexes": table["GlobalSecondaryIndexes"][:1]},
    "projection": _first("GlobalSecondaryIndexes", Projection={"ProjectionType": "ALL"}),
    "key-type": _first("AttributeDefinitions", AttributeType="N"),
    "no-sort-key": lambda table: {"KeySchema": table["KeySchema"][:1]},
}


@fault(REPLICAS, "health", takes=CASE, cases=tuple(STATES))
def describes_itself_as(seams: Seams, state: str) -> None:
    """The replica's region describes its table as being in a state in which it can't replicate."""
    _described(seams, seams.replica, STATES[state])


@fault(ALIKE, "health", takes=CASE, cases=tuple(SETTINGS))
def replica_differs_in(seams: Seams, setting: str) -> None:
    """The replica's region has another setting than the primary one."""
    _described(seams, seams.replica, SETTINGS[setting])


@fault(REPLICAS, "health")
def primary_waits_for_its_replica(seams: Seams) -> None:
    """The primary region lists its replica as CREATING."""
    _described(seams, seams.primary, _statuses("CREATING"))


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


@fault(ALIKE, "health")
def replica_has_no_time_to_live(seams: Seams) -> None:
    """Time to live is off in the replica's region."""
    off = {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    seams.results("DescribeTimeToLive", lambda request, result: off if request.region == seams.replica else result)


def _described(seams: Seams, region: str, differs: Differs) -> None:
    """Let a region describe its table otherwise than it is."""

    def describe(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        table = result["Table"]
        return {"Table": {**table, **differs(table)}} if request.region == region else result

    seams.results("DescribeTable", describe)
