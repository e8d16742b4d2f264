"""What an item is made of arrives unchanged, and its indexes follow."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import AP, EU, NAME, TABLE, US, World


def keyed(*types: str) -> dict[str, Any]:
    """A table whose key attributes have these types: "id", and "sort" if there is a second."""
    names = ("id", "sort")[: len(types)]
    return {
        **TABLE,
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in zip(names, types, strict=True)
        ],
        "KeySchema": [
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
        ],
    }


def items(world: World, region: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world[region].scan(TableName=NAME)["Items"]
    return found


@pytest.fixture
def world() -> Iterator[World]:
    with World(US, EU, AP) as world:
        yield world


def test_adding_to_a_set_changes_no_other_region_and_nothing_on_its_way(world: World) -> None:
    world.simulator.slow_down(US, AP, 60)
    world.simulator.slow_down(EU, AP, 120)
    world[US].put_item(TableName=NAME, Item={"id": {"S": "a"}, "tags": {"SS": ["x"]}})
    world.clock.wait(1)
    world[EU].update_item(
        TableName=NAME,
        Key={"id": {"S": "a"}},
        UpdateExpression="ADD tags :more",
        ExpressionAttributeValues={":more": {"SS": ["y"]}},
    )
    world.clock.wait(60)

    assert [image["tags"] for image in items(world, AP)] == [{"SS": ["x"]}]
    assert [record["dynamodb"]["NewImage"]["tags"] for record in world.records(US)][:1] == [{"SS": ["x"]}]
    world.settle()
    assert [items(world, region)[0]["tags"]["SS"] for region in world.regions] == [["x", "y"]] * 3


def indexed(world: World, region: str, partition: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world[region].query(
        TableName=WORKSHOP_TABLE["TableName"],
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": partition}},
    )["Items"]
    return found


def test_local_indexes_are_there_in_the_other_region() -> None:
    index = {
        "IndexName": "by-price",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "price", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    table = keyed("S", "S")
    table["AttributeDefinitions"].append({"AttributeName": "price", "AttributeType": "N"})
    with World(table={**table, "LocalSecondaryIndexes": [index]}) as world:
        for price in ("10", "9"):
            world[US].put_item(TableName=NAME, Item={"id": {"S": "a"}, "sort": {"S": price}, "price": {"N": price}})
        world.settle()
        found = world[EU].query(
            TableName=NAME,
            IndexName="by-price",
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": "a"}},
        )["Items"]

    assert [image["price"]["N"] for image in found] == ["9", "10"]
