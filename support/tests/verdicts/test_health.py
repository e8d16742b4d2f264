"""What a table must be like, on real tables of the simulator that are not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TIME_TO_LIVE_ATTRIBUTE
from support.simulator import Simulator
from support.verdicts.health import Description, describe, problems

HERE, THERE = "us-east-1", "eu-west-1"
NAME = TABLE["TableName"]


class World:
    """A simulator, and what its regions tell of the workshop's table."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.simulator = Simulator(self.clock)
        self.clients = {region: self.simulator.client("dynamodb", region) for region in (HERE, THERE)}

    def described(self) -> dict[str, Description | None]:
        found: dict[str, Description | None] = {}
        for region, client in self.clients.items():
            if NAME not in client.list_tables()["TableNames"]:
                found[region] = None
                continue
            table = client.describe_table(TableName=NAME)["Table"]
            found[region] = describe(
                region, table, client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
            )
        return found

    def says(self) -> str:
        return "\n".join(map(str, problems(self.described())))


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.simulator.close()


def test_the_workshops_table_with_its_replica_has_no_problem(world: World) -> None:
    world.simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
    assert world.says() == ""


def test_the_workshops_own_template_has_no_replica_and_says_so(world: World) -> None:
    world.clients[HERE].create_table(**TABLE)
    assert "eu-west-1 has no such table" in world.says()
    assert "us-east-1 has no replica in eu-west-1: replica missing; cure: add the replica" in world.says()


def test_two_tables_of_one_name_are_no_global_table(world: World) -> None:
    for client in world.clients.values():
        client.create_table(**TABLE)
    assert "us-east-1 has no replica in eu-west-1: replica missing" in world.says()
    assert "eu-west-1 has no replica in us-east-1: replica missing" in world.says()


def test_a_replica_that_is_being_created_is_not_taken_for_one(world: World) -> None:
    world.clients[HERE].create_table(**TABLE)
    world.clients[HERE].update_table(TableName=NAME, ReplicaUpdates=[{"Create": {"RegionName": THERE}}])
    assert "us-east-1 lists its replica in eu-west-1 as CREATING; cure: wait until it is ACTIVE" in world.says()
    world.clock.wait(60)
    assert world.says() == ""


@pytest.mark.parametrize("setting", ["KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "TimeToLive"])
def test_a_setting_that_differs_is_named_with_both_values(world: World, setting: str) -> None:
    world.simulator.create_global_table(TABLE)
    described = world.described()
    there = described[THERE]
    assert there is not None
    described[THERE] = replace(there, settings={**there.settings, setting: "another"})
    (problem,) = problems(described)
    assert problem.text.startswith(f"{setting} differs: ")
    assert "another in eu-west-1" in problem.text


def test_a_table_without_a_stream_cannot_replicate(world: World) -> None:
    world.clients[HERE].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    assert "us-east-1 has no stream; cure: enable a stream with NEW_AND_OLD_IMAGES" in world.says()
