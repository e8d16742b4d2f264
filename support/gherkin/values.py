"""The lint of the values that features take from the page: JSON, regions, and the attributes of the page's items."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_bdd.gherkin_parser import DataTable, Step
from pytest_bdd.parser import render_string

from support.gherkin.problem import Problem
from support.gherkin.specification import WrittenFeature, WrittenScenario
from support.page.page_map import FILE, Claim, Kind, PageMap
from support.page.scenarios import CLAIM
from support.page.workshop import PRIMARY_REGION, REPLICA_REGION

LIKE_A_REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d+\b")
PARTNER = ("partner", "region", "at", "action")
"""Columns of the partners' table that are not attributes of the item."""

Item = Mapping[str, Any]


def value_problems(features: Sequence[WrittenFeature], page: PageMap) -> list[Problem]:
    """Doc strings that are no JSON, names of regions that are none, and what differs from the page's templates."""
    found: list[Problem] = []
    whole: set[str] = set()
    regions = {PRIMARY_REGION, REPLICA_REGION, *page.other_regions}
    claims = [claim for claim in page.claims if claim.kind is Kind.JSON]
    for path, scenario, step in _steps(features):
        items, problems = _items(path, scenario, step)
        found += [*problems, *_regions(path, scenario, step, regions)]
        for item in items:
            for claim in claims:
                found += _of_template(path, step, item, claim)
                if _is_whole(item, claim) and _shows(scenario, claim):
                    whole.add(claim.id)
    for claim in claims:
        if claim.id not in whole and not found:  # else the place that is to be corrected is named already
            values = ", ".join(f'"{name}": {_json(value)}' for name, value in claim.template.items())
            text = f"no scenario that shows {claim.id} has the page's values, all of them: {values}"
            found.append(Problem(FILE, 1, text, f"correct the scenario, or the template of {claim.id}"))
    return found


def _steps(features: Iterable[WrittenFeature]) -> Iterator[tuple[Path, WrittenScenario, Step]]:
    for feature in features:
        for scenario in feature.scenarios:
            for _, step in scenario.typed_steps():
                yield feature.path, scenario, step


def _regions(path: Path, scenario: WrittenScenario, step: Step, regions: set[str]) -> Iterator[Problem]:
    cells = [cell for row in _rows(step.datatable) for cell in row.values()]
    named = [row["region"] for row in _rows(step.datatable) if "region" in row]
    texts = [step.text, step.docstring.content if step.docstring else "", *cells]
    examples = [value for row in scenario.rows() for value in row.values()]
    found = [name for text in (*texts, *examples) for name in LIKE_A_REGION.findall(text)]
    for name in dict.fromkeys([*found, *named]):
        if name not in regions and "<" not in name:
            cure = f"write {' or '.join(sorted(regions))}"
            yield Problem(path, step.location.line, f'"{name}" is no region of the page', cure)


def _rows(table: DataTable | None) -> list[dict[str, str]]:
    head, *body = [[cell.value for cell in row.cells] for row in table.rows] if table and table.rows else [[]]
    return [{name: cell for name, cell in zip(head, row, strict=False) if cell} for row in body]


def _items(path: Path, scenario: WrittenScenario, step: Step) -> tuple[list[Item], list[Problem]]:
    """The items that a step has in its doc string, and in the rows of the partners' table."""
    items: list[Item] = [
        {PARTNER[0]: row[PARTNER[0]]} | {name: _value(text) for name, text in row.items() if name not in PARTNER}
        for row in _rows(step.datatable)
        if PARTNER[0] in row
    ]
    if step.docstring is None:
        return items, []
    for row in scenario.rows():
        try:
            item = json.loads(render_string(step.docstring.content, row))
        except ValueError as error:
            line = step.docstring.location.line + getattr(error, "lineno", 0)
            reason = getattr(error, "msg", str(error))
            return items, [Problem(path, line, f"the doc string is no JSON: {reason}", "correct it here or just above")]
        if not isinstance(item, dict):
            return items, [Problem(path, step.location.line, "the doc string is no JSON object", "write { ... }")]
        items.append(item)
    return items, []


def _value(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text


def _of_template(path: Path, step: Step, item: Item, claim: Claim) -> Iterator[Problem]:
    """How an item with the key of the page's differs from it. It may be a part, and may have what is declared."""
    if claim.partner or any(item.get(name) != claim.template.get(name) for name in ("PK", "SK")):
        return
    for name, value in item.items():
        if name in claim.also or _filled(value, claim) == claim.template.get(name):
            continue
        should = f"{_json(claim.template[name])} on the page" if name in claim.template else "not on the page"
        text = f'"{name}" is {_json(value)} here, and {should} ({claim.id})'
        yield Problem(path, _line_of(name, step), text, f"correct it, or the template of {claim.id} in {FILE.name}")


def _is_whole(item: Item, claim: Claim) -> bool:
    if claim.partner:
        return item == {PARTNER[0]: claim.partner, **claim.template}
    return {name: _filled(value, claim) for name, value in item.items()} == claim.template


def _filled(value: object, claim: Claim) -> object:
    """A value with the page's own in the blanks that only the features have."""
    for blank, text in claim.filled.items():
        value = value.replace(f"[{blank}]", text) if isinstance(value, str) else value
    return value


def _shows(scenario: WrittenScenario, claim: Claim) -> bool:
    return f"@{CLAIM}{claim.shown_with}" in scenario.tags


def _line_of(name: str, step: Step) -> int:
    if step.docstring is None:
        return int(step.location.line)
    lines = step.docstring.content.splitlines()
    return int(step.docstring.location.line) + next(i for i, line in enumerate(lines, 1) if f'"{name}"' in line)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
