"""Links that are cut, heal, or are slow."""

from support.simulator import Lag
from support.tests.simulator.simulated_world import EU, US, World


def test_what_was_due_before_the_cut_has_arrived(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(5)
    world.simulator.cut(US, EU)

    assert world.get(EU) == {"v": "1"}


def test_after_healing_what_is_late_travels_anew(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(US, v="1")
    world.clock.wait(60)
    world.simulator.heal(US, EU)

    world.clock.wait(0.999999)
    assert world.get(EU) is None
    world.clock.wait(0.000001)
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
