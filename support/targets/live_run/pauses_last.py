"""With --experiments, the scenarios that pause replication come last, one in each worker.

What pauses the whole table would disturb all others, and one pause serves as many scenarios as there are workers. So
without `-n` there are as many workers as such scenarios need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from xdist.scheduler import LoadScheduling

from support.targets.live_run.pause import CRASHED, DONE, OVER, Meeting, Words
from support.targets.run import is_worker, meetings_key, process_name

COUNT = "last"
"""What names the number of these scenarios, for the process that gives out the tests."""


@dataclass(eq=False)
class PausesLast:
    """The plugin, which a live run registers."""

    config: pytest.Config
    words: Words

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # When all others have put the tests in their order.
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Any:
        yield
        last = [item for item in items if item.get_closest_marker("experiment") and not item.get_closest_marker("skip")]
        items[:] = [*(item for item in items if item not in last), *last]
        workers = getattr(self.config, "workerinput", {"workercount": 1})["workercount"]
        process = process_name(self.config)
        self.config.stash[meetings_key] = {
            item.nodeid: Meeting(self.words, process, number, len(last), workers) for number, item in enumerate(last)
        }
        self.words.leave(f"{COUNT}-{len(last)}")

    def pytest_sessionfinish(self) -> None:
        """A worker that has ended is waited for by no one."""
        if is_worker(self.config):
            for what in (DONE, OVER):
                self.words.leave(f"{what}-{process_name(self.config)}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        if error:
            self.words.leave(f"{CRASHED}-{node.gateway.id}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object:
        return LastAfterAllOthers(config, log, self.words)


class LastAfterAllOthers(LoadScheduling):  # type: ignore[misc]  # xdist has no types
    """xdist's own, which has the last scenarios wait until no other is left to give out."""

    collection: list[str] | None
    last: Sequence[int] = ()

    def __init__(self, config: pytest.Config, log: Any, words: Words) -> None:
        super().__init__(config, log)
        self._words = words

    def schedule(self) -> None:
        if self.collection is None and self._check_nodes_have_same_collection():
            self.collection = next(iter(self.node2collection.values()))
            (word,) = self._words.left(f"{COUNT}-*")
            others = len(self.collection) - int(word.rpartition("-")[2])
            self.pending[:], self.last = range(others), range(others, len(self.collection))
            self.maxschedchunk = 1
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
