"""A table's stream: switched on and off as by AWS, kept on for replicas, with records of its own region."""

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.control_plane.refusals import update
from support.tests.simulator.simulated_world import EU, NAME, STREAM, TABLE, US, World


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


def test_the_stream_of_a_replica_cannot_be_switched_off_and_stays_on_after_the_last_one(world: World) -> None:
    world.add_replica(EU)
    assert update(world, StreamSpecification={"StreamEnabled": False})[0] == "ValidationException"
    arns = [world[region].describe_table(TableName=NAME)["Table"]["LatestStreamArn"] for region in (US, EU)]
    assert arns[0] != arns[1]
    world.remove_replica(EU)
    regional = world[US].describe_table(TableName=NAME)["Table"]

    assert "Replicas" not in regional
    assert (regional["StreamSpecification"], regional["LatestStreamArn"]) == (STREAM, arns[0])


def test_a_stream_is_switched_on_by_adding_a_replica() -> None:
    with World(table=None) as world:
        world[US].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
        world.put(US, v="1")
        world.add_replica(EU)
        world.put(EU, "b", v="2")
        world.settle()

        assert (world.get(EU), world.get(US, "b")) == ({"v": "1"}, {"v": "2"})
        assert world[US].describe_table(TableName=NAME)["Table"]["StreamSpecification"] == STREAM


def test_a_stream_of_another_region_is_not_found(world: World) -> None:
    arn = world[US].describe_table(TableName=NAME)["Table"]["LatestStreamArn"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        world.client(US, "dynamodbstreams").describe_stream(StreamArn=arn.replace(US, EU))
