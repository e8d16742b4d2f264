"""The delays as Allure metrics, which it shows on the first page with the trend over the last runs."""

from collections.abc import Sequence
from typing import Any

from support.reporting.report.run import Run
from support.verdicts.delays.timings import NEVER, Summary

FIGURES = ("fastest", "slowest", "average", "p50", "p95", "p99")
NAMES = {"average": "average", "p50": "p50 (half of them)", "p95": "p95", "p99": "p99"}


def metrics(run: Run) -> list[dict[str, Any]]:
    """What Allure reads from a `-perf.json` file; a figure that a censored item decides is not known, and left out."""
    moment = max((result.stop for result in run.results), default=0)
    return [
        {"id": key, "key": key, "value": round(value, 3), "start": moment, "stop": moment, "unit": "s",
         "title": _title(summary, figure), "group": _group(summary)}
        for summary in run.delays
        for figure in FIGURES
        if (value := getattr(summary, figure)) != NEVER
        for key in [f"delay.{_group(summary)}.{figure}"]
    ]  # fmt: skip


def performance(runs: Sequence[Run]) -> dict[str, Any]:
    """The same for Allure's configuration: a group for each direction, and that less is better."""
    summaries = [summary for run in runs for summary in run.delays]
    known = [metric for run in runs for metric in metrics(run)]
    groups = {
        _group(summary): {"title": f"Replication delay, {summary.source} to {summary.destination}"}
        for summary in summaries
    }
    described = {
        metric["key"]: {"title": metric["title"], "unit": "s", "better": "lower", "group": metric["group"]}
        for metric in known
    }
    return {"groups": groups, "metrics": described}


def _group(summary: Summary) -> str:
    return f"{summary.source}-to-{summary.destination}"


def _title(summary: Summary, figure: str) -> str:
    return f"{NAMES.get(figure, figure)}, {summary.source} to {summary.destination}"
