"""What the tags of a feature file mean in the report: labels to group and select by, and links to follow."""

from collections.abc import Iterator

import pytest
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.tags import all_tags, kind_tags
from support.page.page_map import page_map
from support.page.scenarios import claims_of
from support.reporting.recording.run_files import mode_of
from support.reporting.recording.scenarios import template_of
from support.reporting.scenario_result import part_of

LABELS = ("severity", "epic", "owner")
LINKS = ("issue", "tms", "link")


def labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """The kind and the value of each label. The mode is on every test, for Allure tells environments apart by it."""
    yield "mode", mode_of(item.config)
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


def links(template: ScenarioTemplate) -> Iterator[tuple[str, str, str]]:
    """Kind, address and name of the sections of the page that a scenario transcribes, and of its tickets."""
    page = page_map()
    tags = all_tags(template)
    claims = set(claims_of(tags))
    shown = [section for section in page.sections if any(line.id in claims for line in section.lines)]
    # Of a scenario beyond the page, the section that its feature belongs to.
    for section in shown or [each for each in page.sections if set(each.markers) & set(tags)]:
        yield "link", page.address(section), page.label(section)
    for kind, value in sorted(kind_tags(template)):
        if kind in LINKS:
            yield kind, value, value
