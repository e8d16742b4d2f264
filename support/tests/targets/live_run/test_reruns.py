"""What is tried again in a live run, and when that stops."""

import pytest

from support.simulator import Lag
from support.tests.served import served

CONFLICTS = (
    "features/exercise_3_conflict_resolution.feature",
    "features/scenario_2_inventory_management.feature",
)
ABOUT_CONFLICTS = "arrived or piece"


@pytest.mark.slow
def test_a_target_on_which_no_two_writes_meet_is_reported_once_and_not_tried_over_and_over() -> None:
    with served(lag=Lag(median=0)) as server:
        ran = server.run(*CONFLICTS, "-k", ABOUT_CONFLICTS, "-q", "-p", "no:allure_pytest")
    assert ran.code == 1
    # Six tries of the first scenario, and one of each of the others.
    assert "no two writes met in 8 tries of 3 scenarios" in ran.line("no two writes met")
    assert not ran.has("ConditionFailedError: ")
    assert "3 failed, 1 passed" in ran.lines[-1]
