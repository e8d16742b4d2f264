"""The runs before: kept once, for each mode apart, and compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.reporting.error import ReportError
from support.reporting.report.figures import verdict, verdict_sign
from support.reporting.report.first_page import comparison, first_page
from support.reporting.report.history import add, as_past, changes, is_known, is_worth_keeping, past_runs
from support.tests.reporting.records import IDENTITY, A, conflict, result
from support.tests.reporting.test_first_page import run_of, text, timing, with_environment


def test_the_runs_before_are_shown_with_what_has_changed(tmp_path: Path) -> None:
    earlier = run_of(timing(0.6, 1.4), started="2026-11-24T13:44:57+00:00")
    add(tmp_path, [earlier])
    add(tmp_path, [earlier])
    now = run_of(timing(0.7, 1.5))
    [before] = past_runs(tmp_path, now)
    assert is_known(tmp_path, earlier)
    assert past_runs(tmp_path, earlier) == []
    assert past_runs(tmp_path, replace(now, mode="live")) == []
    shown = text(now, past=[before])
    assert "2026-11-25 13:44 (this run) ✔ 1 of 1 passed 0.70 s / 1.50 s 2026-11-24 13:44 ✔ 1 of 1" in shown


def test_a_history_that_cannot_be_read_is_one_line_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").write_text("{}")
    with pytest.raises(ReportError, match=r"runs\.jsonl can't be read .*; cure: remove it"):
        past_runs(tmp_path, run_of(result(conflict())))


def test_two_runs_are_compared() -> None:
    before, now = run_of(result(conflict())), run_of(result(conflict(winner=A), "failed", "wrong"))
    [change] = comparison(as_past(before), as_past(now))["scenarios"]
    assert (change.name, change.before, change.now) == (IDENTITY.node_id, "passed", "failed")
    assert changes({"E1": "holds", "E2": "holds"}, {"E1": "fails", "E2": "holds"})[0].row == ("E1", "holds", "fails")
    pages = first_page([replace(before, label="simulated-1"), replace(now, label="simulated-2")], {}, {}, {})
    assert "What differs between simulated-1 and simulated-2" in pages


def test_trends_follow_whole_runs_of_a_healthy_table_only() -> None:
    assert is_worth_keeping(run_of(result(conflict())))
    assert not is_worth_keeping(run_of(result(conflict()), environment=with_environment(faults="extra-lag=3")))
    assert not is_worth_keeping(run_of(result(conflict()), finished=None))
    assert not is_worth_keeping(run_of(result(conflict()), extent=PART))


PART = {"chosen": 3, "shown_before": 0, "total": 79}


@pytest.mark.parametrize(
    ("extent", "status", "sign"),
    [
        (PART, "passed", "?"),
        (PART, "failed", "✘"),
        ({"chosen": 3, "shown_before": 76, "total": 79}, "passed", "✔"),
        ({}, "passed", "✔"),
    ],
)
def test_a_part_that_passed_is_no_answer(extent: dict[str, int], status: str, sign: str) -> None:
    run = run_of(result(conflict(), status, "wrong"), extent=extent)
    part = "a part: 3 of 79" if extent == PART else ""
    assert (run.part, verdict_sign(run)) == (part, sign)
    assert (part in verdict(run), part in text(run)) == (True, True)
    assert as_past(run).without_verdict == part


def test_a_run_that_was_interrupted_is_so_in_the_history() -> None:
    run = run_of(result(conflict()), exit_status=2, stopped_because="it was interrupted")
    assert "? interrupted: 1 of 1 passed" in text(run)
