"""Names and tokens, before a region sees the request: a table's ARN does what its name does, a token is used once."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.simulated_world import EU, NAME, US, World, item


def test_whatever_takes_a_name_takes_an_arn(world: World) -> None:
    us, table, other = world[US], world.described(US)["TableArn"], world.described(EU)["TableArn"]
    us.put_item(TableName=table, Item=item("b", v="1"))
    us.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item("c")}}])
    us.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item("d")}}]})
    us.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    world.settle()

    assert [world.everywhere(key) for key in "bcd"] == [{"v": "1"}, {}, {}]
    assert world[EU].scan(TableName=other)["Count"] == 3
    assert world[EU].describe_time_to_live(TableName=other)["TimeToLiveDescription"]["AttributeName"] == "ttl"
    # A batch is answered under what it was asked with.
    assert us.batch_get_item(RequestItems={table: {"Keys": [item("d")]}})["Responses"] == {table: [item("d")]}


def test_what_is_in_another_region_is_refused(world: World) -> None:
    table = world.described(EU)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        world.client(US, "dynamodbstreams").describe_stream(StreamArn=table["LatestStreamArn"])
    with pytest.raises(ClientError, match="ask eu-west-1, not us-east-1"):
        world[US].get_item(TableName=table["TableArn"], Key=item("a"))


# Client request tokens: SDKs send one by themselves, and the same one when they try again.


def transaction(key: str = "a", **more: Any) -> dict[str, Any]:
    less = {"UpdateExpression": "ADD stock :less", "ExpressionAttributeValues": {":less": {"N": "-1"}}}
    return {"TransactItems": [{"Update": {"TableName": NAME, "Key": item(key), **less}}], **more}


@pytest.mark.parametrize(("seconds", "left"), [(0, "-1"), (599, "-1"), (601, "-2")])
def test_a_transaction_is_done_once_for_a_token_within_ten_minutes(world: World, seconds: int, left: str) -> None:
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))
    world.clock.wait(seconds)
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))
    world.settle()

    for region in (US, EU):
        assert world[region].get_item(TableName=NAME, Key=item("a"))["Item"]["stock"] == {"N": left}


def test_the_same_token_with_another_body_is_refused(world: World) -> None:
    world[US].transact_write_items(**transaction(ClientRequestToken="one"))
    with pytest.raises(ClientError, match="IdempotentParameterMismatchException"):
        world[US].transact_write_items(**transaction("b", ClientRequestToken="one"))

    assert world.get(US, "b") is None
