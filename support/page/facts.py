"""The ledger: what is known about global tables, by whom, since when, and which scenarios show it."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from support.page.page_map import line_of

FILE = Path(__file__).with_name("facts.toml")
TABLE = Path(__file__).with_name("FACTS.md")
REFERENCE = re.compile(r"\b(?:facts|assumption) (\d+(?:\.\d+)?[a-z]?|A\d+)\b")
"""How comments, docstrings and the rules of faults refer to a fact."""

ASSUMPTION = re.compile(r"\bassum(?:ption|ed by us)\b(?! A\d)", re.IGNORECASE)
"""How an assumption in the code is spoken of; its id has to follow."""


@dataclass(frozen=True)
class Fact:
    """A statement about global tables: documented by AWS, observed on AWS by others, or assumed by us.

    `read` is the day when the source was read last. `shown_by` are the titles of the scenarios that show it; a fact
    that none can show has a `reason`.
    """

    id: str
    says: str
    kind: str
    source: str
    read: date
    shown_by: tuple[str, ...] = ()
    reason: str = ""


@cache
def facts() -> tuple[Fact, ...]:
    """All of them, in their order. Raises KeyError or TypeError for a file that does not fit."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["fact"]
    return tuple(Fact(**{**each, "shown_by": tuple(each.get("shown_by", ()))}) for each in entries)


def proven(fact: Fact, shown_on_aws: Mapping[str, str]) -> str:
    """The day on which a run of this suite has shown a fact on AWS; empty if none has.

    `shown_on_aws` has the last day for each title of a scenario.
    """
    days = [shown_on_aws.get(title, "") for title in fact.shown_by]
    return max(days) if days and all(days) else ""


def lines(shown_on_aws: Mapping[str, str]) -> Iterator[str]:
    days = {fact.id: proven(fact, shown_on_aws) for fact in facts()}
    for fact in facts():
        day = f"; proven on AWS {days[fact.id]}" if days[fact.id] else ""
        yield f"{fact.id:<5} {fact.kind}: {fact.says}"
        yield f"      {fact.source} (read {fact.read}){day}"
        yield from (f"      shown by: {title}" for title in fact.shown_by)
        if fact.reason:
            yield f"      no scenario: {fact.reason}"
    yield f"proven on AWS by a run of this suite: {sum(map(bool, days.values()))} of {len(days)}"


def table() -> str:
    """The same in Markdown, made by `python -m support.page --facts-table`, never by hand."""
    head = [
        "# What is known about global tables, by whom, since when",
        "",
        "Version 2019.11.21. Made from `facts.toml` by `python -m support.page --facts-table`. Where AWS documents",
        "nothing, what we *assumed* is our own. `python -m support.page --facts --evidence FILE` tells what a run",
        "against AWS has shown.",
        "",
        "| Id | | Statement | Source | Read | Shown by |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = [
        (each.id, each.kind, each.says, each.source, str(each.read), "; ".join(each.shown_by) or f"none: {each.reason}")
        for each in facts()
    ]
    return "\n".join([*head, *(f"| {' | '.join(cell.replace('<', '&lt;') for cell in row)} |" for row in rows)]) + "\n"


def stale(today: date, days: int) -> list[str]:
    return [f"{each.id}: read {each.read}, {each.source}" for each in facts() if (today - each.read).days > days]


def problems(titles: Collection[str], texts: Mapping[Path, str]) -> Iterator[tuple[Path, int, str, str]]:
    """Where, what is wrong and the cure: dead ids, assumptions without one, facts that nothing shows and no reason has.

    `titles` are those of the scenarios, `texts` the contents of the files that may refer to facts.
    """
    known = {fact.id for fact in facts()}
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            for name in REFERENCE.findall(line):
                if name not in known:
                    yield path, number, f'there is no fact "{name}"', f"use an id of {FILE.name}, or add the fact there"
            if ASSUMPTION.search(line):
                yield path, number, "an assumption without an id", f'write "assumption A1", an id of {FILE.name}'
    for fact in facts():
        for title in fact.shown_by:
            if title not in titles:
                text = f'fact {fact.id}: there is no scenario "{title}"'
                yield FILE, line_of(FILE, fact.id), text, "correct its title"
        if not fact.shown_by and not fact.reason:
            yield FILE, line_of(FILE, fact.id), f"fact {fact.id} has neither a scenario nor a reason", "add one of them"
