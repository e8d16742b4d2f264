"""What the simulator does not have, refused by name: version 2017.11.29, and settings that would do nothing."""

from collections.abc import Mapping
from typing import Any

from support.simulator.messages import Request, Response
from support.simulator.validation.refused import RefusedError, invalid

LEGACY = (
    "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global tables version"
    " 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
NO_CHANGES = {"TableName", "AttributeDefinitions", "MultiRegionConsistency"}
NOTHING_TO_UPDATE = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates,"
    " SSESpecification, ReplicaUpdates, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is"
    " required"
)
MREC_ONLY = "the simulator has multi-Region eventual consistency (MREC, version 2019.11.21) only: leave out "
NO_SETTINGS = "the simulator has no {}: leave it out"
UNSUPPORTED = {
    "CreateTable": ("GlobalTableSourceArn", "OnDemandThroughput", "ResourcePolicy", "VectorIndexes"),
    "UpdateTable": (
        "DisassociationProtectionEnabled",
        "OnDemandThroughput",
        "SSESpecification",
        "VectorIndexUpdates",
    ),
    "RestoreTableToPointInTime": ("SourceTableArn",),
}
"""Parameters that nothing in the simulator would look at."""

ONLY = {
    "TableClass": "STANDARD",
    "MultiRegionConsistency": "EVENTUAL",
    "GlobalTableSettingsReplicationMode": "ENABLED_WITH_OVERRIDES",
}
"""Parameters that may have one value, which is what the simulator does anyway."""


def answer_of_legacy(request: Request) -> Response | None:
    """What AWS answers to the API of version 2017.11.29 (facts 2.2). Raises RefusedError; None: it is not of it."""
    if request.operation == "CreateGlobalTable":
        raise invalid(LEGACY)
    if request.operation == "ListGlobalTables":
        return Response.of({"GlobalTables": []})
    if "GlobalTableName" in request.parameters:
        name = request.parameters["GlobalTableName"]
        raise RefusedError(
            f"Global table not found: Global table with name: '{name}' does not exist in version 2017.11.29",
            "GlobalTableNotFoundException",
        )
    return None


def check_supported(request: Request) -> None:
    """Raise RefusedError for a parameter that the simulator would have to pass over."""
    parameters = request.parameters
    if request.operation not in ("CreateTable", "UpdateTable", "RestoreTableToPointInTime"):
        return
    if request.operation == "UpdateTable" and parameters.keys() <= NO_CHANGES:
        raise RefusedError(NOTHING_TO_UPDATE)
    for name in UNSUPPORTED[request.operation]:
        if name in parameters:
            raise RefusedError(NO_SETTINGS.format(name))
    for name, value in ONLY.items():
        if parameters.get(name, value) != value:
            raise RefusedError(f"{MREC_ONLY}{name} {parameters[name]}" if "Region" in name else _only(name, value))
    if "GlobalTableWitnessUpdates" in parameters:
        raise RefusedError(f"{MREC_ONLY}GlobalTableWitnessUpdates")
    if "MultiRegionConsistency" in parameters and not _creates_replica(parameters):
        raise RefusedError(
            "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided."
        )


def _only(name: str, value: str) -> str:
    return f"the simulator has no other {name} than {value}: leave it out"


def _creates_replica(parameters: Mapping[str, Any]) -> bool:
    return any("Create" in update for update in parameters.get("ReplicaUpdates", ()))
