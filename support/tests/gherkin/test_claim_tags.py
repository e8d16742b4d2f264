"""The lint of the tags that join scenarios and claims: the features have none of these findings."""

import re
from pathlib import Path

import pytest

from support.gherkin.claim_tags import claim_problems
from support.gherkin.lint import lint as lint_all
from support.gherkin.problem import Problem
from support.gherkin.specification import read_features
from support.page.page_map import page_map
from support.page.scenarios import BEYOND
from support.tests.gherkin.lint_project import DECLARED, Project
from support.tests.reporting.project import ROOT


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A copy of the features."""
    for path in (ROOT / "features").glob("*.feature"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return tmp_path


def edited(features: Path, feature: str, old: str, new: str) -> list[Problem]:
    """What the lint says after a replacement in a feature."""
    [path] = features.glob(f"{feature}*")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return lint(features)


def lint(features: Path) -> list[Problem]:
    """What the lint of the claims says."""
    written, problems = read_features(features)
    assert not problems
    return claim_problems(written, page_map())


def test_the_features_show_every_claim_that_can_be_tested(features: Path) -> None:
    assert lint(features) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("@claim:E1.5 ", "@claim:E1.5 @claim:E9.9 ", "@claim:E9.9: the page has no such claim"),
        ("@claim:E1.5 ", "@claim:E1.5 @claim:E1.2 ", "@claim:E1.2: it can't be tested (a picture of the console"),
        ("@claim:E1.5 ", "@claim:E1.5 @claim:E1.16 ", "@claim:E1.16: it is done with E1.4"),
        ("@claim:E1.5 ", "@claim:E1.5 @claim:E3.2 ", '@claim:E3.2: no step shows it: none says "within 10 seconds"'),
        ("@claim:E1.5 ", "@claim:E1.5 @beyond_the_page ", "@beyond_the_page at a scenario that shows E1.5"),
    ],
)
def test_a_tag_that_cannot_be_is_refused(old: str, new: str, text: str, features: Path) -> None:
    [problem] = edited(features, "exercise_1", old, new)
    assert text in problem.text
    assert problem.path.name.startswith("exercise_1")


def test_a_scenario_without_a_claim_has_to_be_marked(features: Path) -> None:
    [problem] = edited(features, "scenario_3", "@beyond_the_page @simulated_only", "@simulated_only")
    assert problem.text == (
        'the scenario "A payment that comes before the order is refused, and succeeds after it has arrived" '
        "shows no claim of the page"
    )


def test_a_claim_without_a_scenario_has_to_have_a_reason(features: Path) -> None:
    problems = edited(features, "exercise_1", "@claim:E1.8 ", "")
    [problem] = problems
    assert re.search(r"claims.toml:\d+: no scenario shows E1.8", str(problem))
    assert problem.path.read_text("utf-8").splitlines()[problem.line - 1] == 'id = "E1.8"'


def test_an_instruction_whose_scenario_is_gone_is_named(features: Path) -> None:
    problems = [each.text for each in edited(features, "exercise_1", "@claim:E1.4 ", "")]
    assert "E1.16 is done with E1.4, which no scenario shows" in problems
    assert 'no scenario shows E1.4, "Search for your user:"' in problems


def test_only_a_project_that_transcribes_the_page_is_held_to_it(project: Project) -> None:
    assert lint_all(project.features, project.package, DECLARED) == []
    assert len(lint_all(project.features, project.package, {*DECLARED, BEYOND})) > 50
