"""What the tags of a feature file mean in the report: labels to group and select by, and links to follow."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import allure
import pytest
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.tags import kind_tags
from support.reporting.recording.page_order import part_of
from support.reporting.recording.scenarios import template_of

PAGE_URL = "https://github.com/Crimsondd/DynamoDB-Advanced-Patterns-and-Global-Tables-Streams"
"""The workshop's public repository. Where in it the page is kept may change, so its sections are mere anchors here."""

mark: Callable[[str, str], pytest.MarkDecorator] = allure.label

LABELS = ("severity", "epic", "owner")
LINKS = ("issue", "tms", "link")


class Link(NamedTuple):
    """A link of a scenario, of a kind that Allure knows."""

    kind: str
    url: str
    name: str


def label(item: pytest.Item) -> None:
    """Mark the test with its labels, so that `--allure-features` and its sisters can select by them."""
    for kind, value in labels(item):
        item.add_marker(mark(kind, value))


def labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """The kind and the value of each label. The mode is on every test, for Allure tells environments apart by it."""
    yield "mode", item.config.getoption("mode", "simulated")
    template = template_of(item)
    if template is None:
        return
    kinds = kind_tags(template)
    part = part_of(template.feature.tags)
    if part and not any(kind == "epic" for kind, _ in kinds):
        yield "epic", part
    yield "feature", template.feature.name
    if template.rule:
        yield "story", template.rule.name
    elif template.templated:
        yield "story", template.name
    # The nearest tags come last there, and have to come first here: of two severities Allure takes the first one.
    for kind, value in reversed(kinds):
        if kind in LABELS:
            yield kind, value.replace("_", " ")


def links(template: ScenarioTemplate) -> Iterator[Link]:
    """The sections of the page that a scenario transcribes, and the tickets that its tags name."""
    for kind, value in sorted(kind_tags(template)):
        if kind == "page":
            yield Link("link", f"{PAGE_URL}#{value.replace('/', '-')}", _section(value))
        elif kind in LINKS:
            yield Link(kind, value, value)


def sections(template: ScenarioTemplate) -> list[str]:
    """The sections of the page that a scenario transcribes, as a reader calls them."""
    return [_section(value) for kind, value in sorted(kind_tags(template)) if kind == "page"]


def _section(value: str) -> str:
    """How a reader calls a section: "Exercise 3, step 2" for "exercise-3/step-2"."""
    name = value.replace("-", " ").replace("/", ", ")
    return name[:1].upper() + name[1:]
