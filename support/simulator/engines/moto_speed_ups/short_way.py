"""A short way into moto's handler of requests about items, and out of it.

Most of what a request costs is to make one of a web framework's of it, and to serialize the answer by its shape. What
JSON alone can't tell (blobs, values that are absent) is left to moto.
"""

import json
from functools import cache
from secrets import token_hex
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from support.simulator.engines.moto_speed_ups import Usual
from support.simulator.messages import Request, Response, in_json

OPERATIONS = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactGetItems",
    "TransactWriteItems", "UpdateItem",
)  # fmt: skip
NOT_PLAIN = (b'"B"', b'"BS"', b"null", b"\\u00")
"""What a body with a blob or an absent value has in it; the last one may be a letter of these."""


class Handler(DynamoHandler):
    """Answers one request from the tables of a region."""

    def __init__(self, tables: DynamoDBBackend, request: Request) -> None:
        super().__init__()
        self._tables = tables
        self.headers = request.headers
        self.querystring: dict[str, Any] = {}  # the parameters of other protocols
        self.response_headers = {"server": "amazon.com", "x-amzn-requestid": token_hex(26).upper()}
        self.body = self.params = json.loads(request.body)  # not the request's own: moto changes parts of it in place

    @property
    def dynamodb_backend(self) -> DynamoDBBackend:
        return self._tables


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    if request.operation not in OPERATIONS or any(each in request.body for each in NOT_PLAIN):
        return usual()
    handler = Handler(backend, request)
    headers: dict[str, str] = {"Content-Type": "application/x-amz-json-1.0", **handler.response_headers}
    try:
        result = getattr(handler, camelcase_to_underscores(request.operation))().result
    except ServiceException as error:
        status, headers, text = handler.serialized(ActionResult(error))
        body = text.encode() if isinstance(text, str) else text
    except HTTPException as error:
        status, body = error.code or 400, str(error.description).encode()
        headers |= dict(error.get_headers())
    else:
        members = _members(request.operation)
        told = {name: value for name, value in result.items() if name in members and value is not None}
        status, body = 200, in_json(told)
    return Response(status, headers, body)


@cache
def _members(operation: str) -> frozenset[str]:
    shape: Any = get_service_model("dynamodb").operation_model(operation).output_shape
    return frozenset(shape.members)
