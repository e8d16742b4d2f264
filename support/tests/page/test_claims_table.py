"""The table of claims in the terminal and in the report, and what of a scenario it is made from."""

import csv
import json
from pathlib import Path

import pytest

from support.page.claims import Evidence, FailedStep, ScenarioOutcome, State
from support.page.page_map import Claim, Kind, page_map
from support.reporting.recording.outcome import outcome
from support.reporting.terminal.claims_table import ClaimsTable, as_csv, lines
from support.tests.reporting.project import run
from support.tests.suite_runs import ROOT

EXERCISE_2 = "features/exercise_2_write_replica_read_primary.feature"
ALL = (
    Claim("It works", "Exercise A", id="A.1", kind=Kind.EXPECTATION),
    Claim("The item's time wins", "Exercise A", id="A.2", kind=Kind.EXPECTATION, contradicted="AWS: it does not"),
    Claim("Take a screenshot", "Exercise A", id="A.3", kind=Kind.INSTRUCTION, untestable="a picture"),
    Claim("Fastest: ___", "Exercise A", id="A.4", kind=Kind.BLANK, blank="fastest"),
)
PASSED = ScenarioOutcome("features/a.feature::It", "It", ("claim:A.1", "claim:A.4"), "passed", None, (("us", 0.5),))
EVIDENCE = Evidence((PASSED,))


def report(when: str, result: str, status: str, step: FailedStep | None = None) -> pytest.TestReport:
    """A report of pytest, as the plugin for failures hands it on."""
    made = pytest.TestReport("features/a.feature::It", ("", 1, ""), {}, result, None, when)  # type: ignore[arg-type]
    values = {"node_id": made.nodeid, "title": "It", "tags": ["claim:A.1"], "status": status}
    made.scenario = {**values, "failed_step": vars(step) if step else None}  # type: ignore[attr-defined]
    return made


def statuses(*reports: pytest.TestReport) -> list[str]:
    """What a run with these reports is summed up to."""
    table = ClaimsTable("simulated", printed=False, attached=False)
    for each in reports:
        table.pytest_runtest_logreport(each)
    return [each.status for each in table.evidence.outcomes]


SETUP, TEARDOWN = report("setup", "passed", "passed"), report("teardown", "passed", "passed")
STEP = FailedStep(2, "then", "it is there")


def test_an_outcome_is_taken_from_all_phases_of_a_test() -> None:
    assert statuses(SETUP) == []
    assert statuses(SETUP, report("call", "passed", "passed"), TEARDOWN) == ["passed"]
    assert statuses(SETUP, report("call", "failed", "failed", STEP), TEARDOWN) == ["failed"]
    assert statuses(SETUP, report("call", "failed", "broken", STEP), TEARDOWN) == ["broken"]
    assert statuses(report("setup", "failed", "broken"), TEARDOWN) == ["broken"]
    assert statuses(SETUP, report("call", "passed", "passed"), report("teardown", "failed", "broken")) == ["broken"]
    assert statuses(report("setup", "skipped", "skipped"), TEARDOWN) == ["skipped"]


def test_a_failure_is_not_replaced_by_a_later_pass() -> None:
    assert statuses(report("call", "failed", "failed", STEP), report("call", "passed", "passed")) == ["failed"]


def test_the_step_of_a_scenario_that_passed_is_none() -> None:
    values = {"node_id": "a::b", "title": "b", "tags": [], "status": "passed", "failed_step": vars(STEP)}
    assert outcome(values).failed_step is None
    assert outcome({**values, "status": "failed"}).failed_step == STEP


def test_the_lines_show_each_claim_and_then_the_sources() -> None:
    assert lines(ALL, EVIDENCE) == [
        "claim  section     the page says         state                              scenarios",
        "A.1    Exercise A  It works              holds                              1 passed",
        "A.2    Exercise A  The item's time wins  contradicted by AWS documentation",
        "A.3    Exercise A  Take a screenshot     not testable by API",
        "A.4    Exercise A  Fastest: ___          filled in                          1 passed: 0.50 s",
        "",
        "4 claims, 1 holds, 1 filled in, 1 contradicted by AWS documentation, 1 not testable by API",
        "A.2: AWS: it does not",
        "A.3: a picture",
    ]


def test_the_attachment_shortens_nothing() -> None:
    first, second, *_ = csv.DictReader(as_csv(ALL, EVIDENCE).splitlines())
    assert (first["state"], first["scenarios"], first["how they went"]) == ("holds", "It", "1 passed")
    assert (second["what they show"], second["source or reason"]) == ("not run", "AWS: it does not")


@pytest.mark.slow
def test_claims_are_printed_when_asked_for() -> None:
    printed = run(ROOT, EXERCISE_2, "--claims", "-q").splitlines()
    [product] = [line for line in printed if line.startswith("E2.3 ")]
    assert product.endswith("  holds                              1 passed")
    [user] = [line for line in printed if line.startswith("E1.8 ")]
    assert user.endswith("  not run")
    [both] = [line for line in printed if line.startswith("E2.4 ")]
    assert "  not run  " in both


@pytest.mark.slow
def test_a_step_that_failed_in_a_worker_decides_which_claims_fail() -> None:
    fault = ("--fault", "cut-link=us-east-1>eu-west-1", "--claims", "-n1", "-q")
    printed = run(ROOT, "features/exercise_1_write_primary_read_replica.feature", *fault)
    states = {line.split()[0]: line for line in printed.splitlines() if line.startswith("E1.")}
    assert "  fails  " in states["E1.4"]
    assert "  not reached  " in states["E1.8"]


@pytest.mark.slow
def test_the_report_has_the_table_once_from_all_workers_and_records_have_the_failed_step(tmp_path: Path) -> None:
    fault = ("--fault", "attribute-rewritten", "-n1", "-q")
    printed = run(ROOT, EXERCISE_2, *fault, f"--alluredir={tmp_path}")
    assert "claims of the page" not in printed
    [found] = tmp_path.glob("*-globals.json")
    [attachment] = json.loads(found.read_text())["attachments"]
    assert (attachment["name"], attachment["type"]) == ("Claims of the page, simulated", "text/csv")
    rows = {row["claim"]: row for row in csv.DictReader((tmp_path / attachment["source"]).read_text().splitlines())}
    assert list(rows) == [claim.id for claim in page_map().claims]
    assert rows["E2.1"]["state"] == State.FAILS
    assert rows["E2.3"]["state"] == State.NOT_REACHED
    records = [json.loads(path.read_text()) for path in tmp_path.glob("*-scenario.json")]
    [copy] = [each for each in records if each["scenario"] == "The product is an exact copy from the EU"]
    assert copy["failed_step"] == {"index": 2, "type": "when", "text": "it has reached us-east-1 within 60 seconds"}
    assert "claim:E2.3" in copy["tags"]
