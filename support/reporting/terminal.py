"""What the terminal shows of a run: its findings, and the page's claims."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from support.page.claims import Outcomes, claims_in_words, tally
from support.page.page_map import Claim, page_map
from support.reporting.scenario_result import ScenarioResult
from support.verdicts.conflicts import Conflict, Contention, Kind, Ruling
from support.verdicts.delays import Timing
from support.verdicts.findings import Retries

CONFLICTS = ("scenario", "winner", "region", "why")
LONGEST = 84
"""Characters of a scenario's name that the table shows."""

CLAIMS = ("claim", "section", "the page says", "state", "scenarios")
SECTION, SAYS = 40, 52


def summary(scenarios: Sequence[ScenarioResult], *, verbose: bool = False) -> list[str]:
    """The lines to print: none if there was no conflict, no timing, and no call that had to be tried again.

    The sentence on a conflict is left out where it came out as predicted, unless `verbose`.
    """
    blocks = [_conflicts(scenarios, verbose), *(_timings(each, verbose) for each in scenarios), _retries(scenarios)]
    lines = [line for block in map(list, blocks) if block for line in ["", *block]]
    return lines[1:]


def _conflicts(scenarios: Sequence[ScenarioResult], verbose: bool) -> Iterator[str]:
    found = [(scenario.title, each) for scenario in scenarios for each in scenario.found(Conflict)]
    rows = [_row(name, verdict) for name, verdict in found if verdict.winner is not None]
    if rows:
        yield from aligned([CONFLICTS, *rows], str.ljust)
    more = sum(map(_not_judged, scenarios))
    if more:
        items = "contested item" if more == 1 else "contested items"
        yield f"and {more} more {items}, of which no step asks who won"
    told = [f"{name}: {verdict.title}" for name, verdict in found if verbose or not _as_predicted(verdict)]
    yield from ["", *told] if (rows or more) and told else told


def _row(name: str, verdict: Conflict) -> tuple[str, ...]:
    why = f"written last ({'overwrite' if verdict.kind == Kind.SEQUENTIAL else 'conflict'})"
    why = "same moment: either" if verdict.undecidable else why
    shown = why if _as_predicted(verdict) else "WRONG, see below"
    winner = verdict.winner_by or verdict.winner_name
    return shorten(name, LONGEST, placeholder="..."), winner, verdict.winner_region, shown


def _not_judged(scenario: ScenarioResult) -> int:
    """How many contentions of a scenario the report decides by itself, as no step has asked for a verdict."""
    return max(0, len(scenario.found(Contention)) - len(scenario.found(Conflict)))


def _as_predicted(verdict: Conflict) -> bool:
    return verdict.ruling == Ruling.DECIDED


def _retries(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for found in (each for scenario in scenarios for each in scenario.found(Retries)):
        counts.update(found.counts)
    if counts:
        each = "; ".join(f"{place}: {count}" for place, count in sorted(counts.items()))
        yield f"{Retries(counts).title} ({each})"


def _timings(scenario: ScenarioResult, verbose: bool) -> Iterator[str]:
    timings = scenario.found(Timing)
    if not timings or (scenario.tries_the_measurement and not scenario.is_red and not verbose):
        return
    yield f"{scenario.title}:"
    yield from (f"  {each.title}" for each in timings)
    rows = [[name for name, _ in timings[0].details], *([value for _, value in each.details] for each in timings)]
    yield from (f"    {row}" for row in aligned(rows))


def aligned(rows: Sequence[Sequence[str]], justify: Callable[[str, int], str] = str.rjust) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(justify(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def annotations(reports: Iterable[Any]) -> Iterator[str]:
    """For a CI job on GitHub: each failure at its line of the feature, with what is wrong."""
    for report in reports:
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash:
            path = Path(crash.path)
            shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
            told = crash.message.partition("\n")[0].replace("%", "%25").replace("\r", "%0D")
            yield f"::error file={shown},line={crash.lineno}::{told}"


def claims_table(outcomes: Outcomes) -> list[str]:
    """What became of the page's claims: a line for each, then how many there are of each state, then the sources."""
    claims = page_map().claims
    reasons: dict[str, list[str]] = {}
    for claim in claims:
        if claim.reason:
            reasons.setdefault(claim.reason, []).append(claim.id)
    table = aligned([CLAIMS, *(_short(claim, outcomes) for claim in claims)], str.ljust)
    sources = [f"{', '.join(ids)}: {reason}" for reason, ids in reasons.items()]
    return [*table, "", claims_in_words(outcomes.state(claim) for claim in claims), *sources]


def _short(claim: Claim, outcomes: Outcomes) -> tuple[str, ...]:
    section, says = shorten(claim.section, SECTION, placeholder="..."), shorten(claim.says, SAYS, placeholder="...")
    went = ": ".join(filter(None, (tally(outcomes.outcomes_of(claim)), outcomes.value(claim))))
    return claim.id, section, says, str(outcomes.state(claim)), went


def claims_as_csv(outcomes: Outcomes) -> str:
    """The table with nothing shortened, for the report."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*CLAIMS, "how they went", "what they show", "value", "how", "source or reason"])
    for claim in page_map().claims:
        ended = outcomes.outcomes_of(claim)
        instead = "" if claim.untestable else str(outcomes.shown(claim))
        scenarios = "; ".join(dict.fromkeys(each.title for each in ended))
        told = [claim.id, claim.section, claim.says, str(outcomes.state(claim)), scenarios, tally(ended), instead]
        rows.writerow([*told, outcomes.value(claim), claim.how, claim.reason])
    return text.getvalue()
