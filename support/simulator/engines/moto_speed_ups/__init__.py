"""Speed-ups of moto that step back: each changes no answer, and is left out where moto isn't what it expects."""

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from importlib import import_module
from typing import Any

from support.simulator.engines.engine import Engine
from support.simulator.messages import Request, Response, dynamodb_request

Usual = Callable[[], Response]
"""Gives the answer in the way that is without a speed-up."""

SpeedUp = Callable[[Any, Request, Usual], Response]
"""The answer to a request, by another way; the first argument is moto's backend of the region."""

NAMES: tuple[str, ...] = ("short_way", "latest_records", "partitions", "undoing")
"""The modules, each with a speed-up named `answer`; a request passes through them from the last one on."""

REGION, TABLE = "us-east-1", {"TableName": "rehearsal"}
INDEX = {"IndexName": "groups", "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}]}
SCHEMA = {
    **TABLE,
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "sort", "group")],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "sort", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "GlobalSecondaryIndexes": [{**INDEX, "Projection": {"ProjectionType": "KEYS_ONLY"}}],
}
KEY, OTHER = ({"id": {"S": "a"}, "sort": {"S": sort}} for sort in ("1", "2"))
GROUP, ABSENT = {"ExpressionAttributeNames": {"#g": "group"}}, {"ConditionExpression": "attribute_not_exists(id)"}
X, Y = ({"ExpressionAttributeValues": {":g": {"S": group}}} for group in ("x", "y"))
BY_GROUP = {"IndexName": "groups", "KeyConditionExpression": "#g = :g", **GROUP}
CANCELLED = [{"Put": {**TABLE, "Item": OTHER}}, {"Delete": {**TABLE, "Key": KEY, **ABSENT}}]
REHEARSAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("PutItem", {"Item": {**KEY, "group": {"S": "x"}, "n": {"N": "1.50"}}}),
    ("PutItem", {"Item": {**OTHER, "group": {"S": "x"}}, **ABSENT}),
    ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET #g = :g", **GROUP, **Y}),
    ("Query", {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "a"}}, "Limit": 1}),
    ("Query", {**BY_GROUP, **X}),
    ("Query", {**BY_GROUP, **Y}),
    ("TransactWriteItems", {"TransactItems": [{"Delete": {**TABLE, "Key": OTHER}}]}),
    ("TransactWriteItems", {"TransactItems": CANCELLED}),
    ("Scan", {}),
    ("DeleteItem", {"Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("GetItem", {"Key": KEY}),
)


@cache
def available(engine: Callable[[Sequence[SpeedUp]], Engine]) -> tuple[SpeedUp, ...]:
    """The speed-ups that work with the moto that is installed; one line on stderr for each that doesn't."""
    usual = _answers(engine, [])
    working: list[SpeedUp] = []
    for name in NAMES:
        try:
            speed_up: SpeedUp = import_module(f"{__name__}.{name}").answer
            problem = "" if _answers(engine, [*working, speed_up]) == usual else "it would change an answer"
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            line = f"moto is not what the speed-up {name} expects, which is left out: {problem}"
            print(line, file=sys.stderr, flush=True)
        else:
            working.append(speed_up)
    return tuple(working)


def _answers(engine: Callable[[Sequence[SpeedUp]], Engine], speed_ups: Sequence[SpeedUp]) -> list[Any]:
    answers: list[Any] = []
    with closing(engine(speed_ups)) as one:
        for operation, parameters in (("CreateTable", SCHEMA), *REHEARSAL):
            try:
                answered = one.send(dynamodb_request(REGION, operation, {**TABLE, **parameters}))
                content = {} if operation == "CreateTable" else answered.result  # that one tells the time
                answers.append((answered.status, content, one.take_records(REGION, TABLE["TableName"])))
            except Exception as error:
                answers.append(type(error))
    return answers
