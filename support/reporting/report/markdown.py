"""The summary of a run in Markdown, for the page of a CI job."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from support.page.workshop import Limits
from support.reporting.rendering.description import figures
from support.reporting.report.figures import (
    answer,
    broken_on_purpose,
    claims_sentence,
    contentions,
    delays,
    in_trouble,
    plain_reason,
    verdict,
    verdict_sign,
    warning,
)
from support.reporting.report.results import Run

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
MOST = 20
LONG = 300
"""So many letters of a message stand in a cell."""

SETTINGS = ("target", "table", "regions", "seed", "faults", "boto3", "moto")


def write_summary(runs: Sequence[Run], path: Path) -> None:
    """Write the file, and append it to the page of the CI job if there is one."""
    told = "\n".join(line for run in runs for line in summary(run)) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told, encoding="utf-8")
    job = os.environ.get(JOB_SUMMARY)
    if job:
        with Path(job).open("a", encoding="utf-8") as file:
            file.write(told)


def summary(run: Run) -> Iterator[str]:
    yield f"## {verdict_sign(run)} Global tables, {run.mode}: {_cell(answer(run))}"
    yield ""
    if run.page_changes:
        yield f"> **Another version of the page was given:** {_cell(run.environment['page'])}"
        yield ""
    for problem in run.problems:
        yield f"> **This run is not complete:** {_cell(problem)}"
        yield ""
    yield f"{_cell(verdict(run))} {warning(run)} {'' if broken_on_purpose(run) else claims_sentence(run)}"
    yield ""
    known = run.environment
    said = [f"{name} {known[name]}" for name in SETTINGS if name in known]
    yield _cell("; ".join(said))
    yield from _trouble(run)
    yield from _delays(run)
    yield from _winners(run)


def _trouble(run: Run) -> Iterator[str]:
    red = in_trouble(run)
    if red:
        rows = [
            (each.title, each.cause, shorten(plain_reason(each), LONG, placeholder=" \u2026")) for each in red[:MOST]
        ]
        yield from _table("What went wrong", ("scenario", "kind of trouble", "what was found"), rows)
    if len(red) > MOST:
        yield f"\nand {len(red) - MOST} more"


def _delays(run: Run) -> Iterator[str]:
    head, rows = figures([each.values(Limits.usual_delay) for each in delays(run)])
    if rows:
        yield from _table(f"How long replication took ({warning(run)})", head, rows)


def _winners(run: Run) -> Iterator[str]:
    rows = [(won.result.title, f"{won.sign} {won.sentence}", won.contention["kind"]) for won in contentions(run)]
    if rows:
        yield from _table("Which update won, and why", ("scenario", "winner and reason", "kind"), rows)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in (head, ["---"] * len(head), *rows))


def _cell(text: str) -> str:
    """Text that stays in its cell, and means no markup: a placeholder of an outline looks like a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
