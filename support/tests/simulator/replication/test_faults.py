"""Each fault does what its switch says, and nothing else."""

from collections.abc import Callable

import pytest

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import AP, EU, US, World


def conflict(world: World) -> None:
    """Two regions change different attributes of an order, neither having seen the other."""
    world.put(US, price="1", stock="1")
    world.settle()
    world.set(US, price="2")
    world.clock.wait(0.5)
    world.set(EU, stock="0")
    world.settle()


def sequence(world: World) -> None:
    """The second region has seen the order before it changes it."""
    world.put(US, price="1", stock="1")
    world.settle()
    world.set(US, price="2")
    world.settle()
    world.set(EU, stock="0")
    world.settle()


def test_cut_link_stops_one_direction_until_it_is_switched_off(broken: Callable[..., World]) -> None:
    world = broken(f"cut-link={US}>{EU}")
    world.put(US, "a", v="1")
    world.put(EU, "b", v="1")
    world.clock.wait(86_400)
    assert (world.get(EU, "a"), world.get(US, "b")) == (None, {"v": "1"})
    world.simulator.faults.switch_off("cut-link")

    assert world.get(EU, "a") == {"v": "1"}


def test_extra_lag_is_added_to_the_lag(broken: Callable[..., World]) -> None:
    world = broken("extra-lag=30")
    world.put(US, v="1")

    world.clock.wait(30.999999)
    assert world.get(EU) is None
    world.clock.wait(0.000001)
    assert world.get(EU) == {"v": "1"}


def test_lost_writes_never_arrive(broken: Callable[..., World]) -> None:
    world = broken("lost-write")
    world.put(US, v="1")
    world.settle()

    assert world.shown() == {US: {"v": "1"}, EU: None}


def test_a_share_of_the_writes_can_be_lost(broken: Callable[..., World]) -> None:
    world = broken("lost-write=0.5")
    for number in range(60):
        world.put(US, str(number), v="1")

    assert 15 < world.owed() < 45


def test_first_writer_wins_keeps_the_earlier_of_two_conflicting_images(broken: Callable[..., World]) -> None:
    world = broken("first-writer-wins")
    conflict(world)

    assert world.everywhere() == {"price": "2", "stock": "1"}


def test_merged_attributes_blends_conflicting_images(broken: Callable[..., World]) -> None:
    world = broken("merged-attributes")
    conflict(world)

    assert world.everywhere() == {"price": "2", "stock": "0"}


def test_of_an_attribute_that_both_changed_the_blend_has_the_later_value(broken: Callable[..., World]) -> None:
    world = broken("merged-attributes")
    world.put(US, price="1", partner="us")
    world.settle()
    world.set(US, price="2", partner="us again")
    world.clock.wait(0.5)
    world.set(EU, partner="eu")
    world.settle()

    assert world.everywhere() == {"price": "2", "partner": "eu"}


@pytest.mark.parametrize("fault", ["first-writer-wins", "merged-attributes"])
def test_what_was_seen_before_it_was_replaced_is_no_conflict(broken: Callable[..., World], fault: str) -> None:
    world = broken(fault)
    sequence(world)
    world.delete(US)
    world.settle()
    assert world.everywhere() is None
    world.put(EU, price="9")
    world.settle()

    assert world.everywhere() == {"price": "9"}


def test_a_region_that_keeps_its_own_version_still_accepts_what_it_did_not_write(
    broken: Callable[..., World],
) -> None:
    world = broken(f"keeps-own-version={EU}")
    world.put(EU, "own", v="eu")
    world.put(US, "other", v="us")
    world.settle()
    world.put(US, "own", v="us")
    world.put(EU, "another", v="eu")
    world.settle()

    assert world.shown("own") == {US: {"v": "us"}, EU: {"v": "eu"}}
    assert (world.everywhere("other"), world.everywhere("another")) == ({"v": "us"}, {"v": "eu"})


