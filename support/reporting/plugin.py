"""Hooks that make reports: `pytest_plugins = ["support.reporting.plugin"]` in the root conftest.py turns them on."""

import os
from pathlib import Path

import allure
import pytest

from support.page.claims import Outcomes
from support.reporting.recording.allure_bridge import AllureBridge
from support.reporting.recording.recorder import Recorder, Recording, recorder_key, recording_key
from support.reporting.recording.run_record import RunRecord, extent, part
from support.reporting.recording.tested import labels, mode_of
from support.reporting.terminal import annotations, claims_as_csv, claims_table, summary
from support.verdicts.findings import Finding


def pytest_configure(config: pytest.Config) -> None:
    """One plugin makes and collects the results of all tests; the others read them."""
    results = _results(config)
    config.stash[recorder_key] = Recorder(detailed=bool(results))
    config.pluginmanager.register(config.stash[recorder_key], "recorder")
    if results:
        config.pluginmanager.register(AllureBridge(config, results), "allure_bridge")
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(RunRecord(results, config), "run_record")


@pytest.fixture
def findings(request: pytest.FixtureRequest) -> list[Finding]:
    recording: Recording = request.node.stash[recording_key]
    return recording.findings


def pytest_itemcollected(item: pytest.Item) -> None:
    """Without a report, too: `--allure-features` and its sisters select tests by their labels."""
    if item.config.pluginmanager.hasplugin("allure_pytest"):
        for kind, value in labels(item):
            item.add_marker(allure.label(kind, value))  # type: ignore[no-untyped-call]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Say what was tested, once: the workers of xdist leave it to the process that started them."""
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if _results(config):
        allure.global_attach(
            claims_as_csv(_outcomes(config)), _claims_title(config).capitalize(), allure.attachment_type.CSV
        )
    tested = any(each.status != "skipped" for each in config.stash[recorder_key].results)
    if exitstatus == pytest.ExitCode.OK and not tested:  # A run that has tested nothing is not green.
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    results = sorted(config.stash[recorder_key].results, key=lambda each: each.node_id)
    lines = summary(results, verbose=terminalreporter.verbosity > 0)
    if lines:
        terminalreporter.section("findings")
    for line in lines:
        terminalreporter.write_line(line)
    if "GITHUB_ACTIONS" in os.environ:
        for line in annotations([*terminalreporter.stats.get("failed", ()), *terminalreporter.stats.get("error", ())]):
            terminalreporter.write_line(line)


@pytest.hookimpl(specname="pytest_terminal_summary", trylast=True)
def pytest_terminal_summary_of_claims(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of claims after everything else, if it was asked for, and say that a part is one."""
    if config.option.collectonly:
        return
    if config.getoption("global_tables_claims", False):
        terminalreporter.section(_claims_title(config))
        for line in claims_table(_outcomes(config)):
            terminalreporter.write_line(line)
    if said := part(**extent(config)):
        terminalreporter.write_line(f"{said} scenarios; of the others this run says nothing")


def _claims_title(config: pytest.Config) -> str:
    return f"claims of the page, {mode_of(config)}"


def _outcomes(config: pytest.Config) -> Outcomes:
    return Outcomes(tuple(each for each in config.stash[recorder_key].results if each.feature))


def _results(config: pytest.Config) -> Path | None:
    folder = config.getoption("allure_report_dir", None)
    return Path(folder) if folder and not config.option.collectonly else None
