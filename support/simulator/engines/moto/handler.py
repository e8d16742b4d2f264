"""moto's handler of DynamoDB requests, with a short way into it and out of it.

moto makes a request of a web framework's from each request, and looks for each member of each value under five
spellings: that is most of what a request costs. Here its handler is given the tables and the parameters that it
works with. What JSON alone can't tell of parameters or of an answer (blobs, times) is left to moto.
"""

import json
from binascii import crc32
from calendar import timegm
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Any

from botocore.model import ListShape, Shape, StructureShape
from moto.core.exceptions import ServiceException
from moto.core.parse import JSONParser
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from support.simulator.messages import Request, Response, in_json

ON_ITEMS = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactGetItems",
    "TransactWriteItems", "UpdateItem",
)  # fmt: skip
"""Operations whose parameters and answers have no type that JSON has not, but for blobs."""

ON_TABLES = ("CreateTable", "DeleteTable", "DescribeTable", "DescribeTimeToLive", "UpdateTable", "UpdateTimeToLive")
"""Operations that are answered with a description under the names of the API. moto tells more than these."""

NOT_PLAIN = (b'"B"', b'"BS"', b"null", b"\\u00")
"""What a body with a blob or with an absent value has in it; the last one may be a letter of these."""


class Handler(DynamoHandler):
    """Answers one DynamoDB request from the tables of a region."""

    def __init__(self, tables: DynamoDBBackend, request: Request) -> None:
        super().__init__()
        self._tables = tables
        self.headers = request.headers
        self.querystring: dict[str, Any] = {}  # the parameters of other protocols, and of addresses
        self.uri_match: dict[str, Any] = {}
        self.response_headers = {"server": "amazon.com", "x-amzn-requestid": token_hex(26).upper()}
        self._operation = request.operation
        self.body = self.params = _parameters(request)

    @property
    def dynamodb_backend(self) -> DynamoDBBackend:
        """The tables of the region."""
        return self._tables

    def answer(self) -> Response:
        """moto's answer. Raises NotImplementedError or OperationNotFoundError for an operation that it has not."""
        action = _action(self._operation)
        try:
            result = getattr(self, action)()
        except ServiceException as error:
            result = ActionResult(error)
        except HTTPException as error:
            return self._response(error.code or 400, dict(error.get_headers()), str(error.description))
        if isinstance(result.result, Exception) or self._operation not in ON_ITEMS + ON_TABLES:
            return self._response(*self.serialized(result))
        shape = _output_shape(self._operation)
        if self._operation in ON_TABLES:
            told = _described(shape, result.result)
        else:
            told = {name: value for name, value in result.result.items() if name in shape.members and value is not None}
        headers = {"Content-Type": "application/x-amz-json-1.0"}
        return self._response(200, headers, in_json(told))

    def _response(self, status: int, headers: Mapping[str, str], body: str | bytes) -> Response:
        body = body.encode() if isinstance(body, str) else body
        return Response(status, {**self.response_headers, **headers, "x-amz-crc32": str(crc32(body))}, body)


def _parameters(request: Request) -> Any:
    model = get_service_model("dynamodb")
    determine_request_protocol(model, request.headers.get("Content-Type"))  # raises for one that is not JSON
    if request.operation in ON_ITEMS and not any(each in request.body for each in NOT_PLAIN):
        return json.loads(request.body)  # and not the request's own: moto keeps parts of it, and changes them in place
    return JSONParser(model.operation_model(request.operation)).parse({"body": request.body})  # type: ignore[typeddict-item]


@cache
def _action(operation: str) -> str:
    name = camelcase_to_underscores(operation)
    if name not in vars(DynamoHandler):
        raise NotImplementedError(operation)
    return name


@cache
def _output_shape(operation: str) -> StructureShape:
    shape = get_service_model("dynamodb").operation_model(operation).output_shape
    assert isinstance(shape, StructureShape)
    return shape


def _described(shape: Shape, value: Any) -> Any:
    """What the API tells of a value, as JSON has it; times in seconds, to the millisecond."""
    if isinstance(shape, StructureShape):
        present = {name: member for name, member in shape.members.items() if value.get(name) is not None}
        return {name: _described(member, value[name]) for name, member in present.items()}
    if isinstance(shape, ListShape):
        return [_described(shape.member, each) for each in value]
    if isinstance(value, datetime):
        return timegm(value.timetuple()) + value.microsecond // 1000 / 1000
    return value
