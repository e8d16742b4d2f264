"""The JSON templates of the page, held against what the features write: their doc strings, and the partners' table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from support.page.drift.finding import Change, Known
from support.page.page_map import Claim, Kind, PageSection
from support.page.scenarios import PageScenario

Item = Mapping[str, Any]
PARTNER = ("partner", "region", "at", "action")
"""Columns of the partners' table that are not attributes of the item."""


def compare_templates(known: Known, section: PageSection, found: Sequence[Item | None]) -> Iterator[Change]:
    """What the templates of a section say that the features do not, in the page's order."""
    claims = [line for line in section.lines if line.kind is Kind.JSON]
    label = known.label(section)
    for claim, item in zip(claims, found, strict=False):
        written = written_item(known, claim)
        if item is None:
            yield known.change("template", label, f'the text below "{claim.says}" is no JSON any more', [claim])
        elif written is not None:
            yield from _compared(known, label, claim, written, item)
    for claim in claims[len(found) :]:
        yield known.change("template", label, f'the JSON below "{claim.says}" is gone', [claim])
    for item in found[len(claims) :]:
        yield known.change(
            "template", label, f"a JSON template was added: {', '.join(item or ['no JSON'])}", section.lines
        )


def written_item(known: Known, claim: Claim) -> Item | None:
    """What the scenarios of a template write, with the page's values in the blanks that only the suite has."""
    for scenario in known.concerned([claim]):
        item = _row(scenario, claim.partner) if claim.partner else _document(scenario, claim.filled)
        if item is not None:
            return item
    return None


def _document(scenario: PageScenario, filled: Mapping[str, str]) -> Item | None:
    for step in scenario.steps:
        if step.item is not None:
            text = step.docstring
            for blank, value in filled.items():
                text = text.replace(f"[{blank}]", value)
            item: Item = json.loads(text)
            return item
    return None


def _row(scenario: PageScenario, partner: str) -> Item | None:
    for step in scenario.steps:
        if step.table and step.table[0][0] == PARTNER[0]:
            head, *rows = step.table
            for row in (dict(zip(head, row, strict=True)) for row in rows):
                if row[PARTNER[0]] == partner:
                    return {name: _value(text) for name, text in row.items() if name not in PARTNER and text}
    return None


def _value(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text


def _compared(known: Known, label: str, claim: Claim, written: Item, item: Item) -> Iterator[Change]:
    renamed = dict(_renamed(written, item))
    for name in dict.fromkeys((*written, *item)):
        if name in renamed.values():
            continue
        if name in renamed:
            text = f'"{name}" is called "{renamed[name]}" now, in the JSON below "{claim.says}"'
        elif name not in item:
            text = f'"{name}" is gone from the JSON below "{claim.says}"; the features write {_json(written[name])}'
        elif name not in written:
            text = f'"{name}": {_json(item[name])} was added to the JSON below "{claim.says}"'
        elif _json(item[name]) != _json(written[name]):
            text = f'"{name}" is {_json(item[name])} in the JSON below "{claim.says}", not {_json(written[name])}'
        else:
            continue
        change = known.change("template", label, text, [claim])
        scenarios = [*change.scenarios, *(each.test for each in _writing(known, written, name))]
        yield Change(change.kind, label, text, change.claims, tuple(dict.fromkeys(scenarios)))


def _renamed(written: Item, item: Item) -> Iterator[tuple[str, str]]:
    """Attributes with a new name and the same value, at the same place among those that changed."""
    gone, more = [name for name in written if name not in item], [name for name in item if name not in written]
    for old, new in zip(gone, more, strict=False):
        if _json(written[old]) == _json(item[new]):
            yield old, new


def _writing(known: Known, written: Item, name: str) -> Iterator[PageScenario]:
    """The scenarios that write the same attribute of the same item."""
    if "PK" in written:
        for scenario in known.scenarios:
            items = [step.item for step in scenario.steps if step.item]
            if any(item.get("PK") == written["PK"] and item.get(name, item) == written.get(name) for item in items):
                yield scenario


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
