"""A run of a few features with its reports: what tests of the report are about. Made once for all of them."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from support.reporting.error import ReportError
from support.reporting.report.node import ALLURE, find_node
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

CONFLICTS = "features/exercise_3_conflict_resolution.feature"
TIMING = "features/exercise_5_replication_timing.feature"
MONITORING = "features/performance_monitoring.feature"
NOT_SEEN = f"{CONFLICTS}::<second> writes before the update from <first> has arrived, and wins"
PAGES_EXAMPLE = f"{CONFLICTS}::Ireland writes five seconds after Virginia, so Ireland wins"
FEW = (
    f"{MONITORING}::There is no PendingReplicationCount, and nothing is pending",
    f"{TIMING}::Both directions are timed side by side",
    PAGES_EXAMPLE,
    NOT_SEEN,
)
"""Something of everything that the report shows, not in the order of the page."""

ALLURE_2 = "allure-commandline@2.46.1"
LATER = "2126-11-25T00:00:00+00:00"


def demand_node() -> Path:
    """The folder of Node; skips the test where there is none."""
    try:
        return find_node()
    except ReportError as error:
        pytest.skip(str(error))


def run_features(results: Path, *arguments: str) -> int:
    """Run features with results in a folder; pytest's exit code."""
    return run_pytest([*LEAN, "-q", f"--alluredir={results}", *arguments], ROOT, _environment()).returncode


def make_report(folder: Path, results: Sequence[Path], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`python -m support.reporting` with everything that it writes in one folder."""
    places = {"--output": folder, "--history": folder, "--json": folder / "r.json", "--summary": folder / "s.md",
              "--mutants": folder / "mutants.json"}  # fmt: skip
    options = [text for option, place in places.items() for text in (option, str(place))]
    return subprocess.run(
        [sys.executable, "-m", "support.reporting", *map(str, results), *options, *arguments],
        cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def two_runs(factory: pytest.TempPathFactory) -> Path:
    """A folder with results, and the report of a second run that found the same."""
    return _once(factory, "two-runs", _make_two_runs)


def plain_allure(factory: pytest.TempPathFactory, package: str = ALLURE) -> Path:
    """The page that this Allure makes of the same results without this project's help: one file."""
    results, node = two_runs(factory) / "results", demand_node()
    if package == ALLURE_2 and not shutil.which("java"):
        pytest.skip("Allure 2 needs Java, and there is no java")

    def make(folder: Path) -> None:
        folder.mkdir()
        path = f"{node}{os.pathsep}{os.environ['PATH']}"
        config = folder / "allurerc.mjs"
        config.write_text("export default { plugins: { awesome: { options: { singleFile: true } } } };\n")
        own = ["--config", str(config)] if package == ALLURE else ["--single-file", "--clean"]
        command = [
            str(node / "npx"),
            "--yes",
            "--prefer-offline",
            package,
            "generate",
            str(results),
            *own,
            "-o",
            "page",
        ]
        variables = {**os.environ, "PATH": path}
        done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return _once(factory, package.partition("@")[0], make) / "page" / "index.html"


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made by the first process which asks for it, however many do."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = root / f"{name}-half-made"
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            made.rename(folder)
    return folder


def _make_two_runs(folder: Path) -> None:
    results = folder / "results"
    assert run_features(results, *FEW, "--probes", "3") == 0
    _change(results, extent={})  # as of a run of everything: a part has no place in a history
    for page in ("first.html", "index.html"):
        made = make_report(folder, [results])
        assert made.returncode == 0, made.stderr
        if page == "first.html":
            (folder / "index.html").rename(folder / page)
            _change(results, started=LATER)  # the same results once more, as of another run


def _change(results: Path, **values: object) -> None:
    record = results / "run.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), **values}))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GITHUB_"))}
