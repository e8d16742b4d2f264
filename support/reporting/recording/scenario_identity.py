"""Which scenario a test is: its location in the features and on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from support.gherkin.tags import all_tags
from support.reporting.recording.labels import sections
from support.reporting.recording.page_order import ELSEWHERE, part_of
from support.reporting.recording.run_files import mode_of
from support.reporting.recording.scenarios import row_of, scenario_of, source_location, template_of


@dataclass(frozen=True)
class ScenarioIdentity:
    """A scenario by its node id, its texts, its place in the feature file, and the sections of the page."""

    node_id: str
    scenario: str
    feature: str
    rule: str
    part: str
    file: str
    line: int
    row: int
    sections: Sequence[str]
    mode: str
    tags: Sequence[str] = ()

    def values(self) -> dict[str, Any]:
        """For its record."""
        return {**vars(self), "sections": list(self.sections), "tags": list(self.tags)}


def identity_of(item: pytest.Item) -> ScenarioIdentity | None:
    """Which scenario a test is, for its record; None for a test that is not a scenario."""
    template, scenario = template_of(item), scenario_of(item)
    if template is None or scenario is None:
        return None
    file, _, line = source_location(scenario, item.config.rootpath).rpartition(":")
    return ScenarioIdentity(
        node_id=item.nodeid,
        scenario=scenario.name,
        feature=scenario.feature.name,
        rule=scenario.rule.name if scenario.rule else "",
        part=part_of(template.feature.tags) or ELSEWHERE,
        file=file,
        line=int(line),
        row=row_of(item),
        sections=sections(template),
        mode=mode_of(item.config),
        tags=all_tags(template),
    )
