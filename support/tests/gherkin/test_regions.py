"""The page's regions in the text of a scenario, replaced by those of the run."""

from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate

from support.gherkin.regions import in_words_of_run, rename_regions, renamed_regions

FEATURE = """
Feature: Orders
  From us-east-1.

  Scenario: No rule
    Given an order

  Rule: us-east-1 before eu-west-1
    Of us-east-1.

    Scenario Outline: <winner> wins over us-east-1
      In us-east-1.

      Given an order in us-east-1
        | region    | other     |
        | us-east-1 | eu-west-1 |
      When nothing is said
        \"\"\"
        {"region": "us-east-1"}
        \"\"\"

      Examples:
        | winner    |
        | us-east-1 |
"""
RENAMED = {"us-east-1": "us-west-2"}
EXCHANGED = {"us-east-1": "eu-west-1", "eu-west-1": "us-east-1"}


@pytest.fixture
def feature(tmp_path: Path) -> Feature:
    (tmp_path / "orders.feature").write_text(FEATURE)
    return get_feature(str(tmp_path), "orders.feature")


def rendered(feature: Feature, renamed: dict[str, str]) -> tuple[ScenarioTemplate, Scenario]:
    """The scenario of the rule, as it is written and as it runs."""
    template = list(feature.scenarios.values())[-1]
    rename_regions(template, renamed)
    return template, template.render({"winner": "us-east-1"})


def test_every_text_in_and_around_a_scenario_names_the_regions_of_the_run(feature: Feature) -> None:
    template, scenario = rendered(feature, RENAMED)
    assert scenario.name == "us-west-2 wins over us-west-2"
    given, when = scenario.steps
    assert given.name == "an order in us-west-2"
    assert given.datatable is not None
    cells = [[cell.value for cell in row.cells] for row in given.datatable.rows]
    assert cells == [["region", "other"], ["us-west-2", "eu-west-1"]]
    assert (given.docstring, when.docstring) == (None, '{"region": "us-west-2"}')
    assert template.description == "In us-west-2."
    assert template.feature.description == "From us-west-2."
    assert template.rule is not None
    assert (template.rule.name, template.rule.description.strip()) == ("us-west-2 before eu-west-1", "Of us-west-2.")


def test_a_scenario_is_renamed_once_however_often_it_is_collected(feature: Feature) -> None:
    rendered(feature, EXCHANGED)
    assert rendered(feature, EXCHANGED)[1].name == "eu-west-1 wins over eu-west-1"


def test_a_scenario_in_no_rule_is_renamed_too(feature: Feature) -> None:
    template = next(iter(feature.scenarios.values()))
    rename_regions(template, RENAMED)
    assert template.feature.description == "From us-west-2."


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        (("us-east-1", "eu-west-1"), "From N. Virginia (us-east-1) to Ireland: Virginia writes in us-east-1"),
        (("eu-central-1", "eu-west-1"), "From eu-central-1 to Ireland: eu-central-1 writes in eu-central-1"),
        (("eu-west-1", "us-east-1"), "From Ireland (eu-west-1) to N. Virginia: Ireland writes in eu-west-1"),
    ],
)
def test_the_names_of_the_page_s_regions_go_with_them(regions: tuple[str, str], said: str) -> None:
    text = "From N. Virginia (us-east-1) to Ireland: Virginia writes in us-east-1"
    assert in_words_of_run(text, renamed_regions(regions)) == said
