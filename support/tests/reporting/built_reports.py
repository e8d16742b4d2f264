"""Runs of the features with their reports: what tests of the report are about."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.reporting.error import ReportError
from support.reporting.report.node import find_node
from support.tests.suite_runs import ROOT

CONFLICTS = "features/exercise_3_conflict_resolution.feature"
TIMING = "features/exercise_5_replication_timing.feature"
MONITORING = "features/performance_monitoring.feature"
NOT_SEEN = f"{CONFLICTS}::<second> writes before the update from <first> has arrived, and wins"
FEW = (
    f"{MONITORING}::There is no PendingReplicationCount, and nothing is pending",
    f"{TIMING}::Both directions are timed side by side",
    f"{CONFLICTS}::Virginia writes last, so Virginia wins",
    NOT_SEEN,
)
"""Something of everything that the report shows, not in the order of the page."""

HOUR = 3_600_000


def demand_node() -> None:
    """Skip the test where there is no Node."""
    try:
        find_node()
    except ReportError as error:
        pytest.skip(str(error))


def run_features(results: Path, *arguments: str) -> int:
    """Run features with results in a folder; pytest's exit code."""
    return _python("pytest", "-q", "-p", "no:cacheprovider", f"--alluredir={results}", *arguments).returncode


def make_report(folder: Path, results: Sequence[Path], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`python -m support.reporting` with everything that it writes in one folder."""
    places = {"--output": folder, "--history": folder, "--json": folder / "r.json", "--summary": folder / "s.md"}
    options = [text for option, place in places.items() for text in (option, str(place))]
    return _python("support.reporting", *map(str, results), *options, *arguments)


def two_runs(factory: pytest.TempPathFactory) -> Path:
    """A folder with results, the page of a run (`first.html`), that of the next one (`index.html`) and the history of
    both; made once, however many processes ask for it.
    """
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder = root / "two-runs"
    with (root / "two-runs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = root / "two-runs-half-made"
            shutil.rmtree(made, ignore_errors=True)
            _make_two_runs(made)
            made.rename(folder)
    return folder


def _make_two_runs(folder: Path) -> None:
    results = folder / "results"
    assert run_features(results, *FEW, "--probes", "3", "-p", "no:randomly") == 0
    for page in ("first.html", "index.html"):
        made = make_report(folder, [results])
        assert made.returncode == 0, made.stderr
        if page == "first.html":
            (folder / "index.html").rename(folder / page)
            _an_hour_later(results)


def _an_hour_later(results: Path) -> None:
    """Have the same results once more, as of another run: a run in other processes has the same ids, as others test."""
    for path in results.glob("*-result.json"):
        values = json.loads(path.read_text())
        path.write_text(json.dumps({**values, "start": values["start"] + HOUR, "stop": values["stop"] + HOUR}))


def _python(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GITHUB_"))}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
