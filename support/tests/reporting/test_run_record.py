"""A run that did not come to its end leaves a record that says so, and no result of an earlier run."""

import json
import os
import re
from typing import Any

import pytest

from support.reporting.report.results import Run, read_run
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

CONFTEST = """
pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin", "steps_here"]
"""

STEPS = """
import json
import os
from pathlib import Path
from pytest_bdd import then
from support.verdicts.errors import InconclusiveError, NoConflictError

@then("it passes")
def _(): ...

@then("it is interrupted")
def _():
    raise KeyboardInterrupt

@then("another run takes the folder")
def _():
    record = Path("results/run.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), "run": "another"}))

@then("it fails in the first worker")
def _():
    assert os.environ["PYTEST_XDIST_WORKER"] != "gw0"

@then("it fails once")
def _():
    assert _again()

@then("it shows nothing once")
def _():
    if not _again():
        raise InconclusiveError("no conflict came about")

@then("it meets no conflict once")
def _():
    if not _again():
        raise NoConflictError("the first had arrived")

def _again():
    mark = Path("tried")
    tried = mark.exists()
    mark.touch()
    return tried

@then("its process crashes")
def _():
    os._exit(9)

@then("it fails")
def _():
    raise AssertionError("no")
"""

FEATURE = """
Feature: A few

  Scenario: A
    Then it passes

  Scenario: B
    Then {event}

  Scenario: C
    Then it passes
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{pytester.path}")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(steps_here=STEPS)
    return pytester


def run(project: pytest.Pytester, event: str, *options: str) -> Run:
    """Run three scenarios, of which the second has this for its only step."""
    (project.path / "stories").mkdir(exist_ok=True)
    (project.path / "stories" / "few.feature").write_text(FEATURE.format(event=event))
    run_pytest([*LEAN, "--alluredir=results", *options], project.path, os.environ)
    return read_run(project.path / "results")


def statuses(run: Run) -> dict[str, str]:
    return {result.name: result.status for result in run.results}


def written(project: pytest.Pytester) -> dict[str, dict[str, Any]]:
    """The results by their names, as any Allure reads them."""
    paths = (project.path / "results").glob("*-result.json")
    return {values["name"]: values for values in (json.loads(path.read_text()) for path in paths)}


def record(project: pytest.Pytester) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((project.path / "results" / "run.json").read_text())
    return values


def test_a_run_that_came_to_its_end_has_no_problem(project: pytest.Pytester) -> None:
    made = run(project, "it passes")
    assert made.problems == []
    assert made.missing == []
    assert record(project)["exit_status"] == 0


@pytest.mark.slow
def test_a_failure_is_no_reason_to_call_a_run_incomplete(project: pytest.Pytester) -> None:
    assert run(project, "it fails").problems == []
    assert record(project)["exit_status"] == 1


@pytest.mark.slow
def test_an_interrupted_run_has_no_verdict_on_what_was_cut_off(project: pytest.Pytester) -> None:
    made = run(project, "it is interrupted")
    assert statuses(made) == {"A": "passed"}
    assert "the run did not come to its end: it was interrupted" in made.problems
    assert sorted(test.partition("::")[2] for test in made.missing) == ["B", "C"]


@pytest.mark.slow
def test_any_allure_sees_that_a_run_was_interrupted_and_what_never_ran(project: pytest.Pytester) -> None:
    run(project, "it is interrupted")
    found = written(project)
    assert {name: each["status"] for name, each in found.items()} == {
        "A": "passed",
        "B": "broken",
        "C": "broken",
        "This run did not come to its end": "broken",
    }
    assert "1 of 3 tests has no result" in found["This run did not come to its end"]["statusDetails"]["message"]
    assert {"name": "feature", "value": "A few"} in found["B"]["labels"]


@pytest.mark.slow
def test_any_allure_sees_that_a_run_was_killed(project: pytest.Pytester) -> None:
    run(project, "its process crashes")
    assert "was killed" in written(project)["This run did not come to its end"]["statusDetails"]["message"]


@pytest.mark.slow
def test_a_run_that_came_to_its_end_takes_that_result_away(project: pytest.Pytester) -> None:
    run(project, "it passes")
    assert sorted(written(project)) == ["A", "B", "C"]


@pytest.mark.slow
def test_two_runs_in_one_folder_at_the_same_time_are_told(project: pytest.Pytester) -> None:
    made = run(project, "another run takes the folder")
    assert any("two runs wrote into this folder" in problem for problem in made.problems)


@pytest.mark.slow
def test_a_failure_in_one_worker_is_not_hidden_by_a_pass_in_another(project: pytest.Pytester) -> None:
    made = run(project, "it fails in the first worker", "--dist=each", "-n2")
    assert sorted(result.status for result in made.results) == ["failed", *["passed"] * 5]
    assert len({result.name for result in made.results}) == 6
    assert any(re.fullmatch(r"B \(run \d of 2 on gw0\)", result.name) for result in made.results)
    assert len({each["historyId"] for each in written(project).values()}) == 6


@pytest.mark.slow
def test_a_rerun_of_a_verdict_does_not_replace_it(project: pytest.Pytester) -> None:
    made = run(project, "it fails once", "--reruns=1")
    assert sorted(result.status for result in made.results) == ["failed", "passed", "passed", "passed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "error"),
    [("it shows nothing once", "InconclusiveError"), ("it meets no conflict once", "NoConflictError")],
)
def test_a_rerun_of_what_showed_nothing_replaces_it(event: str, error: str, project: pytest.Pytester) -> None:
    made = run(project, event, "--reruns=1", f"--only-rerun={error}")
    assert statuses(made) == {"A": "passed", "B": "passed", "C": "passed"}
    assert [result.status for result in made.retries] == ["broken"]


@pytest.mark.slow
def test_the_test_of_a_crashed_worker_is_missing_and_the_others_are_kept(project: pytest.Pytester) -> None:
    made = run(project, "its process crashes", "-n1")
    assert statuses(made) == {"A": "passed", "C": "passed"}
    assert [test.partition("::")[2] for test in made.missing] == ["B"]
    assert any("1 of 3 tests has no result" in problem for problem in made.problems)


def test_a_run_that_was_killed_never_came_to_its_end(project: pytest.Pytester) -> None:
    made = run(project, "its process crashes")
    assert "the run was killed, or is still going on: it never came to its end" in made.problems
    assert [test.partition("::")[2] for test in made.missing] == ["B", "C"]


@pytest.mark.slow
def test_a_run_that_stops_at_the_first_failure_says_so(project: pytest.Pytester) -> None:
    made = run(project, "it fails", "-x")
    assert any("stopped early" in problem for problem in made.problems)
    assert [test.partition("::")[2] for test in made.missing] == ["C"]


@pytest.mark.slow
def test_results_without_a_record_of_their_run_are_not_trusted(project: pytest.Pytester) -> None:
    run(project, "it passes")
    (project.path / "results" / "run.json").unlink()
    assert read_run(project.path / "results").problems


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-n2",)], ids=" ".join)
def test_results_of_an_earlier_run_are_gone(project: pytest.Pytester, options: tuple[str, ...]) -> None:
    run(project, "it fails")
    made = run(project, "it passes", *options)
    assert statuses(made) == {"A": "passed", "B": "passed", "C": "passed"}
    assert not made.retries


@pytest.mark.slow
def test_files_of_others_in_the_folder_stay(project: pytest.Pytester) -> None:
    (project.path / "results").mkdir()
    note = project.path / "results" / "note-result.json.txt"
    note.write_text("mine")
    run(project, "it passes")
    assert note.read_text() == "mine"
