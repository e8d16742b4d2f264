"""How a write gets from one region to the others: examples of what no generated day has (see test_properties)."""

import pytest

from support.simulator import Lag
from support.tests.simulator.simulated_world import AP, EU, NAME, US, World, item


def test_a_write_arrives_after_the_lag_and_not_before(world: World) -> None:
    world.put(US, v="new")

    world.clock.wait(0.999999)
    assert world.get(EU) is None
    world.clock.wait(0.000001)
    assert world.get(EU) == {"v": "new"}


@pytest.mark.parametrize(("first", "second"), [(US, EU), (EU, US)])
@pytest.mark.parametrize(("lag_of_first", "lag_of_second"), [(1, 60), (60, 1)])
def test_the_later_write_wins_whichever_arrives_first(
    world: World, first: str, second: str, lag_of_first: float, lag_of_second: float
) -> None:
    world.simulator.slow_down(first, second, lag_of_first)
    world.simulator.slow_down(second, first, lag_of_second)
    world.put(first, v="earlier")
    world.clock.wait(0.5)
    world.put(second, v="later")
    world.settle()

    assert world.everywhere() == {"v": "later"}


def test_of_writes_in_the_same_microsecond_the_last_region_name_wins() -> None:
    # Our assumption: AWS does not document what happens at equal times.
    with World(US, EU, AP) as world:
        for region in (AP, US, EU):
            world.put(region, v=region)
        world.settle()

        assert world.everywhere() == {"v": US}


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


def test_adding_to_a_set_changes_no_other_region_and_nothing_on_its_way() -> None:
    def tags(region: str) -> list[list[str]]:
        return [image["tags"]["SS"] for image in world[region].scan(TableName=NAME)["Items"]]

    with World(US, EU, AP) as world:
        world.simulator.slow_down(US, AP, 60)
        world.simulator.slow_down(EU, AP, 120)
        world[US].put_item(TableName=NAME, Item={**item("a"), "tags": {"SS": ["x"]}})
        world.clock.wait(1)
        more = {"UpdateExpression": "ADD tags :more", "ExpressionAttributeValues": {":more": {"SS": ["y"]}}}
        world[EU].update_item(TableName=NAME, Key=item("a"), **more)
        world.clock.wait(60)

        assert tags(AP) == [["x"]]
        assert world.records(US)[0]["dynamodb"]["NewImage"]["tags"] == {"SS": ["x"]}
        world.settle()
        assert [tags(region) for region in world.regions] == [[["x", "y"]]] * 3


def test_items_of_a_transaction_travel_one_by_one() -> None:
    with World(lag=Lag(median=1, spread=1)) as world:
        puts = [{"Put": {"TableName": NAME, "Item": item(key, v="new")}} for key in "abc"]
        world[US].transact_write_items(TransactItems=puts)
        seen = set()
        for _ in range(50):
            world.clock.wait(0.1)
            seen.add(sum(world.get(EU, key) is not None for key in "abc"))

    assert seen >= {0, 1, 3}


def test_the_default_lag_is_typically_within_a_second_or_less() -> None:
    with World(lag=Lag()) as world:
        keys = [str(number) for number in range(60)]
        for key in keys:
            world.put(US, key, v="1")
        arrived = []
        for seconds in (0.3, 0.5, 2.2):
            world.clock.wait(seconds)
            arrived.append(sum(world.get(EU, key) is not None for key in keys))

    assert arrived[0] < 6
    assert 20 < arrived[1] < 40
    assert arrived[2] == 60


def arrivals(seed: str) -> list[float | None]:
    with World(seed=seed, lag=Lag()) as world:
        for key in "abc":
            world.put(US, key, v="new")
        return [world.simulator.next_arrival(NAME, item(key), EU) for key in "abc"]


def test_the_seed_decides_when_changes_arrive() -> None:
    assert arrivals("1") == arrivals("1") != arrivals("2")
    assert len(set(arrivals("1"))) == 3


def test_two_simulators_do_not_meet() -> None:
    with World() as one, World() as other:
        one.put(US, v="one")
        one.settle()
        other.settle()

        assert one.everywhere() == {"v": "one"}
        assert other.everywhere() is None
