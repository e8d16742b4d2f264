"""A small project of features, run with the Allure bridge."""

import os
from pathlib import Path

from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

CONFTEST = """
import threading
from uuid import uuid4

import allure
import allure_commons
import pytest
from pytest_bdd import given, parsers, then, when

from support.verdicts.findings import Finding, Findings

pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin"]

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
    done = run_pytest([*LEAN, *options], project, {**inherited, "PYTHONPATH": str(ROOT), **environment})
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout
