"""The page's regions in the text of a scenario, replaced by those of the run."""

from collections.abc import Iterator

import pytest
from pytest_bdd.parser import FeatureParser, ScenarioTemplate

from support.gherkin.regions import in_words_of_run, rename_regions, renamed_regions
from support.tests.suite_runs import ROOT

EXCHANGED = {"us-east-1": "eu-west-1", "eu-west-1": "us-east-1"}
OF_THE_PAGE = ("us-east-1", "eu-west-1", "Virginia", "Ireland")


def templates() -> Iterator[ScenarioTemplate]:
    """All scenarios of the features, read anew."""
    for path in sorted((ROOT / "features").glob("*.feature")):
        yield from FeatureParser(str(path.parent), path.name).parse().scenarios.values()


def texts(template: ScenarioTemplate) -> Iterator[str]:
    """What is said in and around a scenario."""
    yield from (template.feature.description, template.description)
    if template.rule:
        yield from (template.rule.name, template.rule.description)
    for row in [row for table in template.examples for row in table.as_contexts()] or [{}]:
        scenario = template.render(row)
        yield scenario.name
        for step in scenario.steps:
            yield from (step.name, step.docstring or "")
            yield from (cell.value for each in (step.datatable.rows if step.datatable else ()) for cell in each.cells)


def of_the_page(template: ScenarioTemplate) -> list[str]:
    return [text for text in texts(template) if any(name in text for name in OF_THE_PAGE)]


def test_every_text_in_and_around_a_scenario_names_the_regions_of_the_run() -> None:
    assert any(map(of_the_page, templates()))
    for template in templates():
        rename_regions(template, renamed_regions(("eu-central-1", "ap-south-1")))
        assert of_the_page(template) == []


def test_a_scenario_is_renamed_once_however_often_it_is_collected() -> None:
    template, other = next(templates()), next(templates())
    rename_regions(template, EXCHANGED)
    for _ in range(2):
        rename_regions(other, EXCHANGED)
    assert list(texts(template)) == list(texts(other)) != list(texts(next(templates())))


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
