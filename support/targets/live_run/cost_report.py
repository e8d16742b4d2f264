"""Pytest plugin: what a live run has cost, at its end and in the report."""

from collections.abc import Mapping

import pytest

from support.reporting.recording.run_files import environment_key
from support.targets.live_run.cost import PROPERTY, Cost, in_all
from support.targets.run import is_worker, run_key, settings_key

REMOVAL = "the removal of the items is not counted: a write more for each"
LISTENER = "cost"


class Listener:
    """Adds up what the scenarios of all processes have consumed, each attempt at one counting once."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._priced = not config.stash[run_key].rehearsal
        self._cost = Cost({})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a scenario when it has ended; the report of a run has the sum so far."""
        properties: Mapping[str, object] = dict(report.user_properties)
        if report.when == "teardown" and PROPERTY in properties:
            self._cost = in_all([self._cost, Cost.from_json(str(properties[PROPERTY]))])
            known = self._config.stash.get(environment_key, {})
            self._config.stash[environment_key] = known | {"cost": "; ".join(self._cost.lines(priced=self._priced))}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was consumed, and what it costs."""
        if self._cost.regions:
            for line in [*self._cost.lines(priced=self._priced), REMOVAL]:
                terminalreporter.write_line(f"cost: {line}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Listen in the process that was started."""
    if config.stash[settings_key].live and not is_worker(config) and run_key in config.stash:
        config.pluginmanager.register(Listener(config), LISTENER)
