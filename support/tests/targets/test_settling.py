"""When an agreement is final: what links owe in the simulated table, a time derived from delays in a live one."""

import math

import pytest

from support.settings import read_settings
from support.targets.live import SETTLING_CEILING, SETTLING_FLOOR, LiveLinks, SettlingTime
from support.targets.simulated import SimulatedTarget
from support.tests.verdicts.histories import EU, KEY, US, order, put
from support.verdicts.history import History


def history(writes: int) -> History:
    found = History()
    for number in range(writes):
        found.add(put(US, number, order(100 + number)))
    return found


def test_the_settling_time_of_a_live_table_follows_the_slowest_delay_of_the_run() -> None:
    settling = SettlingTime()
    links = LiveLinks(settling, history(writes=2))
    for delay, seconds in ((0.1, SETTLING_FLOOR), (2.0, 6.0), (1.0, 6.0), (50.0, SETTLING_CEILING)):
        links.note_delay(delay)
        assert settling.seconds == seconds


def test_a_live_agreement_is_looked_at_again_until_the_settling_time_is_over() -> None:
    links = LiveLinks(SettlingTime(slowest=1.0), history(writes=2))
    assert links.next_look([KEY], [US, EU], agreed_for=0) == 0.25
    assert links.next_look([KEY], [US, EU], agreed_for=2.9) == pytest.approx(0.1)
    assert links.next_look([KEY], [US, EU], agreed_for=3.0) == 0


def test_a_simulated_agreement_is_final_when_no_link_owes_the_looked_at_regions_a_change_of_the_item() -> None:
    context = SimulatedTarget(read_settings()).start_scenario("a scenario")
    table, links = context.global_table, context.global_table.links
    links.slow_down(US, EU, 3)
    table.region(US).put(order(100))
    assert links.next_look([KEY], [US, EU], 0) == pytest.approx(3)
    assert links.next_look([KEY], [US], 0) == 0
    links.cut(US, EU)
    assert links.next_look([KEY], [EU], 0) == math.inf
    links.heal(US, EU)
    context.clock.wait(3)
    assert links.next_look([KEY], [EU], 0) == 0


def test_an_item_that_was_written_once_needs_no_settling_time() -> None:
    assert LiveLinks(SettlingTime(slowest=1.0), history(writes=1)).next_look([KEY], [US, EU], agreed_for=0) == 0
