"""The lint of the values that features take from the page: JSON, regions, and the attributes of the page's items."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
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
NAME = re.compile(r"\b[a-z]{2}-[a-z]+-\d\b|\bgsi\d\b|\b[a-z]+#[\w-]+")
MOMENT = re.compile(r"\d\d:\d\d:\d\d")
TIME = re.compile(r"(?:(\d+)-)?(\d+) (seconds?|minutes?)")
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
    found += _of_claims(features, page)
    for claim in claims:
        if claim.id not in whole and not found:  # else the place that is to be corrected is named already
            values = ", ".join(f'"{name}": {_json(value)}' for name, value in claim.template.items())
            text = f"no scenario that shows {claim.id} has the page's values, all of them: {values}"
            found.append(Problem(FILE, 1, text, f"correct the scenario, or the template of {claim.id}"))
    return found


def _of_claims(features: Sequence[WrittenFeature], page: PageMap) -> Iterator[Problem]:
    """What the page names (times, regions, indexes, keys) and no step of the scenarios that show it does.

    A time has a step of its own; names that stand together on the page stand together in a step. Where the claims say
    by which steps they are shown, in one of these.
    """
    places = [(feature.path, scenario) for feature in features for scenario in feature.scenarios]
    for claims in _together(page):
        shown = [(path, scenario) for path, scenario in places if _shows(scenario, claims[0])]
        words = [text for _, scenario in shown for text in _words(scenario)]
        names = {name: claim for claim in claims for name in NAME.findall(claim.says.lower())}
        moments = {moment: replace(claim, shown_by=()) for claim in claims for moment in MOMENT.findall(claim.says)}
        times = [{time: claim} for claim in claims for time in _times(claim.says) if time not in claim.differs]
        for wanted in filter(None, [*times, names, moments]):
            by = [each.lower() for claim in wanted.values() for each in claim.shown_by]
            own = [text for text in words if not by or any(each in text for each in by)]
            if shown and not any(all(value in text for value in wanted) for text in own):
                path, scenario = shown[0]
                said = " and ".join(f'"{value}" ({claim.id})' for value, claim in wanted.items())
                text = f"the page says {said}, and no step that shows it does"
                yield Problem(path, scenario.line, text, f"write it as the page has it, or correct {FILE.name}")


def _together(page: PageMap) -> list[list[Claim]]:
    """Claims of a section that the same scenarios show."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in page.claims:
        if claim.kind is not Kind.JSON and not claim.untestable:
            groups.setdefault((claim.section, claim.shown_with), []).append(claim)
    return list(groups.values())


def _times(says: str) -> list[str]:
    """ "2-3 minutes" are "2 minutes" and "3 minutes"."""
    found = [(number, unit) for *numbers, unit in TIME.findall(says) for number in numbers if number]
    return [f"{number} {unit.rstrip('s')}" for number, unit in found]


def _words(scenario: WrittenScenario) -> Iterator[str]:
    """Each step of a scenario with its table, in small letters; of an outline, for each of its rows."""
    for row in scenario.rows():
        for _, step in scenario.typed_steps():
            cells = [cell.value for each in (step.datatable.rows if step.datatable else ()) for cell in each.cells]
            yield render_string("\n".join([step.text, *cells]), row).lower()


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
