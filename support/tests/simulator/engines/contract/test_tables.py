"""Tables, replicas, indexes and streams are the same on every engine."""

from typing import Any

import pytest

from support.clock import WallClock
from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.engines.contract.engine_worlds import OpenWorld, engine_at
from support.tests.simulator.simulated_world import EU, NAME, STREAM, TABLE, US, World, item

SETTLED = 5


def by_index(world: World, region: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world[region].query(
        TableName=WORKSHOP_TABLE["TableName"],
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
    )["Items"]
    return found


def test_the_indexes_of_the_other_region_find_what_arrived(open_world: OpenWorld) -> None:
    world = open_world(table=WORKSHOP_TABLE)
    keys = {name: {"S": value} for name, value in {"PK": "a", "SK": "s", "GSI1PK": "p", "GSI1SK": "g"}.items()}
    world[US].put_item(TableName=WORKSHOP_TABLE["TableName"], Item={**keys, "name": {"S": "not projected"}})
    world.clock.wait(SETTLED)

    assert by_index(world, EU) == [keys]


def test_a_stale_index_is_shown_and_leaves_no_trace(open_world: OpenWorld) -> None:
    world = open_world(table=WORKSHOP_TABLE, faults=[f"index-not-updated={EU}"])
    keys = {name: {"S": value} for name, value in {"PK": "a", "SK": "s", "GSI1PK": "p", "GSI1SK": "g"}.items()}
    world[US].put_item(TableName=WORKSHOP_TABLE["TableName"], Item=keys)
    world.clock.wait(SETTLED)

    assert (by_index(world, EU), by_index(world, US), world.owed()) == ([], [keys], 0)
    assert world[EU].get_item(TableName=WORKSHOP_TABLE["TableName"], Key={n: keys[n] for n in ("PK", "SK")})["Item"]


def test_a_table_without_a_stream_gets_one_with_its_replica(open_world: OpenWorld) -> None:
    world = open_world(table=None)
    world[US].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    world.put(US, v="before")
    world.update_replicas(US, create=EU)
    world.clock.wait(70)
    world.put(US, "b", v="after")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b")) == ({"v": "before"}, {"v": "after"})


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_with_fewer_images_replicates_all_the_same(open_world: OpenWorld, view: str) -> None:
    world = open_world(table={**TABLE, "StreamSpecification": {**STREAM, "StreamViewType": view}})
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.set(EU, w="2")
    world.clock.wait(SETTLED)
    world.put(US, "b", v="1")
    world.clock.wait(SETTLED)
    world.delete(EU, "b")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b"), world.owed()) == ({"v": "1", "w": "2"}, None, 0)


def test_a_table_that_is_made_again_begins_anew(world: World) -> None:
    world.put(US, v="old")
    world.clock.wait(SETTLED)
    for region in (US, EU):
        world[region].delete_table(TableName=NAME)
    world.simulator.create_global_table(TABLE)
    assert world.everywhere() is None
    world.put(EU, v="new")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.owed()) == ({"v": "new"}, 0)


def test_a_table_can_be_asked_by_its_arn(world: World) -> None:
    world.put(EU, v="1")
    arn = world[EU].describe_table(TableName=NAME)["Table"]["TableArn"]

    assert world[EU].get_item(TableName=arn, Key=item("a"))["Item"] == item("a", v="1")
    assert len(world.records(EU)) == 1


def until_active(world: World) -> None:
    clock = WallClock()
    tables = (world[region].describe_table(TableName=NAME)["Table"] for region in (US, EU))
    while any(table["GlobalSecondaryIndexes"][0]["IndexStatus"] != "ACTIVE" for table in tables):
        assert clock.elapsed() < 30
        clock.wait(0.1)
        tables = (world[region].describe_table(TableName=NAME)["Table"] for region in (US, EU))


def test_an_index_is_added_and_deleted_in_all_regions(world: World) -> None:
    by_v = {
        "IndexName": "by-v",
        "KeySchema": [{"AttributeName": "v", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    definitions = [{"AttributeName": "v", "AttributeType": "S"}]
    world.put(US, v="1")
    world[US].update_table(
        TableName=NAME, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[{"Create": by_v}]
    )
    world.clock.wait(SETTLED)
    until_active(world)
    asked: dict[str, Any] = {"KeyConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"S": "1"}}}
    found = [world[region].query(TableName=NAME, IndexName="by-v", **asked)["Items"] for region in (US, EU)]
    assert found == [[item("a", v="1")]] * 2
    world[EU].update_table(TableName=NAME, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-v"}}])

    for region in (US, EU):
        table = world[region].describe_table(TableName=NAME)["Table"]
        assert not [each for each in table.get("GlobalSecondaryIndexes", ()) if each["IndexStatus"] == "ACTIVE"]
        assert table["AttributeDefinitions"] == TABLE["AttributeDefinitions"]


def test_nothing_is_left_in_the_engine(address: str | None, open_world: OpenWorld) -> None:
    for _ in range(2):
        world = open_world()
        world.put(US, v="1")
        world.simulator.close()

    with World(table=None, engine=engine_at(address)) as after:
        assert [after[region].list_tables()["TableNames"] for region in (US, EU)] == [[], []]
