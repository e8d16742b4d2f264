"""The first page: can the page be taught, what went wrong, what to correct, how long it took, who won, all scenarios.

It is one file that needs neither the network nor JavaScript, and nothing beside it: Allure's report is an extra.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, TypeVar
from zlib import crc32

from support.page.claims import Outcomes, State
from support.page.facts import facts, proven
from support.page.page_map import Claim, PageSection, page_map
from support.page.workshop import REGION_NAMES
from support.reporting.recording.tested import PACKAGES
from support.reporting.rendering.delays import figures, timing_plot
from support.reporting.rendering.templates import NO, OPEN, YES, render
from support.reporting.rendering.timeline import NARROW, timeline
from support.reporting.rendering.winner_cards import contested
from support.reporting.report.history import Change, PastRun, as_past, changes, comparison
from support.reporting.report.run import Run, plain_reason

TITLE = "DynamoDB global tables: does the workshop page hold?"
EXAMPLE = "claim:E3.5"
"""The tag of the page's own example of a conflict: "EU update wins"."""

MARKS: Mapping[State, tuple[str, str, str]] = {
    State.HOLDS: (YES, "holds", "good"),
    State.FAILS: (NO, "fails", "bad"),
    State.NOT_REACHED: (OPEN, "not reached", "open"),
    State.NOT_RUN: (OPEN, "not tested", "open"),
    State.FILLED_IN: ("\N{LOWER RIGHT PENCIL}", "filled in", "plain"),
    State.DONE: ("\N{BULLET}", "done", "plain"),
    State.CONTRADICTED: ("!", "AWS says otherwise", "warn"),
    State.UNDOCUMENTED: ("?", "AWS does not say", "warn"),
    State.UNTESTABLE: ("\N{WHITE CIRCLE}", "not testable", "plain"),
}
"""How each state of a claim is marked: a sign, words, and a class of the stylesheet."""

One = TypeVar("One")

QUIET = (State.DONE, State.UNTESTABLE)
"""The states of lines that are folded: instructions, and what no API can show."""


def first_page(runs: Sequence[Run], past: Mapping[str, Sequence[PastRun]], mutants: Mapping[str, Any]) -> str:
    """The page of these runs; `past` are those before each, by its label."""
    return render(
        "first_page.html",
        inline=False,
        title=TITLE,
        runs=[_view(run, past.get(run.label, ())) for run in runs],
        comparison=comparison(*map(as_past, runs)) if len(runs) == 2 else None,
        labels=[run.label for run in runs],
        mutants=mutants.get("mutants", ()),
        healthy=mutants.get("healthy_seeds"),
        page=page_map(),
        marks=MARKS,
        loud=[state for state in MARKS if state not in QUIET],
        signs={"passed": YES, "failed": NO, "broken": NO, "skipped": "\N{EN DASH}"},
        reason=plain_reason,
        contested=contested,
        tones={YES: "good", NO: "bad", OPEN: "open"},
        anchor_of=lambda test: f"{crc32(test.encode()):08x}",
        picture=lambda result: (timeline(result), timeline(result, NARROW)),
    )


def _view(run: Run, past: Sequence[PastRun]) -> dict[str, Any]:
    example = next((each for each in run.contentions if EXAMPLE in each.result.tags), None)
    others = [each for each in run.contentions if each is not example]
    return {
        "run": run,
        "regions": ", ".join(
            f"{name} ({REGION_NAMES[name]})" if name in REGION_NAMES else name for name in run.listed("regions")
        ),
        "figures": figures(run.delays),
        "plots": [timing_plot(run.samples, simulated=run.mode == "simulated", width=each) for each in (960, NARROW)],
        "example": example,
        "rules": _grouped(others, lambda each: (each.result.feature, each.result.rule or each.result.title)),
        "features": _grouped(run.scenarios, lambda each: each.feature),
        "cuts": _grouped(run.cuts, lambda each: each[0].node_id),
        "chapters": list(_chapters(run)),
        "corrected": {claim.id: claim.instead for claim in page_map().claims if claim.id in run.corrected},
        "titles": {each.node_id: each.title for each in run.results},
        "past": [*past, as_past(run)],
        "changed": _changed_claims(past, run),
        "facts": _facts(run),
        "settings": list(_settings(run)),
    }


def _chapters(run: Run) -> Iterator[tuple[str, Mapping[State, int], list[tuple[PageSection, Any]]]]:
    """The page by its headings of the second depth: their titles, how many lines have which mark, and the sections."""
    outcomes, changed = run.outcomes, run.page_changes
    sections = [each for each in page_map().sections if each.depth > 1]
    starts = [number for number, section in enumerate(sections) if section.depth == 2]
    for start, end in pairwise([*starts, len(sections)]):
        chapter = sections[start:end]
        lines = [line for section in chapter for line in section.lines if line.id and line.id not in changed]
        marks = Counter(map(outcomes.state, lines))
        yield chapter[0].title, marks, [(section, list(_folded(section.lines, outcomes))) for section in chapter]


def _folded(lines: Sequence[Claim], outcomes: Outcomes) -> Iterator[tuple[str, list[Claim]]]:
    """Lines in a row, with what they are in words if they only instruct, or can't be tested: these are folded."""
    for quiet, alike in _grouped(lines, lambda line: bool(line.id) and outcomes.state(line) in QUIET):
        yield ", ".join(dict.fromkeys(MARKS[outcomes.state(line)][1] for line in alike)) if quiet else "", alike


def _grouped(each: Iterable[One], key: Callable[[One], Any]) -> list[tuple[Any, list[One]]]:
    """Those in a row that are alike, in their order."""
    return [(kind, list(alike)) for kind, alike in groupby(each, key)]


def _changed_claims(past: Sequence[PastRun], run: Run) -> list[Change]:
    """What is said otherwise than after the run before, with the claims in words."""
    says = {claim.id: f"{claim.section}: {claim.says}" for claim in page_map().claims}
    changed = changes(past[-1]["claims"], as_past(run)["claims"]) if past else []
    return [(says.get(claim, claim), before, now) for claim, before, now in changed]


def _facts(run: Run) -> tuple[int, list[tuple[str, str, str, str]]]:
    """How many facts about AWS this run has shown there, and all of them: id, kind, words, whether they were shown."""
    day = run.started[:10]
    shown = {each.test.partition("::")[2]: day for each in run.results if each.status == "passed" and run.is_aws}
    rows = [(each.id, each.kind, each.says, proven(each, shown) or "not yet") for each in facts()]
    return sum(day != "not yet" for *_, day in rows), rows


def _settings(run: Run) -> Iterator[tuple[str, str]]:
    known = run.environment
    versions = ("python", *PACKAGES)
    yield from ((name, value) for name, value in known.items() if name not in (*versions, "cost"))
    yield "versions", ", ".join(f"{name} {known[name]}" for name in versions if name in known)
    yield "run", f"{moment(run.known.get('started'))} to {moment(run.known.get('finished'))}"


def moment(time: str | None) -> str:
    return f"{time[:19].replace('T', ' ')} UTC" if time else "(it never ended)"
