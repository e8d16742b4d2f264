"""Faults of the control plane: what DescribeTable says of the table, its replicas and its settings."""

from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams, answers_to, results_of
from support.simulator.messages import Request, Response

REPLICAS = "troubleshooting, warning: check the health of the global table"
ALIKE = "facts 2.5: settings that are kept equal in all replicas"
STREAM = "facts 1.4: replication reads the streams"
ANY_VIEW = "replication reads a stream whatever its view type is: AWS was seen to replicate with KEYS_ONLY"

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
    "legacy": lambda _: {"GlobalTableVersion": "2017.11.29"},
    "strongly-consistent": lambda _: {"MultiRegionConsistency": "STRONG"},
    "no-stream": lambda _: {"StreamSpecification": {"StreamEnabled": False}},
}
SETTINGS: dict[str, Differs] = {
    "billing": lambda _: {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}},
    "index-missing": lambda table: {"GlobalSecondaryIndexes": table["GlobalSecondaryIndexes"][:1]},
    "projection": _first("GlobalSecondaryIndexes", Projection={"ProjectionType": "ALL"}),
    "key-type": _first("AttributeDefinitions", AttributeType="N"),
    "no-sort-key": lambda table: {"KeySchema": table["KeySchema"][:1]},
}


def _descriptions(seams: Seams, differs: Callable[[str, Table], Table]) -> None:
    """The seam of what a region describes otherwise than it is."""
    results_of("DescribeTable")(
        seams, lambda request, result: {"Table": {**result["Table"], **differs(request.region, result["Table"])}}
    )


@fault(_descriptions, REPLICAS, "health", cases=tuple(STATES))
def describes_itself_as(seams: Seams, state: str, region: str, table: Table) -> Table:
    """The replica's region describes its table as being in a state, or of a kind, in which it can't replicate so."""
    return STATES[state](table) if region == seams.replica else {}


@fault(_descriptions, ALIKE, "health", cases=tuple(SETTINGS))
def replica_differs_in(seams: Seams, setting: str, region: str, table: Table) -> Table:
    """The replica's region has another setting than the primary one."""
    return SETTINGS[setting](table) if region == seams.replica else {}


@fault(_descriptions, REPLICAS, "health")
def primary_waits_for_its_replica(seams: Seams, region: str, table: Table) -> Table:
    """The primary region lists its replica as CREATING."""
    return _statuses("CREATING")(table) if region == seams.primary else {}


@fault(answers_to("DescribeTable"), REPLICAS, "health")
def replica_has_no_table(seams: Seams, request: Request, forward: Forward) -> Response:
    """The replica's region has no such table when it is asked to describe it."""
    missing = Response.error("ResourceNotFoundException", "Requested resource not found")
    return missing if request.region == seams.replica else forward(request)


@fault(_descriptions, STREAM, "health", equivalent=ANY_VIEW)
def stream_has_keys_only(seams: Seams, region: str, table: Table) -> Table:
    """The stream of the primary region has keys, and no images."""
    only_keys = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}}
    return only_keys if region == seams.primary else {}


@fault(results_of("DescribeTimeToLive"), ALIKE, "health")
def replica_has_no_time_to_live(seams: Seams, request: Request, result: dict[str, Any]) -> dict[str, Any]:
    """Time to live is off in the replica's region."""
    off = {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return off if request.region == seams.replica else result
