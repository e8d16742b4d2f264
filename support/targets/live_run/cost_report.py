"""Pytest plugin: what a live run has cost, at its end and in the report."""

import pytest

from support.reporting.recording.recorder import recorder_key
from support.reporting.recording.run_files import environment_key
from support.targets.live_run.cost import Cost, in_all
from support.targets.run import is_worker, run_key, settings_key

REMOVAL = "the removal of the items is not counted: a write more for each"
LISTENER = "cost"


class Listener:
    """Adds up what the scenarios of all processes have consumed, each attempt at one counting once."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._priced = not config.stash[run_key].rehearsal
        self._cost = Cost({})

    @pytest.hookimpl(tryfirst=True)  # Before the record of the run is written.
    def pytest_sessionfinish(self) -> None:
        tries = self._config.stash[recorder_key].tries
        self._cost = in_all(Cost.from_json(each.consumed) for each in tries if each.consumed)
        if self._cost.regions:
            cost = "; ".join(self._cost.lines(priced=self._priced))
            self._config.stash[environment_key] = self._config.stash[environment_key] | {"cost": cost}

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
