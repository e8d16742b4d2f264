"""What is read back from a folder of results, and what kind of trouble each test is in."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.reporting.recording.failures import ENVIRONMENT, SUITE, cause_of, plain_message, status_of
from support.reporting.recording.run_record import categories
from support.reporting.report.run import ReportError, read_run
from support.reporting.scenario_result import SUFFIX, ScenarioResult, counted
from support.tests.reporting.records import RESULT, conflict
from support.verdicts.delays import Delay, Sample
from support.verdicts.errors import InconclusiveError, NotArrivedError, WrongVersionError

IDENTITY: dict[str, Any] = {"node_id": "a::b", "title": "b", "tags": (), "status": "passed"}


def write_result(folder: Path, uuid: str, **values: Any) -> None:
    """The result of a scenario with these values, and an Allure result of the same id."""
    result = json.loads(replace(conflict(), uuid=uuid).to_json())
    (folder / f"{uuid}-result.json").write_text(json.dumps({"uuid": uuid}))
    (folder / f"{uuid}{SUFFIX}").write_text(json.dumps({**result, **values}))


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


def test_only_a_check_that_failed_in_words_is_a_verdict() -> None:
    assert status_of(pytest.fail.Exception("eu failed")) == "failed"
    assert status_of(AssertionError()) == "broken"


def test_the_delay_of_an_item_that_did_not_arrive_is_infinite() -> None:
    finding = Delay.of(Sample("us", "eu", 3.0, None), simulated=True, waited=0.0)
    assert ScenarioResult.of([finding], **IDENTITY).delays == (("us to eu", math.inf),)


def test_a_try_that_shows_nothing_does_not_replace_an_earlier_verdict() -> None:
    nothing = replace(RESULT, stop=RESULT.stop + 1, status="broken", inconclusive=True)
    assert [each.status for each in counted([RESULT, nothing])[0]] == ["passed", "broken"]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a-result.json").write_text("{")
    with pytest.raises(ReportError, match=r"a-result\.json can't be read"):
        read_run(tmp_path)


def test_a_record_of_another_version_is_refused(tmp_path: Path) -> None:
    write_result(tmp_path, "a", schema=0)
    with pytest.raises(ReportError, match="of another version of this suite"):
        read_run(tmp_path)


def test_scenarios_are_in_the_order_of_the_page() -> None:
    places = [("4", "T1", 5), ("1", "E3", 9), ("3", "Performance", 1), ("1", "E3", 2), ("1", "E1", 30)]
    made = [replace(RESULT, part=part, feature=name, line=line, node_id=f"{name}{line}") for part, name, line in places]
    assert [(each.part, each.feature, each.line) for each in counted(made)[0]] == sorted(places)


def test_the_mode_is_that_of_the_results_and_what_is_read_is_masked(tmp_path: Path) -> None:
    message = "arn:aws:iam::123456789012:user/ada is not authorized"
    write_result(tmp_path, "a", status="broken", message=message, mode="live")
    run = read_run(tmp_path)
    assert run.mode == "live"
    assert "123456789012" not in run.results[0].message
