"""Scenarios for tests, from Gherkin."""

from gherkin import Parser
from pytest_bdd.gherkin_parser import GherkinDocument

from support.page.scenarios import FEATURES, WrittenFeature, WrittenScenario


def written(text: str) -> WrittenScenario:
    """The scenario of a text, as if it stood in features/a.feature."""
    document = GherkinDocument.from_dict(Parser().parse(f"Feature: A\n{text}"))
    [scenario] = WrittenFeature(FEATURES / "a.feature", document.feature).scenarios
    return scenario
