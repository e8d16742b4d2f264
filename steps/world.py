"""What all steps share: the world of a scenario, the typed parameters of sentences, and the tables of features."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from support.checklist.causes import Cause, finding, report
from support.checklist.evidence import Question
from support.clock import Clock
from support.page.workshop import REGION, Limits, Participant
from support.targets.global_table import GlobalTable
from support.verdicts.convergence import Agreement
from support.verdicts.errors import Suspect
from support.verdicts.findings import Finding, Note
from support.verdicts.history import Image, Key, Write


@dataclass(frozen=True)
class World:
    """The global table, the clock that all waiting goes by, the participant whose keys are written, and the limits of
    the run; `findings` are what the report of the scenario will say.

    Items have the names that steps use: "user", "product", "order". `texts` has the page's JSON of them, `created` the
    writes that created them.
    """

    table: GlobalTable
    clock: Clock
    participant: Participant
    limits: Limits
    findings: list[Finding]
    texts: dict[str, str] = field(default_factory=dict)
    created: dict[str, Write] = field(default_factory=dict)

    def item(self, thing: str, number: str = "") -> Image:
        """The page's item; the `number` tells several of the kind apart."""
        unique_id = f"{self.participant.name}-{number}" if number else self.participant.name
        return self.participant.item(self.texts[thing], unique_id=unique_id)

    def key_of(self, pk: str, sk: str) -> Key:
        """The key whose text a sentence has, with the page's blanks in it."""
        return Key(self.participant.fill(pk, unique_id=self.participant.name), sk)

    def create(self, name: str, image: Image, region: str, by: str = "") -> Write:
        write = self.created[name] = self.table.region(region).put(image, by)
        return write

    @property
    def it(self) -> Write:
        """The write of what was created last."""
        return list(self.created.values())[-1]

    def key(self, name: str) -> Key:
        return self.created[name].key

    def get(self, name: str, region: str) -> Image | None:
        return self.table.region(region).get(self.key(name))

    def note(self, title: str, *details: tuple[str, str]) -> None:
        """Put a sentence into the report of the scenario."""
        self.findings.append(Note(title, details))

    def checklist(self, question: Question) -> list[Cause]:
        """What the troubleshooting guide says of an item, which goes into the report."""
        causes = self.table.checklist(question)
        self.findings.append(finding(question, causes))
        return causes

    def explain(self, suspect: Suspect) -> str:
        """Why an item may not be as expected: what is pending, and what the checklist finds."""
        key = Key(suspect.pk, suspect.sk)
        causes = self.checklist(self.table.question(key, suspect.region, suspect.index, suspect.value))
        return "\n  ".join(filter(None, (self.table.pending_in_words(), *report(causes))))

    def agreement(self, name: str, limit: float, *regions: str) -> Agreement:
        """Wait until these regions (else all) hold what was written last of an item."""
        return self.table.agreement(self.key(name), limit, regions)

    def agreements(self, keys: Sequence[Key], limit: float) -> dict[Key, Agreement]:
        """Wait, side by side, until all regions hold what was written last of these items."""
        return dict(zip(keys, self.clock.run(*(self.table.convergence(key, limit) for key in keys)), strict=True))


SECONDS = {"second": 1, "minute": 60, "hour": 3600}


def duration(text: str) -> float:
    """ "2 minutes" in seconds."""
    number, unit = text.split()
    return float(number) * SECONDS[unit.removesuffix("s")]


def names(text: str) -> tuple[str, ...]:
    """ "a, b and c" as its names."""
    return tuple(re.split(r", | and ", text))


def thing(text: str) -> str:
    """ "the global user" as "user": what kind of it is said for the reader."""
    return text.split()[-1]


def _gap(pattern: str, convert: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """What parse makes a value of: a text of this pattern."""
    converter = partial(convert)
    converter.pattern = pattern  # type: ignore[attr-defined]
    return converter


TYPES = {
    "Duration": _gap(r"\d+ (?:second|minute|hour)s?", duration),
    "Names": _gap(r"[\w-]+(?:(?:, [\w-]+)* and [\w-]+)?", names),
    "Region": _gap(REGION),
    "Text": _gap(r'[^"]+'),
    "Thing": _gap(r"(?:an?|the|this) (?:[a-z]+ )?\w+", thing),
    "Word": _gap(r"\w+"),
}
"""What may stand in the gap of a sentence, as in {region:Region}; Text is what is in quotation marks.

They stand in each decorator, after `parsers.parse`: editors look for a step's text there, and see through nothing else.
"""


class Row(dict[str, str]):
    """The cells of a row of a data table under the names of its head. Raises LookupError for one that it has not."""

    def __missing__(self, name: str) -> str:
        raise LookupError(f"a row of the table in the feature has no {name!r}, only {', '.join(self)}")


def rows(table: Sequence[Sequence[str]]) -> list[Row]:
    head, *body = table
    return [Row((name, cell) for name, cell in zip(head, row, strict=True) if cell) for row in body]
