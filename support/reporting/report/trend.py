"""The history of earlier runs, which Allure keeps: no run is in it twice, and how the delays were in the last ones."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.reporting.error import ReportError
from support.reporting.report.metrics import metrics
from support.reporting.report.results import Run

Entry = Mapping[str, Any]
LAST = 5
"""So many earlier runs are shown."""


def earlier_runs(history: Path, runs: Sequence[Run]) -> list[Entry]:
    """The entries of the history but for those of these very runs: a page can be made again."""
    if not history.exists():
        return []
    try:
        entries = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise ReportError(f"{history} can't be read ({error}); cure: remove it; trends begin anew then") from None
    starts = {result.allure.get("start") for run in runs for result in run.results}
    return [entry for entry in entries if not starts & {each.get("start") for each in entry["testResults"].values()}]


def rewrite(history: Path, entries: Sequence[Entry]) -> None:
    """Keep just these entries."""
    if history.exists():
        history.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


def is_worth_keeping(run: Run) -> bool:
    """Whether a run belongs into the history: trends would follow faults and interruptions otherwise."""
    return not run.problems and run.environment.get("faults", "none") == "none"


def trend(run: Run, earlier: Sequence[Entry]) -> list[tuple[str, list[float]]]:
    """The title of each metric of the run, with its values in the last runs: the oldest first, this run last."""
    return [
        (metric["title"], [*_values(earlier, metric["key"])[-LAST:], metric["value"]])
        for metric in metrics(run)
        if metric["key"].endswith((".average", ".p50", ".p95"))
    ]


def _values(earlier: Sequence[Entry], key: str) -> list[float]:
    return [entry["metrics"][key] for entry in earlier if key in entry.get("metrics", {})]
