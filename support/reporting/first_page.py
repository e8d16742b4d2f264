"""What a reader sees first, without a click: what was tested, the verdict, the delays, and who won each conflict."""

from collections.abc import Mapping, Sequence

from support.reporting.description import plain_reason
from support.reporting.figures import (
    TIMED,
    Won,
    claims_sentence,
    contests,
    delays,
    disputed_claims,
    in_trouble,
    template_name,
    verdict,
)
from support.reporting.html import NO, OPEN, YES, box, heading, headline, paragraph, strong, table, text
from support.reporting.results import Run
from support.reporting.run_files import PACKAGES
from support.reporting.trend import Entry, trend
from support.timings import Summary
from support.workshop import REGION_NAMES, Limits

TARGETS = {
    "simulated": "a simulated global table: no AWS account was used, and nothing here proves what AWS does",
    "live": "a global table on AWS",
}
CENSORED = "All probes of exercise 5; one that did not arrive is censored: it took longer than it was awaited."
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
            _contests(list(contests(run)), links),
            _claims(run),
        ]
    )


def _verdict(run: Run) -> str:
    sign = OPEN if run.problems else NO if in_trouble(run) else YES
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
    own = {"mode", "regions", "python", *PACKAGES}
    others = {name: value for name, value in known.items() if name not in own}
    rows = [
        ["target", text(TARGETS.get(run.mode, run.mode))],
        ["regions", text(", ".join(regions))],
        *([text(name), text(value)] for name, value in others.items()),
        ["versions", text(versions)],
        ["run", text(f"{_moment(run.known.get('started'))} to {_moment(run.known.get('finished'))}")],
    ]
    return heading("What was tested") + table(["", f"mode {run.mode}"], rows)


def _delays(run: Run, links: Mapping[str, str]) -> str:
    summaries = delays(run)
    if not summaries:
        return heading("How long replication took") + paragraph(text("Nothing was timed in this run."))
    usual = Limits.usual_delay
    head = ["direction", "probes", "censored", *FIGURES, f"usually &lt; {usual:g} s"]
    rows = [_delay(summary, usual) for summary in summaries]
    timed = [_linked(each.name, each.record["node_id"], links) for each in run.results if template_name(each) in TIMED]
    plots = f"With plots in: {'; '.join(timed)}."
    return heading("How long replication took") + table(head, rows) + paragraph(text(CENSORED)) + paragraph(plots)


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


def _contests(won: Sequence[Won], links: Mapping[str, str]) -> str:
    if not won:
        return ""
    rows = [
        [_linked(each.result.name, each.result.record["node_id"], links), f"{each.sign} {text(each.sentence)}",
         text(each.contest["kind"])]
        for each in won
    ]  # fmt: skip
    head = ["scenario", "which update won, and why", "kind"]
    return heading("Conflicting updates: which one won, and why") + table(head, rows)


def _claims(run: Run) -> str:
    rows = [[text(claim.section), text(f"\u201c{claim.says}\u201d"), text(state), text(claim.reason or "")]
            for claim, state in disputed_claims(run)]  # fmt: skip
    if not rows:
        return ""
    title = heading("What the page says and this run, or AWS's documentation, does not bear out")
    return title + table(["section", "the page says", "what is to be said of it", "source"], rows)


def _linked(name: str, node_id: str, links: Mapping[str, str]) -> str:
    address = links.get(node_id)
    return f'<a style="color:inherit" href="{text(address)}">{text(name)}</a>' if address else text(name)


def _moment(moment: str | None) -> str:
    return f"{moment[:19].replace('T', ' ')} UTC" if moment else "(it never ended)"
