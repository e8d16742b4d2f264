"""What a comparison of a page with the suite found: one change in words, with the scenarios that it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from support.page.page_map import Claim, PageMap, PageSection
from support.page.scenarios import WrittenScenario, words
from support.page.workshop import TABLE_NAME


@dataclass(frozen=True)
class Change:
    """A change of the page that the suite has to follow.

    `kind`: heading, line, number, name or template. `section` is its heading in the page as the suite knows it, or in
    the changed page if that is new. `claims` are ids, `scenarios` node ids; both are empty for what nothing tests yet.
    """

    kind: str
    section: str
    text: str
    claims: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    def lines(self, total: int) -> list[str]:
        """The change for a reader: a line for it, and one for each scenario; `total` counts the scenarios there are."""
        place = f"{self.section}: " if self.section else ""
        concerned = [f"    {each}" for each in self.scenarios] or ["    no scenario"]
        if len(self.scenarios) == total:
            concerned = [f"    all {total} scenarios"]
        known = f" ({', '.join(self.claims)})" if self.claims else ""
        return [f"{place}{self.text}{known}", *concerned]


@dataclass(frozen=True)
class Comparison:
    """All changes of a page, and notes on what differs and changes nothing that is tested; `total` counts scenarios."""

    changes: tuple[Change, ...]
    total: int
    notes: tuple[str, ...] = ()
    translation: bool = False
    corrected: tuple[str, ...] = ()
    """The claims that the page says as was suggested."""

    @property
    def summary(self) -> str:
        what = "a translation of the page" if self.translation else "the page"
        count = len(self.changes)
        if not count:
            corrected = f"; corrected as suggested: {', '.join(self.corrected)}" if self.corrected else ""
            return f"{what}: nothing that the suite tests has changed{corrected}"
        return f"{what}: {count} {'change' if count == 1 else 'changes'} that the suite has to follow"

    def texts(self) -> list[str]:
        """The result without the scenarios: the summary, then each change."""
        return [self.summary, *(f"{change.section}: {change.text}".removeprefix(": ") for change in self.changes)]

    def lines(self) -> list[str]:
        return [self.summary, *(line for change in self.changes for line in change.lines(self.total)), *self.notes]

    def values(self) -> dict[str, Any]:
        changes = [asdict(change) for change in self.changes]
        return {
            "summary": self.summary,
            "translation": self.translation,
            "changes": changes,
            "notes": list(self.notes),
            "corrected": list(self.corrected),
        }


@dataclass(frozen=True)
class Known:
    """What the suite knows: the page's map and the scenarios, joined by the tags."""

    page: PageMap
    scenarios: Sequence[WrittenScenario] = field(repr=False)

    def change(self, kind: str, section: str, text: str, claims: Iterable[Claim] = ()) -> Change:
        """A change that concerns these claims."""
        found = list(claims)
        scenarios = tuple(each.test for each in self.concerned(found))
        return Change(kind, section, text, tuple(each.id for each in found if each.id), scenarios)

    def concerned(self, claims: Iterable[Claim]) -> list[WrittenScenario]:
        """The scenarios that show any of the claims."""
        wanted = {claim.shown_with for claim in claims if claim.id}
        return [each for each in self.scenarios if wanted.intersection(each.claims)]

    def naming(self, name: str) -> list[WrittenScenario]:
        """The scenarios that say a name; of the table, which is a setting, all of them."""
        if name == TABLE_NAME:
            return list(self.scenarios)
        said = name.casefold()
        return [each for each in self.scenarios if any(said in words(step).casefold() for step in each.steps)]

    def below(self, section: PageSection) -> tuple[Claim, ...]:
        """The claims of a section and of those below it."""
        following = self.page.sections[self.page.sections.index(section) + 1 :]
        claims = list(section.lines)
        for each in following:
            if each.depth <= section.depth:
                break
            claims += each.lines
        return tuple(claim for claim in claims if claim.id)

    def label(self, section: PageSection) -> str:
        """How a reader calls a section: "Exercise 1, Step 5"."""
        return self.page.label(section)
