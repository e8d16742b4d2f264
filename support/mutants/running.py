"""Running the features once, against a broken or a right table, in a process of its own."""

import multiprocessing
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from support.verdicts.errors import InconclusiveError

ROOT = Path(__file__).parents[2]
LEAN = ("-q", "--assert=plain", "--tb=no")
QUICK = {"probes": 3, "load-minutes": 1, "replication-timeout": 40}
"""Fewer probes, a shorter load, shorter waits for what does not arrive; no tracebacks, which nobody reads here; what
is preloaded can't be rewritten for assertions."""

POLLING = "0.25"
POLLING_OF_MUTANTS = "0.4"
"""Seconds between looks. A wrong table is waited for more often, and to the end; where the looks are too far apart for
a verdict, the scenario is inconclusive, which kills no mutant."""

NO_TRACE = ("randomly", "cacheprovider", "hypothesispytest", "xdist", "unraisableexception")
"""Plugins that a run has no use for, or that would make it differ from the next one."""


@dataclass(frozen=True)
class ScenarioResult:
    """How a scenario ended: "passed", "failed" (a verdict), "inconclusive", "skipped", "broken" (anything else).

    Inconclusive is one that did not come to what it is about, such as a conflict of two writes that did not meet.
    """

    node_id: str
    title: str
    tags: frozenset[str]
    status: str
    message: str = ""

    @property
    def headline(self) -> str:
        return self.message.partition("\n")[0]


@dataclass(frozen=True)
class Run:
    """One run of the features. `trouble` says why it has no results."""

    seed: int
    scenarios: tuple[ScenarioResult, ...]
    trouble: str = ""

    @property
    def red(self) -> list[ScenarioResult]:
        """What did not pass, in the order of the features."""
        return [each for each in self.scenarios if each.status not in ("passed", "skipped")]


@dataclass(frozen=True)
class Job:
    """What is to be run: the table's fault as NAME[=VALUE] (empty: a right table), the seed, and the feature files."""

    fault: str
    seed: int
    features: tuple[str, ...] = ("features/",)


@dataclass
class Collector:
    """Pytest plugin: collects how the scenarios of a run end."""

    results: list[ScenarioResult] = field(default_factory=list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what ended the scenario."""
        report = yield
        if report.when == "call" or not report.passed:
            tags = frozenset(mark.name for mark in item.iter_markers())
            error = call.excinfo.value if call.excinfo and report.failed else None
            status, message = how_it_ended(error) if error else (str(report.outcome), "")
            self.results.append(ScenarioResult(item.nodeid, item.name, tags, status, message))
        return report


def how_it_ended(error: BaseException) -> tuple[str, str]:
    """The status of a scenario that raised this, and its message."""
    if isinstance(error, AssertionError):
        return "failed", str(error)
    if isinstance(error, InconclusiveError):
        return "inconclusive", str(error)
    return "broken", f"{type(error).__name__}: {error}"


def run(job: Job) -> Run:
    os.chdir(ROOT)
    collector = Collector()
    without = [argument for name in NO_TRACE for argument in ("-p", f"no:{name}")]
    said = StringIO()
    chosen = {**QUICK, "polling": POLLING_OF_MUTANTS if job.fault else POLLING, "seed": job.seed}
    options = [*LEAN, *(f"--global-tables-{name}={value}" for name, value in chosen.items()), *without]
    options += [f"--global-tables-fault={job.fault}"] if job.fault else []
    with redirect_stdout(said), redirect_stderr(said):
        code = pytest.main([*job.features, *options], [collector])
    trouble = "" if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else said.getvalue().strip()
    return Run(job.seed, tuple(collector.results), trouble)


def run_all(jobs: Sequence[Job], workers: int) -> Iterator[Run]:
    """Run the jobs side by side; the runs come in the order of the jobs.

    Each has a process of its own, forked from one that has done the `rehearsal`.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.mutants.rehearsal"])
    with ProcessPoolExecutor(workers, context, max_tasks_per_child=1) as processes:
        yield from processes.map(run, jobs)
