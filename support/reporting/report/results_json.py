"""`results.json`, for the next tool: what each scenario has shown; `reports/results.schema.json` describes it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.page.workshop import Limits
from support.reporting.report.figures import claims, claims_of, delays, plain_message, verdict
from support.reporting.report.results import Result, Run
from support.verdicts.delays.timings import Summary

VERSION = 2
"""Raised when a reader of the file has to be changed; new names alone do not raise it."""

Values = Mapping[str, Any]


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
        "verdict": verdict(run),
        "counts": {status: run.count(status) for status in ("passed", "failed", "broken", "skipped")},
        "delays": [_figures(summary) for summary in delays(run)],
        "claims": [
            {"id": claim.id, "section": claim.section, "says": claim.says, "state": str(state)}
            for claim, state in claims(run)
        ],
        "scenarios": [_scenario(result, run) for result in run.results if result.record],
    }


def _figures(summary: Summary) -> dict[str, Any]:
    return summary.values(Limits.usual_delay)


def _scenario(result: Result, run: Run) -> dict[str, Any]:
    record = result.record
    first = next(iter(_conflicts(record)), None)
    return {
        "id": record["node_id"],
        "name": result.name,
        "feature": record["feature"],
        "rule": record["rule"],
        "place": f"{record['file']}:{record['line']}",
        "status": result.status,
        "cause": result.cause,
        "message": plain_message(result) if result.status != "passed" else "",
        "retries": sum(each.record.get("node_id") == record["node_id"] for each in run.retries),
        "durations": {
            "real_seconds": _seconds(result.allure),
            "simulated_seconds": round(record["seconds"], 3) if record["simulated"] else None,
            "steps": [
                {"name": step["name"], "status": step["status"], "real_seconds": _seconds(step)}
                for step in result.allure.get("steps", ())
            ],
        },
        "delays": [finding["values"] for finding in result.findings if _is_timed(finding)],
        "timings": [finding["values"] for finding in result.findings if finding["kind"] == "timing"],
        "conflicts": _conflicts(record),
        "winner": first and first["winner"],
        "why": first and first["why"],
        "claims": claims_of(result),
    }


def _is_timed(finding: Values) -> bool:
    return finding["kind"] == "delay" and "first_hit" in finding["values"]


def _seconds(item: Values) -> float:
    milliseconds: int = item.get("stop", 0) - item.get("start", 0)
    return round(milliseconds / 1000, 3)


def _conflicts(record: Values) -> list[dict[str, Any]]:
    writes = {write["number"]: write for write in record["writes"]}
    return [_conflict(contention, writes) for contention in record["contentions"]]


def _conflict(contention: Values, writes: Mapping[int, Values]) -> dict[str, Any]:
    verdict = contention["verdict"] or {"ruling": "none", "winner": None, "because": None, "excluded_rules": []}
    winner = None if verdict["winner"] is None else writes[verdict["winner"]]
    return {
        "kind": contention["kind"],
        "ruling": verdict["ruling"],
        "winner": winner and winner["name"],
        "winner_region": winner and winner["region"],
        "why": verdict["because"],
        "contenders": [writes[number]["name"] for number in contention["contenders"]],
        "predicted": [writes[number]["name"] for number in contention["predicted"]],
        "observed": {
            seen["region"]: None if seen["write"] is None else writes[seen["write"]]["name"]
            for seen in contention["observed"]
        },
        "excludes": list(verdict["excluded_rules"]),
    }
