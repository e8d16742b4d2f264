"""How much of the specification a run covers: the whole of what its target can show, or a part."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from support.gherkin.collection import scenarios_key

shown_before_key = pytest.StashKey[frozenset[str]]()
"""The scenarios that were left out because they were shown lately, by their node ids."""

FEATURE = ".feature::"


@dataclass(frozen=True)
class Extent:
    """How many scenarios were asked for, and were shown before and count, of how many. All 0: not known."""

    chosen: int = 0
    shown_before: int = 0
    total: int = 0

    @property
    def part(self) -> str:
        """ "a part: 3 of 79"; empty for the whole."""
        known = self.chosen + self.shown_before
        before = f" ({self.shown_before} of them shown before)" if self.shown_before else ""
        return f"a part: {known} of {self.total}{before}" if 0 < known < self.total else ""


class ExtentListener:
    """Follows the collection and the ends of tests, in the process that was started."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._chosen: set[str] = set()
        self._tested = False

    @property
    def extent(self) -> Extent:
        """What is known by now."""
        before = self._config.stash.get(shown_before_key, frozenset()) - self._chosen
        return Extent(len(self._chosen), len(before), self._config.stash.get(scenarios_key, 0))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """These were chosen."""
        self._choose(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """A worker tells the same."""
        self._choose(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that was skipped has tested nothing."""
        self._tested = self._tested or (report.when == "call" and not report.skipped)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A run that has tested nothing is not green."""
        if exitstatus == pytest.ExitCode.OK and not self._tested:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say that a part is one."""
        if self.extent.part:
            terminalreporter.write_line(f"{self.extent.part} scenarios; of the others this run says nothing")

    def _choose(self, ids: Iterable[str]) -> None:
        self._chosen.update(each for each in ids if FEATURE in each)
