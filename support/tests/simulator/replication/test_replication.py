"""How a write gets from one region to the others: examples of what no generated day has (see test_properties)."""

from support.simulator import Lag
from support.tests.simulator.simulated_world import AP, EU, NAME, US, World, item


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


def test_the_default_lag_is_typically_within_a_second_or_less_and_the_seed_decides_it() -> None:
    def drawn(seed: str) -> list[float]:
        """The lags of the items of a transaction, which travel one by one."""
        with World(lag=Lag(), seed=seed) as world:
            keys = [item(str(number)) for number in range(60)]
            puts = [{"Put": {"TableName": NAME, "Item": key}} for key in keys]
            world[US].transact_write_items(TransactItems=puts)
            return sorted(world.simulator.next_arrival(NAME, key, EU) or 0 for key in keys)

    assert drawn("1") == drawn("1") != drawn("2")
    shortest, median, longest = drawn("1")[0], drawn("1")[30], drawn("1")[-1]
    assert 0.3 < shortest < median < 1 < longest < 2.1


def test_two_simulators_do_not_meet() -> None:
    with World() as one, World() as other:
        one.put(US, v="one")
        one.settle()
        other.settle()

        assert one.everywhere() == {"v": "one"}
        assert other.everywhere() is None
