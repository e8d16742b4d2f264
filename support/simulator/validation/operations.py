"""What the simulator does not have, refused by name: version 2017.11.29, and settings that would do nothing."""

from support.simulator.messages import RefusedError, Request, Response, invalid

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
ONLY_WITH_CREATE = "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided."
MREC_ONLY = "the simulator has multi-Region eventual consistency (MREC, version 2019.11.21) only: leave out {}"

UNSUPPORTED = {
    "CreateTable": ("GlobalTableSourceArn", "OnDemandThroughput", "ResourcePolicy", "VectorIndexes"),
    "UpdateTable": ("DisassociationProtectionEnabled", "OnDemandThroughput", "SSESpecification", "VectorIndexUpdates"),
    "RestoreTableToPointInTime": ("SourceTableArn",),
}
"""Parameters that nothing in the simulator would look at."""

ONLY = {"TableClass": "STANDARD", "GlobalTableSettingsReplicationMode": "ENABLED_WITH_OVERRIDES"}
"""Parameters that may have one value, which is what the simulator does anyway."""


def answer_of_legacy(request: Request) -> Response | None:
    """What AWS answers to the API of version 2017.11.29 (facts 2.2). Raises RefusedError; None: it is not of it."""
    if request.operation == "CreateGlobalTable":
        raise invalid(LEGACY)
    if request.operation == "ListGlobalTables":
        return Response.of({"GlobalTables": []})
    if "GlobalTableName" in request.parameters:
        name = request.parameters["GlobalTableName"]
        message = f"Global table not found: Global table with name: '{name}' does not exist in version 2017.11.29"
        raise RefusedError(message, "GlobalTableNotFoundException")
    return None


def check_supported(request: Request) -> None:
    """Raise RefusedError for a parameter that the simulator would have to pass over."""
    parameters = request.parameters
    if request.operation not in UNSUPPORTED:
        return
    if request.operation == "UpdateTable" and parameters.keys() <= NO_CHANGES:
        raise RefusedError(NOTHING_TO_UPDATE)
    for name in UNSUPPORTED[request.operation]:
        if name in parameters:
            raise RefusedError(f"the simulator has no {name}: leave it out")
    for name, value in ONLY.items():
        if parameters.get(name, value) != value:
            raise RefusedError(f"the simulator has no other {name} than {value}: leave it out")
    consistency = parameters.get("MultiRegionConsistency", "EVENTUAL")
    if consistency != "EVENTUAL":
        raise RefusedError(MREC_ONLY.format(f"MultiRegionConsistency {consistency}"))
    if "GlobalTableWitnessUpdates" in parameters:
        raise RefusedError(MREC_ONLY.format("GlobalTableWitnessUpdates"))
    creates = any("Create" in update for update in parameters.get("ReplicaUpdates", ()))
    if "MultiRegionConsistency" in parameters and not creates:
        raise RefusedError(ONLY_WITH_CREATE)
