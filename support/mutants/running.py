"""Running the features once, against a broken or a right table, in a process of its own."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import repeat
from pathlib import Path

import pytest

from support.reporting.recording.recorder import recorder_key
from support.reporting.scenario_result import ScenarioResult

ROOT = Path(__file__).parents[2]
LEAN = ("-q", "--assert=plain", "--tb=no")
QUICK = {"probes": 3, "load-minutes": 1, "replication-timeout": 40}
"""Fewer probes, a shorter load, shorter waits for what does not arrive; no tracebacks, which are not read here; what
is preloaded can't be rewritten for assertions."""

POLLING = "0.25"
POLLING_OF_MUTANTS = "0.4"
"""Seconds between looks. A wrong table is waited for more often, and to the end; where the looks are too far apart for
a verdict, the scenario is inconclusive, which kills no mutant."""

NO_TRACE = ("randomly", "cacheprovider", "hypothesispytest", "xdist", "unraisableexception")
"""Plugins that a run has no use for, or that would make it differ from the next one."""


@dataclass(frozen=True)
class Run:
    """One run of the features. `trouble` says why it has no results."""

    seed: int
    scenarios: tuple[ScenarioResult, ...]
    trouble: str = ""

    @property
    def red(self) -> list[ScenarioResult]:
        return [each for each in self.scenarios if each.is_red]


class Reader:
    """Pytest plugin: keeps what the Recorder has collected of a run."""

    results: Sequence[ScenarioResult] = ()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.results = session.config.stash[recorder_key].tries


def run(fault: str, seed: int, features: Iterable[str]) -> Run:
    """Run these files of features on a table with a fault, as NAME[=VALUE]; empty: on a right table."""
    os.chdir(ROOT)
    reader = Reader()
    without = [argument for name in NO_TRACE for argument in ("-p", f"no:{name}")]
    said = StringIO()
    chosen = {**QUICK, "polling": POLLING_OF_MUTANTS if fault else POLLING, "seed": seed}
    options = [*LEAN, *(f"--global-tables-{name}={value}" for name, value in chosen.items()), *without]
    options += [f"--global-tables-fault={fault}"] if fault else []
    with redirect_stdout(said), redirect_stderr(said):
        code = pytest.main([*features, *options], [reader])
    trouble = "" if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else said.getvalue().strip()
    return Run(seed, tuple(reader.results), trouble)


def run_all(jobs: Iterable[tuple[str, int]], features: Sequence[str], workers: int) -> Iterator[Run]:
    """Run the features side by side, with the fault and the seed of each job; the runs come in the order of the jobs.

    Each has a process of its own, forked from one that has done the `rehearsal`.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.mutants.rehearsal"])
    with ProcessPoolExecutor(workers, context, max_tasks_per_child=1) as processes:
        yield from processes.map(run, *zip(*jobs, strict=True), repeat(features))
