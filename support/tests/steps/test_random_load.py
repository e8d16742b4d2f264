"""The clients of the random load go on where a statement was not done, or where it is not known whether it was."""

from collections import Counter

import pytest

from steps.workload import Workload, clients
from support.tests.worlds import open_world
from support.verdicts.history import History, Outcome, Write

pytestmark = pytest.mark.slow


def load(*faults: str) -> History:
    """The history of a random load on a simulated table."""
    world = open_world(faults, scenario="a random load", load_pace="1", load_items="2")
    workload = Workload.of(world)
    world.clock.run(*clients(world, workload))
    return workload.history


def outcomes(history: History) -> Counter[Outcome]:
    """How many updates there are of each outcome."""
    return Counter(each.outcome for each in history if isinstance(each, Write) and each.action == "update")


def test_clients_write_in_all_ways_and_some_statements_update_no_item() -> None:
    history = load()
    writes = [each for each in history if isinstance(each, Write)]
    assert {(each.action, each.reports_old_image) for each in writes} == {
        (action, told) for action in ("put", "update", "delete") for told in (True, False)
    }
    assert outcomes(history)[Outcome.FAILED] > 0
    assert outcomes(history)[Outcome.UNKNOWN] == 0


def test_clients_go_on_after_a_statement_of_which_it_is_not_known_whether_it_was_done() -> None:
    history = load("connection-resets=0.4")
    assert outcomes(history)[Outcome.UNKNOWN] > 0
    assert outcomes(history)[Outcome.FAILED] > 0
