"""What an item is made of arrives unchanged, and its indexes follow."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.simulator.simulator import REPLICA_CREATION_SECONDS
from support.tests.simulator.simulated_world import AP, EU, NAME, STREAM, TABLE, US, World

EVERY_TYPE: dict[str, Any] = {
    "string": {"S": "ü"},
    "number": {"N": "12345678901234567890123456789012345678"},
    "fraction": {"N": "1.10"},
    "bytes": {"B": b"\x00\xff"},
    "strings": {"SS": ["x", "y"]},
    "numbers": {"NS": ["1", "2.5"]},
    "blobs": {"BS": [b"\x00", b"\xff"]},
    "nothing": {"NULL": True},
    "false": {"BOOL": False},
    "list": {"L": [{"B": b"\xfe"}, {"SS": ["q"]}, {"M": {"deep": {"N": "-1E+3"}}}, {"L": []}]},
    "map": {"M": {"bytes": {"B": b"\xfd"}, "empty": {"S": ""}, "list": {"L": [{"NULL": True}]}}},
}


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


def test_attributes_of_every_type_arrive_as_they_were_written(world: World) -> None:
    image = {"id": {"S": "a"}, **EVERY_TYPE}
    world[US].put_item(TableName=NAME, Item=image)
    world.settle()

    assert [items(world, region) for region in world.regions] == [[image]] * 3


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


@pytest.mark.parametrize(
    "key",
    [
        {"id": {"S": "a:b"}},
        {"id": {"N": "-12.5"}},
        {"id": {"B": b"\x00:\xff"}},
        {"id": {"S": "a"}, "sort": {"S": "b"}},
        {"id": {"B": b"\x00"}, "sort": {"N": "100"}},
        {"id": {"N": "0"}, "sort": {"B": b"\xff"}},
    ],
    ids=lambda key: "+".join(kind for value in key.values() for kind in value),
)
def test_keys_of_every_type_are_put_replaced_and_deleted(key: dict[str, Any]) -> None:
    with World(table=keyed(*(kind for value in key.values() for kind in value))) as world:
        world[US].put_item(TableName=NAME, Item={**key, "v": {"S": "1"}})
        world.settle()
        assert items(world, EU) == [{**key, "v": {"S": "1"}}]
        world[EU].put_item(TableName=NAME, Item={**key, "v": {"S": "2"}})
        world.settle()
        assert items(world, US) == [{**key, "v": {"S": "2"}}]
        world[US].delete_item(TableName=NAME, Key=key)
        world.settle()
        assert items(world, EU) == []


@pytest.mark.parametrize("key", [{"id": {"N": "1.0"}}, {"id": {"B": b"\x00"}}], ids=["N", "B"])
def test_items_with_keys_of_every_type_are_copied_into_a_new_replica(key: dict[str, Any]) -> None:
    with World(table=None) as world:
        world[US].create_table(**keyed(*(kind for value in key.values() for kind in value)))
        world[US].put_item(TableName=NAME, Item={**key, "v": {"S": "1"}})
        world.update_replicas(US, create=EU)
        world.clock.wait(REPLICA_CREATION_SECONDS)
        assert items(world, EU) == [{**key, "v": {"S": "1"}}]
        world[EU].delete_item(TableName=NAME, Key=key)
        world.settle()
        assert items(world, US) == []


@pytest.mark.parametrize(("one", "other"), [("1", "1.0"), ("100", "1E+2"), ("0", "-0.0")])
def test_a_number_is_one_key_however_it_is_written(one: str, other: str) -> None:
    with World(table=keyed("N")) as world:
        world[US].put_item(TableName=NAME, Item={"id": {"N": one}, "v": {"S": "earlier"}})
        world.clock.wait(0.5)
        world[EU].put_item(TableName=NAME, Item={"id": {"N": other}, "v": {"S": "later"}})
        world.settle()

        assert [[image["v"]["S"] for image in items(world, region)] for region in (US, EU)] == [["later"]] * 2


@pytest.mark.parametrize("number", ["100", "-0.5", "0"])
def test_the_streams_of_all_regions_tell_a_number_key_in_the_same_way(number: str) -> None:
    with World(table=keyed("N")) as world:
        world[US].put_item(TableName=NAME, Item={"id": {"N": number}})
        world.settle()

        assert [world.records(region)[0]["dynamodb"]["Keys"] for region in (US, EU)] == [{"id": {"N": number}}] * 2


def test_numbers_that_differ_in_the_last_of_38_digits_are_two_keys() -> None:
    with World(table=keyed("N")) as world:
        one, other = ({"id": {"N": "1234567890123456789012345678901234567" + last}} for last in "12")
        for key in (one, other):
            world[US].put_item(TableName=NAME, Item=key)
        world.settle()
        world[US].delete_item(TableName=NAME, Key=one)
        world.settle()

        assert items(world, EU) == [other]


@pytest.mark.parametrize("view", ["KEYS_ONLY", "OLD_IMAGE", "NEW_IMAGE", "NEW_AND_OLD_IMAGES"])
def test_the_kind_of_stream_does_not_matter(view: str) -> None:
    # AWS has been seen to replicate with a stream of keys only (facts 1.4).
    with World(table={**TABLE, "StreamSpecification": {**STREAM, "StreamViewType": view}}) as world:
        world.put(US, v="1")
        world.settle()
        world.set(US, w="2")
        world.settle()
        assert world.everywhere() == {"v": "1", "w": "2"}
        world.delete(US)
        world.settle()
        assert world.everywhere() is None


def indexed(world: World, region: str, partition: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world[region].query(
        TableName=WORKSHOP_TABLE["TableName"],
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": partition}},
    )["Items"]
    return found


def test_the_indexes_of_the_other_region_follow() -> None:
    keys = {name: {"S": name} for name in ("PK", "SK", "GSI1PK", "GSI1SK")}
    table = WORKSHOP_TABLE["TableName"]
    with World(table=WORKSHOP_TABLE) as world:
        world[US].put_item(TableName=table, Item={**keys, "price": {"N": "1"}})
        assert indexed(world, EU, "GSI1PK") == []
        world.settle()
        assert indexed(world, EU, "GSI1PK") == [keys]  # KEYS_ONLY
        world[US].update_item(
            TableName=table,
            Key={"PK": keys["PK"], "SK": keys["SK"]},
            UpdateExpression="SET GSI1PK = :p",
            ExpressionAttributeValues={":p": {"S": "moved"}},
        )
        world.settle()
        assert (indexed(world, EU, "GSI1PK"), len(indexed(world, EU, "moved"))) == ([], 1)
        world[US].update_item(
            TableName=table, Key={"PK": keys["PK"], "SK": keys["SK"]}, UpdateExpression="REMOVE GSI1PK"
        )
        world.settle()
        assert indexed(world, EU, "moved") == []
        assert len(world[EU].scan(TableName=table)["Items"]) == 1


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
