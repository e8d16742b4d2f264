"""What is read back from a folder of results, and what kind of trouble each test is in."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.reporting.error import ReportError
from support.reporting.recording.cause import ENVIRONMENT, SUITE, categories, cause_of, plain_message
from support.reporting.recording.scenario_record import SUFFIX
from support.reporting.report.results import read_run
from support.tests.reporting.records import conflict
from support.verdicts.errors import InconclusiveError, NotArrivedError, WrongVersionError


def write_result(folder: Path, uuid: str, record: dict[str, Any] | None = None, **values: Any) -> None:
    result = {"uuid": uuid, "name": "A", "status": "passed", "stop": 10, "fullName": "f#A", **values}
    (folder / f"{uuid}-result.json").write_text(json.dumps(result))
    if record:
        (folder / f"{uuid}{SUFFIX}").write_text(json.dumps({**record, "uuid": uuid}))


@pytest.mark.parametrize(
    ("error", "cause", "says"),
    [
        (WrongVersionError("eu-west-1 went back to an older version"), "wrong version kept", "eu-west-1 went back"),
        (NotArrivedError("eu-west-1 still without the last write"), "did not arrive", "eu-west-1 still without"),
        (AssertionError("us-east-1 should refuse it"), "not as documented", "us-east-1 should refuse it"),
        (InconclusiveError("the writes overlapped"), ENVIRONMENT, "the writes overlapped"),
        (TypeError("'NoneType' object is not subscriptable"), SUITE, "TypeError: 'NoneType' object"),
    ],
)
def test_the_class_of_an_exception_tells_the_kind_of_trouble(error: Exception, cause: str, says: str) -> None:
    message = f"{cause_of(error)}: {plain_message(error)}"
    assert message.startswith(f"{cause}: {says}")
    assert [each["name"] for each in categories() if re.fullmatch(str(each["messageRegex"]), message)] == [cause]


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
