"""A run that did not come to its end leaves a record that says so, and no result of an earlier run."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from support.reporting.report.run import Run, read_run
from support.tests.suite_runs import ROOT, allure_results, pytest_run

CONFTEST = 'pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin", "steps_here"]'

STEPS = """
import json
import os
from pathlib import Path
from pytest_bdd import parsers, then
from support.verdicts.errors import InconclusiveError

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

@then(parsers.re("it (?P<ends>fails|shows nothing) once"))
def _(ends):
    if not Path("tried").exists():
        Path("tried").touch()
        raise AssertionError("no") if ends == "fails" else InconclusiveError("no conflict came about")

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
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "steps_here.py").write_text(STEPS)
    (tmp_path / "stories").mkdir()
    return tmp_path


def run(project: Path, event: str, *options: str) -> Run:
    """Run three scenarios, of which the second has this for its only step."""
    (project / "stories" / "few.feature").write_text(FEATURE.format(event=event))
    pytest_run("--alluredir=results", *options, folder=project, PYTHONPATH=f"{ROOT}:{project}")
    return read_run(project / "results")


def statuses(run: Run) -> dict[str, str]:
    return {result.title: result.status for result in run.results}


def written(project: Path) -> dict[str, dict[str, Any]]:
    """The results by their names, as any Allure reads them."""
    return {values["name"]: values for values in allure_results(project / "results")}


def test_a_run_that_came_to_its_end_has_no_problem_even_if_it_failed_until_its_results_are_removed(
    project: Path,
) -> None:
    made = run(project, "it fails")
    assert (made.problems, made.missing, statuses(made)) == ([], [], {"A": "passed", "B": "failed", "C": "passed"})
    assert sorted(written(project)) == ["A", "B", "C"]
    assert json.loads((project / "results" / "run.json").read_text())["exit_status"] == 1
    assert f"moto = {version('moto')}" in (project / "results" / "environment.properties").read_text()
    next((project / "results").glob("*-result.json")).unlink()
    assert "1 of 3 tests ended, and the folder does not have their results" in read_run(project / "results").problems
    (project / "results" / "run.json").unlink()
    assert read_run(project / "results").problems


NOT_ENDED = "This run did not come to its end"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "options", "problem", "ended", "lost", "told"),
    [
        ("it is interrupted", (), "it was interrupted", {"A": "passed"}, "BC", "ABC"),
        ("its process crashes", (), "the run was killed", {"A": "passed"}, "BC", "A"),
        ("its process crashes", ("-n1",), "1 of 3 tests has no result", {"A": "passed", "C": "passed"}, "B", "ABC"),
        ("it fails", ("-x",), "stopped early", {"A": "passed", "B": "failed"}, "C", "ABC"),
    ],
    ids=["interrupted", "killed", "a worker killed", "stopped at the first failure"],
)
def test_a_run_that_did_not_come_to_its_end_says_so_and_so_does_any_allure(
    project: Path, event: str, options: tuple[str, ...], problem: str, ended: dict[str, str], lost: str, told: str
) -> None:
    made = run(project, event, *options)
    assert any(problem in each for each in made.problems)
    assert statuses(made) == ended
    assert sorted(test.partition("::")[2] for test in made.missing) == [*lost]
    found = written(project)
    assert sorted(found) == [*told, NOT_ENDED]
    assert {found[name]["status"] for name in (*lost, NOT_ENDED) if name in found} == {"broken"}
    assert problem in found[NOT_ENDED]["statusDetails"]["message"]


@pytest.mark.slow
def test_two_runs_in_one_folder_at_the_same_time_are_told(project: Path) -> None:
    made = run(project, "another run takes the folder")
    assert any("two runs wrote into this folder" in problem for problem in made.problems)


@pytest.mark.slow
def test_a_failure_in_one_worker_is_not_hidden_by_a_pass_in_another(project: Path) -> None:
    made = run(project, "it fails in the first worker", "--dist=each", "-n2")
    assert sorted(result.status for result in made.results) == ["failed", *["passed"] * 5]
    assert any(re.fullmatch(r"B \(run \d of 2 on gw0\)", result.title) for result in made.results)
    assert len({each["historyId"] for each in written(project).values()}) == 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "options", "counted", "replaced"),
    [
        ("it fails once", (), ["failed", "passed", "passed", "passed"], []),
        ("it shows nothing once", ("--only-rerun=InconclusiveError",), ["passed", "passed", "passed"], ["broken"]),
    ],
)
def test_a_rerun_replaces_what_showed_nothing_and_no_verdict(
    project: Path, event: str, options: tuple[str, ...], counted: list[str], replaced: list[str]
) -> None:
    made = run(project, event, "--reruns=1", *options)
    assert sorted(result.status for result in made.results) == counted
    assert [result.status for result in made.retries] == replaced


@pytest.mark.slow
def test_results_of_an_earlier_run_are_gone_and_files_of_others_stay(project: Path) -> None:
    run(project, "it fails")
    note = project / "results" / "00000000-0000-0000-0000-000000000000-result.json.txt"
    note.write_text("mine")
    made = run(project, "it passes", "-n2")
    assert statuses(made) == {"A": "passed", "B": "passed", "C": "passed"}
    assert (made.problems, list(made.retries)) == ([], [])
    assert note.read_text() == "mine"


def test_a_run_that_only_collects_writes_no_results(project: Path) -> None:
    (project / "stories" / "few.feature").write_text(FEATURE.format(event="it passes"))
    pytest_run("--alluredir=results", "--collect-only", folder=project, PYTHONPATH=str(ROOT))
    assert not list((project / "results").iterdir())
