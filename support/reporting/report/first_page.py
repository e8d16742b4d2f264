"""What a reader sees first, without a click: what was tested, the verdict, the delays, and who won each conflict."""

import re
from collections.abc import Mapping, Sequence

from support.page.claims import State
from support.page.page_map import Claim
from support.page.workshop import REGION_NAMES, Limits
from support.reporting.recording.run_files import PACKAGES
from support.reporting.report.description import plain_reason
from support.reporting.report.figures import (
    TIMED,
    Won,
    claims_of,
    claims_sentence,
    contentions,
    delays,
    disputed_claims,
    in_trouble,
    template_name,
    verdict,
    verdict_sign,
)
from support.reporting.report.html import NO, OPEN, YES, box, heading, headline, paragraph, strong, table, text
from support.reporting.report.results import Run
from support.reporting.report.trend import Entry, trend
from support.verdicts.timings import Summary

SIMULATED = "a simulated global table: no AWS account was used, and nothing here proves what AWS does"
FIGURES_MEAN = (
    "All probes of exercise 5: items that were written in one region and looked for in the other. p50: half of them "
    "arrived within this time; p95 and p99: 95 and 99 of 100 did. One that did not arrive in time is censored: it took "
    "longer than it was awaited."
)
NOT_TIMED = "Exercise 5 was not part of this run; each scenario tells how long its own replication took."
ADDRESS = re.compile(r"https://[^\s)]+")
MOST = 15
"""So many scenarios in trouble are named; the tree below has them all."""

FIGURES = ("fastest", "slowest", "average", "p50", "p95", "p99")


def first_page(run: Run, links: Mapping[str, str], earlier: Sequence[Entry]) -> str:
    """The summary of a run as HTML; `links` are the addresses of scenarios in the page, by their node ids, and
    `earlier` is the history.
    """
    return "".join(
        [
            _verdict(run),
            _trouble(run, links),
            _target(run),
            _delays(run, links),
            _trend(trend(run, earlier)),
            _contentions(list(contentions(run)), links),
            _claims(run, links),
        ]
    )


def _verdict(run: Run) -> str:
    sign = verdict_sign(run)
    warnings = [headline(f"THIS RUN IS NOT COMPLETE: {problem}.") for problem in run.problems]
    faults = run.environment.get("faults", "none")
    if faults != "none":
        warnings.append(paragraph(strong(f"The table was broken on purpose (--fault): {faults}.")))
    said = headline(f"{sign} {verdict(run)}") + paragraph(text(claims_sentence(run)))
    return box("".join(warnings) + said)


def _trouble(run: Run, links: Mapping[str, str]) -> str:
    red = in_trouble(run)
    if not red:
        return ""
    rows = [
        [_linked(each.name, each.record.get("node_id", ""), links), text(each.cause), text(plain_reason(each))]
        for each in red[:MOST]
    ]
    more = paragraph(text(f"and {len(red) - MOST} more, in the tree below")) if len(red) > MOST else ""
    return heading("What went wrong") + table(["scenario", "kind of trouble", "what was found"], rows) + more


def _target(run: Run) -> str:
    known = run.environment
    regions = [f"{name} ({REGION_NAMES[name]})" if name in REGION_NAMES else name
               for name in known.get("regions", "").split(", ")]  # fmt: skip
    versions = ", ".join(f"{name} {known[name]}" for name in ("python", *PACKAGES) if name in known)
    own = {"mode", "target", "regions", "python", *PACKAGES}
    others = {name: value for name, value in known.items() if name not in own}
    rows = [
        ["target", text(_target_name(run))],
        ["regions", text(", ".join(regions))],
        *([text(name), text(value)] for name, value in others.items()),
        ["versions", text(versions)],
        ["run", text(f"{_moment(run.known.get('started'))} to {_moment(run.known.get('finished'))}")],
    ]
    return heading("What was tested") + table(["", f"mode {run.mode}"], rows)


def _target_name(run: Run) -> str:
    """Who answered, which is not always what one thinks: a live run may have been led to a stand-in."""
    return run.environment.get("target") or (SIMULATED if run.mode == "simulated" else "not known")


def _delays(run: Run, links: Mapping[str, str]) -> str:
    summaries = delays(run)
    if not summaries:
        return heading("How long replication took") + paragraph(text(NOT_TIMED))
    usual = Limits.usual_delay
    head = ["direction", "probes", "censored", *FIGURES, f"usually &lt; {usual:g} s"]
    rows = [_delay(summary, usual) for summary in summaries]
    timed = [_linked(each.name, each.record["node_id"], links) for each in run.results if template_name(each) in TIMED]
    plots = f"With plots in: {'; '.join(timed)}."
    return heading("How long replication took") + table(head, rows) + paragraph(text(FIGURES_MEAN)) + paragraph(plots)


def _delay(summary: Summary, usual: float) -> list[str]:
    figures = summary.figures()
    names = ("direction", "probes", "censored", *FIGURES)
    holds = f"{YES} holds" if summary.is_usually_below(usual) else f"{NO} does not hold"
    return [*(text(figures[name]) for name in names), holds]


def _trend(values: Sequence[tuple[str, Sequence[float]]]) -> str:
    count = max((len(each) for _, each in values), default=0)
    if count < 2:
        return ""
    rows = [[text(title), *([""] * (count - len(each))), *(f"{value:.2f} s" for value in each)]
            for title, each in values]  # fmt: skip
    head = ["trend", *(f"{back} runs ago" if back > 1 else "last run" for back in range(count - 1, 0, -1)), "this run"]
    more = '<a style="color:inherit" href="#metrics">all figures with their trends</a>'
    return table(head, rows) + paragraph(more)


def _contentions(won: Sequence[Won], links: Mapping[str, str]) -> str:
    if not won:
        return ""
    rows = [
        [_linked(each.result.name, each.result.record["node_id"], links), f"{each.sign} {text(each.sentence)}",
         text(each.contention["kind"])]
        for each in won
    ]  # fmt: skip
    head = ["scenario", "which update won, and why", "kind"]
    return heading("Conflicting updates: which one won, and why") + table(head, rows)


def _claims(run: Run, links: Mapping[str, str]) -> str:
    rows = [[text(claim.section), text(f"\u201c{claim.says}\u201d"), _said(state), _source(claim, run, links)]
            for claim, state in disputed_claims(run)]  # fmt: skip
    if not rows:
        return ""
    title = heading("What the page says and this run, or AWS's documentation, does not bear out")
    return title + table(["section", "the page says", "what is to be said of it", "source"], rows)


def _said(state: State) -> str:
    return f"{OPEN if state is State.UNDOCUMENTED else NO} {text(state)}"


def _source(claim: Claim, run: Run, links: Mapping[str, str]) -> str:
    """The documentation, as a link; for a claim that failed the scenarios that have shown it."""
    if claim.reason:
        return ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', text(claim.reason))
    shown = [each for each in in_trouble(run) if claim.id in claims_of(each)]
    return "; ".join(_linked(each.name, each.record["node_id"], links) for each in shown)


def _linked(name: str, node_id: str, links: Mapping[str, str]) -> str:
    address = links.get(node_id)
    return f'<a style="color:inherit" href="{text(address)}">{text(name)}</a>' if address else text(name)


def _moment(moment: str | None) -> str:
    return f"{moment[:19].replace('T', ' ')} UTC" if moment else "(it never ended)"
