"""A scenario of a live run that did not show what it is about is tried again; a verdict never is.

Some targets replicate before a second request can follow: no two writes can be in conflict there, however often one
tries. That is reported once, and further scenarios about conflicts are tried once each.
"""

from collections import Counter
from typing import Any

import pytest

from support.verdicts.errors import WORTH_ANOTHER_TRY, NoConflictError

TRIES = 6
NO_CONFLICT = "no_conflict"


class Reruns:
    """Decides which scenarios are tried again. One for each process."""

    def __init__(self) -> None:
        self._without_conflict: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)  # Before pytest-rerunfailures reads the marker.
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Ask for reruns, unless one scenario has tried in vain as often as it may: then for those not about conflicts.

        Whether a scenario is about conflicts shows in its error.
        """
        if item.get_closest_marker("experiment"):
            return  # What waits for it has gone on by then.
        hopeless = max(self._without_conflict.values(), default=0) >= TRIES
        worth = [each for each in WORTH_ANOTHER_TRY if not hopeless or each is not NoConflictError]
        item.add_marker(pytest.mark.flaky(reruns=TRIES - 1, only_rerun=[rf"\b{each.__name__}\b" for each in worth]))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Note the tries in which no two writes met."""
        report = yield
        if call.excinfo and call.excinfo.errisinstance(NoConflictError):
            self._without_conflict[item.nodeid] += 1
            report.user_properties.append((NO_CONFLICT, str(call.excinfo.value)))
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say once that no two writes met, however many scenarios it concerns."""
        shown = {report.nodeid for report in terminalreporter.stats.get("passed", ())}
        reports = [report for each in terminalreporter.stats.values() for report in each]
        told = [each for each in reports if NO_CONFLICT in dict(getattr(each, "user_properties", ()))]
        tried = [each.nodeid for each in told if each.nodeid not in shown]
        if tried:
            terminalreporter.write_line(
                f"no two writes met in {len(tried)} tries of {len(set(tried))} scenarios: this target replicates "
                "before a second request follows, so conflicts can't be shown on it"
            )
