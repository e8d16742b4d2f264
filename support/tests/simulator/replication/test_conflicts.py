"""Last writer wins: which of two versions of an item stays, in every region."""

import pytest

from support.tests.simulator.simulated_world import AP, EU, NAME, US, World, item


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


def test_an_attribute_of_the_item_never_decides(world: World) -> None:
    world.put(US, v="earlier", update_timestamp="2099-01-01T00:00:00Z")
    world.clock.wait(0.5)
    world.put(EU, v="later", update_timestamp="1999-01-01T00:00:00Z")
    world.settle()

    assert world.everywhere() == {"v": "later", "update_timestamp": "1999-01-01T00:00:00Z"}


@pytest.mark.parametrize("order", [(US, EU, AP), (AP, EU, US), (EU, AP, US)])
def test_of_writes_in_the_same_microsecond_the_last_region_name_wins(order: tuple[str, ...]) -> None:
    # Our assumption: AWS does not document what happens at equal times.
    with World(US, EU, AP) as world:
        for region in order:
            world.put(region, v=region)
        world.settle()

        assert world.everywhere() == {"v": US}


def test_conditions_see_the_local_image_so_that_both_updates_succeed(world: World) -> None:
    world.put(US, state="open")
    world.settle()
    for region in world.regions:
        world[region].put_item(
            TableName=NAME,
            Item=item("a", state="taken", by=region),
            ConditionExpression="#state = :open",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":open": {"S": "open"}},
        )
        world.clock.wait(0.1)
    world.settle()

    assert world.everywhere() == {"state": "taken", "by": EU}


def test_a_write_after_one_from_a_region_whose_clock_is_ahead_still_wins() -> None:
    with World(faults=[f"clock-skew={EU}:3600"]) as world:
        world.put(EU, v="from the future")
        world.clock.wait(1)
        world.put(US, v="seen and replaced")
        world.settle()

        assert world.everywhere() == {"v": "seen and replaced"}
