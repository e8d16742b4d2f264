"""What a reader of the Allure report sees of scenarios that pass, fail, break and never start: one run of them all."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.tests.suite_runs import ROOT, allure_results, pytest_run

pytestmark = pytest.mark.slow

CONFTEST = """
from uuid import uuid4

import pytest
from pytest_bdd import given, parsers, then, when

from support.verdicts.findings import Note

pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin"]

def pytest_bdd_step_error(request):
    request.getfixturevalue("findings").append(Note("cause: replica missing"))

@pytest.fixture
def order():
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
    findings.append(Note("B won, because it wrote last", (("winner", "B"), ("run", uuid4().hex))))

@then("it fails")
def _(findings):
    findings.append(Note("Nobody won"))
    assert 1 == 2, "the regions differ"

@then("it breaks")
def _():
    raise TimeoutError("no answer")

"""

CONFLICTS = '''
@exercise_3
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

    @conflict @claim:E3.2
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

  @skip
  Scenario: Not for this target
    Given an order
    Then it passes

  @xfail
  Scenario: Known to be wrong
    Then it fails
    And it passes

  @no_region
  Scenario: No region
    Given an order
    Then it passes
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that uses the bridge as ours does, with a scenario for everything that can happen to one."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "stories").mkdir()  # Not "features", for those are linted, and undefined steps refused.
    (folder / "stories" / "conflicts.feature").write_text(CONFLICTS)
    (folder / "stories" / "mishaps.feature").write_text(MISHAPS)
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n conflict\n exercise_3\n no_region\naddopts = -W error")
    (folder / "test_plain.py").write_text("def test_plain(): ...")
    return folder


class Results:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tests = allure_results(folder)

    def test(self, name: str) -> dict[str, Any]:
        return only(name, self.tests)

    def step(self, scenario: str, title: str) -> dict[str, Any]:
        return only(title, self.test(scenario)["steps"])

    def ids(self) -> set[tuple[str, str, str]]:
        """What Allure recognizes each test by in the next run."""
        return {(test["fullName"], test["testCaseId"], test["historyId"]) for test in self.tests}


def only(name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    [found] = [each for each in results if each["name"] == name]
    return found


def run(project: Path, *options: str, **environment: str) -> list[str]:
    """Run the project in a process of its own, for Allure keeps its state in the process; the tests it has listed."""
    ran = pytest_run(*options, folder=project, PYTHONPATH=str(ROOT), **environment)
    assert ran.code in (0, 1), ran.lines
    return [line for line in ran.lines if "::" in line]


@pytest.fixture(scope="module")
def results(project: Path) -> Results:
    run(project, "--alluredir=first", "-n1", PYTHONHASHSEED="1")  # a worker has an interpreter of its own
    return Results(project / "first")


LATER = "Ireland writes later"


def test_a_row_of_an_outline_is_titled_with_its_values_which_are_parameters_without_quotes(results: Results) -> None:
    assert results.test("Orders of us")["steps"][-1]["name"] == "Then us has 2 orders"
    parameters = results.test("Orders of us")["parameters"]
    assert [(each["name"], each["value"]) for each in parameters] == [("region", "us"), ("count", "2")]
    assert not results.test(LATER).get("parameters")


def test_the_description_is_the_text_of_the_feature_file_and_the_place_in_it(results: Results) -> None:
    assert results.test(LATER)["description"].split("\n\n") == [
        "Two partners change one order.",
        "The other one is dropped whole.",
        "The example of the page.",
        "`stories/conflicts.feature:21`",
    ]
    html = results.test(LATER)["descriptionHtml"]
    for words in ("Two partners change one order.", "When the partners update it:", ">15:40:00</td>", "seen by hand"):
        assert words in html


@pytest.mark.parametrize(
    ("scenario", "kind", "found"),
    [
        (LATER, "feature", ["Exercise 3: conflict resolution"]),
        (LATER, "story", ["The last update wins"]),
        ("Orders of eu", "story", ["Orders of <region>"]),
        (LATER, "epic", ["1 Exercises"]),
        (LATER, "tag", ["conflict", "exercise_3"]),
        ("Wrong", "cause", ["not as documented"]),
        ("Undefined", "cause", ["Suite"]),
        (LATER, "cause", []),
        ("test_plain", "mode", ["simulated"]),
    ],
)
def test_labels_group_scenarios_and_tell_the_kind_of_trouble(
    results: Results, scenario: str, kind: str, found: list[str]
) -> None:
    labels = results.test(scenario)["labels"]
    assert [label["value"] for label in labels if label["name"] == kind] == found


def test_a_claim_links_to_the_published_page(results: Results) -> None:
    [page] = results.test(LATER)["links"]
    assert page["url"].endswith("/3.3-multi-region-operations/#step-2-simultaneous-updates-advanced")


def test_steps_carry_their_keywords_and_those_of_the_background_come_first(results: Results) -> None:
    titles = [step["name"] for step in results.test(LATER)["steps"]]
    assert titles[:3] == ["Given an order", "When the partners update it:", "And the order is"]


@pytest.mark.parametrize(
    ("scenario", "status", "steps"),
    [
        (LATER, "passed", ["passed"] * 6),
        ("Wrong", "failed", ["passed", "failed", "skipped"]),
        ("Broken", "broken", ["broken", "skipped"]),
        ("Undefined", "broken", ["passed", "broken", "skipped"]),
        ("Not for this target", "skipped", ["skipped", "skipped"]),
        ("Known to be wrong", "skipped", ["failed", "skipped"]),
        ("No region", "broken", ["skipped", "skipped"]),
    ],
)
def test_scenarios_and_steps_have_the_status_they_ended_with(
    results: Results, scenario: str, status: str, steps: list[str]
) -> None:
    found = results.test(scenario)
    assert found["status"] == status
    assert [step["status"] for step in found["steps"]] == steps
    assert all(0 < step["start"] <= step["stop"] for step in found["steps"])


@pytest.mark.parametrize(
    ("scenario", "step", "attachment"),
    [
        (LATER, "When the partners update it:", ("Data table", "text/csv", "partner,at\nA,15:40:00\n")),
        (LATER, "And the order is", ("Doc string", "application/json", '{"total_amount": 200}')),
        (LATER, "And somebody notes", ("Doc string", "text/plain", "seen by hand")),
    ],
)
def test_tables_and_doc_strings_are_attached_to_their_steps(
    results: Results, scenario: str, step: str, attachment: tuple[str, str, str]
) -> None:
    [found] = results.step(scenario, step)["attachments"]
    assert (found["name"], found["type"], (results.folder / found["source"]).read_text()) == attachment


def test_a_finding_is_shown_under_the_step_that_found_it(results: Results) -> None:
    [finding] = results.step(LATER, "Then partner B has won")["steps"]
    assert finding["name"] == "B won, because it wrote last"
    assert {"name": "winner", "value": "B"}.items() <= finding["parameters"][0].items()
    assert "steps" not in results.step(LATER, "And it passes")
    failed = results.step("Wrong", "Then it fails")["steps"]
    assert [each["name"] for each in failed] == ["Nobody won", "cause: replica missing"]


def test_a_message_begins_with_what_is_wrong_and_python_code_is_left_to_the_test_as_a_whole(results: Results) -> None:
    step = results.step("Wrong", "Then it fails")["statusDetails"]
    assert "the regions differ" in step["message"]
    assert "trace" not in step
    whole = results.test("Wrong")["statusDetails"]
    assert whole["message"].startswith("not as documented: the regions differ")
    assert "trace" in whole
    assert results.test("Broken")["statusDetails"]["message"] == "Environment: no answer"
    assert "allure_bridge" not in results.test("No region")["statusDetails"]["trace"]


def test_of_the_fixtures_only_one_that_fails_is_shown(results: Results) -> None:
    containers = [json.loads(path.read_text()) for path in results.folder.glob("*-container.json")]
    [shown] = [each for each in containers if each.get("befores") or each.get("afters")]
    assert results.test("No region")["uuid"] in shown["children"]
    assert [each["name"] for each in shown["befores"]] == ["region"]


def test_a_test_is_recognized_in_another_run_in_other_processes(project: Path, results: Results) -> None:
    run(project, "--alluredir=second", "-n1", PYTHONHASHSEED="2")
    assert len(results.ids()) == 10
    assert Results(project / "second").ids() == results.ids()


@pytest.mark.parametrize(
    ("options", "selected"),
    [
        (["--allure-stories=The last update wins"], ["stories/conflicts.feature::Ireland writes later"]),
        (["-k", "link or Broken"], ["stories/mishaps.feature::Broken"]),  # links are no keywords
    ],
)
def test_labels_select_scenarios_even_without_a_report(project: Path, options: list[str], selected: list[str]) -> None:
    assert run(project, "--collect-only", "-q", *options) == selected
