"""The scenarios of the features, read as text: which claims their tags name, and what their steps say.

It reads with Gherkin's own parser and without pytest, so that the page can be compared where nothing is run.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from gherkin import Parser

from support.page.workshop import PRIMARY_REGION, REPLICA_REGION

FEATURES = Path(__file__).parents[2] / "features"
CLAIM = "claim:"
BEYOND = "beyond_the_page"
"""The tag of a scenario that shows no claim of the page."""

REGION = re.compile(f"{PRIMARY_REGION}|{REPLICA_REGION}")
BOTH_WAYS = frozenset({(PRIMARY_REGION, REPLICA_REGION), (REPLICA_REGION, PRIMARY_REGION)})
TYPES = {"Context": "given", "Action": "when", "Outcome": "then"}

Direction = tuple[str, str]


@dataclass(frozen=True)
class WrittenStep:
    """A step: its type (given, when, then; And is of the type before it), its text, and its argument."""

    type: str
    text: str
    docstring: str = ""
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def item(self) -> Mapping[str, Any] | None:
        """The item that its doc string describes; None if it is no JSON object."""
        try:
            item = json.loads(self.docstring)
        except ValueError:
            return None
        return item if isinstance(item, dict) else None

    @property
    def words(self) -> str:
        return "\n".join([self.text, self.docstring, *(" ".join(row) for row in self.table)])


@dataclass(frozen=True)
class PageScenario:
    """A scenario as it is written. `steps` begin with those of the Background; `own` are without them.

    `rows` are the rows of its Examples, one without values for a plain scenario.
    """

    path: str
    name: str
    tags: frozenset[str]
    steps: tuple[WrittenStep, ...]
    own: tuple[WrittenStep, ...]
    rows: tuple[Mapping[str, str], ...] = ({},)

    @property
    def test(self) -> str:
        """Its node id, without the row of an outline."""
        return f"{self.path}::{self.name}"

    @property
    def claims(self) -> tuple[str, ...]:
        return claims_of(self.tags)

    @property
    def directions(self) -> frozenset[Direction]:
        """From which region to which one its rows replicate: the first two regions that its own steps name.

        Both directions, if they name none and speak of both regions.
        """
        return frozenset().union(*(self._directions(row) for row in self.rows))

    def _directions(self, row: Mapping[str, str]) -> frozenset[Direction]:
        text = "\n".join(" ".join([step.text, *map(" ".join, step.table)]) for step in self.own)
        for name, value in row.items():
            text = text.replace(f"<{name}>", value)
        match list(dict.fromkeys(REGION.findall(text))):
            case [source, destination]:
                return frozenset({(source, destination)})
            case []:
                return BOTH_WAYS
        return frozenset()


def claims_of(tags: frozenset[str] | Sequence[str]) -> tuple[str, ...]:
    """The ids of claims that tags name, as in claim:E1.8."""
    return tuple(sorted(tag.removeprefix(CLAIM) for tag in tags if tag.startswith(CLAIM)))


@cache
def read_scenarios(folder: Path = FEATURES) -> tuple[PageScenario, ...]:
    """The scenarios below a folder in the order of their files. Raises gherkin's ParserError for what is no Gherkin."""
    found: list[PageScenario] = []
    for path in sorted(folder.rglob("*.feature")):
        feature = Parser().parse(path.read_text(encoding="utf-8"))["feature"]
        shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        found += [replace(scenario, path=shown) for scenario in _scenarios(feature, frozenset(), ())]
    return tuple(found)


def _scenarios(
    parent: Mapping[str, Any], tags: frozenset[str], common: tuple[WrittenStep, ...]
) -> Iterator[PageScenario]:
    """Those of a feature or a rule, which hands its tags and its Background down."""
    tags |= _tags(parent)
    for child in parent["children"]:
        match child:
            case {"background": background}:
                common += tuple(_steps(background))
            case {"rule": rule}:
                yield from _scenarios(rule, tags, common)
            case {"scenario": scenario}:
                own = tuple(_steps(scenario))
                rows = tuple(_rows(scenario)) or ({},)
                yield PageScenario("", scenario["name"], tags | _tags(scenario), common + own, own, rows)


def _tags(element: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(tag["name"].removeprefix("@") for tag in element["tags"])


def _steps(element: Mapping[str, Any]) -> Iterator[WrittenStep]:
    kind = "given"
    for step in element["steps"]:
        kind = TYPES.get(step["keywordType"], kind)
        docstring = step.get("docString", {}).get("content", "")
        table = tuple(_cells(row) for row in step.get("dataTable", {}).get("rows", ()))
        yield WrittenStep(kind, step["text"], docstring, table)


def _rows(scenario: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for table in scenario["examples"]:
        for row in table["tableBody"]:
            yield dict(zip(_cells(table["tableHeader"]), _cells(row), strict=True))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(cell["value"] for cell in row["cells"])