def indexed(world: World, region: str) -> list[str]:
    answer = world[region].query(
        TableName=WORKSHOP_TABLE["TableName"],
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
    )
    return [image["PK"]["S"] for image in answer["Items"]]


def write_indexed(world: World, region: str, key: str, **attributes: str) -> None:
    values = {"PK": key, "SK": "s", "GSI1PK": "p", "GSI1SK": "s", **attributes}
    image = {name: {"S": value} for name, value in values.items()}
    world[region].put_item(TableName=WORKSHOP_TABLE["TableName"], Item=image)


def test_index_not_updated_leaves_the_index_of_one_region_as_it_was(broken: Callable[..., World]) -> None:
    world = broken(f"index-not-updated={EU}", table=WORKSHOP_TABLE)
    table = WORKSHOP_TABLE["TableName"]
    write_indexed(world, US, "a")
    write_indexed(world, EU, "b")
    world.settle()
    assert (indexed(world, US), indexed(world, EU)) == (["a", "b"], ["b"])
    assert len(world[EU].scan(TableName=table)["Items"]) == 2
    world[US].delete_item(TableName=table, Key={"PK": {"S": "b"}, "SK": {"S": "s"}})
    world.settle()

    assert (indexed(world, US), indexed(world, EU)) == (["a"], ["b"])
    assert [image["PK"]["S"] for image in world[EU].scan(TableName=table)["Items"]] == ["a"]
    assert world.owed() == 0


def test_a_write_of_the_regions_own_reaches_a_stale_index(broken: Callable[..., World]) -> None:
    world = broken(f"index-not-updated={EU}", table=WORKSHOP_TABLE)
    write_indexed(world, US, "a")
    world.settle()
    write_indexed(world, EU, "a", v="2")

    assert indexed(world, EU) == ["a"]


def test_a_stale_index_does_not_outlive_its_table(broken: Callable[..., World]) -> None:
    world = broken(f"index-not-updated={EU}", table=WORKSHOP_TABLE)
    write_indexed(world, EU, "a")
    world.settle()
    world[US].delete_item(TableName=WORKSHOP_TABLE["TableName"], Key={"PK": {"S": "a"}, "SK": {"S": "s"}})
    world.settle()
    assert indexed(world, EU) == ["a"]
    for region in (US, EU):
        world[region].delete_table(TableName=WORKSHOP_TABLE["TableName"])
    world.simulator.create_global_table(WORKSHOP_TABLE)

    assert indexed(world, EU) == []


def test_an_attribute_is_rewritten_on_arrival_and_only_where_it_is(broken: Callable[..., World]) -> None:
    world = broken("attribute-rewritten=region_created")
    world.put(US, "a", region_created=US, v="1")
    world.put(US, "b", v="1")
    world.settle()

    assert world.shown("a") == {US: {"region_created": US, "v": "1"}, EU: {"region_created": EU, "v": "1"}}
    assert world.everywhere("b") == {"v": "1"}


@pytest.mark.parametrize(("skew", "winner"), [(-60, {"v": "us"}), (0, {"v": "eu"})])
def test_a_region_whose_clock_is_behind_loses_to_an_earlier_write(
    broken: Callable[..., World], skew: int, winner: dict[str, str]
) -> None:
    world = broken(f"clock-skew={EU}:{skew}")
    world.put(US, v="us")
    world.clock.wait(0.5)
    world.put(EU, v="eu")
    world.settle()

    assert world.everywhere() == winner


def test_a_fault_of_one_region_leaves_a_third_one_alone() -> None:
    with World(US, EU, AP, faults=[f"keeps-own-version={EU}", f"cut-link={EU}>{US}"]) as world:
        world.put(EU, v="eu")
        world.clock.wait(10)
        world.put(US, v="us")
        world.clock.wait(10)

        assert world.shown() == {US: {"v": "us"}, EU: {"v": "eu"}, AP: {"v": "us"}}
