"""Pytest plugin: a green live run puts down what it has shown; what was shown lately can be left out of the next."""

import json
from typing import Any

import pytest

from support.clock import WallClock
from support.targets.run import is_worker, run_key, settings_key
from support.validation import Evidence, EvidenceError, Shown
from support.verdicts.findings import Finding

LISTENER = "evidence"


class Listener:
    """Listens to the reports of a run, and writes the file at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seconds: dict[str, float] = {}
        self._findings: dict[str, list[Finding]] = {}
        self._told = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put down a scenario that has passed, and what any has found."""
        if report.when == "call" and report.passed:
            self._seconds[report.nodeid] = report.duration
        if report.when == "teardown":
            found: Any = dict(report.user_properties).get("findings", "[]")
            self._findings[report.nodeid] = [Finding.from_json(values) for values in json.loads(found)]

    @pytest.hookimpl(trylast=True)  # What the removal of the items says counts as well.
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Only a green run is evidence."""
        settings = self._config.stash[settings_key]
        run = self._config.stash.get(run_key, None)
        if run is None or settings.evidence is None:
            return
        if session.exitstatus != pytest.ExitCode.OK:
            self._told = f"evidence: {settings.evidence} is as it was, for this run is not green"
            return
        today = WallClock().now().date()
        shown = {
            name: Shown.of(today, run.target, settings.regions, seconds, self._findings.get(name, []))
            for name, seconds in self._seconds.items()
        }
        Evidence.read(settings.evidence).with_more(shown).write(settings.evidence)
        self._told = f"evidence: {len(shown)} scenarios put down in {settings.evidence}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what became of the file."""
        if self._told:
            terminalreporter.write_line(self._told)


def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuse a file that is none before anything runs."""
    path = config.stash[settings_key].evidence
    if path and not is_worker(config):
        try:
            Evidence.read(path)
        except EvidenceError as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(Listener(config), LISTENER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was shown lately."""
    settings = config.stash[settings_key]
    if settings.evidence is None or settings.stale_evidence is None:
        return
    evidence, today = Evidence.read(settings.evidence), WallClock().now().date()
    stale = [item for item in items if evidence.is_stale(item.nodeid, today, settings.stale_evidence)]
    recent = [item for item in items if item not in stale]
    if recent:
        config.hook.pytest_deselected(items=recent)
        items[:] = stale
