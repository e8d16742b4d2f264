"""What a comparison of a page with the suite found: one change in words, with the scenarios that it concerns."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from support.page.page_map import Claim, PageSection, page_map
from support.page.scenarios import WrittenScenario, read_scenarios, words
from support.page.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE_NAME

OPTIONS = {TABLE_NAME: "--table-name", PRIMARY_REGION: "--primary-region", REPLICA_REGION: "--replica-region"}
"""The names that are settings: another one is all it takes."""


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

    @classmethod
    def of(
        cls,
        kind: str,
        section: PageSection | str,
        text: str,
        claims: Iterable[Claim] = (),
        concerns: Callable[[WrittenScenario], bool] = lambda _: False,
    ) -> "Change":
        """A change that concerns the scenarios of these claims, and some others."""
        found = [claim for claim in claims if claim.id]
        shown = {claim.shown_with for claim in found}
        scenarios = [each.test for each in read_scenarios() if concerns(each) or shown.intersection(each.claims)]
        place = section if isinstance(section, str) else page_map().label(section)
        return cls(kind, place, text, tuple(claim.id for claim in found), tuple(scenarios))

    @classmethod
    def of_name(cls, kind: str, old: str, new: str, claims: Iterable[Claim]) -> "Change":
        """A name that another one stands for: of the table, which is a setting, all scenarios have to follow."""
        option = f"; {OPTIONS[old]} {new} is all it takes" if old in OPTIONS else ""

        def says(scenario: WrittenScenario) -> bool:
            return old == TABLE_NAME or any(old.casefold() in words(step).casefold() for step in scenario.steps)

        return cls.of("name", "", f"the {kind} {old} is {new} now{option}", claims, says)

    def lines(self) -> list[str]:
        place = f"{self.section}: " if self.section else ""
        concerned = [f"    {each}" for each in self.scenarios] or ["    no scenario"]
        if len(self.scenarios) == len(read_scenarios()):
            concerned = [f"    all {len(self.scenarios)} scenarios"]
        known = f" ({', '.join(self.claims)})" if self.claims else ""
        return [f"{place}{self.text}{known}", *concerned]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All changes of a page, and notes on what differs and changes nothing that is tested."""

    translation: bool = False
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    """The claims that the page says as was suggested."""

    @property
    def summary(self) -> str:
        what = "a translation of the page" if self.translation else "the page"
        count = len(self.changes)
        corrected = f"; corrected as suggested: {', '.join(self.corrected)}" if self.corrected else ""
        if not count:
            return f"{what}: nothing that the suite tests has changed{corrected}"
        return f"{what}: {count} {'change' if count == 1 else 'changes'} that the suite has to follow{corrected}"

    def texts(self) -> list[str]:
        """The result without the scenarios: the summary, then each change."""
        return [self.summary, *(f"{change.section}: {change.text}".removeprefix(": ") for change in self.changes)]

    def lines(self) -> list[str]:
        return [self.summary, *(line for change in self.changes for line in change.lines()), *self.notes]

    def values(self) -> dict[str, Any]:
        return {"summary": self.summary, **asdict(self)}
