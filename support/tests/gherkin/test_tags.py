"""Tags of scenarios: which are declared, and what those of a kind tell the report."""

from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.tags import KindTag, all_tags, declared_tags, kind_tags

FEATURE = """
@severity:minor @epic:Tables
Feature: Orders
  @b
  Scenario: In no rule
    Given an order
  @exercise_2 @owner:ada
  Rule: R
    @severity:critical @claim:E1.8
    Scenario: In a rule
      Given an order
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> list[ScenarioTemplate]:
    """One that is in no rule, and one that is in a rule."""
    (tmp_path / "orders.feature").write_text(FEATURE)
    return list(get_feature(str(tmp_path), "orders.feature").scenarios.values())


def test_a_scenario_has_the_tags_of_its_feature_and_its_rule_before_its_own(scenarios: list[ScenarioTemplate]) -> None:
    alone, in_rule = map(all_tags, scenarios)
    assert alone == ("epic:Tables", "severity:minor", "b")
    assert in_rule == ("epic:Tables", "severity:minor", "exercise_2", "owner:ada", "claim:E1.8", "severity:critical")


def test_only_tags_of_a_kind_are_for_the_report(scenarios: list[ScenarioTemplate]) -> None:
    alone, in_rule = map(kind_tags, scenarios)
    assert alone == (KindTag("epic", "Tables"), KindTag("severity", "minor"))
    assert in_rule == (
        *alone, KindTag("owner", "ada"), KindTag("claim", "E1.8"), KindTag("severity", "critical"),
    )  # fmt: skip


@pytest.mark.parametrize("tag", ["exercise_2", "color:red", "claim:", ":claim", "claim"])
def test_a_tag_without_a_known_kind_or_a_value_is_a_plain_one(tag: str) -> None:
    assert KindTag.of(tag) is None


def test_the_value_of_a_tag_may_have_a_colon() -> None:
    assert KindTag.of("link:https://example.com") == ("link", "https://example.com")


def test_tags_are_declared_as_markers_in_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.pytest.ini_options]\nmarkers = ["exercise_1: writes (all)", "slow", "flaky(n): again"]')
    assert declared_tags(path) == {"exercise_1", "slow", "flaky"}


def test_without_a_pyproject_no_tag_is_declared(tmp_path: Path) -> None:
    assert declared_tags(tmp_path / "pyproject.toml") == frozenset()


@pytest.mark.parametrize("text", ["", "[tool.ruff]", "[tool.pytest.x]", '[tool.pytest.ini_options]\nminversion = "9"'])
def test_a_pyproject_without_markers_declares_no_tag(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert declared_tags(path) == frozenset()
