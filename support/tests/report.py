"""Runs of the features with their reports: what tests of the report are about."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.reporting.node import find_node
from support.reporting.results import ReportError
from support.tests.red import ROOT

CONFLICTS = "features/exercise_3_conflict_resolution.feature"
TIMING = "features/exercise_5_replication_timing.feature"
MONITORING = "features/performance_monitoring.feature"


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


def _python(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GITHUB_"))}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
