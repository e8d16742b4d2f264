"""Every engine replicates the same: moto in this process, and DynamoDB Local over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from support.clock import WallClock
from support.simulator.items import same
from support.simulator.simulator import REPLICA_CREATION_SECONDS
from support.tests.simulator.simulated_world import EU, NAME, STREAM, TABLE, US, World, item

OpenWorld = Callable[..., World]
SETTLED = 5


def test_every_way_of_writing_replicates(world: World) -> None:
    world.put(US, v="1")
    world.put(US, "old", v="1")
    world.clock.wait(SETTLED)
    assert world.everywhere() == {"v": "1"}
    world.set(EU, w="2")
    puts = [{"PutRequest": {"Item": item(f"{number}", v="1")}} for number in range(24)]
    world[EU].batch_write_item(RequestItems={NAME: [*puts, {"DeleteRequest": {"Key": item("old")}}]})
    world.clock.wait(SETTLED)
    assert world.everywhere() == {"v": "1", "w": "2"}
    assert [world.everywhere(f"{number}") for number in range(24)] == [{"v": "1"}] * 24
    assert world.everywhere("old") is None
    values = {"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"S": "2"}}}
    actions = [
        {"Put": {"TableName": NAME, "Item": item("put", v="1")}},
        {"Update": {"TableName": NAME, "Key": item("updated"), **values}},
        {"Delete": {"TableName": NAME, "Key": item("0")}},
    ]
    world[US].transact_write_items(TransactItems=actions)
    world.delete(US)
    world.clock.wait(SETTLED)

    assert [world.everywhere(key) for key in ("put", "updated", "0", "a")] == [{"v": "1"}, {"v": "2"}, None, None]
    assert world.pending() == 0


# What the simulator writes is never taken for a write of a client's.


def test_what_has_arrived_is_not_sent_back(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(0.9)
    world.put(US, v="2")
    world.clock.wait(0.2)
    world.put(EU, "other")  # the region's stream is read, when the first write has arrived and the second has not
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.pending()) == ({"v": "2"}, 0)


def test_a_write_after_an_arrival_is_the_regions_own(world: World) -> None:
    # That changes nothing the second time: DynamoDB has no record of such a write, other engines have.
    for region, value in ((US, "1"), (US, "1"), (EU, "2"), (US, "1"), (EU, "2")):
        world.put(region, v=value)
        world.clock.wait(SETTLED)

        assert (world.everywhere(), world.pending()) == ({"v": value}, 0)


# Values and keys of all kinds come through.

VALUES: dict[str, Any] = {
    "text": {"S": "Grüße 🌍"},
    "number": {"N": "123456789012345678901234567890.12345678"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "raw": {"B": b"\x00\xff"},
    "names": {"SS": ["a", "b"]},
    "sizes": {"NS": ["1", "2.5"]},
    "blobs": {"BS": [b"\x00", b"\x01"]},
    "list": {"L": [{"N": "1"}, {"M": {"deep": {"SS": ["x"]}}}]},
    "map": {"M": {"a": {"L": []}, "b": {"M": {}}}},
}


def image(world: World, region: str, key: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = world[region].get_item(TableName=NAME, Key={"id": key}).get("Item")
    return found


def test_values_of_every_type_arrive_as_they_were_written(world: World) -> None:
    world[US].put_item(TableName=NAME, Item={**item("a"), **VALUES})
    world[US].put_item(TableName=NAME, Item={**item("b"), "n": {"N": "1.50"}, "set": {"NS": ["3", "1.0", "2e1"]}})
    world.put(US, "large", v="x" * 399_000)
    world.clock.wait(SETTLED)

    assert same(image(world, EU, {"S": "a"}), {**item("a"), **VALUES})
    assert world.get(EU, "large") == {"v": "x" * 399_000}
    # What arrives is known again, however an engine writes numbers and sets.
    world.put(EU, "other")
    world.clock.wait(SETTLED)
    assert (world.everywhere("other"), world.pending()) == ({}, 0)


@pytest.mark.parametrize(
    ("kind", "key", "same_key"),
    [("B", b"\x00\xff", b"\x00\xff"), ("N", "1.50", "1.5"), ("N", "1E2", "100"), ("S", "a:b|c", "a:b|c")],
)
def test_keys_of_every_type_replicate(open_world: OpenWorld, kind: str, key: Any, same_key: Any) -> None:
    world = open_world(table={**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": kind}]})
    world[US].put_item(TableName=NAME, Item={"id": {kind: key}, "v": {"S": "1"}})
    world.clock.wait(SETTLED)
    assert (image(world, EU, {kind: same_key}) or {})["v"] == {"S": "1"}
    world[EU].delete_item(TableName=NAME, Key={"id": {kind: same_key}})
    world.clock.wait(SETTLED)

    assert image(world, US, {kind: key}) is None


# Tables, streams and indexes.


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_with_fewer_images_replicates_all_the_same(open_world: OpenWorld, view: str) -> None:
    stream = {**STREAM, "StreamViewType": view}
    world = open_world(table={**TABLE, "StreamSpecification": stream})
    assert [world.described(region)["StreamSpecification"] for region in (US, EU)] == [stream] * 2
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.set(EU, w="2")
    world.put(US, "b", v="1")
    world.clock.wait(SETTLED)
    world.delete(EU, "b")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b"), world.pending()) == ({"v": "1", "w": "2"}, None, 0)


@pytest.mark.parametrize("stream", [{}, {"StreamSpecification": STREAM}])
def test_a_table_without_a_stream_gets_one_with_its_replica(open_world: OpenWorld, stream: dict[str, Any]) -> None:
    world = open_world(table=None)
    world[US].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    world.put(US, v="before")
    world[US].update_table(TableName=NAME, ReplicaUpdates=[{"Create": {"RegionName": EU}}], **stream)
    world.clock.wait(REPLICA_CREATION_SECONDS)
    world.put(US, "b", v="after")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b")) == ({"v": "before"}, {"v": "after"})
    assert [world.described(region)["StreamSpecification"] for region in (US, EU)] == [STREAM] * 2


def test_a_table_that_is_made_again_begins_anew(world: World) -> None:
    world.put(US, v="old")
    world.clock.wait(SETTLED)
    world.put(EU, "on its way", v="old")
    for region in (US, EU):
        world[region].delete_table(TableName=NAME)
    world[EU].create_table(**TABLE)
    world.add_replica(US, source=EU)
    assert (world.everywhere(), world.everywhere("on its way")) == (None, None)
    world.put(US, v="new")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.pending()) == ({"v": "new"}, 0)


def statuses(world: World) -> list[str]:
    tables = (world.described(region) for region in (US, EU))
    return [each["IndexStatus"] for table in tables for each in table.get("GlobalSecondaryIndexes", ())]


def test_an_index_is_added_and_deleted_in_all_regions(world: World) -> None:
    keys = [{"AttributeName": "v", "KeyType": "HASH"}]
    by_v = {"IndexName": "by-v", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
    definitions = [{"AttributeName": "v", "AttributeType": "S"}]
    world.put(US, v="1")
    world[US].update_table(
        TableName=NAME, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[{"Create": by_v}]
    )
    world.clock.wait(SETTLED)
    clock = WallClock()  # DynamoDB Local fills an index in real time.
    while statuses(world) != ["ACTIVE"] * 2 and clock.elapsed() < 30:
        clock.wait(0.1)
    world.put(EU, "b", v="2")
    world.clock.wait(SETTLED)
    for key, value in (("a", "1"), ("b", "2")):
        asked = {"KeyConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
        found = [world[region].query(TableName=NAME, IndexName="by-v", **asked)["Items"] for region in (US, EU)]
        assert found == [[item(key, v=value)]] * 2
    world[EU].update_table(TableName=NAME, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-v"}}])

    assert "ACTIVE" not in statuses(world)
    definitions = [world.described(region)["AttributeDefinitions"] for region in (US, EU)]
    assert definitions == [TABLE["AttributeDefinitions"]] * 2
