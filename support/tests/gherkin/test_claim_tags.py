"""The lint of the tags that join scenarios and claims: the features have none of these findings."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from support.gherkin.claim_tags import claim_problems
from support.gherkin.lint import lint as lint_all
from support.gherkin.problem import Problem
from support.gherkin.specification import read_features
from support.page.page_map import Claim, PageMap, PageSection, page_map
from support.page.scenarios import BEYOND
from support.tests.gherkin.lint_project import DECLARED, Project
from support.tests.suite_runs import ROOT


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


PAGE = PageMap(
    title="Page",
    url="https://example.com",
    pictures=0,
    sections=(
        PageSection(
            "Exercise",
            2,
            "exercise",
            (),
            (
                Claim("It waits.", "Exercise", id="E1.1", shown_by=("it waits", "for a while")),
                Claim("It wins.", "Exercise", id="E1.2"),
                Claim("Search for it.", "Exercise", id="E1.4", done_with="E1.1"),
                Claim("A picture.", "Exercise", id="E1.5", untestable="it is a picture"),
            ),
        ),
    ),
)
"""A page of four claims, whose ids are in claims.toml too: a finding about a claim points at its line there."""

SHOWN = """
    @claim:E1.1 @claim:E1.2
    Scenario: A
      When it waits 1 s
      Then "eu" wins
"""


def findings(project: Project, scenarios: str) -> list[str]:
    """What the lint of the claims says of a feature that is held against `PAGE`."""
    (project.features / "good.feature").unlink()
    project.write_scenario(scenarios)
    written, problems = read_features(project.features)
    assert not problems
    return [str(each) for each in claim_problems(written, PAGE)]


def test_a_claim_is_shown_by_the_words_of_its_steps_or_by_a_then(project: Project) -> None:
    assert findings(project, SHOWN) == []


def test_tags_of_the_rule_and_of_the_feature_count_for_each_of_their_scenarios(project: Project) -> None:
    text = """
        Rule: R
          Scenario: A
            When it waits 1 s
            Then "eu" wins
    """
    path = project.features / "other.feature"
    project.write_scenario(text.replace("Rule", "@claim:E1.2\n        Rule"))
    path.write_text("@claim:E1.1\n" + path.read_text("utf-8"))
    written, _ = read_features(project.features)
    assert claim_problems(written[1:], PAGE) == []


@pytest.mark.parametrize(
    ("tags", "finding"),
    [
        ("", '2: the scenario "B" shows no claim of the page; add @claim:ID of claims.toml, or @beyond_the_page'),
        (
            "@claim:E1.2 @claim:E1.1\n@beyond_the_page",
            "3: @beyond_the_page at a scenario that shows E1.2, E1.1; keep one of the two",
        ),
        (
            "@claim:E9.9",
            "2: @claim:E9.9: the page has no such claim; use an id of claims.toml, or add the claim there",
        ),
        (
            "@claim:E1.5",
            "2: @claim:E1.5: it can't be tested (it is a picture); leave it out, or delete the reason in claims.toml",
        ),
        (
            "@claim:E1.4",
            "2: @claim:E1.4: it is done with E1.1, whose scenarios stand for it; leave it out",
        ),
    ],
)
def test_a_tag_that_cannot_be_is_refused(project: Project, tags: str, finding: str) -> None:
    scenario = f'{tags}\nScenario: B\n  When it waits 1 s\n  Then "eu" wins\n'
    assert findings(project, scenario + dedent(SHOWN)) == [f"features/other.feature:{finding}"]


@pytest.mark.parametrize(
    ("claim", "words"), [("E1.1", 'none says "it waits" or "for a while"'), ("E1.2", "none says a Then")]
)
def test_a_claim_that_no_step_of_its_scenario_shows_is_named(project: Project, claim: str, words: str) -> None:
    scenario = f"@claim:{claim}\nScenario: B\n  Given an order\n"
    assert findings(project, scenario + dedent(SHOWN)) == [
        f"features/other.feature:2: @claim:{claim}: no step shows it: {words}; "
        "leave it out, or correct shown_by in claims.toml"
    ]


def test_a_claim_that_no_scenario_shows_is_named_with_what_is_done_with_it(project: Project) -> None:
    first, second = findings(project, SHOWN.replace("@claim:E1.1 ", ""))
    cure = "tag a scenario with @claim:E1.1, or give a reason here"
    assert first.endswith(f': no scenario shows E1.1, "It waits."; {cure}')
    assert second.endswith(f": E1.4 is done with E1.1, which no scenario shows; {cure}")


def test_a_scenario_of_the_features_without_a_claim_has_to_be_marked(features: Path) -> None:
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


def test_only_a_project_that_transcribes_the_page_is_held_to_it(project: Project) -> None:
    assert lint_all(project.features, project.package, DECLARED) == []
    assert len(lint_all(project.features, project.package, {*DECLARED, BEYOND})) > 50
