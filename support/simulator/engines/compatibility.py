"""Whether endpoints can be put under the simulator, asked before anything of the user's is created in them.

DynamoDB Local 1.11 numbers the stream records of all regions with one counter, and sets it back whenever a region (or
an access key) is used for the first time: from then on writes can fail, and records can get lost. So every region is
used here before the first write, and a write to each proves that the numbers are still right.
"""

from contextlib import suppress
from typing import Any

from support.simulator.engines.endpoint_engine import EndpointEngine
from support.simulator.engines.engine import EngineError
from support.simulator.messages import Request, dynamodb_request, streams_request
from support.simulator.table_settings import STREAM

PROOF: dict[str, Any] = {
    "TableName": "simulator-proof",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
NAME = {"TableName": PROOF["TableName"]}
KEPT_APART = "let it keep regions apart, as DynamoDB Local does without -sharedDb, or give each region its own"
FRESH = "start it anew: DynamoDB Local does not bear regions that are first used after others were written to"


def check_compatibility(engine: EndpointEngine, table: str | None) -> None:
    """Raise EngineError, one line with the cure, unless the endpoints can do it and no region has the table."""
    for region, url in engine.urls.items():
        names = _listed(engine, url, dynamodb_request(region, "ListTables", {}), "TableNames")
        _listed(engine, url, streams_request(region, "ListStreams", {}), "Streams")
        if table in names:
            cure = f"delete it (aws --endpoint-url {url} --region {region} dynamodb delete-table --table-name {table})"
            key = "with the access key simulated"
            raise EngineError(f"the engine at {url} has the table {table} in {region}: {cure} {key}, or use --no-table")
    _remove_proof(engine)
    try:
        _prove(engine, "CreateTable", PROOF, KEPT_APART)
        _prove(engine, "PutItem", {**NAME, "Item": {"id": {"S": "proof"}}}, FRESH)
    finally:
        _remove_proof(engine)


def _prove(engine: EndpointEngine, operation: str, parameters: dict[str, Any], cure: str) -> None:
    for region, url in engine.urls.items():
        done = engine.send(dynamodb_request(region, operation, parameters))
        if not done.ok:
            raise EngineError(f"the engine at {url} refuses {operation} in {region} ({done.code}): {cure}")


def _remove_proof(engine: EndpointEngine) -> None:
    for region in engine.urls:
        with suppress(EngineError):
            engine.send(dynamodb_request(region, "DeleteTable", NAME))


def _listed(engine: EndpointEngine, url: str, request: Request, member: str) -> list[object]:
    try:
        response = engine.send(request)
    except EngineError:
        raise EngineError(f"no engine can be reached at {url}: start it, or name another one with --engine") from None
    with suppress(ValueError, AttributeError):
        if response.ok and isinstance(found := response.result.get(member), list):
            return found
    service = "DynamoDB" if member == "TableNames" else "DynamoDB with streams"
    problem = f"what answers at {url} is no {service} ({request.operation}: {response.status})"
    raise EngineError(f"{problem}: name the address of one with --engine")
