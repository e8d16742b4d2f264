"""The JSON templates of the page, held against what the features write: their doc strings, and the partners' table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from support.page.drift.finding import Change
from support.page.page_map import Claim, Kind, PageSection
from support.page.scenarios import WrittenScenario, item_of

Item = Mapping[str, Any]


def compare_templates(section: PageSection, found: Sequence[Item | None], to_the_end: bool = True) -> Iterator[Change]:
    """What the templates of a section say that the features do not, in the page's order."""
    claims = [line for line in section.lines if line.kind is Kind.JSON]
    for claim, item in zip(claims, found, strict=False):
        if item is None:
            text = f'the text below "{claim.says}" is no JSON any more'
            yield Change.of("template", section, text, [claim])
        else:
            yield from _compared(section, claim, item)
    for claim in claims[len(found) :] if to_the_end else ():
        yield Change.of("template", section, f'the JSON below "{claim.says}" is gone', [claim])
    for item in found[len(claims) :]:
        text = f"a JSON template was added: {', '.join(item or ['no JSON'])}"
        yield Change.of("template", section, text, section.lines)


def _compared(section: PageSection, claim: Claim, item: Item) -> Iterator[Change]:
    written = claim.template
    gone, more = [name for name in written if name not in item], [name for name in item if name not in written]
    # Attributes with a new name and the same value, at the same place among those that changed.
    renamed = {old: new for old, new in zip(gone, more, strict=False) if _json(written[old]) == _json(item[new])}
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
        yield Change.of("template", section, text, [claim], partial(_writes, written, name))


def _writes(written: Item, name: str, scenario: WrittenScenario) -> bool:
    """Whether a scenario writes the same attribute of the same item."""
    items = [item for step in scenario.steps if (item := item_of(step))] if "PK" in written else []
    return any(item.get("PK") == written["PK"] and item.get(name, item) == written.get(name) for item in items)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
