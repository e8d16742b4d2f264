"""The runs before: what each has shown in a line of a file of ours, and what has changed from one run to the next."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.reporting.report.run import Run, read
from support.verdicts.delays import seconds

FILE = "runs.jsonl"
INTERRUPTED = 2
"""Pytest's exit code of a run that was stopped."""
SHOWN, KEPT = 10, 500
"""How many runs of a mode the page shows, and how many of all the file keeps."""


PastRun = Mapping[str, Any]
"""What one run has shown, as `as_past` makes it and a line of the file keeps it."""

NAMES = ("started", "mode", "passed", "bad", "total", "delays", "claims", "scenarios")
LATER_NAMES: PastRun = {"without_verdict": "", "cut_off": {}}
"""What older lines of the file do not have."""

Change = tuple[str, str, str]
"""A claim or a scenario of which two runs say different things: its name, what the one says, and the other."""


def comparison(before: PastRun, now: PastRun) -> dict[str, list[Change]]:
    """What two runs say differently of scenarios, of claims, and of the median delay of each direction."""
    medians = [{way: seconds(values["p50"]) for way, values in each["delays"].items()} for each in (before, now)]
    return {
        "scenarios": changes(before["scenarios"], now["scenarios"]),
        "claims": changes(before["claims"], now["claims"]),
        "half of the items had arrived within": changes(*medians),
    }


def as_past(run: Run) -> PastRun:
    """When it was and on what, how many scenarios went how, delays by direction, and the figures on cuts by name."""
    return {
        "started": run.started,
        "mode": run.mode,
        "passed": run.count("passed"),
        "bad": len(run.red),
        "total": run.total,
        "delays": {each["direction"]: each for each in run.directions},
        "claims": {claim.id: str(state) for claim, state in run.claims},
        "scenarios": {each.node_id: each.status for each in run.scenarios},
        "without_verdict": without_verdict(run),
        "cut_off": {each.figure: each.short for _, each in run.cuts},
    }


def without_verdict(run: Run) -> str:
    """Why a run has no place in the history, which would follow faults, parts and interruptions; empty if it has."""
    if not run.problems:
        return run.part or (f"broken on purpose ({run.faults})" if run.faults else "")
    return "interrupted" if run.known.get("exit_status") == INTERRUPTED else "not complete"


def past_runs(folder: Path, run: Run) -> list[PastRun]:
    """The last runs of the same mode before this one, the oldest first. Raises ReportError for a broken file."""
    before = [each for each in _read(folder) if each["mode"] == run.mode and each["started"] < run.started]
    return before[-SHOWN + 1 :]


def is_known(folder: Path, run: Run) -> bool:
    """Whether the run is in the history already: a page can be made again."""
    return any((each["mode"], each["started"]) == (run.mode, run.started) for each in _read(folder))


def add(folder: Path, runs: Sequence[Run]) -> None:
    new = [as_past(run) for run in runs if not without_verdict(run) and not is_known(folder, run)]
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in (*_read(folder), *new)[-KEPT:]]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    return [(name, before[name], now[name]) for name in now if name in before and before[name] != now[name]]


def _read(folder: Path) -> list[PastRun]:
    """All runs, the oldest first. Raises ReportError for a file that can't be read."""

    def parse(text: str) -> list[PastRun]:
        lines = [{**LATER_NAMES, **json.loads(line)} for line in text.splitlines() if line.strip()]
        if missing := [name for name in NAMES for line in lines if name not in line]:
            raise ValueError(f"a line has no {missing[0]}")
        return sorted(lines, key=lambda each: each["started"])

    path = folder / FILE
    return read(path, parse, cure="remove it; the history begins anew then") if path.exists() else []
