"""A run that did not come to its end leaves a record that says so, and no result of an earlier run."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.reporting.report.results import Run, read_run

ROOT = Path(__file__).parents[3]

CONFTEST = """
pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin", "steps_here"]
"""

STEPS = """
import os
from pytest_bdd import then

@then("it passes")
def _(): ...

@then("somebody presses Ctrl-C")
def _():
    raise KeyboardInterrupt

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
    project.runpytest_subprocess("-p", "no:randomly", "--alluredir=results", *options)
    return read_run(project.path / "results")


def statuses(run: Run) -> dict[str, str]:
    return {result.name: result.status for result in run.results}


def record(project: pytest.Pytester) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((project.path / "results" / "run.json").read_text())
    return values


def test_a_run_that_came_to_its_end_has_no_problem(project: pytest.Pytester) -> None:
    made = run(project, "it passes")
    assert made.problems == []
    assert made.missing == []
    assert record(project)["exit_status"] == 0


def test_a_failure_is_no_reason_to_call_a_run_incomplete(project: pytest.Pytester) -> None:
    assert run(project, "it fails").problems == []
    assert record(project)["exit_status"] == 1


def test_an_interrupted_scenario_is_among_those_without_a_result_and_counts_once(project: pytest.Pytester) -> None:
    made = run(project, "somebody presses Ctrl-C")
    assert statuses(made) == {"A": "passed"}
    assert len(made.results) + len(made.missing) == len(made.known["collected"]) == 3


def test_an_interrupted_scenario_does_not_pass_in_what_allure_reads(project: pytest.Pytester) -> None:
    run(project, "somebody presses Ctrl-C")
    files = [json.loads(path.read_text()) for path in (project.path / "results").glob("*-result.json")]
    [interrupted] = [values for values in files if values["name"] == "B"]
    assert interrupted["status"] == "broken"
    assert "interrupted" in interrupted["statusDetails"]["message"]
    assert {"name": "feature", "value": "A few"} in interrupted["labels"]
    assert {"name": "mode", "value": "simulated"} in interrupted["labels"]


def test_an_interrupted_run_says_so_and_names_what_is_missing(project: pytest.Pytester) -> None:
    made = run(project, "somebody presses Ctrl-C")
    assert "the run did not come to its end: it was interrupted" in made.problems
    assert [test.partition("::")[2] for test in made.missing] == ["B", "C"]


def test_the_test_of_a_crashed_worker_is_missing_and_the_others_are_kept(project: pytest.Pytester) -> None:
    made = run(project, "its process crashes", "-n1")
    assert statuses(made) == {"A": "passed", "C": "passed"}
    assert [test.partition("::")[2] for test in made.missing] == ["B"]
    assert any("1 of 3 tests has no result" in problem for problem in made.problems)


def test_a_run_that_was_killed_never_came_to_its_end(project: pytest.Pytester) -> None:
    made = run(project, "its process crashes")
    assert "the run was killed, or is still going on: it never came to its end" in made.problems
    assert [test.partition("::")[2] for test in made.missing] == ["B", "C"]


def test_a_run_that_stops_at_the_first_failure_says_so(project: pytest.Pytester) -> None:
    made = run(project, "it fails", "-x")
    assert any("stopped early" in problem for problem in made.problems)
    assert [test.partition("::")[2] for test in made.missing] == ["C"]


def test_results_without_a_record_of_their_run_are_not_trusted(project: pytest.Pytester) -> None:
    run(project, "it passes")
    (project.path / "results" / "run.json").unlink()
    assert read_run(project.path / "results").problems


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=" ".join)
def test_results_of_an_earlier_run_are_gone(project: pytest.Pytester, options: tuple[str, ...]) -> None:
    run(project, "it fails")
    made = run(project, "it passes", *options)
    assert statuses(made) == {"A": "passed", "B": "passed", "C": "passed"}
    assert not made.retries


def test_files_of_others_in_the_folder_stay(project: pytest.Pytester) -> None:
    (project.path / "results").mkdir()
    note = project.path / "results" / "note-result.json.txt"
    note.write_text("mine")
    run(project, "it passes")
    assert note.read_text() == "mine"
