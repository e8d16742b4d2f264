"""How a write gets from one region to the others."""

import pytest
from botocore.exceptions import ClientError

from support.simulator import Lag
from support.tests.simulator.simulated_world import EU, NAME, US, World, item


def test_a_write_arrives_after_the_lag_and_not_before(world: World) -> None:
    world.put(US, v="new")

    world.clock.wait(0.999999)
    assert world.get(EU) is None
    world.clock.wait(0.000001)
    assert world.get(EU) == {"v": "new"}


def test_the_stream_of_each_region_shows_the_writes_that_were_applied_there(world: World) -> None:
    world.put(US, v="1")
    world.settle()
    world.put(EU, v="2")
    world.settle()
    world.delete(US)
    world.settle()

    told = [(record["eventName"], record["dynamodb"].get("NewImage", {}).get("v")) for record in world.records(US)]
    assert told == [("INSERT", {"S": "1"}), ("MODIFY", {"S": "2"}), ("REMOVE", None)]
    assert [record["eventName"] for record in world.records(EU)] == ["INSERT", "MODIFY", "REMOVE"]


@pytest.mark.parametrize("consistent", [False, True])
def test_reads_are_local_even_strongly_consistent_ones(world: World, consistent: bool) -> None:
    world.put(US, v="new")

    assert world.get(US, consistent=consistent) == {"v": "new"}
    assert world.get(EU, consistent=consistent) is None


def test_items_of_a_transaction_travel_one_by_one() -> None:
    with World(lag=Lag(median=1, spread=1)) as world:
        puts = [{"Put": {"TableName": NAME, "Item": item(key, v="new")}} for key in "abc"]
        world[US].transact_write_items(TransactItems=puts)
        seen = set()
        for _ in range(50):
            world.clock.wait(0.1)
            seen.add(sum(world.get(EU, key) is not None for key in "abc"))

    assert seen >= {0, 1, 3}


def test_a_failed_transaction_replicates_nothing_and_the_next_write_does(world: World) -> None:
    world.put(US, v="old")
    world.settle()
    refused = {"TableName": NAME, "Item": item("b", v="new"), "ConditionExpression": "attribute_exists(id)"}
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        world[US].transact_write_items(
            TransactItems=[{"Put": {"TableName": NAME, "Item": item("a", v="new")}}, {"Put": refused}]
        )
    assert world.owed() == 0
    world.put(US, "c", v="new")
    world.settle()

    assert (world.everywhere("a"), world.everywhere("b")) == ({"v": "old"}, None)
    assert world.everywhere("c") == {"v": "new"}


def arrivals(seed: str) -> list[float]:
    with World(seed=seed, lag=Lag()) as world:
        keys = [str(number) for number in range(3)]
        for key in keys:
            world.put(US, key, v="new")
        times: dict[str, float] = {}
        while len(times) < len(keys):
            world.clock.wait(0.02)
            arrived = [key for key in keys if key not in times and world.get(EU, key)]
            times.update(dict.fromkeys(arrived, world.clock.elapsed()))
        return [times[key] for key in keys]


def test_the_seed_decides_when_changes_arrive() -> None:
    assert arrivals("1") == arrivals("1") != arrivals("2")


def test_two_simulators_do_not_meet() -> None:
    with World() as one, World() as other:
        one.put(US, v="one")
        one.settle()
        other.settle()

        assert one.everywhere() == {"v": "one"}
        assert other.everywhere() is None
