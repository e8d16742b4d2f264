"""Requests and responses as they pass through the simulator, in process or over HTTP."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

DYNAMODB, STREAMS, CLOUDWATCH = "dynamodb", "dynamodbstreams", "cloudwatch"
"""The services, as botocore calls them."""

JSON = "application/x-amz-json-1.0"


@dataclass(frozen=True)
class Request:
    """One API call to one service in one region, which is known and never read from an address."""

    region: str
    service: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def operation(self) -> str:
        """The API's name of the operation ("PutItem"); empty where the protocol does not name it in a header."""
        return self.headers.get("X-Amz-Target", "").rpartition(".")[2]

    @cached_property
    def parameters(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self.body or b"{}")
        return values

    def with_parameters(self, **parameters: Any) -> "Request":
        """The same request with these parameters added, or in place of its own."""
        return self.with_only(**{**self.parameters, **parameters})

    def with_only(self, **parameters: Any) -> "Request":
        """The same request with these parameters, and no others."""
        return replace(self, body=in_json(parameters))

    def to(self, region: str, operation: str | None = None) -> "Request":
        """The same request to another region, or for another operation."""
        target = f"DynamoDB_20120810.{operation or self.operation}"
        return replace(self, region=region, headers={**self.headers, "X-Amz-Target": target})


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def result(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self.body or b"{}")
        return values

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def code(self) -> str:
        """The service's name of an error; empty where there is none."""
        return str(self.result.get("__type", "")).rpartition("#")[2]

    @property
    def message(self) -> str:
        return str(self.result.get("message") or self.result.get("Message") or "")

    @classmethod
    def of(cls, result: Mapping[str, Any], status: int = 200) -> "Response":
        return cls(status, {"Content-Type": JSON}, in_json(result))

    @classmethod
    def error(cls, code: str, message: str, status: int = 400) -> "Response":
        """A refusal under DynamoDB's own name for it."""
        return cls.of({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": message}, status)


def in_json(values: Mapping[str, Any]) -> bytes:
    """Parameters or a result as they are carried; bytes become Base64, as DynamoDB's JSON has them."""
    return json.dumps(values, default=lambda content: b64encode(content).decode()).encode()


def dynamodb_request(region: str, operation: str, parameters: Mapping[str, Any], streams: bool = False) -> Request:
    target = f"{'DynamoDBStreams' if streams else 'DynamoDB'}_20120810.{operation}"
    headers = {"X-Amz-Target": target, "Content-Type": JSON}
    return Request(region, STREAMS if streams else DYNAMODB, headers, in_json(parameters))


class RefusedError(Exception):
    """A request that is refused before anything is done: AWS's code and, where AWS has one, AWS's message; one line."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> Response:
        return Response.error(self.code, str(self), status=500 if self.code == "InternalServerError" else 400)


def invalid(what: str) -> RefusedError:
    return RefusedError(f"One or more parameter values were invalid: {what}")
