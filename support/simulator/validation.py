"""What the service refuses before it does anything, and what it has done already.

Version 2017.11.29 and settings that would do nothing are refused by name; the parameters of an operation are held
against botocore's own description of the service (the clients in this process have done so themselves: what comes to
the port has to be looked at). What came with a client request token is done once, however often it is asked for within
ten minutes: SDKs send a token by themselves with TransactWriteItems and ExecuteTransaction, and the same one when they
try again.
"""

import json
from functools import cache
from hashlib import sha256
from typing import Any

from botocore.model import OperationNotFoundError, ServiceModel, Shape
from botocore.validate import ParamValidator

from support.clock import Clock
from support.simulator.isolated_session import isolated_session
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


@cache
def service_model(service: str) -> ServiceModel:
    return isolated_session().get_service_model(service)


def check_shape(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Raise RefusedError for an operation that the service has not, and for parameters that it would not take."""
    shape = _input_shape(service, operation)
    given = {name: value for name, value in parameters.items() if value is not None}
    report = ParamValidator().validate(given, shape) if shape else None
    if report and report.has_errors():
        problems = f"1 validation error detected: {report.generate_report()}".replace("\n", "; ")
        of_type = any(reason == "invalid type" for reason, *_ in getattr(report, "_errors", ()))
        raise RefusedError(problems, "SerializationException" if of_type else "ValidationException")


@cache
def _input_shape(service: str, operation: str) -> Shape | None:
    try:
        return service_model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        raise RefusedError(f"there is no operation {operation!r}", "UnknownOperationException") from None


SECONDS_REMEMBERED = 600
TOKENS = ("ClientRequestToken", "ClientToken")
Key = tuple[str, str, str]
"""Region, operation and token."""


class Tokens:
    """The tokens of the last ten minutes: when each was used, the digest of its request, and what was answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: dict[Key, tuple[float, str, Response]] = {}

    def answered(self, request: Request) -> Response | None:
        """What was answered to the same request. Raises RefusedError when the token was used for another one."""
        oldest = self._clock.elapsed() - SECONDS_REMEMBERED
        self._done = {key: done for key, done in self._done.items() if done[0] > oldest}
        done = self._done.get(key) if (key := _key(request)) else None
        if done and done[1] != _digest(request):
            message = "The provided client request token is in use with other parameters: use a new one"
            raise RefusedError(message, "IdempotentParameterMismatchException")
        return done[2] if done else None

    def remember(self, request: Request, response: Response) -> None:
        """Note what was answered; what was refused may be tried again."""
        if response.ok and (key := _key(request)):
            self._done[key] = self._clock.elapsed(), _digest(request), response


def _key(request: Request) -> Key | None:
    tokens = [request.parameters[name] for name in TOKENS if request.parameters.get(name)]
    return (request.region, request.operation, tokens[0]) if tokens else None


def _digest(request: Request) -> str:
    parameters = {name: value for name, value in request.parameters.items() if name not in TOKENS}
    return sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
