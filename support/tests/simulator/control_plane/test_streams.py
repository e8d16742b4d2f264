"""A table's stream: switched on and off as by AWS, kept on for replicas, with records of its own region."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.control_plane.refusals import update
from support.tests.simulator.simulated_world import EU, NAME, STREAM, TABLE, US, World


@pytest.mark.parametrize("view", ["NEW_AND_OLD_IMAGES", "KEYS_ONLY"])
def test_a_stream_that_is_on_cannot_be_given_another_view(world: World, view: str) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": view}

    assert update(world, StreamSpecification=specification) == (
        "ValidationException",
        "Table already has an enabled stream: TableName: orders",
    )


def test_a_stream_that_is_off_cannot_be_switched_off(world: World) -> None:
    world[US].update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})

    assert update(world, StreamSpecification={"StreamEnabled": False}) == (
        "ValidationException",
        "Table has no stream to disable: TableName: orders",
    )


def test_a_stream_of_keys_stays_one_and_replicates() -> None:
    view = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    with World(table=None) as world:
        world[US].create_table(**{**TABLE, "StreamSpecification": view})
        world.add_replica(EU)
        world.put(US, v="1")
        world.settle()

        assert world.everywhere() == {"v": "1"}
        for region in (US, EU):
            assert world[region].describe_table(TableName=NAME)["Table"]["StreamSpecification"] == view


def test_a_table_that_lost_its_last_replica_may_switch_its_stream_off_and_keeps_the_arn(world: World) -> None:
    world.add_replica(EU)
    assert update(world, StreamSpecification={"StreamEnabled": False})[0] == "ValidationException"
    world.remove_replica(EU)
    regional = world[US].describe_table(TableName=NAME)["Table"]
    assert "Replicas" not in regional
    assert regional["StreamSpecification"] == STREAM
    world[US].update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})
    after = world[US].describe_table(TableName=NAME)["Table"]

    assert "StreamSpecification" not in after
    assert after["LatestStreamArn"] == regional["LatestStreamArn"]
    world.put(US, v="still written")
    assert world.get(US) == {"v": "still written"}


def test_a_stream_can_be_switched_on_again_and_by_adding_a_replica(world: World) -> None:
    first = world[US].describe_table(TableName=NAME)["Table"]["LatestStreamArn"]
    world[US].update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})
    world[US].update_table(TableName=NAME, StreamSpecification=STREAM)
    assert world[US].describe_table(TableName=NAME)["Table"]["LatestStreamArn"] != first
    world[US].update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})
    world.put(US, v="1")
    world.add_replica(EU)
    world.put(EU, "b", v="2")
    world.settle()

    assert (world.get(EU), world.get(US, "b")) == ({"v": "1"}, {"v": "2"})


def test_a_stream_that_is_off_or_of_no_table_is_not_found(world: World) -> None:
    arn = world[US].describe_table(TableName=NAME)["Table"]["LatestStreamArn"]
    world[US].update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})
    streams = world.client(US, "dynamodbstreams")

    for other in (arn, arn.replace(NAME, "nowhere"), arn.replace(US, EU)):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            streams.describe_stream(StreamArn=other)


@pytest.mark.parametrize(("kind", "key"), [("B", b"\x00\xff"), ("N", "1.5"), ("S", "a")])
def test_stream_records_have_their_own_region_and_the_keys_own_bytes(kind: str, key: Any) -> None:
    with World(table={**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": kind}]}) as world:
        world[US].put_item(TableName=NAME, Item={"id": {kind: key}, "v": {"B": b"\x01"}})
        world.settle()

        for region in (US, EU):
            (record,) = world.records(region)
            assert record["awsRegion"] == region
            assert record["dynamodb"]["Keys"] == {"id": {kind: key}}
            assert record["dynamodb"]["NewImage"] == {"id": {kind: key}, "v": {"B": b"\x01"}}
            assert record["dynamodb"]["ApproximateCreationDateTime"].microsecond == 0
