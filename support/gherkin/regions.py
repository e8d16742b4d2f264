"""The page's regions, replaced by those of the run in all that a scenario says: the specification names the page's."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from pytest_bdd.parser import Scenario, ScenarioTemplate

regions_key = pytest.StashKey[Mapping[str, str]]()
"""Where conftest.py puts the run's region for each of the page's; only those that differ."""


def rename_regions(template: ScenarioTemplate, renamed: Mapping[str, str]) -> None:
    """Let the scenario speak of other regions from now on. Nothing is changed if none is renamed, or all have been."""
    if not renamed or "render" in vars(template):
        return
    pattern = re.compile("|".join(map(re.escape, renamed)))

    def rename(text: str) -> str:
        return pattern.sub(lambda match: renamed[match[0]], text)

    template.description = rename(template.description)
    template.feature = replace(template.feature, description=rename(template.feature.description))
    if template.rule:
        rule = template.rule
        template.rule = replace(rule, name=rename(rule.name), description=rename(rule.description))
    template.render = _renaming(template.render, rename)  # type: ignore[assignment, method-assign]


def _renaming(render: Callable[[Any], Scenario], rename: Callable[[str], str]) -> Callable[[Any], Scenario]:
    def render_renamed(context: Any) -> Scenario:
        scenario = render(context)
        scenario.name = rename(scenario.name)
        for step in scenario.steps:
            step.name = rename(step.name)
            step.docstring = None if step.docstring is None else rename(step.docstring)
            for row in step.datatable.rows if step.datatable else []:
                for cell in row.cells:
                    cell.value = rename(cell.value)
        return scenario

    return render_renamed
