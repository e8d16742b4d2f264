"""The workshop page, annotated: each claim with what a run has found, and what to write instead, also as a patch."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from support.page.claims import Evidence, ScenarioOutcome, State
from support.page.page_map import Claim, page_map

MARKUP = "*`_"
"""What stands around the page's words in its Markdown, and stays when they are corrected."""


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


def annotated_page(outcomes: Iterable[ScenarioOutcome]) -> tuple[Section, ...]:
    """The page after a run; the title's own section is left out."""
    evidence = Evidence(tuple(outcomes))
    page = page_map()
    return tuple(
        Section(
            section.title, section.depth, page.address(section), tuple(_line(each, evidence) for each in section.lines)
        )
        for section in page.sections
        if section.depth > 1
    )


def _line(claim: Claim, evidence: Evidence) -> Line:
    if not claim.id:
        return Line(claim.says, claim.level)
    state, shown = evidence.state(claim), evidence.outcomes_of(claim)
    missing = evidence.missing(claim) if state is State.NOT_RUN and shown else ""
    note = claim.reason or claim.how or missing
    scenarios = tuple(each.node_id for each in shown)
    return Line(claim.says, claim.level, claim.id, state, note, evidence.value(claim), scenarios)


def suggestions(outcomes: Iterable[ScenarioOutcome] = ()) -> list[Suggestion]:
    """What to write instead, in the page's order: of claims that AWS contradicts or does not document."""
    evidence = Evidence(tuple(outcomes))
    return [
        Suggestion(claim.id, state, claim.section, claim.says, claim.instead, claim.source)
        for claim in page_map().claims
        if (state := evidence.state(claim)) in (State.CONTRADICTED, State.UNDOCUMENTED)
        or (state is State.FAILS and claim.instead)
    ]


def patch(path: Path, text: str, suggestions: Iterable[Suggestion]) -> str:
    """A unified diff of the file, which `git apply` takes, with what each suggestion says; what is not there stays.

    Empty if there is nothing to do.
    """
    name = path.resolve().relative_to(Path.cwd()).as_posix() if path.resolve().is_relative_to(Path.cwd()) else path.name
    before = after = text.splitlines(keepends=True)
    for each in suggestions:
        after = [_corrected(line, each.says, each.instead) for line in after]
    return "".join(unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _corrected(line: str, says: str, instead: str) -> str:
    places = [place for place, letter in enumerate(line) if letter not in MARKUP]
    begin = "".join(line[place] for place in places).find(says)
    if begin < 0:
        return line
    same = next((place for place, pair in enumerate(zip(says, instead, strict=False)) if len(set(pair)) > 1), len(says))
    same = says.rfind(" ", 0, same) + 1
    start, end = places[begin + same], places[begin + len(says) - 1] + 1
    return line[:start] + instead[same:] + line[end:]
