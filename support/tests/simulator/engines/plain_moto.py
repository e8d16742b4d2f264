"""The engine beside moto as it is: both are asked the same, and answer the same."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from moto.core.request import Request as MotoRequest
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import Request, Response, dynamodb_request

US = "us-east-1"
NAME = "random"


class PlainEngine(MotoEngine):
    """moto as it is."""

    def __init__(self) -> None:
        super().__init__()
        dynamodb_backends[self.account].backend = DynamoDBBackend

    def send(self, request: Request) -> Response:
        headers = {**request.headers, "x-moto-account-id": self.account}
        message = MotoRequest.from_primitives("POST", f"https://dynamodb.{US}.amazonaws.com/", headers, request.body)
        status, answered, body = DynamoHandler.dispatch(message)
        return Response(status, answered, body.encode())


class Pair:
    """An indexed table and a plain one, which are asked the same and answer the same."""

    def __init__(self, engine: MotoEngine, plain: MotoEngine) -> None:
        self.engine = engine
        self.plain = plain

    def ask(self, operation: str, **parameters: Any) -> Response:
        asked = dynamodb_request(US, operation, {"TableName": NAME, **parameters})
        indexed, plain = self.engine.send(asked), self.plain.send(asked)
        assert (indexed.status, _told(indexed)) == (plain.status, _told(plain)), asked.body
        return indexed

    def pages(self, operation: str, **parameters: Any) -> list[list[Any]]:
        """All pages of a query or scan."""
        answer = self.ask(operation, **parameters)
        pages = [answer.result.get("Items", [])]
        while answer.ok and "LastEvaluatedKey" in answer.result and len(pages) < 50:
            answer = self.ask(operation, **{**parameters, "ExclusiveStartKey": answer.result["LastEvaluatedKey"]})
            pages.append(answer.result.get("Items", []))
        return pages


def _told(response: Response) -> Any:
    told = json.loads(response.body)
    described = told.get("TableDescription") or told.get("Table") or {}
    for changing in ("CreationDateTime", "TableArn", "LatestStreamArn", "LatestStreamLabel"):
        described.pop(changing, None)
    return told


@contextmanager
def pair(schema: Mapping[str, Any]) -> Iterator[Pair]:
    with closing(MotoEngine()) as engine, closing(PlainEngine()) as plain:
        both = Pair(engine, plain)
        assert both.ask("CreateTable", **schema).ok
        yield both
