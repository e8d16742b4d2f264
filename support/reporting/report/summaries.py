"""What a run has shown, for other tools: `results.json` (`reports/results.schema.json`), and a summary in Markdown."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from support.page.scenarios import claims_of
from support.reporting.rendering.delays import figures
from support.reporting.rendering.templates import render
from support.reporting.report.run import Run, plain_reason
from support.reporting.scenario_result import ScenarioResult, Values
from support.verdicts.delays import Delay, Timing
from support.verdicts.recovery import Recovery

VERSION = 2
"""Raised when a reader of the file has to be changed; new names alone do not raise it."""

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
MOST = 20
LONG = 300
"""So many letters of a message stand in a cell."""

SETTINGS = ("target", "table", "regions", "seed", "faults", "boto3", "moto")


def write_results(runs: Sequence[Run], path: Path) -> None:
    values = {"schema_version": VERSION, "runs": [run_values(run) for run in runs]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def run_values(run: Run) -> dict[str, Any]:
    return {
        "mode": run.mode,
        "started": run.known.get("started"),
        "finished": run.known.get("finished"),
        "complete": not run.problems,
        "problems": run.problems,
        "part": run.part,
        "missing": list(run.missing),
        "settings": dict(run.environment),
        "verdict": run.verdict,
        "counts": {status: run.count(status) for status in ("passed", "failed", "broken", "skipped")},
        "delays": run.directions,
        "claims": [
            {"id": claim.id, "section": claim.section, "says": claim.says, "state": str(state)}
            for claim, state in run.claims
        ],
        "scenarios": [_scenario(result, run) for result in run.scenarios],
    }


def _scenario(result: ScenarioResult, run: Run) -> dict[str, Any]:
    conflicts = [_conflict(each) for each in result.contentions]
    first = conflicts[0] if conflicts else None
    return {
        "id": result.node_id,
        "name": result.title,
        "feature": result.feature,
        "rule": result.rule,
        "place": f"{result.file}:{result.line}",
        "status": result.status,
        "cause": result.cause,
        "message": result.headline if result.status != "passed" else "",
        "retries": sum(each.node_id == result.node_id for each in run.retries),
        "durations": {
            "real_seconds": result.real_seconds,
            "simulated_seconds": round(result.seconds, 3) if result.simulated else None,
            "steps": [
                {"name": step.name, "status": step.status, "real_seconds": step.seconds} for step in result.steps
            ],
        },
        "delays": [each.values() for each in result.found(Delay)],
        "timings": [each.values() for each in result.found(Timing)],
        "conflicts": conflicts,
        "recovery": [
            {"figure": each.figure, "short": each.short, "sentence": each.title, **each.numbers}
            | {"writes_named": dict(each.details)}
            for each in result.found(Recovery)
        ],
        "winner": first and first["winner"],
        "why": first and first["why"],
        "claims": list(claims_of(result.tags)),
    }


def _conflict(contention: Values) -> dict[str, Any]:
    verdict = contention["verdict"] or {"ruling": "none", "winner": None, "because": None, "excluded_rules": []}
    winner = next((each for each in contention["contenders"] if each["number"] == verdict["winner"]), None)
    return {
        "kind": contention["kind"],
        "ruling": verdict["ruling"],
        "winner": winner and winner["name"],
        "winner_region": winner and winner["region"],
        "why": verdict["because"],
        "contenders": [each["name"] for each in contention["contenders"]],
        "predicted": contention["predicted"],
        "observed": {seen["region"]: seen["write"] and seen["write"]["name"] for seen in contention["observed"]},
        "excludes": verdict["excluded_rules"],
    }


def write_summary(runs: Sequence[Run], path: Path) -> None:
    told = "".join(map(summary, runs))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told, encoding="utf-8")
    if job := os.environ.get(JOB_SUMMARY):
        with Path(job).open("a", encoding="utf-8") as file:
            file.write(told)


def summary(run: Run) -> str:
    settings = "; ".join(f"{name} {run.environment[name]}" for name in SETTINGS if name in run.environment)
    return render("summary.md", run=run, settings=settings, tables=list(_tables(run)))


def _tables(run: Run) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[str]], int]]:
    """Title, head, rows, and how many rows more there are."""
    if run.red:
        shown = [(each.title, each.cause, shorten(plain_reason(each), LONG, placeholder=" \u2026")) for each in run.red]
        yield "What went wrong", ("scenario", "kind of trouble", "what was found"), shown[:MOST], len(shown[MOST:])
    head, rows = figures(run.delays)
    if rows:
        yield f"How long replication took ({run.warning})", head, rows, 0
    won = [(each.result.title, f"{each.sign} {each.headline}", each.values["kind"]) for each in run.contentions]
    if won:
        yield "Which update won, and why", ("scenario", "winner and reason", "kind"), won, 0
