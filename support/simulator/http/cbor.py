"""CloudWatch over Smithy RPC v2 CBOR, which current SDKs prefer: translated to the JSON protocol and back.

The protocol: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2
from botocore.model import ListShape, MapShape, Shape, StructureShape

from support.simulator.messages import CLOUDWATCH, JSON, RefusedError, Request, Response
from support.simulator.validation import service_model

PATH = re.compile(r"/service/(?P<service>\w+)/operation/(?P<operation>\w+)")
HEADER, PROTOCOL = "Smithy-Protocol", "rpc-v2-cbor"
TARGET = "GraniteServiceVersion20100801"


def answer(path: str, request: Request, answer_in_json: Callable[[Request], Response]) -> Response:
    """The answer to a request whose path names the operation."""
    shape = None
    try:
        operation = _operation(path)
        shape = service_model(CLOUDWATCH).operation_model(operation).output_shape
        headers = {**request.headers, "X-Amz-Target": f"{TARGET}.{operation}", "Content-Type": JSON}
        response = answer_in_json(Request(request.region, CLOUDWATCH, headers, _json_body(request.body)))
    except RefusedError as refused:
        response = refused.response()
    result: Any = _with_times(response.result, shape) if response.ok and shape else response.result
    kept = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    body = cbor2.dumps(result, datetime_as_timestamp=True)
    return Response(response.status, {**kept, HEADER: PROTOCOL, "Content-Type": "application/cbor"}, body)


def _operation(path: str) -> str:
    found = PATH.fullmatch(path)
    if found is None or found["service"] != TARGET:
        raise RefusedError(f"only CloudWatch speaks {PROTOCOL}, at /service/{TARGET}", "UnknownOperationException")
    if found["operation"] not in service_model(CLOUDWATCH).operation_names:
        raise RefusedError(f"CloudWatch has no operation {found['operation']!r}", "UnknownOperationException")
    return found["operation"]


def _json_body(body: bytes) -> bytes:
    try:
        parameters = cbor2.loads(body) if body else {}
        if not isinstance(parameters, dict):
            raise ValueError
        return json.dumps(parameters, default=lambda time: time.timestamp()).encode()
    except (cbor2.CBORDecodeError, AttributeError, RecursionError, TypeError, ValueError):
        raise RefusedError("the body of a request is a map in CBOR", "SerializationException") from None


def _with_times(value: Any, shape: Shape) -> Any:
    """The value with times tagged as such."""
    if value is None:
        return None
    if isinstance(shape, StructureShape):
        members = shape.members
        return {name: _with_times(each, members[name]) for name, each in value.items() if name in members}
    if isinstance(shape, ListShape):
        return [_with_times(each, shape.member) for each in value]
    if isinstance(shape, MapShape):
        return {name: _with_times(each, shape.value) for name, each in value.items()}
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC)
    return float(value) if shape.type_name in ("double", "float") else value
