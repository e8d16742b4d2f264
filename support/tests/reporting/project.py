"""A small project of features, run with the Allure bridge, and its results read back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

CONFTEST = """
import threading
from uuid import uuid4

import allure
import allure_commons
import pytest
from pytest_bdd import given, parsers, then, when

from support.verdicts.findings import Finding, Findings

pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin"]

def pytest_addoption(parser):
    parser.addoption("--mode", default="simulated")

def pytest_bdd_step_error(request):
    request.getfixturevalue("findings").add(Finding("note", "cause: replica missing"))

@pytest.fixture
def findings():
    return Findings()

@pytest.fixture
def _private():
    yield

@pytest.fixture
def order(_private):
    yield {}

@pytest.fixture(autouse=True)
def region(request):
    if request.node.get_closest_marker("no_region"):
        raise ConnectionError("no such region")

@given("an order")
def _(order): ...

@when("the partners update it:")
@when("the order is")
@when("somebody notes")
@then("it passes")
@then(parsers.parse("{region} has {count:d} orders"))
def _(): ...

@then("partner B has won")
def _(findings):
    findings.add(Finding("conflict", "B won, because it wrote last", (("winner", "B"), ("run", uuid4().hex))))

@then("it fails")
def _(findings):
    findings.add(Finding("note", "Nobody won"))
    with allure.step("looked at eu-west-1"):
        assert 1 == 2, "the regions differ"

@then("it breaks")
def _():
    raise TimeoutError("no answer")

@then("it is given up")
def _(findings):
    findings.add(Finding("note", "Not worth it"))
    pytest.skip("not today")

@pytest.fixture
def late():
    return None

@when(parsers.parse("{name} probes side by side"))
def _(name, late):
    def probe():
        with allure.step(f"probe of {name}"):
            allure.attach("0.8 s", "delay")
    threads = [threading.Thread(target=probe) for _ in range(3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""

CONFLICTS = '''
@epic:Conflict_resolution @severity:minor
Feature: Exercise 3: conflict resolution
  Two partners change one order.

  Background:
    Given an order

  Scenario Outline: Orders of <region>
    Then <region> has <count> orders

    Examples:
      | region | count |
      | eu     | 1     |
      | us     | 2     |

  Rule: The last update wins
    The other one is dropped whole.

    @conflict @claim:E3.2 @severity:critical @owner:qa_team @issue:GT-1
    Scenario: Ireland writes later
      The example of the page.

      When the partners update it:
        | partner | at       |
        | A       | 15:40:00 |
      And the order is
        """json
        {"total_amount": 200}
        """
      And somebody notes
        """
        seen by hand
        """
      Then partner B has won
      And it passes
'''

MISHAPS = """
Feature: Mishaps

  Scenario: Wrong
    Given an order
    Then it fails
    And it passes

  Scenario: Broken
    Then it breaks
    And it passes

  Scenario: Undefined
    Given an order
    When nobody knows what
    Then it passes

  Scenario: Given up
    Then it is given up
    And it passes

  @skip
  Scenario: Not for this target
    When the partners update it:
      | partner |
      | A       |
    Then it passes

  @xfail
  Scenario: Known to be wrong
    Then it fails
    And it passes

  @no_region
  Scenario: No region
    Given an order
    Then it passes

  Scenario: Threads
    When the first probes side by side
    And the second probes side by side
    Then it passes
"""

PYTEST_INI = """
[pytest]
markers =
    conflict
    no_region
filterwarnings = error
addopts = --strict-markers -p no:randomly
"""


class Results:
    """What a run has written, read back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tests: list[dict[str, Any]] = [json.loads(path.read_text()) for path in folder.glob("*-result.json")]
        self.containers: list[dict[str, Any]] = [
            json.loads(path.read_text()) for path in folder.glob("*-container.json")
        ]

    def test(self, name: str) -> dict[str, Any]:
        """The only result of this name."""
        return only(name, self.tests)

    def steps(self, name: str) -> list[tuple[str, str]]:
        """The titles of the steps of a scenario, with their statuses."""
        return [(step["name"], step["status"]) for step in self.test(name)["steps"]]

    def step(self, scenario: str, title: str) -> dict[str, Any]:
        """The step of this title."""
        return only(title, self.test(scenario)["steps"])

    def labels(self, name: str, kind: str) -> list[str]:
        """The values of the labels of one kind."""
        return [label["value"] for label in self.test(name)["labels"] if label["name"] == kind]

    def attachment(self, step: dict[str, Any]) -> tuple[str, str, str]:
        """Name, media type and text of the only attachment."""
        [attachment] = step["attachments"]
        return attachment["name"], attachment["type"], (self.folder / attachment["source"]).read_text()

    def fixtures(self, name: str, when: str) -> list[str]:
        """What "Set up" (befores) or "Tear down" (afters) shows of a scenario."""
        uuid = self.test(name)["uuid"]
        groups = [group for group in self.containers if uuid in group.get("children", [])]
        return [fixture["name"] for group in groups for fixture in group.get(when, [])]

    def ids(self) -> set[tuple[str, str, str]]:
        """What Allure recognizes each test by in the next run."""
        return {(test["fullName"], test["testCaseId"], test["historyId"]) for test in self.tests}


def only(name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """The only one of this name."""
    found = [each for each in results if each["name"] == name]
    assert len(found) == 1, [each["name"] for each in results]
    return found[0]


def values(result: dict[str, Any]) -> dict[str, str]:
    """The parameters of a result or of a step."""
    return {parameter["name"]: parameter["value"] for parameter in result.get("parameters", [])}


def write_project(folder: Path) -> Path:
    """A project that uses the bridge as ours does, with a scenario for everything that can happen to one."""
    files = {
        "conftest.py": CONFTEST,
        "pytest.ini": PYTEST_INI,
        "stories/conflicts.feature": CONFLICTS,
        "stories/mishaps.feature": MISHAPS,
        "test_plain.py": "def test_plain(): ...\n",
    }
    (folder / "stories").mkdir()  # Not "features", for those are linted, and undefined steps refused.
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def run(project: Path, *options: str, **environment: str) -> str:
    """Run the project in a process of its own, for Allure keeps its state in the process; what it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "ALLURE_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=project,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout
