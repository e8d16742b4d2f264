"""A table's ARN does what its name does, wherever AWS takes one."""

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.simulated_world import EU, NAME, US, World, item

KEY = item("a")
SET_TTL = {"Enabled": True, "AttributeName": "ttl"}


def arn(world: World, region: str = US) -> str:
    found: str = world[region].describe_table(TableName=NAME)["Table"]["TableArn"]
    return found


def test_items_are_written_and_read_by_arn(world: World) -> None:
    table = arn(world)
    us = world[US]
    us.put_item(TableName=table, Item=item("a", v="1"))
    us.update_item(
        TableName=table, Key=KEY, UpdateExpression="SET w = :w", ExpressionAttributeValues={":w": {"S": "2"}}
    )
    us.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item("b")}}])
    world.settle()

    assert us.get_item(TableName=table, Key=KEY)["Item"] == item("a", v="1", w="2")
    assert us.scan(TableName=table)["Count"] == world[EU].scan(TableName=arn(world, EU))["Count"] == 2
    assert us.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": KEY}}])["Responses"][0]["Item"]
    us.delete_item(TableName=table, Key=KEY)
    assert world.get(US) is None


def test_a_batch_is_answered_under_the_arn_that_it_was_asked_with(world: World) -> None:
    table = arn(world)
    world[US].batch_write_item(RequestItems={table: [{"PutRequest": {"Item": KEY}}]})
    world.settle()

    assert world[US].batch_get_item(RequestItems={table: {"Keys": [KEY]}})["Responses"] == {table: [KEY]}
    assert world[EU].batch_get_item(RequestItems={NAME: {"Keys": [KEY]}})["Responses"] == {NAME: [KEY]}


def test_time_to_live_set_by_arn_is_replicated(world: World) -> None:
    world[US].update_time_to_live(TableName=arn(world), TimeToLiveSpecification=SET_TTL)

    for region in (US, EU):
        described = world[region].describe_time_to_live(TableName=arn(world, region))["TimeToLiveDescription"]
        assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def test_the_arn_of_another_region_is_refused_with_that_region(world: World) -> None:
    with pytest.raises(ClientError, match=r"Invalid AWS region in 'arn:.*': ask eu-west-1, not us-east-1"):
        world[US].get_item(TableName=arn(world, EU), Key=KEY)
