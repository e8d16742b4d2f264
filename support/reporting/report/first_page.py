"""The first page: what was tested, does it hold, how long it took, who won; then the workshop page, annotated.

It is one file that needs neither the network nor JavaScript, and leads into Allure's report beside it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from support.page.annotation import annotated_page, suggestions
from support.page.claims import State
from support.page.workshop import REGION_NAMES, Limits
from support.reporting.recording.run_files import PACKAGES
from support.reporting.rendering.description import figures
from support.reporting.rendering.templates import NO, OPEN, YES, render
from support.reporting.rendering.timeline import timeline
from support.reporting.rendering.timing_plot import timing_plot
from support.reporting.rendering.winner_card import WinnerCard, winner_cards
from support.reporting.report.figures import (
    TIMED,
    Won,
    claims_sentence,
    contentions,
    delays,
    in_trouble,
    is_aws,
    outcomes,
    plain_reason,
    template_name,
    timed_samples,
    verdict,
    verdict_sign,
    warning,
)
from support.reporting.report.history import Change, PastRun, as_past, changes
from support.reporting.report.results import Run

TITLE = "DynamoDB global tables: does the workshop page hold?"
STYLE = Path(__file__).parents[1] / "rendering" / "templates" / "page.css"
MOST = 15
"""So many scenarios in trouble are named at the top; Allure's report has them all."""

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

Link = Callable[[str], str]
"""The address of a test in Allure's report by its node id; empty if it has none."""


@dataclass(frozen=True)
class Conflicts:
    """The contentions under one rule of the features: how many came out as expected, and each with its timeline."""

    rule: str
    feature: str
    sign: str
    sentence: str
    each: Sequence[tuple[Won, Markup]]


def first_page(
    runs: Sequence[Run],
    addresses: Mapping[str, str],
    past: Mapping[str, Sequence[PastRun]],
    mutants: Mapping[str, Any],
) -> str:
    """The page of these runs. `addresses` are those of tests in Allure's report, by label of the run and node id."""
    return render(
        "first_page.html",
        inline=False,
        title=TITLE,
        style=Markup(STYLE.read_text(encoding="utf-8")),
        runs=[_view(run, addresses, past.get(run.label, ())) for run in runs],
        comparison=comparison(*map(as_past, runs)) if len(runs) == 2 else None,
        labels=[run.label for run in runs],
        mutants=_mutants(mutants),
        marks=MARKS,
    )


def comparison(before: PastRun, now: PastRun) -> dict[str, list[Change]]:
    """What two runs say differently of scenarios, of claims, and of the median delay of each direction."""
    medians = [{way: _median(values) for way, values in each.delays.items()} for each in (before, now)]
    return {
        "scenarios": changes(before.scenarios, now.scenarios),
        "claims": changes(before.claims, now.claims),
        "half of the items had arrived within": changes(*medians),
    }


def _median(values: Mapping[str, Any]) -> str:
    return "not known" if values["p50"] is None else f"{values['p50']:.2f} s"


def _view(run: Run, addresses: Mapping[str, str], past: Sequence[PastRun]) -> dict[str, Any]:
    def link(node_id: str) -> str:
        return addresses.get(f"{run.label}/{node_id}", "")

    won = list(contentions(run))
    found = outcomes(run)
    summaries = [each.values(Limits.usual_delay) for each in delays(run)]
    example = next((each for each in won if EXAMPLE in each.result.record.get("tags", ())), None)
    return {
        "run": run,
        "link": link,
        "badge": _badge(run),
        "is_aws": is_aws(run),
        "tone": {YES: "good", NO: "bad", OPEN: "open"}[verdict_sign(run)],
        "sign": verdict_sign(run),
        "verdict": verdict(run),
        "claims_sentence": claims_sentence(run),
        "warning": warning(run),
        "red": [(each, plain_reason(each)) for each in in_trouble(run)[:MOST]],
        "more_red": max(0, len(in_trouble(run)) - MOST),
        "faults": run.environment.get("faults", "none"),
        "directions": summaries,
        "figures": figures(summaries),
        "plot": timing_plot(timed_samples(run), simulated=run.mode == "simulated"),
        "timed": [each for each in run.results if template_name(each) in TIMED],
        "example": example and _example(example),
        "conflicts": list(_conflicts([each for each in won if each is not example])),
        "won": won,
        "sections": annotated_page(found),
        "suggestions": suggestions(found),
        "titles": {each.test: each.name for each in run.results},
        "past": [*past, as_past(run)],
        "changed": changes(past[-1].claims, as_past(run).claims) if past else [],
        "settings": list(_settings(run)),
        "ways": [f"{each['direction']}: half / all within" for each in summaries],
        "cost": run.environment["cost"].split("; ") if "cost" in run.environment else [],
    }


