"""What is read back from a folder of results, and what kind of trouble each test is in."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.reporting.error import ReportError
from support.reporting.recording.cause import (
    ENVIRONMENT,
    INCOMPLETE,
    INTERRUPTED,
    SUITE,
    TOO_LATE,
    WRONG,
    categories,
    cause_of,
)
from support.reporting.recording.scenario_record import SUFFIX
from support.reporting.report.results import read_run
from support.tests.reporting.records import conflict


def write_result(folder: Path, uuid: str, record: dict[str, Any] | None = None, **values: Any) -> None:
    result = {"uuid": uuid, "name": "A", "status": "passed", "stop": 10, "fullName": "f#A", **values}
    (folder / f"{uuid}-result.json").write_text(json.dumps(result))
    if record:
        (folder / f"{uuid}{SUFFIX}").write_text(json.dumps({**record, "uuid": uuid}))


@pytest.mark.parametrize(
    ("status", "message", "cause"),
    [
        ("passed", "", ""),
        ("skipped", "simulated_only", ""),
        ("failed", "USER#a / ORDER#b: wrong: eu-west-1 went back to an older version\nmore", WRONG),
        ("failed", "USER#a / ORDER#b: not yet after 180.0 s: eu-west-1 still without the last write\nmore", TOO_LATE),
        ("failed", "20 of 20 items did not appear within 120 s", TOO_LATE),
        ("failed", "half of the items from a to b took 3.00 s or more, not less than 2 s", TOO_LATE),
        ("broken", "support.verdicts.errors.InconclusiveError: the writes overlapped", ENVIRONMENT),
        ("broken", "pytest_bdd.exceptions.StepDefinitionNotFoundError: nobody knows what", SUITE),
        ("broken", "TypeError: 'NoneType' object is not subscriptable", SUITE),
        ("broken", INTERRUPTED, INCOMPLETE),
    ],
)
def test_label_and_categories_of_allure_2_name_the_kind_of_trouble(status: str, message: str, cause: str) -> None:
    assert cause_of(status, message) == cause
    found = [each["name"] for each in categories() if each["matchedStatuses"] == [status]
             and re.fullmatch(str(each["messageRegex"]), message)]  # fmt: skip
    assert found == ([cause] if cause else [])


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a-result.json").write_text("{")
    with pytest.raises(ReportError, match=r"a-result\.json can't be read"):
        read_run(tmp_path)


def test_a_record_of_another_version_is_refused(tmp_path: Path) -> None:
    write_result(tmp_path, "a", {**conflict(), "schema": 0})
    with pytest.raises(ReportError, match="of another version of this suite"):
        read_run(tmp_path)


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
        write_result(tmp_path, f"{number}", record)
    assert [result.record["node_id"] for result in read_run(tmp_path).results] == ["4", "3", "1", "2", "0"]


def test_the_mode_is_that_of_the_labels_and_what_is_read_is_masked(tmp_path: Path) -> None:
    details = {"message": "arn:aws:iam::123456789012:user/ada is not authorized"}
    mode = {"name": "mode", "value": "live"}
    write_result(tmp_path, "a", status="broken", statusDetails=details, labels=[mode])
    run = read_run(tmp_path)
    assert run.mode == "live"
    assert "123456789012" not in run.results[0].message
