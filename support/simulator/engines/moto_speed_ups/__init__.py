"""Speed-ups of moto that step back: each changes no answer, and is left out where moto isn't what it expects.

They are worth half of the time of a run, and keep requests as fast in a large table as in a small one.
"""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from importlib import import_module
from typing import Any

from support.simulator.engines.engine import Engine
from support.simulator.engines.moto_speed_ups.speed_up import SpeedUp
from support.simulator.messages import dynamodb_request

NAMES = ("short_way", "latest_records", "partitions", "undoing")
"""The modules, each with a speed-up named `answer`; a request passes through them from the last one on."""

REGION, TABLE = "us-east-1", {"TableName": "rehearsal"}
SCHEMA = {
    **TABLE,
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "sort", "group")],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "sort", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "groups",
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
KEY, OTHER = ({"id": {"S": "a"}, "sort": {"S": sort}} for sort in ("1", "2"))
SET_GROUP = {"UpdateExpression": "SET #g = :g", "ExpressionAttributeNames": {"#g": "group"}}
BY_GROUP = {"IndexName": "groups", "KeyConditionExpression": "#g = :g", "ExpressionAttributeNames": {"#g": "group"}}
REHEARSAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("PutItem", {"Item": {**KEY, "group": {"S": "x"}, "n": {"N": "1.50"}}}),
    ("PutItem", {"Item": {**OTHER, "group": {"S": "x"}}, "ConditionExpression": "attribute_not_exists(id)"}),
    ("UpdateItem", {"Key": KEY, **SET_GROUP, "ExpressionAttributeValues": {":g": {"S": "y"}}}),
    ("Query", {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "a"}}, "Limit": 1}),
    ("Query", {**BY_GROUP, "ExpressionAttributeValues": {":g": {"S": "x"}}}),
    ("Query", {**BY_GROUP, "ExpressionAttributeValues": {":g": {"S": "y"}}}),
    ("TransactWriteItems", {"TransactItems": [{"Delete": {**TABLE, "Key": OTHER}}]}),
    (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {**TABLE, "Item": OTHER}},
                {"Delete": {**TABLE, "Key": KEY, "ConditionExpression": "attribute_not_exists(id)"}},
            ]
        },
    ),
    ("Scan", {}),
    ("GetItem", {"Key": KEY}),
    ("DeleteItem", {"Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("GetItem", {"Key": KEY}),
)


@cache
def available(engine: Callable[[Sequence[SpeedUp]], Engine]) -> tuple[SpeedUp, ...]:
    """The speed-ups that work with the moto that is installed; one line on stderr for each that doesn't."""
    made = [(name, speed_up) for name in NAMES if (speed_up := _made(name)) is not None]
    usual = _answers(engine, [])
    if _answers(engine, [speed_up for _, speed_up in made]) == usual:
        return tuple(speed_up for _, speed_up in made)
    working = []
    for name, speed_up in made:
        if _answers(engine, [speed_up]) == usual:
            working.append(speed_up)
        else:
            _leave_out(name, "it would change an answer")
    return tuple(working)


def _made(name: str) -> SpeedUp | None:
    try:
        speed_up: SpeedUp = import_module(f"{__name__}.{name}").answer
    except Exception as error:
        _leave_out(name, f"{type(error).__name__}: {error}")
        return None
    return speed_up


def _answers(engine: Callable[[Sequence[SpeedUp]], Engine], speed_ups: Sequence[SpeedUp]) -> list[Any]:
    """What the rehearsal is answered with, and what the stream has of it."""
    answers: list[Any] = []
    with closing(engine(speed_ups)) as one:
        one.send(dynamodb_request(REGION, "CreateTable", SCHEMA))
        for operation, parameters in REHEARSAL:
            try:
                answered = one.send(dynamodb_request(REGION, operation, {**TABLE, **parameters}))
                answers.append(
                    (answered.status, json.loads(answered.body), one.take_records(REGION, TABLE["TableName"]))
                )
            except Exception as error:
                answers.append(type(error))
    return answers


def _leave_out(name: str, reason: str) -> None:
    print(f"moto is not what the speed-up {name} expects, which is left out: {reason}", file=sys.stderr, flush=True)
