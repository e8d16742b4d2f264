"""With workers, the scenarios of a live run that wait longest start first, each in a worker of its own.

A live run lasts as long as its longest wait, if that one starts at once and the other workers do everything else
meanwhile. Two kinds take minutes, and have a tag: what CloudWatch tells, and a random load.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from support.targets.run import is_worker, settings_key

Test = TypeVar("Test")

PUBLISHED = 600.0
"""Seconds in which CloudWatch has published what it measured."""


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
    if item.get_closest_marker("skip"):
        return -1.0
    if item.get_closest_marker("workload"):
        return item.config.stash[settings_key].load_minutes * 60
    return PUBLISHED if item.get_closest_marker("monitoring") else 0.0
