"""Tags of features, rules and scenarios: which there are, and which of them pytest declares."""

import re
import tomllib
from pathlib import Path

from pytest_bdd.parser import ScenarioTemplate

REASONS = ("chosen_lag", "one_way_cut", "chosen_time", "not_documented", "index_at_once", "long_cut", "no_scan")
"""Tags that say why a live target can't show a scenario, in the words of their declarations."""


def all_tags(template: ScenarioTemplate) -> tuple[str, ...]:
    """The tags of a scenario without the @: its feature's, its rule's, and its own."""
    return tuple(tag for each in (template.feature, template.rule, template) if each for tag in sorted(each.tags))


def declared_tags(pyproject: Path) -> frozenset[str]:
    if not pyproject.is_file():
        return frozenset()
    options = tomllib.loads(pyproject.read_text("utf-8")).get("tool", {}).get("pytest", {}).get("ini_options", {})
    return frozenset(re.split("[:(]", declaration)[0].strip() for declaration in options.get("markers", []))
