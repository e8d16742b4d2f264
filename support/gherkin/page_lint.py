"""The lint of what joins features and the page: the tags of claims, and the values that features take from it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pytest_bdd.gherkin_parser import Step
from pytest_bdd.parser import render_string

from support.gherkin.specification import Problem
from support.gherkin.tags import REASONS
from support.page.page_map import FILE, Claim, Kind, page_map
from support.page.scenarios import BEYOND, CLAIM, WrittenFeature, WrittenScenario, cells, words
from support.page.workshop import PRIMARY_REGION, REGION, REPLICA_REGION

LINKS = re.compile("replication (?:between|from) .* (?:is cut|takes )")
"""Steps that change how long replication takes, or cut it."""

LIKE_A_REGION = re.compile(rf"\b{REGION}\d*\b")
BLANK = re.compile(r"\[[A-Za-z][\w -]*\]")
NAME = re.compile(rf"\b{REGION}\b|\bgsi\d\b|\b[a-z]+#[\w-]+")
MOMENT = re.compile(r"\d\d:\d\d:\d\d")
TIME = re.compile(r"(?:(\d+)-)?(\d+) (seconds?|minutes?)")
PARTNER = ("partner", "region", "at", "action")
"""Columns of the partners' table that are not attributes of the item."""

Item = Mapping[str, Any]


def claim_problems(features: Sequence[WrittenFeature]) -> Iterator[Problem]:
    """Tags without a claim, scenarios without either, and claims that have neither a scenario nor a reason."""
    scenarios = [scenario for feature in features for scenario in feature.scenarios]
    for scenario in scenarios:
        yield from _of_scenario(scenario)
    shown = {claim for scenario in scenarios for claim in scenario.claims}
    for claim in page_map().claims:
        if claim.untestable or claim.shown_with in shown:
            continue
        text = f'no scenario shows {claim.id}, "{claim.says}"'
        if claim.done_with:
            text = f"{claim.id} is done with {claim.done_with}, which no scenario shows"
        yield Problem(FILE, claim.line, text, f"tag a scenario with @claim:{claim.shown_with}, or give a reason here")


def _of_scenario(scenario: WrittenScenario) -> Iterator[Problem]:
    beyond = [tag for tag in scenario.tags if tag.name == f"@{BEYOND}"]
    claims = [tag for tag in scenario.tags if tag.name.startswith(f"@{CLAIM}")]
    names = [tag.name.removeprefix(f"@{CLAIM}") for tag in claims]
    if not claims and not beyond:
        text = f'the scenario "{scenario.name}" shows no claim of the page'
        yield Problem(scenario.path, scenario.line, text, f"add @claim:ID of {FILE.name}, or @{BEYOND}")
    if claims and beyond:
        text = f"@{BEYOND} at a scenario that shows {', '.join(names)}"
        yield Problem(scenario.path, beyond[0].location.line, text, "keep one of the two")
    if "then" not in [kind for kind, _ in scenario.typed_steps()]:
        text = f'the scenario "{scenario.name}" has no Then: it shows nothing'
        yield Problem(scenario.path, scenario.line, text, "say what comes of it")
    tags = {tag.name for tag in scenario.tags}
    changes = [step for step in scenario.steps if LINKS.match(step.text)]
    if changes and not tags & {"@experiment", "@simulated_only"}:
        text = f'"{changes[0].text}" in a scenario that a live run would run'
        yield Problem(scenario.path, changes[0].location.line, text, "tag it @simulated_only, or @experiment for a cut")
    if "@simulated_only" in tags and not tags & {f"@{reason}" for reason in REASONS}:
        text = f'"{scenario.name}" is @simulated_only, and has no tag that says why'
        yield Problem(scenario.path, scenario.line, text, f"add one of @{', @'.join(REASONS)}")
    for tag, name in zip(claims, names, strict=True):
        for text, cure in _of_tag(scenario, page_map().claim(name)):
            yield Problem(scenario.path, tag.location.line, f"{tag.name}: {text}", cure)


