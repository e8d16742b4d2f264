"""Which scenario of which feature file a test of pytest runs."""

from collections.abc import Mapping

import pytest
from pytest_bdd.parser import Scenario, ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry
from pytest_bdd.utils import registry_get_safe

EXAMPLE = "_pytest_bdd_example"
"""The parameter in which pytest-bdd hands a row of Examples to the test."""


def template_of(item: pytest.Item) -> ScenarioTemplate | None:
    """The scenario as it is written, with its placeholders; None for a test that is not a scenario."""
    if not isinstance(item, pytest.Function):
        return None
    template: ScenarioTemplate | None = getattr(item.obj, "template", None)
    return template or registry_get_safe(scenario_wrapper_template_registry, item.obj)


def example_of(item: pytest.Item) -> Mapping[str, str]:
    callspec = getattr(item, "callspec", None)
    row: Mapping[str, str] = callspec.params.get(EXAMPLE, {}) if callspec else {}
    return row


def row_of(item: pytest.Item) -> int:
    """Which row of Examples that is, from 0; 0 if the scenario is not an outline."""
    callspec = getattr(item, "callspec", None)
    row: int = callspec.indices.get(EXAMPLE, 0) if callspec else 0
    return row


def scenario_of(item: pytest.Item) -> Scenario | None:
    """The scenario as it runs, with the values of its row filled in."""
    template = template_of(item)
    return template.render(example_of(item)) if template else None
