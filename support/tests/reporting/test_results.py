"""What is read back from a folder of results, and what kind of trouble each test is in."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.reporting.error import ReportError
from support.reporting.recording.cause import ENVIRONMENT, SUITE, TOO_LATE, WRONG, cause_of
from support.reporting.recording.scenario_record import SUFFIX
from support.reporting.report.results import read_run
from support.tests.reporting.records import conflict


def write_result(folder: Path, uuid: str, stop: int = 10, record: dict[str, Any] | None = None, **values: Any) -> None:
    result = {"uuid": uuid, "name": "A", "status": "passed", "stop": stop, "fullName": "f#A", **values}
    (folder / f"{uuid}-result.json").write_text(json.dumps(result))
    if record:
        (folder / f"{uuid}{SUFFIX}").write_text(json.dumps({**record, "uuid": uuid}))


@pytest.mark.parametrize(
    ("status", "message", "cause"),
    [
        ("passed", "", ""),
        ("skipped", "simulated_only", ""),
        ("failed", "USER#a / ORDER#b: wrong: eu-west-1 went back to an older version", WRONG),
        ("failed", "the update of partner B should have won, but ...", WRONG),
        ("failed", "USER#a / ORDER#b: not yet after 180.0 s: eu-west-1 still without the last write", TOO_LATE),
        ("failed", "20 of 20 items did not appear within 120 s", TOO_LATE),
        ("failed", "half of the items from a to b took 3.00 s or more, not less than 2 s", TOO_LATE),
        ("broken", "support.verdicts.errors.InconclusiveError: the writes overlapped", ENVIRONMENT),
        ("broken", "botocore.exceptions.EndpointConnectionError: no route", ENVIRONMENT),
        ("broken", "pytest_bdd.exceptions.StepDefinitionNotFoundError: nobody knows what", SUITE),
        ("broken", "TypeError: 'NoneType' object is not subscriptable", SUITE),
    ],
)
def test_a_reader_learns_what_kind_of_trouble_it_is(status: str, message: str, cause: str) -> None:
    assert cause_of(status, message) == cause


def test_a_folder_without_results_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"there are no results in .*; cure: run pytest features/ --alluredir="):
        read_run(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a-result.json").write_text("{")
    with pytest.raises(ReportError, match=r"a-result\.json can't be read"):
        read_run(tmp_path)


def test_a_record_of_another_version_is_refused(tmp_path: Path) -> None:
    write_result(tmp_path, "a", record={**conflict(), "schema": 0})
    with pytest.raises(ReportError, match="of another version of this suite"):
        read_run(tmp_path)


def test_an_inconclusive_try_is_replaced_by_the_next_one(tmp_path: Path) -> None:
    write_result(tmp_path, "a", stop=10, status="broken", record={**conflict(), "inconclusive": True})
    write_result(tmp_path, "b", stop=20, status="passed", record=conflict())
    run = read_run(tmp_path)
    assert [result.status for result in run.results] == ["passed"]
    assert [result.status for result in run.retries] == ["broken"]


def test_scenarios_are_in_the_order_of_the_page(tmp_path: Path) -> None:
    places = [
        ("4 Troubleshooting guide", "Troubleshooting 1", 5),
        ("1 Exercises", "Exercise 3", 9),
        ("3 Performance monitoring", "Performance monitoring", 1),
        ("1 Exercises", "Exercise 3", 2),
        ("1 Exercises", "Exercise 1", 30),
    ]
    for number, (part, feature, line) in enumerate(places):
        record = {**conflict(), "part": part, "feature": feature, "line": line, "node_id": str(number)}
        write_result(tmp_path, f"{number}", record=record)
    assert [result.record["node_id"] for result in read_run(tmp_path).results] == ["4", "3", "1", "2", "0"]


def test_the_mode_is_that_of_the_labels(tmp_path: Path) -> None:
    write_result(tmp_path, "a", labels=[{"name": "mode", "value": "live"}])
    assert read_run(tmp_path).mode == "live"


def test_what_is_read_is_masked(tmp_path: Path) -> None:
    details = {"message": "arn:aws:iam::123456789012:user/ada is not authorized"}
    write_result(tmp_path, "a", status="broken", statusDetails=details)
    assert "123456789012" not in read_run(tmp_path).results[0].message