def _badge(run: Run) -> tuple[str, str]:
    """What nobody may miss: what was tested, in a word or two, and in a sentence."""
    regions = ", ".join(_region(name) for name in run.environment.get("regions", "").split(", "))
    if run.mode == "simulated":
        return (
            "SIMULATED",
            f"A simulator of global tables was tested. This proves nothing about AWS. Regions: {regions}.",
        )
    day = str(run.known.get("started", ""))[:10]
    if is_aws(run):
        return "AWS", f"A table on AWS was tested on {day}. Regions: {regions}."
    target = run.environment.get("target", "not known")
    return "NOT AWS", f"Another endpoint answered: {target}. This proves nothing about AWS. Regions: {regions}."


def _region(name: str) -> str:
    return f"{name} ({REGION_NAMES[name]})" if name in REGION_NAMES else name


def _example(won: Won) -> tuple[Won, WinnerCard, Markup]:
    record = won.result.record
    card = winner_cards(record)[list(record["contentions"]).index(won.contention)]
    return won, card, timeline(record)


def _conflicts(won: Sequence[Won]) -> Iterator[Conflicts]:
    """The contentions by the rule that they are examples of, in the order of the page."""
    rules: dict[tuple[str, str], list[Won]] = {}
    for each in won:
        record = each.result.record
        rules.setdefault((record["feature"], record["rule"] or record["scenario"]), []).append(each)
    for (feature, rule), alike in rules.items():
        decided = [each for each in alike if each.sign == YES]
        open_ones = [each for each in decided if each.contention["verdict"]["undecidable"]]
        said = f"{len(decided)} of {len(alike)} as expected: the later write was kept, whole, in every region"
        if open_ones:
            said += f"; {len(open_ones)} sent at the same moment, where either may win, the same one everywhere"
        sign = NO if any(each.sign == NO for each in alike) else YES if len(decided) == len(alike) else OPEN
        pictures = [(each, timeline(each.result.record)) for each in alike]
        yield Conflicts(rule, feature, sign, said, pictures)


def _settings(run: Run) -> Iterator[tuple[str, str]]:
    known = run.environment
    versions = ("python", *PACKAGES)
    yield from ((name, value) for name, value in known.items() if name not in (*versions, "cost"))
    yield "versions", ", ".join(f"{name} {known[name]}" for name in versions if name in known)
    yield "run", f"{_moment(run.known.get('started'))} to {_moment(run.known.get('finished'))}"


def _moment(moment: str | None) -> str:
    return f"{moment[:19].replace('T', ' ')} UTC" if moment else "(it never ended)"


def _mutants(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the suite was proved against: the faults by area, and how many of them turn a scenario red."""
    areas: dict[str, list[Mapping[str, Any]]] = {}
    for each in values.get("mutants", ()):
        areas.setdefault(each.get("area") or "table", []).append(each)
    every = [each for mutants in areas.values() for each in mutants]
    return {
        "areas": areas,
        "noticed": sum(each["status"] == "killed" for each in every),
        "meant": sum(each["status"] != "equivalent" for each in every),
        "healthy": values.get("healthy_seeds"),
    }
