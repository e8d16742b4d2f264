"""Running the features on a target that was broken on purpose, and reading what they say."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.tests.forked_pytest import run_pytest

ROOT = Path(__file__).parents[2]
PLUGINS = ("randomly", "cacheprovider", "hypothesispytest")
LEAN = [part for name in PLUGINS for part in ("-p", f"no:{name}")]
"""Pytest without what a run of the features has no use for: hypothesis alone takes a second to import at its end."""
PYTEST = [sys.executable, "-m", "pytest", *LEAN]

PARTS = ("conftest.py", "pyproject.toml", "features", "steps", "support")


def separate_root(folder: Path) -> Path:
    """Make the folder a project of its own, with the files of this one and a `reports/` that no other run uses."""
    for name in PARTS:
        (folder / name).symlink_to(ROOT / name)
    return folder


@dataclass(frozen=True)
class Ran:
    """The exit code and the lines that were printed."""

    code: int
    lines: Sequence[str]

    def line(self, part: str) -> str:
        """The one line with this in it."""
        (line,) = (line for line in self.lines if part in line)
        return line

    @classmethod
    def of(cls, done: subprocess.CompletedProcess[str]) -> "Ran":
        """What a process printed that has ended."""
        return cls(done.returncode, [line for line in (done.stdout + done.stderr).splitlines() if line.strip()])

    def has(self, part: str) -> bool:
        """Whether any line has this in it."""
        return any(part in line for line in self.lines)


def pytest_run(*arguments: str, folder: Path = ROOT, **variables: str) -> Ran:
    """Run pytest in a folder to its end, with this environment and some variables more."""
    return Ran.of(run_pytest([*LEAN, *arguments], folder, {**os.environ, **variables}))


def allure_results(folder: Path) -> list[dict[str, Any]]:
    """The results of a run, as any Allure reads them."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*-result.json"))]


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended ("passed", "failed" or "broken"), and what its report says."""

    status: str
    message: str


@dataclass(frozen=True)
class Run:
    """A run of the suite: the outcome of each scenario by its title, the exit code and what the terminal showed."""

    outcomes: Mapping[str, Outcome]
    exit_code: int
    terminal: str

    @property
    def red(self) -> dict[str, Outcome]:
        """What did not pass."""
        return {name: each for name, each in self.outcomes.items() if each.status not in ("passed", "skipped")}


def run_features(results: Path, *options: str, plugins: Path | None = None) -> Run:
    """Run `pytest features/` in a process of its own, with Allure results in an empty folder.

    Tracebacks are left out: where most scenarios are red, to format them would take longer than to run the scenarios.
    """
    environment = {**os.environ, "PYTHONPATH": str(plugins)} if plugins else os.environ
    command = [*LEAN, "features/", "-q", "--tb=no", f"--alluredir={results}", *options]
    done = run_pytest(command, ROOT, environment)
    outcomes = {}
    for result in allure_results(results):
        details = result.get("statusDetails", {})
        outcomes[result["name"]] = Outcome(result["status"], details.get("message", "") + details.get("trace", ""))
    return Run(outcomes, done.returncode, done.stdout + done.stderr)
