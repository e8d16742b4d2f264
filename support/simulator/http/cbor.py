"""CloudWatch over Smithy RPC v2 CBOR, which current SDKs prefer: translated to the JSON protocol and back.

The protocol: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

import cbor2
from botocore.model import ListShape, MapShape, Shape, StructureShape

from support.simulator.messages import CLOUDWATCH, Response
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.shapes import service_model

PATH = re.compile(r"/service/(?P<service>\w+)/operation/(?P<operation>\w+)")
HEADER, PROTOCOL = "Smithy-Protocol", "rpc-v2-cbor"
TARGET = "GraniteServiceVersion20100801"


def operation_of(path: str) -> str:
    """The operation that the path of a request names. Raises RefusedError."""
    found = PATH.fullmatch(path)
    if found is None or found["service"] != TARGET:
        raise RefusedError(f"only CloudWatch speaks {PROTOCOL}, at /service/{TARGET}", "UnknownOperationException")
    operation = found["operation"]
    if operation not in service_model(CLOUDWATCH).operation_names:
        raise RefusedError(f"CloudWatch has no operation {operation!r}", "UnknownOperationException")
    return operation


def json_headers(operation: str) -> dict[str, str]:
    return {"X-Amz-Target": f"{TARGET}.{operation}", "Content-Type": "application/x-amz-json-1.0"}


def json_body(body: bytes) -> bytes:
    """The same parameters in JSON. Raises RefusedError for what is no map in CBOR."""
    try:
        parameters = cbor2.loads(body) if body else {}
        if not isinstance(parameters, dict):
            raise ValueError
        return json.dumps(parameters, default=_seconds).encode()
    except (cbor2.CBORDecodeError, TypeError, ValueError):
        raise RefusedError("the body of a request is a map in CBOR", "SerializationException") from None


def cbor_response(operation: str | None, response: Response) -> Response:
    result: Any = response.result
    shape = service_model(CLOUDWATCH).operation_model(operation).output_shape if operation else None
    if response.ok and shape:
        result = _with_times(result, shape)
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    body = cbor2.dumps(result, datetime_as_timestamp=True)
    return Response(response.status, {**headers, HEADER: PROTOCOL, "Content-Type": "application/cbor"}, body)


def _seconds(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError


def _with_times(value: Any, shape: Shape) -> Any:
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
