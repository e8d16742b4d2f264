"""What stands at the top of a scenario in the report: what went wrong, who won, how long it took, and the pictures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from support.reporting.pictures.timeline import timeline
from support.reporting.pictures.timing_plot import timing_plot
from support.reporting.report.html import NO, OPEN, YES, box, heading, headline, paragraph, picture, strong, table, text
from support.reporting.report.results import Result
from support.reporting.report.winner_card import WRONG, verdict_sentence, winner_cards

Values = Mapping[str, Any]

EXCEPTION = re.compile(r"^(?:\w+\.)*\w+(?:Error|Exception|Exit|Failed): ")
"""How the message of a failure begins, which means nothing to a reader who knows no Python."""

BROKEN = "This is no verdict on replication: the scenario could not show what it is about."
CURVE = (
    "The thick line counts an item from the first look that found it, the thin one from the last look that missed it: "
    "the true delay lies between the two. An item that did not arrive is censored: it keeps its curve below 1."
)
LANES = "One lane for each region; a read stands below its lane, a write above it."


def description(result: Result, told: str) -> str:
    """The HTML for a scenario; `told` is the text of its feature file, in paragraphs."""
    record = result.record
    return "".join(
        [
            what_went_wrong(result),
            *(paragraph(text(each)) for each in told.split("\n\n") if not each.startswith("`")),
            winner_cards(record),
            _delays(result.findings),
            _timings(result.findings),
            _drawn(timing_plot(record), "Timing plot", "Delays of each direction", CURVE),
            _drawn(timeline(record), "Replication timeline", "Writes, reads and arrivals in each region", LANES),
            paragraph(f"<small>{text(record['file'])}, line {record['line']}</small>"),
        ]
    )


def plain_message(result: Result) -> str:
    """The first line of the message of a failure."""
    return next(iter(without_exception(result.message).splitlines()), "")


def without_exception(message: str) -> str:
    """The message of a failure without the name of its exception."""
    return EXCEPTION.sub("", message.strip())


def plain_reason(result: Result) -> str:
    """Why a scenario failed, in a sentence: the wrong verdict on a conflict, if that is what it came to."""
    for contention in result.record.get("contentions", ()):
        if (contention["verdict"] or {}).get("ruling") == "wrong":
            writes = {write["number"]: write for write in result.record["writes"]}
            return verdict_sentence(contention, writes).removeprefix(WRONG)
    return plain_message(result)


def what_went_wrong(result: Result) -> str:
    """A frame with the reason in plain words; empty for a scenario that passed."""
    if result.status == "passed":
        return ""
    if result.status == "skipped":
        return box(paragraph(strong("Not run: " + plain_message(result))))
    sign = NO if result.status == "failed" else OPEN
    no_verdict = paragraph(text(BROKEN)) if result.status == "broken" else ""
    return box(headline(f"{sign} {result.cause}: {plain_reason(result)}") + no_verdict)


def _delays(findings: Sequence[Values]) -> str:
    rows = [list(_delay(finding)) for finding in findings if finding["kind"] == "delay"]
    if not rows:
        return ""
    head = ["replication", "delay", "bracket: last look without it, first with it", "clock", "really waited"]
    return heading("How long replication took") + table(head, rows)


def _delay(finding: Values) -> Iterator[str]:
    values = finding["values"]
    if "first_hit" not in values:
        yield from (text(finding["title"]), "", "", "", "")
        return
    missed, hit = values["last_miss"], values["first_hit"]
    yield text(values["direction"])
    yield text(f"{hit:.2f} s")
    yield text(f"the first look found it, {hit:.2f} s after" if missed is None else f"[{missed:.2f} s, {hit:.2f} s]")
    yield "simulated" if values["simulated"] else "real"
    yield text(f"{values['waited']:.3f} s")


def _timings(findings: Sequence[Values]) -> str:
    timings = [finding for finding in findings if finding["kind"] == "timing"]
    if not timings:
        return ""
    # A row for each figure: a column for each would not fit the width that Allure leaves.
    names = [name for name, _ in timings[0]["details"]]
    columns = [dict(finding["details"]) for finding in timings]
    rows = [[text(name), *(text(column[name]) for column in columns)] for name in names[1:]]
    holds = [YES if finding["values"]["usually_below"] else NO for finding in timings]
    usual = f"usually &lt; {timings[0]['values']['usual']:g} s (p50)"
    head = [text(names[0]), *(text(column[names[0]]) for column in columns)]
    return heading("Replication delays") + table(head, [*rows, [usual, *holds]])


def _drawn(svg: str, title: str, alternative: str, caption: str) -> str:
    return heading(title) + picture(svg, alternative) + paragraph(f"<small>{text(caption)}</small>") if svg else ""
