"""The summary of a run in Markdown, for the page of a CI job."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from support.reporting.rendering.description import figures
from support.reporting.rendering.templates import render
from support.reporting.report.run import Run, plain_reason

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
MOST = 20
LONG = 300
"""So many letters of a message stand in a cell."""

SETTINGS = ("target", "table", "regions", "seed", "faults", "boto3", "moto")

Table = tuple[str, Sequence[str], Sequence[Sequence[str]], int]
"""Title, head, rows, and how many rows more there are."""


def write_summary(runs: Sequence[Run], path: Path) -> None:
    told = "".join(map(summary, runs))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told, encoding="utf-8")
    job = os.environ.get(JOB_SUMMARY)
    if job:
        with Path(job).open("a", encoding="utf-8") as file:
            file.write(told)


def summary(run: Run) -> str:
    settings = "; ".join(f"{name} {run.environment[name]}" for name in SETTINGS if name in run.environment)
    return render("summary.md", run=run, settings=settings, tables=list(_tables(run)))


def _tables(run: Run) -> Iterator[Table]:
    if run.red:
        shown = [(each.title, each.cause, shorten(plain_reason(each), LONG, placeholder=" \u2026")) for each in run.red]
        yield "What went wrong", ("scenario", "kind of trouble", "what was found"), shown[:MOST], len(shown[MOST:])
    head, rows = figures(run.directions)
    if rows:
        yield f"How long replication took ({run.warning})", head, rows, 0
    won = [(each.result.title, f"{each.sign} {each.headline}", each.values["kind"]) for each in run.contentions]
    if won:
        yield "Which update won, and why", ("scenario", "winner and reason", "kind"), won, 0
