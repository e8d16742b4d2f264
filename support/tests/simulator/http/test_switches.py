"""The switchboard: faults are named, switched on and off, and a wrong one is refused."""

from collections.abc import Iterator

import pytest

from support.simulator import Lag, fault_named
from support.simulator.faults import FAULTS
from support.tests.simulator.simulated_world import EU, US, World


@pytest.fixture
def world() -> Iterator[World]:
    with World() as world:
        yield world


def test_what_was_due_before_a_fault_is_switched_on_is_not_changed_by_it(world: World) -> None:
    world.put(US, "before", region_created=US)
    world.clock.wait(1)
    world.simulator.faults.inject(fault_named("attribute-rewritten"))
    world.put(US, "during", region_created=US)
    world.clock.wait(1)
    world.simulator.faults.take_back("attribute-rewritten")
    world.put(US, "after", region_created=US)
    world.clock.wait(1)

    shown = [(world.get(EU, key) or {})["region_created"] for key in ("before", "during", "after")]
    assert shown == [US, EU, US]


def played(world: World) -> list[object]:
    world.put(US, price="1", stock="1")
    world.settle()
    world.set(US, price="2")
    world.clock.wait(0.5)
    world.set(EU, stock="0")
    world.settle()
    world.put(EU, "other", region_created=EU)
    world.settle()
    return [world.everywhere(), world.everywhere("other"), len(world.records(US)), world.clock.elapsed()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_is_switched_off_is_not_there(name: str) -> None:
    with World(faults=[name], lag=Lag()) as world, World(lag=Lag()) as sound:
        assert [fault.name for fault in world.simulator.faults] == [name]
        world.simulator.faults.take_back(name)
        world.simulator.faults.take_back(name)

        assert list(world.simulator.faults) == []
        assert played(world) == played(sound)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no fault '': "),
        ("lost-writes", "perhaps 'lost-write' was meant"),
        ("first-writer-wins=yes", "the fault first-writer-wins takes no value: leave out =yes"),
        ("cut-link=us-east-1", "takes SOURCE>DESTINATION, as in cut-link=us-east-1>eu-west-1, not 'us-east-1'"),
        ("cut-link=>", "not '>'"),
        ("extra-lag=-1", "takes seconds, as in extra-lag=30, not '-1'"),
        ("extra-lag=inf", "takes seconds"),
        ("slow-answers=nan", "takes seconds"),
        ("lost-write=1.1", "takes share, 0 to 1, as in lost-write=1, not '1.1'"),
        ("throttling=", "takes share, 0 to 1"),
        ("keeps-own-version=", "takes region, as in keeps-own-version=eu-west-1, not ''"),
        ("clock-skew=eu-west-1", "takes REGION:SECONDS, as in clock-skew=eu-west-1:-60, not 'eu-west-1'"),
        ("clock-skew=eu-west-1:inf", "takes REGION:SECONDS"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_one_line_with_the_cure(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="fault") as refused:
        fault_named(text)

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
