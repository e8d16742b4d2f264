"""Building the report: results are completed in a folder of their own, Allure makes the page, and it is finished."""

import json
import shutil
from collections.abc import Mapping, Sequence
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from support.reporting.error import ReportError
from support.reporting.pictures.drawing import demand_matplotlib
from support.reporting.recording.scenario_record import SUFFIX
from support.reporting.report.description import description, without_exception
from support.reporting.report.first_page import first_page
from support.reporting.report.html_page import TestId, addresses, in_order, links, with_summary, without_analytics
from support.reporting.report.metrics import metrics, performance
from support.reporting.report.node import find_node, run_allure
from support.reporting.report.results import RESULT, Result, Run
from support.reporting.report.trend import Entry, earlier_runs, is_worth_keeping, rewrite

CONFIG = Path(__file__).parents[3] / "reports" / "allurerc.mjs"
Values = Mapping[str, Any]
TITLE = "DynamoDB global tables: does the workshop page hold?"
PAGE = "index.html"


def build(runs: Sequence[Run], output: Path, histories: Path, *, keep: bool) -> Path:
    """Make the page of these runs. The history of each kind of run is there from page to page; `keep` adds these runs
    to it. Raises ReportError.
    """
    demand_matplotlib()
    node = find_node()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for run in runs:
            _complete(run, folder / "results")
        modes = sorted({run.mode for run in runs})
        histories.mkdir(parents=True, exist_ok=True)
        history = histories.resolve() / f"history-{'-and-'.join(modes)}.jsonl"
        earlier = earlier_runs(history, runs)
        rewrite(history, earlier)
        found = {
            "title": TITLE,
            "output": str(folder / "html"),
            "history": str(history),
            "keep": keep and all(map(is_worth_keeping, runs)),
            "runs": [{"mode": run.mode, "variables": run.environment} for run in runs],
            "performance": performance(runs),
        }  # fmt: skip
        (folder / "input.json").write_text(json.dumps(found), encoding="utf-8")
        shutil.copy(CONFIG, folder)
        run_allure(
            node, folder, ["generate", "--config", CONFIG.name, "results"], {"REPORT_INPUT": str(folder / "input.json")}
        )
        written = folder / "html" / PAGE
        if not written.exists():
            raise ReportError("Allure has written no page; cure: see whether the results folder is readable")
        html = _finished(written.read_text(encoding="utf-8"), runs, earlier)
    output.mkdir(parents=True, exist_ok=True)
    (output / PAGE).write_text(html, encoding="utf-8")
    return output / PAGE


def _complete(run: Run, folder: Path) -> None:
    """Copy the results, with descriptions and causes, metrics, and a result for each test that has none."""
    folder.mkdir(exist_ok=True)
    results = {result.path.name: result for result in (*run.results, *run.retries)}
    for path in sorted(run.folder.iterdir()):
        if path.name in results:
            _write(folder / path.name, _completed(results[path.name]))
        elif path.is_file() and not path.name.endswith((RESULT, SUFFIX, "environment.properties", "run.json", ".tmp")):
            shutil.copy(path, folder)
    _write(folder / f"{run.mode}-perf.json", metrics(run))
    for values in (*_missing(run), *_incomplete(run)):
        _write(folder / f"{values['uuid']}{RESULT}", values)


def _completed(result: Result) -> dict[str, Any]:
    values = dict(result.allure)
    if result.record:
        values["descriptionHtml"] = description(result, str(values.pop("description", "")))
    if result.cause:
        details = values.get("statusDetails", {})
        values["statusDetails"] = {**details, "message": without_exception(result.message)}
        values["steps"] = [_in_plain_words(step) for step in values.get("steps", ())]
        values["labels"] = [*values.get("labels", ()), {"name": "cause", "value": result.cause}]
    return values


def _in_plain_words(step: Values) -> dict[str, Any]:
    details = step.get("statusDetails") or {}
    message = details.get("message") or ""
    return {**step, "statusDetails": {**details, "message": without_exception(message)}} if message else dict(step)


def _missing(run: Run) -> list[dict[str, Any]]:
    """A broken result for each test that was collected and never came to its end, so that the tree has it."""
    return [_broken(run, test, test.partition("::")[2] or test, "Without a result", WITHOUT) for test in run.missing]


def _incomplete(run: Run) -> list[dict[str, Any]]:
    """A broken result for the run itself, so that no figure of Allure's calls it wholly passed."""
    said = "; ".join(run.problems)
    return [_broken(run, "run", "This run is not complete", "This run", said)] if said else []


WITHOUT = "this test has no result: it never started, was interrupted, or the process that ran it crashed"


def _broken(run: Run, name: str, title: str, feature: str, message: str) -> dict[str, Any]:
    labels = {"mode": run.mode, "epic": "This run", "feature": feature, "cause": "Environment"}
    stop = max((result.allure.get("stop", 0) for result in run.results), default=0)
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"{run.mode}/{name}")),
        "name": title,
        "fullName": f"missing#{name}",
        "testCaseId": md5(name.encode(), usedforsecurity=False).hexdigest(),
        "status": "broken",
        "statusDetails": {"message": message},
        "start": stop,
        "stop": stop,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }


def _finished(html: str, runs: Sequence[Run], earlier: Sequence[Entry]) -> str:
    tests = {run.mode: _tests(run) for run in runs}
    first = [TestId(run.mode, f"missing#{name}", title) for run in runs
             for name, title in [("run", "This run is not complete"),
                                 *((test, test.partition("::")[2] or test) for test in run.missing)]]  # fmt: skip
    order = [*first, *(test for each in tests.values() for test in each.values())]
    html = in_order(without_analytics(html), order)
    found = addresses(html)
    return with_summary(html, TITLE, [first_page(run, links(found, tests[run.mode]), earlier) for run in runs])


def _tests(run: Run) -> Mapping[str, TestId]:
    """What each test is recognized by in the page, in the order of the page."""
    return {
        result.record.get("node_id", result.allure["uuid"]): TestId(
            run.mode, str(result.allure.get("fullName", "")), result.name
        )
        for result in run.results
    }


def _write(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
