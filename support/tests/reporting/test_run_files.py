"""What the report says of the run as a whole."""

import os
import re
from importlib.metadata import version

import pytest

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
from support.reporting.recording.run_files import environment, environment_key, executor_of, write_run_files
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

CONFTEST = """
import pytest
from support.reporting.recording.run_files import environment_key

pytest_plugins = ["support.reporting.plugin"]

def pytest_configure(config):
    config.stash[environment_key] = {"mode": "simulated", "seed": "7", "regions": "a, b"}

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    root = session.config.rootpath
    if hasattr(session.config, "workerinput") and (root / "results/environment.properties").exists():
        (root / "written-by-a-worker").touch()
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile("def test_it(): ...")
    return pytester


def run(project: pytest.Pytester, *options: str) -> dict[str, int]:
    """How many tests of a run ended in which way."""
    done = run_pytest([*LEAN, "--alluredir=results", *options], project.path, os.environ)
    return pytest.RunResult.parse_summary_nouns(done.stdout.splitlines())


def written(project: pytest.Pytester) -> dict[str, str]:
    """The names and values of environment.properties."""
    lines = (project.path / "results" / "environment.properties").read_text().splitlines()
    return dict(line.split(" = ", 1) for line in lines)


def test_the_report_says_what_was_tested_with_what(project: pytest.Pytester) -> None:
    project.makeconftest(CONFTEST)
    assert run(project) == {"passed": 1}
    known = written(project)
    assert known["mode"] == "simulated"
    assert known["seed"] == "7"
    assert known["regions"] == "a, b"
    for package in "pytest", "pytest-bdd", "boto3", "moto", "allure-pytest":
        assert known[package] == version(package)


@pytest.mark.slow
def test_workers_leave_it_to_the_process_that_started_them(project: pytest.Pytester) -> None:
    project.makeconftest(CONFTEST)
    assert run(project, "-n1") == {"passed": 1}
    assert not (project.path / "written-by-a-worker").exists()


def test_a_suite_that_puts_nothing_down_has_its_versions_at_least(pytester: pytest.Pytester) -> None:
    known = environment(pytester.parseconfig())
    assert list(known) == ["python", "pytest", "pytest-bdd", "allure-pytest", "boto3", "moto"]


def test_awkward_values_stay_on_their_line(pytester: pytest.Pytester) -> None:
    config = pytester.parseconfig()
    config.stash[environment_key] = {"the seed": "7\nC:\\x"}
    write_run_files(config, pytester.path)
    lines = (pytester.path / "environment.properties").read_text().splitlines()
    assert lines[0] == r"the\ seed = 7\nC:\\x"


def test_a_run_that_only_collects_writes_nothing(project: pytest.Pytester) -> None:
    project.makeconftest(CONFTEST)
    run(project, "--collect-only")
    assert not list((project.path / "results").iterdir())


def test_a_ci_job_is_named_with_its_address() -> None:
    github = {"GITHUB_RUN_ID": "7", "GITHUB_RUN_NUMBER": "42", "GITHUB_WORKFLOW": "Acceptance",
              "GITHUB_SERVER_URL": "https://github.test", "GITHUB_REPOSITORY": "ada/tables"}  # fmt: skip
    assert executor_of(github) == {
        "type": "github",
        "name": "GitHub Actions",
        "buildName": "Acceptance #42",
        "buildUrl": "https://github.test/ada/tables/actions/runs/7",
        "buildOrder": 42,
    }
    assert executor_of({"HOME": "/root"}) == {}


MESSAGES = [
    ("failed", "USER#a / ORDER#b: wrong: eu-west-1 went back to an older version\nmore", WRONG),
    ("failed", "USER#a / ORDER#b: not yet after 180.0 s: eu-west-1 still without the last write\nmore", TOO_LATE),
    ("broken", "the writes overlapped, so that the last one is not known", ENVIRONMENT),
    ("broken", "TypeError: 'NoneType' object is not subscriptable", SUITE),
    ("broken", INTERRUPTED, INCOMPLETE),
]


@pytest.mark.parametrize(("status", "message", "cause"), MESSAGES, ids=[each[2] for each in MESSAGES])
def test_categories_of_allure_2_say_the_same_as_the_label(status: str, message: str, cause: str) -> None:
    assert cause_of(status, message) == cause
    found = [each["name"] for each in categories() if each["matchedStatuses"] == [status]
             and re.fullmatch(str(each["messageRegex"]), message)]  # fmt: skip
    assert found == [cause]