def _of_tag(scenario: WrittenScenario, claim: Claim | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a tag that names this claim, and the cure."""
    if claim is None:
        yield "the page has no such claim", f"use an id of {FILE.name}, or add the claim there"
    elif claim.untestable:
        yield f"it can't be tested ({claim.untestable})", f"leave it out, or delete the reason in {FILE.name}"
    elif claim.done_with:
        yield f"it is done with {claim.done_with}, whose scenarios stand for it", "leave it out"
    elif not any(claim.is_shown_by(kind, step.text) for kind, step in scenario.typed_steps()):
        words = " or ".join(f'"{each}"' for each in claim.shown_by) or "a Then"
        yield f"no step shows it: none says {words}", f"leave it out, or correct shown_by in {FILE.name}"


def value_problems(features: Sequence[WrittenFeature]) -> list[Problem]:
    """Doc strings that are no JSON, names of regions that are none, and what differs from the page's templates."""
    scenarios = [scenario for feature in features for scenario in feature.scenarios]
    found: list[Problem] = []
    whole: set[str] = set()
    claims = [claim for claim in page_map().claims if claim.kind is Kind.JSON]
    for scenario, step in ((each, step) for each in scenarios for step in each.steps):
        for item in _items(scenario, step):
            if isinstance(item, Problem):
                found.append(item)
                continue
            for claim in claims:
                found += _of_template(scenario, step, item, claim)
                if claim.shown_with in scenario.claims and _is_whole(item, claim):
                    whole.add(claim.id)
    found += _of_claims(scenarios)
    for scenario in scenarios:
        found += [*_names(scenario), *_of_regions(scenario)]
    for claim in claims:
        if claim.id not in whole and not found:  # else the place that is to be corrected is named already
            values = ", ".join(f'"{name}": {_json(value)}' for name, value in claim.template.items())
            text = f"no scenario that shows {claim.id} has the page's values, all of them: {values}"
            found.append(Problem(FILE, claim.line, text, f"correct the scenario, or the template of {claim.id}"))
    return found


def _of_claims(scenarios: Sequence[WrittenScenario]) -> Iterator[Problem]:
    """What the page names (times, regions, indexes, keys) and no step of the scenarios that show it does.

    A time has a step of its own; names that stand together on the page stand together in a step. Where the claims say
    by which steps they are shown, in one of these.
    """
    together: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in page_map().claims:
        if claim.kind is not Kind.JSON and not claim.untestable:
            together[claim.section, claim.shown_with].append(claim)
    for (_, shown_with), claims in together.items():
        shown = [scenario for scenario in scenarios if shown_with in scenario.claims]
        texts = [text for scenario in shown for _, text in _texts(scenario)]
        names = {name: claim for claim in claims for name in NAME.findall(claim.says.lower())}
        moments = {moment: replace(claim, shown_by=()) for claim in claims for moment in MOMENT.findall(claim.says)}
        times = [{time: claim} for claim in claims for time in _times(claim.says) if time not in claim.differs]
        for wanted in filter(None, [*times, names, moments]):
            by = [each.lower() for claim in wanted.values() for each in claim.shown_by]
            own = [text for text in texts if not by or any(each in text for each in by)]
            if shown and not any(all(value in text for value in wanted) for text in own):
                said = " and ".join(f'"{value}" ({claim.id})' for value, claim in wanted.items())
                text = f"the page says {said}, and no step that shows it does"
                cure = f"write it as the page has it, or correct {FILE.name}"
                yield Problem(shown[0].path, shown[0].line, text, cure)


def _times(says: str) -> list[str]:
    """ "2-3 minutes" are "2 minutes" and "3 minutes"."""
    found = [(number, unit) for *numbers, unit in TIME.findall(says) for number in numbers if number]
    return [f"{number} {unit.rstrip('s')}" for number, unit in found]


def _texts(scenario: WrittenScenario) -> Iterator[tuple[Step, str]]:
    """Each step of a scenario with its table, in small letters; of an outline, for each of its rows."""
    for row in scenario.rows:
        for step in scenario.steps:
            yield step, render_string("\n".join([step.text, *cells(step)]), row).lower()


def _of_regions(scenario: WrittenScenario) -> Iterator[Problem]:
    """Steps that show a claim in other regions than the map says, and rows with one region in the place of two."""
    texts = list(_texts(scenario))
    for claim in filter(None, map(page_map().claim, scenario.claims)):
        cure = f"correct the step, or the regions of {claim.id} in {FILE.name}"
        for said, regions in claim.regions.items():
            steps = [(step, text) for step, text in texts if said in text]
            if not steps:
                yield Problem(scenario.path, scenario.line, f'{claim.id}: no step says "{said}"', cure)
            for step in (step for step, text in steps if LIKE_A_REGION.findall(text) != regions):
                text = f'{claim.id} is shown by "{said}" with {" and then ".join(regions)}'
                yield Problem(scenario.path, step.location.line, text, cure)
    for row in scenario.rows:
        named = [value for value in row.values() if LIKE_A_REGION.fullmatch(value)]
        if len(set(named)) < len(named):
            text = f'a row of "{scenario.name}" has one region twice: {", ".join(row.values())}'
            yield Problem(scenario.path, scenario.line, text, "correct the row, or delete it")


def _names(scenario: WrittenScenario) -> Iterator[Problem]:
    """Regions and blanks that are none of the page's."""
    regions = {PRIMARY_REGION, REPLICA_REGION, *page_map().other_regions}
    examples = "\n".join(value for row in scenario.rows for value in row.values())
    steps = ((step.location.line, words(step), _rows(step)) for step in scenario.steps)
    for line, text, rows in [(scenario.line, examples, []), *steps]:
        named = [row["region"] for row in rows if "region" in row]
        for name in dict.fromkeys([*LIKE_A_REGION.findall(text), *named]):
            if name not in regions and "<" not in name:
                cure = f"write {PRIMARY_REGION} or {REPLICA_REGION}"
                yield Problem(scenario.path, line, f'"{name}" is no region of the page', cure)
        for blank in dict.fromkeys(BLANK.findall(text)):
            if blank not in _blanks():
                cure = f"write {' or '.join(sorted(_blanks()))}"
                yield Problem(scenario.path, line, f"{blank} is no blank of the page", cure)


@cache
def _blanks() -> frozenset[str]:
    """Those of the page, and those that its map fills."""
    claims = page_map().claims
    text = "".join(claim.says + _json(claim.template) for claim in claims)
    return frozenset([*BLANK.findall(text), *(f"[{name}]" for claim in claims for name in claim.filled)])


def _rows(step: Step) -> list[dict[str, str]]:
    head, *body = [[cell.value for cell in row.cells] for row in step.datatable.rows] if step.datatable else [[]]
    return [{name: cell for name, cell in zip(head, row, strict=True) if cell} for row in body]


def _items(scenario: WrittenScenario, step: Step) -> Iterator[Item | Problem]:
    """The items that a step has in the rows of the partners' table, and in its doc string, or what is wrong there."""
    for row in _rows(step):
        if PARTNER[0] in row:
            values = {name: text for name, text in row.items() if name not in PARTNER}
            numbers = {name: int(text) for name, text in values.items() if text.lstrip("-").isdigit()}
            yield {PARTNER[0]: row[PARTNER[0]], **values, **numbers}
    if not (docstring := step.docstring):
        return
    for example in scenario.rows:
        try:
            item = json.loads(render_string(docstring.content, example), object_pairs_hook=_object)
        except ValueError as error:
            line = docstring.location.line + getattr(error, "lineno", 0)
            text = f"the doc string is no JSON: {getattr(error, 'msg', error)}"
            yield Problem(scenario.path, line, text, "correct it here or just above")
            return
        if not isinstance(item, dict):
            yield Problem(scenario.path, step.location.line, "the doc string is no JSON object", "write { ... }")
            return
        yield item


def _object(pairs: list[tuple[str, object]]) -> Item:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:  # of which JSON takes the last, in silence
            raise ValueError(f'"{name}" stands twice in an object')
    return dict(pairs)


def _of_template(scenario: WrittenScenario, step: Step, item: Item, claim: Claim) -> Iterator[Problem]:
    """How an item with the key of the page's differs from it. It may be a part, and may have what is declared."""
    if claim.partner or any(item.get(name) != claim.template.get(name) for name in ("PK", "SK")):
        return
    for name, value in item.items():
        if name in claim.also or _filled(value, claim) == claim.template.get(name):
            continue
        should = f"{_json(claim.template[name])} on the page" if name in claim.template else "not on the page"
        text = f'"{name}" is {_json(value)} here, and {should} ({claim.id})'
        cure = f"correct it, or the template of {claim.id} in {FILE.name}"
        yield Problem(scenario.path, _line_of(name, step), text, cure)


def _is_whole(item: Item, claim: Claim) -> bool:
    if claim.partner:
        return item == {PARTNER[0]: claim.partner, **claim.template}
    return {name: _filled(value, claim) for name, value in item.items()} == claim.template


def _filled(value: object, claim: Claim) -> object:
    """A value with the page's own in the blanks that only the features have."""
    for blank, text in claim.filled.items():
        value = value.replace(f"[{blank}]", text) if isinstance(value, str) else value
    return value


def _line_of(name: str, step: Step) -> int:
    if step.docstring is None:
        return step.location.line
    lines = step.docstring.content.splitlines()
    return step.docstring.location.line + next(i for i, line in enumerate(lines, 1) if f'"{name}"' in line)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
