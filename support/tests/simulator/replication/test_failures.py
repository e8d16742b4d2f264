"""Nothing takes the simulator down: what fails inside is reported once, and tried again; it touches nothing else."""

from collections.abc import Collection, Iterator

import pytest

from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.http.control import state
from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response, dynamodb_request
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item


class FailingEngine(MotoEngine):
    """moto that fails at requests of some operations, and at deliveries of some items, with a part of the item."""

    operations: Collection[str] = ()
    broken_items: Collection[str] = ()

    def send(self, request: Request) -> Response:
        if request.operation in self.operations:
            raise KeyError("a secret of the item")
        return super().send(request)

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        if key[0].removeprefix("S:") in self.broken_items:
            raise TypeError("a secret of the item")
        super().write(region, table, key, image)


@pytest.fixture
def engine() -> FailingEngine:
    return FailingEngine()


@pytest.fixture
def world(engine: FailingEngine) -> Iterator[World]:
    with World(engine=engine) as world:
        world.simulator.create_global_table({**TABLE, "TableName": "other"})
        yield world


def test_a_delivery_that_fails_stays_pending_is_reported_once_and_touches_no_request(
    world: World, engine: FailingEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.broken_items = ("broken", "broken too")
    world.put(US, "broken", v="1")
    world.put(US, "broken too")
    world.put(US, "whole", v="1")
    world[US].put_item(TableName="other", Item=item("a", v="1"))
    world.clock.wait(5)

    assert (world.get(EU, "broken"), world.get(EU, "whole")) == (None, {"v": "1"})
    assert world[EU].get_item(TableName="other", Key=item("a"))["Item"] == item("a", v="1")
    assert world.simulator.pending(US, EU) == 2
    (reported,) = capsys.readouterr().err.splitlines()
    (failure,) = state(world.simulator)["failures"]
    assert "delivery from us-east-1 to eu-west-1 of orders fails: TypeError" in failure
    assert failure in reported
    assert "secret" not in reported
    engine.broken_items = ()

    assert state(world.simulator)["failures"] == []
    assert (world.get(EU, "broken"), world.pending()) == ({"v": "1"}, 0)


def test_an_exception_in_the_engine_ends_one_request_and_no_other(world: World, engine: FailingEngine) -> None:
    asked = dynamodb_request(US, "PutItem", {"TableName": NAME, "Item": item("a")})
    engine.operations = ("PutItem",)
    failed = world.simulator.router.answer(asked)
    assert (failed.status, failed.code) == (500, "InternalServerError")
    assert "moto failed at PutItem" in failed.message
    assert "secret" not in failed.message
    engine.operations = ()

    assert world.simulator.router.answer(asked).ok


def test_a_replica_that_cannot_be_filled_is_creating_until_it_can(world: World, engine: FailingEngine) -> None:
    world[US].create_table(**{**TABLE, "TableName": "third"})
    world[US].put_item(TableName="third", Item=item("broken"))
    world[US].update_table(TableName="third", ReplicaUpdates=[{"Create": {"RegionName": EU}}])
    engine.broken_items = ("broken",)
    world.clock.wait(100)
    assert [each["ReplicaStatus"] for each in world.described(US, "third")["Replicas"]] == ["ACTIVE", "CREATING"]
    engine.broken_items = ()

    assert [each["ReplicaStatus"] for each in world.described(US, "third")["Replicas"]] == ["ACTIVE", "ACTIVE"]
