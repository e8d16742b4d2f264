"""The features as they are written: the lint reads them, and so does what holds the page's claims against them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pytest_bdd.gherkin_parser import ExamplesTable, Feature, Rule, Scenario, Step, Tag, get_gherkin_document
from pytest_bdd.parser import render_string
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from support.page.workshop import PRIMARY_REGION, REPLICA_REGION

FEATURES = Path(__file__).parents[2] / "features"
CLAIM = "claim:"
BEYOND = "beyond_the_page"
"""The tag of a scenario that shows no claim of the page."""

REGION = re.compile(f"{PRIMARY_REGION}|{REPLICA_REGION}")
BOTH_WAYS = frozenset({(PRIMARY_REGION, REPLICA_REGION), (REPLICA_REGION, PRIMARY_REGION)})

Direction = tuple[str, str]


@dataclass(frozen=True)
class WrittenScenario:
    """A scenario in its file: with the rule that it belongs to, and the Background steps that come before it."""

    path: Path
    feature: Feature
    rule: Rule | None
    background: tuple[Step, ...]
    scenario: Scenario

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def line(self) -> int:
        return self.scenario.location.line

    @property
    def test(self) -> str:
        """Its node id, without the row of an outline."""
        return f"{self.path.relative_to(FEATURES.parent).as_posix()}::{self.name}"

    @property
    def tags(self) -> list[Tag]:
        """The feature's, the rule's and its own."""
        return [tag for each in (self.feature, self.rule, self.scenario) if each for tag in each.tags]

    @cached_property
    def claims(self) -> tuple[str, ...]:
        return claims_of(tag.name.removeprefix("@") for tag in self.tags)

    @property
    def steps(self) -> list[Step]:
        """All of its steps, those of the Background first."""
        return [*self.background, *self.scenario.steps]

    def typed_steps(self) -> Iterator[tuple[str | None, Step]]:
        """All steps with their type: And and But are of the type before them; None: there is nothing before."""
        for steps in (self.background, self.scenario.steps):
            kind: str | None = None
            for step in steps:
                kind = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, kind)
                yield kind, step

    @cached_property
    def rows(self) -> list[Mapping[str, str]]:
        """The rows of all Examples; of a scenario without any, one that has no values."""
        tables = self.scenario.examples
        bodies = ((columns(table), row.cells) for table in tables for row in table.table_body or ())
        return [{name: cell.value for name, cell in zip(*each, strict=True)} for each in bodies] if tables else [{}]

    @property
    def directions(self) -> frozenset[Direction]:
        """From which region to which one its rows replicate: the first two regions that its own steps name.

        Both directions, if they name none and speak of both regions.
        """
        text = "\n".join(words for step in self.scenario.steps for words in (step.text, *cells(step)))
        named = {tuple(dict.fromkeys(REGION.findall(render_string(text, row)))) for row in self.rows}
        return (BOTH_WAYS if () in named else frozenset()) | BOTH_WAYS & named


@dataclass(frozen=True)
class WrittenFeature:
    """A feature file that can be read."""

    path: Path
    feature: Feature

    @cached_property
    def rules(self) -> list[Rule]:
        return [child.rule for child in self.feature.children if child.rule]

    @cached_property
    def scenarios(self) -> list[WrittenScenario]:
        """All scenarios, those of rules too, and both when two have one name."""
        return list(self._scenarios(self.feature))

    def _scenarios(self, parent: Feature | Rule, background: tuple[Step, ...] = ()) -> Iterator[WrittenScenario]:
        rule = parent if isinstance(parent, Rule) else None
        for child in parent.children:
            if child.background:
                background += tuple(child.background.steps)
            elif child.scenario:
                yield WrittenScenario(self.path, self.feature, rule, background, child.scenario)
            elif isinstance(parent, Feature) and child.rule:
                yield from self._scenarios(child.rule, background)


def read_feature(path: Path) -> WrittenFeature:
    """Raises what pytest-bdd raises for what is no feature, and UnicodeDecodeError."""
    return WrittenFeature(path, get_gherkin_document(str(path)).feature)


@cache
def read_scenarios() -> tuple[WrittenScenario, ...]:
    return tuple(each for path in sorted(FEATURES.rglob("*.feature")) for each in read_feature(path).scenarios)


def claims_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The ids of claims that tags name, as in claim:E1.8."""
    return tuple(sorted(tag.removeprefix(CLAIM) for tag in tags if tag.startswith(CLAIM)))


def columns(table: ExamplesTable) -> list[str]:
    """The names in the first row of an Examples table."""
    return [cell.value for cell in table.table_header.cells] if table.table_header else []


def cells(step: Step) -> list[str]:
    """All that is in the table of a step."""
    return [cell.value for row in (step.datatable.rows if step.datatable else ()) for cell in row.cells]


def words(step: Step) -> str:
    return "\n".join([step.text, step.docstring.content if step.docstring else "", *cells(step)])


def item_of(step: Step) -> Mapping[str, Any]:
    """The item that its doc string describes; empty if that is no JSON object."""
    try:
        item = json.loads(step.docstring.content if step.docstring else "")
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}
