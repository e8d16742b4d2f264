"""The workshop page, annotated: its sections and lines in its order, each claim with what a run has found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from support.page.claims import Evidence, ScenarioOutcome, State
from support.page.page_map import Claim, page_map
from support.page.scenarios import WrittenScenario, read_scenarios


@dataclass(frozen=True)
class Line:
    """A line of the page in its own words.

    `level`: 0 paragraph, 1 list item, 2 nested item. `claim` and `mark` are empty and None for a line that claims
    nothing. `note`: how the suite does it, what AWS says with its source, why it can't be tested, or what was left out.
    `value`: what fills the blank ("0.50 s", a winner). `scenarios`: the node ids of those that show it.
    """

    text: str
    level: int
    claim: str = ""
    mark: State | None = None
    note: str = ""
    value: str = ""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading of the page, 2 or 3 levels deep, with the address where it is published, and what stands below it."""

    title: str
    depth: int
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Suggestion:
    """What the page should say instead of a claim that AWS contradicts or does not document."""

    claim: str
    state: State
    section: str
    says: str
    instead: str
    source: str

    def lines(self) -> list[str]:
        """The suggestion for a reader: the claim, the wording, and who says so."""
        source = [f"    source: {self.source}"] if self.source else []
        return [f'{self.claim}  {self.section}: "{self.says}" ({self.state})', f'    write: "{self.instead}"', *source]


def annotated_page(
    outcomes: Iterable[ScenarioOutcome], scenarios: Sequence[WrittenScenario] | None = None
) -> tuple[Section, ...]:
    """The page after a run; the title's own section is left out. `scenarios` are those of the features by default."""
    evidence = evidence_of(outcomes, scenarios)
    page = page_map()
    return tuple(
        Section(
            section.title, section.depth, page.address(section), tuple(_line(each, evidence) for each in section.lines)
        )
        for section in page.sections
        if section.depth > 1
    )


def suggestions(
    outcomes: Iterable[ScenarioOutcome] = (), scenarios: Sequence[WrittenScenario] | None = None
) -> list[Suggestion]:
    """What to write instead, in the page's order: of claims that AWS contradicts or does not document."""
    return list(_suggestions(evidence_of(outcomes, scenarios)))


def evidence_of(outcomes: Iterable[ScenarioOutcome], scenarios: Sequence[WrittenScenario] | None = None) -> Evidence:
    """The outcomes of a run beside the scenarios of the features."""
    return Evidence(tuple(outcomes), tuple(read_scenarios() if scenarios is None else scenarios))


def _suggestions(evidence: Evidence) -> Iterator[Suggestion]:
    for claim in page_map().claims:
        state = evidence.state(claim)
        if state in (State.CONTRADICTED, State.UNDOCUMENTED) or (state is State.FAILS and claim.instead):
            yield Suggestion(claim.id, state, claim.section, claim.says, claim.instead, claim.source)


def _line(claim: Claim, evidence: Evidence) -> Line:
    if not claim.id:
        return Line(claim.says, claim.level)
    return Line(
        text=claim.says,
        level=claim.level,
        claim=claim.id,
        mark=(state := evidence.state(claim)),
        note=_note(claim, state, evidence),
        value=evidence.value(claim),
        scenarios=tuple(each.node_id for each in evidence.outcomes_of(claim)),
    )


def _note(claim: Claim, state: State, evidence: Evidence) -> str:
    if claim.reason or claim.how:
        return claim.reason or claim.how
    return evidence.missing(claim) if state is State.NOT_RUN and evidence.outcomes_of(claim) else ""
