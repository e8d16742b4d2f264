"""Client request tokens: SDKs send one by themselves, and the same one when they try again."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from support.simulator import fault_named
from support.simulator.http.server import Server
from support.tests.simulator.simulated_world import EU, NAME, US, World, item

LESS = {
    "UpdateExpression": "ADD stock :less",
    "ExpressionAttributeValues": {":less": {"N": "-1"}},
}


def transaction(key: str = "a", **more: Any) -> dict[str, Any]:
    return {"TransactItems": [{"Update": {"TableName": NAME, "Key": item(key), **LESS}}], **more}


@pytest.fixture
def world(world: World) -> World:
    world[US].put_item(TableName=NAME, Item={**item("a"), "stock": {"N": "100"}})
    return world


def stock(world: World, region: str = US) -> str:
    found: str = world[region].get_item(TableName=NAME, Key=item("a"))["Item"]["stock"]["N"]
    return found


def test_a_transaction_is_done_once_for_a_token(world: World) -> None:
    answers = [world[US].transact_write_items(**transaction(ClientRequestToken="one")) for _ in range(3)]
    world.settle()

    assert stock(world) == stock(world, EU) == "99"
    assert len(answers) == 3


def test_the_same_token_with_another_body_is_refused(world: World) -> None:
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))
    with pytest.raises(ClientError, match="IdempotentParameterMismatchException"):
        world[US].transact_write_items(**transaction("b", ClientRequestToken="one"))

    assert world.get(US, "b") is None


@pytest.mark.parametrize(("seconds", "left"), [(599, "99"), (601, "98")])
def test_a_token_is_remembered_for_ten_minutes(world: World, seconds: int, left: str) -> None:
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))
    world.clock.wait(seconds)
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))

    assert stock(world) == left


def test_with_answers_that_are_lost_boto3s_own_retries_take_exactly_ten_from_a_hundred(
    world: World, server: Server
) -> None:
    session = boto3.session.Session("x", "x")
    retrying = session.client("dynamodb", US, endpoint_url=server.url)
    world.simulator.faults.inject(fault_named("lost-answers=0.5"))
    for _ in range(10):
        retrying.transact_write_items(**transaction())
    world.simulator.faults.take_back("lost-answers")

    assert stock(world) == "90"
