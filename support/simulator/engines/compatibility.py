"""Whether endpoints can be put under the simulator, asked before anything of the user's is created in them.

DynamoDB Local 1.11 numbers the stream records of all regions with one counter, and sets it back whenever a region (or
an access key) is used for the first time: from then on writes can fail, and records can get lost. So every region is
used here before the first write, and a write to each proves that the numbers are still right.
"""

from contextlib import suppress
from typing import Any

from support.simulator.engines.endpoint_engine import EndpointEngine
from support.simulator.engines.engine import EngineError
from support.simulator.messages import dynamodb_request
from support.simulator.table_settings import STREAM

PROOF: dict[str, Any] = {
    "TableName": "simulator-proof",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
NAME = {"TableName": PROOF["TableName"]}
STEPS = (
    ("CreateTable", PROOF, "let it keep regions apart, as DynamoDB Local does without -sharedDb, or name one for each"),
    ("PutItem", {**NAME, "Item": {"id": {"S": "proof"}}}, "start it anew: it is confused by regions that come later"),
)


def check_compatibility(engine: EndpointEngine, table: str | None) -> None:
    """Raise EngineError, one line with the cure, unless the endpoints can do it and no region has the table."""
    for region, url in engine.urls.items():
        if table in _tables(engine, region, url):
            delete = f"aws --endpoint-url {url} --region {region} dynamodb delete-table --table-name {table}"
            cure = f"delete it ({delete}) with the access key simulated, or use --no-table"
            raise EngineError(f"the engine at {url} has the table {table} in {region}: {cure}")
    _remove_proof(engine)
    try:
        for operation, parameters, cure in STEPS:
            for region, url in engine.urls.items():
                done = engine.send(dynamodb_request(region, operation, parameters))
                if not done.ok:
                    raise EngineError(f"the engine at {url} refuses {operation} in {region} ({done.code}): {cure}")
    finally:
        _remove_proof(engine)


def _tables(engine: EndpointEngine, region: str, url: str) -> list[str]:
    try:
        asked = dynamodb_request(region, "ListTables", {}), dynamodb_request(region, "ListStreams", {}, True)
        tables, streams = (engine.send(each) for each in asked)
    except EngineError:
        raise EngineError(f"no engine can be reached at {url}: start it, or name another one with --engine") from None
    with suppress(ValueError, KeyError):
        if streams.ok and streams.result["Streams"] is not None:
            names: list[str] = tables.result["TableNames"]
            return names
    problem = f"what answers at {url} is no DynamoDB with streams ({tables.status}, {streams.status})"
    raise EngineError(f"{problem}: name the address of one with --engine")


def _remove_proof(engine: EndpointEngine) -> None:
    for region in engine.urls:
        with suppress(EngineError):
            engine.send(dynamodb_request(region, "DeleteTable", NAME))
