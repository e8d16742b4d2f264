"""Tags of features, rules and scenarios: plain ones become markers, those of a kind are for the report."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from pytest_bdd.parser import ScenarioTemplate

KINDS = frozenset({"claim", "severity", "epic", "owner", "issue", "tms", "link"})
"""The kinds of `@kind:value` tags. None of them is a marker: pytest could neither declare nor select them."""


class KindTag(NamedTuple):
    """A tag such as `@claim:E3.5`."""

    kind: str
    value: str

    @classmethod
    def of(cls, tag: str) -> "KindTag | None":
        """The kind and the value of a tag, or None when it is a plain one."""
        kind, _, value = tag.partition(":")
        return cls(kind, value) if kind in KINDS and value else None


def kind_tags(template: ScenarioTemplate) -> tuple[KindTag, ...]:
    """What the tags of a scenario tell the report: the feature's, then the rule's, then its own, which are nearest."""
    return tuple(tag for name in all_tags(template) if (tag := KindTag.of(name)))


def all_tags(template: ScenarioTemplate) -> tuple[str, ...]:
    """The tags of a scenario without the @: its feature's, its rule's, and its own."""
    return tuple(tag for each in (template.feature, template.rule, template) if each for tag in sorted(each.tags))


def declared_tags(pyproject: Path) -> frozenset[str]:
    if not pyproject.is_file():
        return frozenset()
    options = tomllib.loads(pyproject.read_text("utf-8")).get("tool", {}).get("pytest", {}).get("ini_options", {})
    return frozenset(re.split("[:(]", declaration)[0].strip() for declaration in options.get("markers", []))
