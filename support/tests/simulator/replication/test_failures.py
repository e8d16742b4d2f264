"""Nothing takes the simulator down: what fails inside is reported once, and tried again; it touches nothing else."""

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from support.simulator.http.control import state
from support.tests.simulator.failing_engine import FailingEngine
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item


@pytest.fixture
def engine() -> FailingEngine:
    return FailingEngine()


@pytest.fixture
def world(engine: FailingEngine) -> Iterator[World]:
    with World(engine=engine) as world:
        world.simulator.create_global_table({**TABLE, "TableName": "other"})
        yield world


def test_a_delivery_that_fails_stays_pending_and_touches_no_request(world: World, engine: FailingEngine) -> None:
    engine.broken_items = {"broken"}
    world.put(US, "broken")
    world.put(US, "whole", v="1")
    world[US].put_item(TableName="other", Item=item("a", v="1"))
    world.clock.wait(5)

    assert (world.get(EU, "broken"), world.get(EU, "whole")) == (None, {"v": "1"})
    world.put(EU, "third", v="1")
    assert world[EU].get_item(TableName="other", Key=item("a"))["Item"] == item("a", v="1")
    assert world.simulator.owed(US, EU) == 1


@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "Query"])
def test_an_exception_in_the_engine_ends_one_request_and_no_other(
    world: World, engine: FailingEngine, operation: str
) -> None:
    calls: dict[str, Callable[[], object]] = {
        "PutItem": lambda: world.put(US, v="1"),
        "GetItem": lambda: world.get(US),
        "Query": lambda: world[US].query(
            TableName=NAME, KeyConditionExpression="id = :a", ExpressionAttributeValues={":a": {"S": "a"}}
        ),
    }
    engine.operations = {operation}
    with pytest.raises(ClientError, match=f"moto failed at {operation}") as failed:
        calls[operation]()
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    engine.operations = set()

    calls[operation]()
    assert world[US].get_item(TableName="other", Key=item("a")).get("Item") is None


def test_a_failure_is_reported_once_without_the_item(
    world: World, engine: FailingEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.broken_items = {"broken", "broken too"}
    world.put(US, "broken")
    world.put(US, "broken too")
    world.clock.wait(5)
    for _ in range(3):
        world[EU].list_tables()

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("the simulator goes on, but delivery from us-east-1 to eu-west-1 of orders fails: TypeError")
    assert "secret" not in line


def test_the_state_lists_failures_until_they_are_over(world: World, engine: FailingEngine) -> None:
    engine.broken_items = {"broken"}
    world.put(US, "broken")
    world.clock.wait(5)
    (failure,) = state(world.simulator)["failures"]
    assert failure.startswith("delivery from us-east-1 to eu-west-1 of orders fails")
    engine.broken_items = set()

    assert state(world.simulator)["failures"] == []


def test_a_replica_that_cannot_be_filled_is_creating_until_it_can(world: World, engine: FailingEngine) -> None:
    world[US].create_table(**{**TABLE, "TableName": "third"})
    world[US].put_item(TableName="third", Item=item("broken"))
    world[US].update_table(TableName="third", ReplicaUpdates=[{"Create": {"RegionName": EU}}])
    engine.broken_items = {"broken"}
    world.clock.wait(100)
    replicas = world[US].describe_table(TableName="third")["Table"]["Replicas"]
    assert [each["ReplicaStatus"] for each in replicas] == ["ACTIVE", "CREATING"]
    assert world.get(US) is None
    engine.broken_items = set()

    replicas = world[US].describe_table(TableName="third")["Table"]["Replicas"]
    assert [each["ReplicaStatus"] for each in replicas] == ["ACTIVE", "ACTIVE"]
