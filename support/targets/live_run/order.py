"""The order of the scenarios of a live run with workers: the longest waits first, what pauses replication last.

A live run lasts as long as its longest wait, if that one starts at once and the other workers do everything else
meanwhile. Two kinds take minutes, and have a tag: what CloudWatch tells, and a random load.

What pauses the whole table would disturb all others, and one pause serves as many scenarios as there are workers, one
in each. They wait for each other by files beside the journal, whose names begin with the run's.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import pytest
from xdist.scheduler import LoadScheduling

from support.targets.run import is_worker, process_name, settings_key
from support.verdicts.errors import InconclusiveError

Test = TypeVar("Test")

barriers_key = pytest.StashKey[dict[str, "Barrier"]]()
"""Those of the scenarios that pause replication, by id."""

PUBLISHED = 600.0
"""Seconds in which CloudWatch has published what it measured."""

SUFFIX = ".pause"
COUNT = "last"
"""What names the number of the scenarios with a pause, for the process that gives out the tests."""
CRASHED, DONE, OVER = "crashed", "done", "over"
"""What names a worker that has died, one that runs nothing but scenarios with a pause any more, and one that has ended.
"""
CUT, HEALED, ENDED = "cut", "healed", "ended"
"""How far a scenario has come: it is ready for the pause, ready for its end, or over."""


@dataclass(frozen=True)
class Flags:
    """What the processes of a run let each other know while it lasts: empty files beside the journal."""

    folder: Path
    owner: str

    def set(self, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{self.owner}.{name}{SUFFIX}").touch()

    def matching(self, pattern: str) -> list[str]:
        """The names of the flags of this form that are set, with stars for what is not known."""
        return [path.name.split(".")[1] for path in self.folder.glob(f"{self.owner}.{pattern}{SUFFIX}")]

    def clear(self) -> None:
        for path in self.folder.glob(f"{self.owner}.*{SUFFIX}"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Barrier:
    """Where the scenarios of a run that need a pause wait for each other: `number` counts them from 0.

    As many as there are workers share one pause, in the order of their numbers; `process` is the worker of this one.
    """

    flags: Flags
    process: str
    number: int
    scenarios: int
    workers: int

    @property
    def turn(self) -> int:
        """Which of the run's pauses is this scenario's."""
        return self.number // self.workers

    def reach(self, stage: str) -> None:
        self.flags.set(f"{self.number}-{stage}")

    def all_can_begin(self) -> bool:
        """Whether all other scenarios have ended, those of earlier pauses too, and all of this pause are ready."""
        earlier = all(self._has_come(number, ENDED) for number in range(self._alike.start))
        return earlier and self._count(DONE) >= self.workers and all(self._has_come(each, CUT) for each in self._alike)

    def all_can_end(self) -> bool:
        return all(self._has_come(each, HEALED) for each in self._alike)

    def demand_all_will_come(self) -> None:
        """Raise InconclusiveError when another scenario will never come."""
        to_come = sum(not self._has_come(number, ENDED) for number in self._alike)
        if self._count(CRASHED) or to_come > self.workers - self._count(OVER):
            raise InconclusiveError("the run ends: not all scenarios will come that share this pause of replication")

    @property
    def _alike(self) -> range:
        first = self.turn * self.workers
        return range(first, min(first + self.workers, self.scenarios))

    def _has_come(self, number: int, stage: str) -> bool:
        return any(self.flags.matching(f"{number}-{each}") for each in (stage, ENDED))

    def _count(self, what: str) -> int:
        return len(self.flags.matching(f"{what}-*"))


class Order:
    """The plugin, which a live run registers; with `flags` if it pauses replication."""

    def __init__(self, config: pytest.Config, flags: Flags | None) -> None:
        self._config = config
        self._flags = flags
        # Let xdist give out tests one by one: of a larger chunk all would wait behind its first.
        if getattr(config.option, "maxschedchunk", 1) is None:
            config.option.maxschedchunk = 1

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # When all others have put in order, left out and marked as skipped.
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, None, None]:
        """Put the tests of a worker in that order; all workers must come to the same one."""
        yield
        last = [item for item in items if item.get_closest_marker("experiment") and not item.get_closest_marker("skip")]
        others = [item for item in items if item not in last]
        workers = getattr(self._config, "workerinput", {"workercount": 1})["workercount"]
        items[:] = [*(longest_first(others, workers, _wait) if is_worker(self._config) else others), *last]
        if self._flags:
            process = process_name(self._config)
            self._config.stash[barriers_key] = {
                item.nodeid: Barrier(self._flags, process, number, len(last), workers)
                for number, item in enumerate(last)
            }
            self._flags.set(f"{COUNT}-{len(last)}")

    def pytest_sessionfinish(self) -> None:
        """A worker that has ended is waited for by no one."""
        if self._flags and is_worker(self._config):
            for what in (DONE, OVER):
                self._flags.set(f"{what}-{process_name(self._config)}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        if self._flags and error:
            self._flags.set(f"{CRASHED}-{node.gateway.id}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object | None:
        return LastAfterAllOthers(config, log, self._flags) if self._flags else None


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


class LastAfterAllOthers(LoadScheduling):  # type: ignore[misc]  # xdist has no types
    """xdist's own, which has the last scenarios wait until no other is left to give out."""

    collection: list[str] | None
    last: Sequence[int] = ()

    def __init__(self, config: pytest.Config, log: Any, flags: Flags) -> None:
        super().__init__(config, log)
        self._flags = flags

    def schedule(self) -> None:
        if self.collection is None and self._check_nodes_have_same_collection():
            self.collection = next(iter(self.node2collection.values()))
            (count,) = self._flags.matching(f"{COUNT}-*")
            others = len(self.collection) - int(count.rpartition("-")[2])
            self.pending[:], self.last = range(others), range(others, len(self.collection))
            for node in self.nodes:
                self._send_tests(node, 2)
        for node in self.nodes:
            self.check_schedule(node)

    def check_schedule(self, node: Any, duration: float = 0) -> None:
        if self.last and not self.pending:
            for each, index in zip(cycle(self.nodes), self.last, strict=False):
                self.node2pending[each].append(index)
                each.send_runtest_some([index])
            self.last = ()
            for each in self.nodes:
                each.shutdown()
        super().check_schedule(node, duration)
