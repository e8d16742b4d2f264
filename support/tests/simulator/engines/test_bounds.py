"""What a simulator keeps of the requests that it has answered has a bound, and nothing is left when it is closed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from moto.backends import get_backend

from support.clock import MICROSECONDS
from support.simulator.engines.moto_speed_ups import latest_records
from support.simulator.replication import metrics, versions
from support.tests.simulator.simulated_world import EU, NAME, US, World

FEW = 20


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(latest_records, "RECORDS_KEPT", FEW)
    monkeypatch.setattr(versions, "MANY_TOMBSTONES", FEW)
    with World() as world:
        yield world


def test_a_stream_keeps_its_latest_records(world: World) -> None:
    for number in range(3 * FEW):
        world.put(US, v=str(number))
    told = [record["dynamodb"]["NewImage"]["v"]["S"] for record in world.records(US)]

    assert FEW <= len(told) < 2 * FEW
    assert told == [str(number) for number in range(3 * FEW)][-len(told) :]


# A tombstone is kept as long as something older can come, and no longer.


def tombstones(world: World) -> list[int]:
    return [len(each._deleted) for each in world.simulator.replication.versions.values()]


def delete_many(world: World, first: int = 0) -> None:
    for number in range(first, first + 5 * FEW):
        world.put(US, key=str(number), v="1")
        world.clock.wait(10)
        world.delete(US, key=str(number))
        world.clock.wait(10)


def test_a_late_put_does_not_bring_a_deleted_item_back_however_many_deletes_came_since(world: World) -> None:
    world.put(US, key="late", v="0")
    world.clock.wait(10)
    world.simulator.cut(EU, US)
    world.put(EU, key="late", v="older")
    world.clock.wait(10)
    world.delete(US, key="late")
    delete_many(world)
    world.simulator.heal(EU, US)
    world.clock.wait(60)

    assert world.everywhere("late") is None
    assert max(tombstones(world)) > 5 * FEW
    delete_many(world, 1000)
    delete_many(world, 2000)
    assert max(tombstones(world)) <= 2 * FEW


def test_datapoints_that_are_not_read_are_kept_as_long_as_cloudwatch_keeps_them() -> None:
    five_minutes, kept = 300 * MICROSECONDS, metrics.RETENTION // timedelta(minutes=5)
    published = metrics.Metrics(datetime(2025, 8, 11, 15, 30, tzinfo=UTC))
    for number in range(3 * kept):
        published.arrived(NAME, US, EU, number * five_minutes, number * five_minutes + 1)
    told = [each.starts for each in published.take_published(4 * kept * five_minutes)]

    assert kept <= len(told) <= 2 * kept + 1
    last = datetime(2025, 8, 11, 15, 30, tzinfo=UTC) + (3 * kept - 1) * timedelta(minutes=5)
    assert {last - number * timedelta(minutes=5) for number in range(kept)} <= set(told)


def test_nothing_is_left_in_moto_after_closing() -> None:
    def accounts() -> list[set[str]]:
        return [set(get_backend(name)) for name in ("dynamodb", "dynamodbstreams", "cloudwatch")]

    before = accounts()
    with World() as world:
        world.put(US, v="1")
        world.records(US)
        world.client(US, "cloudwatch").list_metrics()
        assert all(now - known for now, known in zip(accounts(), before, strict=True))

    assert accounts() == before
    world.simulator.close()
