"""What a scenario's place in the features means in the report: labels to group and select by, and links to the page."""

from collections.abc import Iterator

import pytest
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.tags import all_tags
from support.page.page_map import page_map
from support.page.scenarios import claims_of
from support.reporting.recording.run_files import mode_of
from support.reporting.recording.scenarios import template_of
from support.reporting.scenario_result import part_of


def labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """The kind and the value of each label. The mode is on every test, for Allure tells environments apart by it."""
    yield "mode", mode_of(item.config)
    template = template_of(item)
    if template is None:
        return
    if part := part_of(template.feature.tags):
        yield "epic", part
    yield "feature", template.feature.name
    if template.rule:
        yield "story", template.rule.name
    elif template.templated:
        yield "story", template.name


def links(template: ScenarioTemplate) -> Iterator[tuple[str, str]]:
    """Address and name of the sections of the page that a scenario transcribes."""
    page = page_map()
    tags = all_tags(template)
    claims = set(claims_of(tags))
    shown = [section for section in page.sections if any(line.id in claims for line in section.lines)]
    # Of a scenario beyond the page, the section that its feature belongs to.
    for section in shown or [each for each in page.sections if set(each.markers) & set(tags)]:
        yield page.address(section), page.label(section)
