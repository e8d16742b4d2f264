"""With workers, the scenarios of a live run that wait longest start first, each in a worker of its own.

A live run lasts as long as its longest wait, if that one starts at once and the other workers do everything else
meanwhile. The waits are read from the scenarios' own text; how long a random load lasts is an option.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import pytest
from pytest_bdd.parser import Scenario, Step

from support.reporting.recording.scenarios import scenario_of
from support.targets.run import is_worker, settings_key

Test = TypeVar("Test")

SPAN = re.compile(r"(\d+) (second|minute)s?\b(?P<later> later)?")
TIME = re.compile(r"\d\d:\d\d:\d\d")
SECONDS = {"second": 1, "minute": 60}


class LongestFirst:
    """The plugin, which a live run registers."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let xdist give out tests one by one: of a larger chunk all would wait behind its first."""
        if getattr(config.option, "maxschedchunk", 1) is None:
            config.option.maxschedchunk = 1

    @pytest.hookimpl(
        trylast=True
    )  # When others have put the tests in order, left some out, and marked what is skipped.
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Put the tests of a worker in that order; all workers must come to the same one."""
        if is_worker(config):
            items[:] = longest_first(items, getattr(config, "workerinput")["workercount"], _wait)  # noqa: B009


def longest_first(items: Sequence[Test], workers: int, wait: Callable[[Test], float]) -> list[Test]:
    """The tests as xdist should have them: it gives each worker two to begin with, one after the other.

    So each worker gets one of the longest, and behind it one of the shortest.
    """
    ordered = sorted(items, key=wait, reverse=True)
    if len(ordered) < 2 * workers:
        return ordered  # xdist deals them out one by one
    longest, others, shortest = ordered[:workers], ordered[workers:-workers], ordered[-workers:]
    return [test for pair in zip(longest, shortest, strict=True) for test in pair] + others


def _wait(item: pytest.Item) -> float:
    scenario = scenario_of(item)
    if scenario is None or item.get_closest_marker("skip"):
        return -1.0
    load = item.config.stash[settings_key].load_minutes * 60 if item.get_closest_marker("workload") else 0.0
    return load + expected_wait(scenario, awaits_metrics=item.get_closest_marker("monitoring") is not None)


def expected_wait(scenario: Scenario, awaits_metrics: bool) -> float:
    """Seconds that a scenario is sure to wait, and those that CloudWatch may take: what a step allows replication
    for is hardly ever needed.
    """
    spans = [span for step in scenario.steps for span in SPAN.finditer(step.name)]
    sure = sum(_seconds(span) for span in spans if span["later"]) + sum(map(_between_times, scenario.steps))
    return sure + (max(map(_seconds, spans), default=0.0) if awaits_metrics else 0.0)


def _between_times(step: Step) -> float:
    cells = [str(cell) for row in (step.datatable.raw() if step.datatable else ()) for cell in row]
    times = [datetime.strptime(cell, "%H:%M:%S") for cell in cells if TIME.fullmatch(cell)]
    return (max(times) - min(times)).total_seconds() if times else 0.0


def _seconds(span: re.Match[str]) -> float:
    return float(span[1]) * SECONDS[span[2]]
