"""Causes that only the run's own writes can tell: a later write, a clock that is ahead, a refused write."""

import pytest

from support.checklist.evidence import Cause
from support.checklist.probing import remaining
from support.tests.checklist.simulated_day import INDEXED, Day, the
from support.tests.verdicts.histories import EU, KEY, US
from support.verdicts.errors import TargetTroubleError


def overwritten(day: Day, seconds: float, mine: str = "15:40", theirs: str = "15:41") -> list[Cause]:
    lost = day.table.region(US).update(KEY, {"total_amount": 150, "update_timestamp": mine}, "partner A")
    day.clock.wait(seconds)
    day.table.region(EU).update(KEY, {"total_amount": 200, "update_timestamp": theirs}, "partner B")
    day.table.agreement(KEY, 120)
    return day.ask(US, expected=(lost.left,))


def test_an_overwritten_update_is_named_with_the_write_that_won(day: Day) -> None:
    (cause,) = remaining(overwritten(day, 0.1))
    assert (cause.name, cause.evidence) == (
        "overwritten by a later write",
        "us-east-1 holds what the update of partner B left, written later, without having seen the update of "
        "partner A: the last writer wins the whole item",
    )


def test_the_winner_was_not_overwritten(day: Day) -> None:
    overwritten(day, 5)
    assert day.remains(US) == day.remains(EU) == []


@pytest.mark.parametrize(("seconds", "state"), [(0.001, "cannot be known"), (5, "excluded")])
def test_no_precision_is_claimed_for_writes_that_are_near_to_each_other(seconds: float, state: str, day: Day) -> None:
    assert the("timestamp precision", overwritten(day, seconds)).state == state


def test_a_time_in_the_item_that_is_ahead_is_named(day: Day) -> None:
    causes = overwritten(day, 5, mine="16:40")
    assert [cause.name for cause in remaining(causes)] == ["clock synchronization", "overwritten by a later write"]


def test_an_older_version_is_no_overwrite(day: Day) -> None:
    day.table.region(US).update(KEY, {"total_amount": 150}, "partner A")
    question = day.table.question(KEY, EU)
    assert the("overwritten by a later write", day.table.checklist(question)).state == "excluded"


def test_a_refused_write_is_named_as_throttling() -> None:
    day = Day("throttling=1")
    with pytest.raises(TargetTroubleError):
        day.table.region(US).put(INDEXED)
    causes = day.ask()
    assert the("throttling", causes).state == "remains"
    assert "ProvisionedThroughputExceeded" in the("throttling", causes).evidence
    assert the("wrong region", causes).state == the("wait longer", causes).state == "cannot be known"
    day.target.end_scenario()
