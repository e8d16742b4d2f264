"""Links that are cut, heal, or are slow."""

from support.simulator import Lag
from support.tests.simulator.simulated_world import AP, EU, US, World


def test_a_cut_link_keeps_what_it_owes(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(US, "a", v="1")
    world.put(US, "b", v="1")
    world.clock.wait(86_400)

    assert (world.get(EU, "a"), world.get(EU, "b")) == (None, None)
    assert (world.simulator.owed(US, EU), world.simulator.owed(EU, US)) == (2, 0)


def test_a_cut_link_leaves_the_other_direction_alone(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(EU, v="1")
    world.clock.wait(1)

    assert world.get(US) == {"v": "1"}


def test_what_was_due_before_the_cut_has_arrived(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(5)
    world.simulator.cut(US, EU)

    assert world.get(EU) == {"v": "1"}


def test_what_was_on_its_way_at_the_cut_waits(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(0.5)
    world.simulator.cut(US, EU)
    world.clock.wait(60)

    assert world.get(EU) is None


def test_after_healing_what_is_late_travels_anew(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(US, v="1")
    world.clock.wait(60)
    world.simulator.heal(US, EU)

    world.clock.wait(0.999999)
    assert world.get(EU) is None
    world.clock.wait(0.000001)
    assert world.get(EU) == {"v": "1"}


def test_after_a_short_cut_what_is_not_due_yet_arrives_when_it_would_have(world: World) -> None:
    world.put(US, v="1")
    world.simulator.cut(US, EU)
    world.clock.wait(0.4)
    world.simulator.heal(US, EU)

    world.clock.wait(0.6)
    assert world.get(EU) == {"v": "1"}


def test_healing_a_link_that_is_whole_delays_nothing(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(5)
    world.simulator.heal(US, EU)

    assert world.get(EU) == {"v": "1"}


def test_what_was_overtaken_while_the_link_was_cut_is_dropped(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(US, v="pending")
    world.clock.wait(60)
    world.put(EU, v="meanwhile")
    world.clock.wait(60)
    assert world.shown() == {US: {"v": "meanwhile"}, EU: {"v": "meanwhile"}}
    world.simulator.heal(US, EU)
    world.settle()

    assert world.everywhere() == {"v": "meanwhile"}


def test_two_isolated_regions_agree_on_the_later_write_after_healing(world: World) -> None:
    for ends in ((US, EU), (EU, US)):
        world.simulator.cut(*ends)
    world.put(EU, v="earlier")
    world.clock.wait(60)
    world.put(US, v="later")
    world.clock.wait(600)
    assert world.shown() == {US: {"v": "later"}, EU: {"v": "earlier"}}
    for ends in ((US, EU), (EU, US)):
        world.simulator.heal(*ends)
    world.settle()

    assert world.everywhere() == {"v": "later"}


def test_a_third_region_gets_changes_past_a_cut_link() -> None:
    with World(US, EU, AP) as world:
        world.simulator.cut(US, EU)
        world.put(US, v="1")
        world.clock.wait(1)

        assert world.shown() == {US: {"v": "1"}, AP: {"v": "1"}, EU: None}


def test_a_slow_link_takes_exactly_as_long_as_it_was_told_and_only_for_new_changes(world: World) -> None:
    world.put(US, "before", v="1")
    world.simulator.slow_down(US, EU, 30)
    world.put(US, "after", v="1")

    world.clock.wait(29.999999)
    assert (world.get(EU, "before"), world.get(EU, "after")) == ({"v": "1"}, None)
    world.clock.wait(0.000001)
    assert world.get(EU, "after") == {"v": "1"}


def test_the_default_lag_is_typically_within_a_second_or_less() -> None:
    with World(lag=Lag()) as world:
        keys = [str(number) for number in range(60)]
        for key in keys:
            world.put(US, key, v="1")
        world.clock.wait(0.3)
        assert sum(world.get(EU, key) is not None for key in keys) < 6
        world.clock.wait(0.5)
        assert 20 < sum(world.get(EU, key) is not None for key in keys) < 40
        world.clock.wait(2.2)
        assert all(world.get(EU, key) for key in keys)
