"""Whether an engine can be put under the simulator, asked before anything of the user's is created in it.

DynamoDB Local 1.11 numbers the stream records of all regions with one counter, and sets it back whenever a region (or
an access key) is used for the first time: from then on writes can fail, and records can get lost. So every region is
used here before the first write, and a write to each proves that the numbers are still right.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from support.simulator.engines.engine import Engine, EngineError
from support.simulator.messages import Request, Response, dynamodb_request, streams_request
from support.simulator.table_settings import STREAM

PROOF: dict[str, Any] = {
    "TableName": "simulator-proof",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
NAME = {"TableName": PROOF["TableName"]}


def check_compatibility(engine: Engine, url: str, regions: Sequence[str], table: str | None) -> None:
    """Raise EngineError, one line with the cure, unless the engine can do it and no region has the table."""
    for region in regions:
        names = _listed(engine, url, dynamodb_request(region, "ListTables", {}), "TableNames")
        _listed(engine, url, streams_request(region, "ListStreams", {}), "Streams")
        if table in names:
            cure = f"delete it (aws --endpoint-url {url} --region {region} dynamodb delete-table --table-name {table})"
            key = "with the access key simulated"
            raise EngineError(f"the engine at {url} has the table {table} in {region}: {cure} {key}, or use --no-table")
    _remove_proof(engine, regions)
    try:
        _prove(engine, url, regions)
    finally:
        _remove_proof(engine, regions)


def _prove(engine: Engine, url: str, regions: Iterable[str]) -> None:
    for region in regions:
        created = engine.send(dynamodb_request(region, "CreateTable", PROOF))
        if not created.ok:
            cure = "let it keep regions apart, as DynamoDB Local does without -sharedDb"
            raise EngineError(f"the engine at {url} refuses to create a table in {region} ({_code(created)}): {cure}")
    for region in regions:
        written = engine.send(dynamodb_request(region, "PutItem", {**NAME, "Item": {"id": {"S": "proof"}}}))
        if not written.ok:
            cure = (
                "start it anew: DynamoDB Local does not bear regions that are first used after others were written to"
            )
            raise EngineError(f"the engine at {url} refuses to write in {region} ({_code(written)}): {cure}")


def _remove_proof(engine: Engine, regions: Iterable[str]) -> None:
    for region in regions:
        with suppress(EngineError):
            engine.send(dynamodb_request(region, "DeleteTable", NAME))


def _listed(engine: Engine, url: str, request: Request, member: str) -> list[object]:
    try:
        response = engine.send(request)
    except EngineError:
        cure = "start it, or name another one with --engine"
        raise EngineError(f"no engine can be reached at {url}: {cure}") from None
    found = _content(response).get(member)
    if not response.ok or not isinstance(found, list):
        service = "DynamoDB" if member == "TableNames" else "DynamoDB with streams"
        cure = "name the address of one with --engine"
        raise EngineError(f"what answers at {url} is no {service} ({request.operation}: {response.status}): {cure}")
    return found


def _code(response: Response) -> str:
    return str(_content(response).get("__type", response.status)).rpartition("#")[2]


def _content(response: Response) -> dict[str, Any]:
    try:
        content = json.loads(response.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
