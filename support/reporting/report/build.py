"""Building the report: Allure makes its page of the results, and ours leads into it, scenario by scenario."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.reporting.recording.recorder import CAUSES
from support.reporting.recording.run_record import incomplete_results
from support.reporting.rendering.delays import FIGURES
from support.reporting.report import history
from support.reporting.report.first_page import TITLE, first_page
from support.reporting.report.run import RESULT, ReportError, Run, read
from support.reporting.scenario_result import SUFFIX

CONFIG = Path(__file__).with_name("allurerc.mjs")
PAGE, ALLURE = "index.html", "allure"
ALLURE_PACKAGE = "allure@3.18.0"
"""Pinned: the page is finished by hand after Allure has written it, and its parts may move with any release."""

OLDEST_NODE = 22
CURE = "install Node.js 22 or newer, or pip install '.[report]' for the one on PyPI"

OURS = (SUFFIX, "environment.properties", "categories.json", "run.json", ".tmp")
"""How the names of files end that Allure 3 is not given: it has our configuration instead."""

ANALYTICS = re.compile(r"<script[^>]*googletagmanager[^>]*></script>\s*<script>.*?</script>", re.DOTALL)
"""The only thing in Allure's page that asks the network for anything; no option leaves it out."""


def build(runs: Sequence[Run], output: Path, histories: Path, *, keep: bool, mutants: Path | None = None) -> Path:
    """Make the pages of these runs. `histories` is where the runs before are known from; `keep` adds these to them.
    `mutants` is what the suite was proved against. Raises ReportError.
    """
    node = find_node()
    histories.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        page = _allure(runs, Path(name), histories, node, keep=keep)
    (output / ALLURE).mkdir(parents=True, exist_ok=True)
    (output / ALLURE / PAGE).write_text(page, encoding="utf-8")
    past = {run.label: history.past_runs(histories, run) for run in runs}
    proved: Mapping[str, Any] = {}
    if mutants and mutants.exists():
        proved = read(mutants, json.loads, cure="make it again, or remove it")
    (output / PAGE).write_text(first_page(runs, past, proved), encoding="utf-8")
    if keep:
        history.add(histories, runs)
    return output / PAGE


def _allure(runs: Sequence[Run], folder: Path, histories: Path, node: Path, *, keep: bool) -> str:
    for run in runs:
        _complete(run, folder / "results")
    known = any(history.is_known(histories, run) for run in runs)
    found = {
        "title": TITLE,
        "output": str(folder / "html"),
        "history": str(histories.resolve() / f"history-{'-and-'.join(sorted(run.label for run in runs))}.jsonl"),
        "keep": keep and not known and not any(map(history.without_verdict, runs)),
        "runs": [{"label": run.label, "variables": run.environment} for run in runs],
        "categories": CAUSES,
        "metrics": [metric for run in runs for metric in metrics(run)],
    }
    (folder / "input.json").write_text(json.dumps(found), encoding="utf-8")
    shutil.copy(CONFIG, folder)
    command = ["generate", "--config", CONFIG.name, "results"]
    run_allure(node, folder, command, {"REPORT_INPUT": str(folder / "input.json")})
    written = folder / "html" / PAGE
    if not written.exists():
        raise ReportError("Allure has written no page; cure: see whether the results folder is readable")
    return without_analytics(written.read_text(encoding="utf-8"))


def without_analytics(html: str) -> str:
    clean = ANALYTICS.sub("", html)
    if "googletagmanager" in clean:
        raise ReportError("Allure's page still calls an analytics service; cure: see ANALYTICS in report/build.py")
    return clean


def _complete(run: Run, folder: Path) -> None:
    """Copy the results that count, and add what is missing."""
    folder.mkdir(exist_ok=True)
    for path in run.folder.iterdir():
        if path.is_file() and not path.name.endswith((RESULT, *OURS)):
            shutil.copy(path, folder)
    _write(folder / f"{run.label}-perf.json", list(metrics(run)))
    at = max((result.stop for result in run.results), default=0)
    lost = incomplete_results(run.known, run.mode, list(run.missing), at)
    known = [run.allure[result.uuid] for result in (*run.results, *run.retries)]
    for values in (*known, *lost):
        labels = [*values.get("labels", ()), {"name": "run", "value": run.label}]
        _write(folder / f"{run.label}-{values['uuid']}{RESULT}", {**values, "labels": labels})


def metrics(run: Run) -> Iterator[dict[str, Any]]:
    """The delays as Allure reads them from a `-perf.json` file, and shows them on its first page with the trend over
    the last runs; a figure that a censored item decides is not known, and left out.
    """
    moment = max((result.stop for result in run.results), default=0)
    for timing in run.delays:
        group = timing.direction.replace(" ", "-")
        for figure, name in FIGURES.items():
            key, value = f"delay.{group}.{figure}", getattr(timing, figure)
            if value is not None:
                told = {"title": f"{name}, {timing.direction}", "value": round(value, 3), "unit": "s", "group": group}
                yield {"id": key, "key": key, **told, "start": moment, "stop": moment}


def _write(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def find_node() -> Path:
    """The folder of a Node that is new enough: this Python's own, or the system's. Raises ReportError without one."""
    own, system, seen = Path(sys.executable).with_name("node"), shutil.which("node"), []
    for folder in {each.parent: None for each in (own, Path(system or own)) if each.exists()}:
        said = ""
        with suppress(OSError):
            said = subprocess.run(
                [str(folder / "node"), "--version"], capture_output=True, text=True, check=False
            ).stdout
        major = re.match(r"v(\d+)\.", said)
        version = int(major[1]) if major else 0
        if version >= OLDEST_NODE and (folder / "npx").exists():
            return folder
        seen.append(f"version {version} in {folder}" if (folder / "npx").exists() else f"no npx in {folder}")
    found = f"only {', '.join(seen)}" if seen else "none"
    raise ReportError(f"the report needs Node.js {OLDEST_NODE} or newer, and there is {found}; cure: {CURE}")


def run_allure(node: Path, folder: Path, arguments: list[str], environment: Mapping[str, str]) -> None:
    """Run Allure in a folder; npx fetches it the first time. Raises ReportError when it does not succeed."""
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(node / "npx"), "--yes", "--prefer-offline", ALLURE_PACKAGE, *arguments],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path, "ALLURE_NO_ANALYTICS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        last = next(
            (line for line in said if "npm" in line and "code" in line), said[-1] if said else "it said nothing"
        )
        cure = "connect to an npm registry once; it is kept after that" if "npm" in last else "see its message"
        raise ReportError(f"{ALLURE_PACKAGE} ended with {done.returncode}: {last}; cure: {cure}")
