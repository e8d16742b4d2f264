"""The page's regions, replaced by those of the run in all that a scenario says: the specification names the page's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pytest
from pytest_bdd.parser import Scenario, ScenarioTemplate

from support.page.workshop import REGION_NAMES

regions_key = pytest.StashKey[Mapping[str, str]]()
"""Where conftest.py puts what the run's scenarios say instead of the page's regions and their names."""


def renamed_regions(regions: Sequence[str]) -> dict[str, str]:
    """What to say instead of the page's regions, in its order, and of their names: a region that the page does not
    name goes by its code.
    """
    renamed: dict[str, str] = {}
    for (page, name), region in zip(REGION_NAMES.items(), regions, strict=True):
        if region != page:
            place = REGION_NAMES.get(region, region)
            both = region if place == region else f"{place} ({region})"
            renamed |= {f"{name} ({page})": both, name: place, name.split()[-1]: place, page: region}
    return renamed


def in_words_of_run(text: str, renamed: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, renamed)), lambda match: renamed[match[0]], text) if renamed else text


def rename_regions(template: ScenarioTemplate, renamed: Mapping[str, str]) -> None:
    """Let the scenario speak of other regions from now on. Nothing is changed if none is renamed, or all have been."""
    if not renamed or "render" in vars(template):
        return
    rename = partial(in_words_of_run, renamed=renamed)
    template.description = rename(template.description)
    template.feature = replace(template.feature, description=rename(template.feature.description))
    if template.rule:
        rule = template.rule
        template.rule = replace(rule, name=rename(rule.name), description=rename(rule.description))
    render = template.render

    def render_renamed(context: Mapping[str, object]) -> Scenario:
        scenario = render(context)
        scenario.name = rename(scenario.name)
        for step in scenario.steps:
            step.name = rename(step.name)
            step.docstring = None if step.docstring is None else rename(step.docstring)
            for row in step.datatable.rows if step.datatable else []:
                for cell in row.cells:
                    cell.value = rename(cell.value)
        return scenario

    template.render = render_renamed  # type: ignore[method-assign]
