"""The table of claims in the terminal and in the report, and what of a scenario it is made from."""

import csv
import json
import math
import os
from pathlib import Path

import pytest

from support.page.claims import FailedStep, State
from support.page.page_map import page_map
from support.reporting.recording.outcome import outcome
from support.reporting.terminal.claims_table import ClaimsTable
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

EXERCISE_2 = "features/exercise_2_write_replica_read_primary.feature"


def report(when: str, result: str, status: str, step: FailedStep | None = None) -> pytest.TestReport:
    """A report of pytest, as the plugin for failures hands it on."""
    made = pytest.TestReport("features/a.feature::It", ("", 1, ""), {}, result, None, when)  # type: ignore[arg-type]
    values = {"node_id": made.nodeid, "title": "It", "tags": ["claim:A.1"], "status": status}
    made.scenario = {**values, "failed_step": vars(step) if step else None}  # type: ignore[attr-defined]
    return made


SETUP, TEARDOWN = report("setup", "passed", "passed"), report("teardown", "passed", "passed")
STEP = FailedStep(2, "then", "it is there")


PASS, FAIL = report("call", "passed", "passed"), report("call", "failed", "failed", STEP)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([SETUP], []),
        ([SETUP, PASS, TEARDOWN], ["passed"]),
        ([SETUP, FAIL, TEARDOWN], ["failed"]),
        ([report("setup", "failed", "broken"), TEARDOWN], ["broken"]),
        ([SETUP, PASS, report("teardown", "failed", "broken")], ["broken"]),
        ([report("setup", "skipped", "skipped"), TEARDOWN], ["skipped"]),
        ([FAIL, PASS], ["failed"]),
    ],
)
def test_an_outcome_is_taken_from_all_phases_and_tries_of_a_test(
    reports: list[pytest.TestReport], expected: list[str]
) -> None:
    table = ClaimsTable("simulated", printed=False, attached=False)
    for each in reports:
        table.pytest_runtest_logreport(each)
    assert [each.status for each in table.evidence.outcomes] == expected


def test_the_step_of_a_scenario_that_passed_is_none() -> None:
    values = {"node_id": "a::b", "title": "b", "tags": [], "status": "passed", "failed_step": vars(STEP)}
    assert outcome(values).failed_step is None
    assert outcome({**values, "status": "failed"}).failed_step == STEP


def test_the_delay_of_an_item_that_did_not_arrive_is_infinite() -> None:
    values = {"node_id": "a::b", "title": "b", "status": "passed"}
    finding = {"kind": "delay", "values": {"direction": "us to eu", "first_hit": None}}
    assert outcome(values, [finding]).delays == (("us to eu", math.inf),)


@pytest.mark.slow
def test_terminal_and_report_have_the_table_from_all_workers_and_records_have_the_failed_step(tmp_path: Path) -> None:
    options = ("--fault", "attribute-rewritten", "--claims", "-n1", "-q", f"--alluredir={tmp_path}")
    printed = run_pytest([*LEAN, EXERCISE_2, *options], ROOT, os.environ).stdout.splitlines()
    [found] = tmp_path.glob("*-globals.json")
    [attachment] = json.loads(found.read_text())["attachments"]
    assert (attachment["name"], attachment["type"]) == ("Claims of the page, simulated", "text/csv")
    rows = {row["claim"]: row for row in csv.DictReader((tmp_path / attachment["source"]).read_text().splitlines())}
    assert list(rows) == [claim.id for claim in page_map().claims]
    expected = {"E2.1": State.FAILS, "E2.3": State.NOT_REACHED, "E1.8": State.NOT_RUN, "E3.4": State.CONTRADICTED}
    for claim, state in expected.items():
        assert rows[claim]["state"] == state
        [line] = [line for line in printed if line.startswith(f"{claim} ")]
        assert f"  {state}" in line
    assert rows["E2.1"]["how they went"] == "1 failed"
    assert rows["E2.1"]["scenarios"] == "The product is found in N. Virginia within 60 seconds"
    assert "https://docs.aws.amazon.com" in rows["E3.4"]["source or reason"]
    assert any("https://docs.aws.amazon.com" in line for line in printed)
    records = [json.loads(path.read_text()) for path in tmp_path.glob("*-scenario.json")]
    [copy] = [each for each in records if each["scenario"] == "The product is an exact copy from the EU"]
    assert copy["failed_step"] == {"index": 2, "type": "when", "text": "it has reached us-east-1 within 60 seconds"}
    assert "claim:E2.3" in copy["tags"]
