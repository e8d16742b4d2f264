"""Hooks that make reports: `pytest_plugins = ["support.reporting.plugin"]` in the root conftest.py turns them on."""

import os
from itertools import chain
from pathlib import Path

import pytest

from support.reporting.recording.allure_bridge import AllureBridge
from support.reporting.recording.extent import ExtentListener
from support.reporting.recording.labels import label
from support.reporting.recording.run_files import mode_of, write_run_files
from support.reporting.recording.run_record import RunRecord
from support.reporting.terminal.claims_table import ClaimsTable
from support.reporting.terminal.summary import annotations, recorded_findings, summary


def pytest_configure(config: pytest.Config) -> None:
    """Without `--alluredir` there is no bridge; claims are summed up once, not in the workers of xdist."""
    results = _results(config)
    if results:
        config.pluginmanager.register(AllureBridge(config, results), "allure_bridge")
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        table = ClaimsTable(
            mode_of(config), printed=config.getoption("global_tables_claims", False), attached=bool(results)
        )
        config.pluginmanager.register(table, "claims_table")
        extent = ExtentListener(config)
        config.pluginmanager.register(extent, "extent")
        if results:
            config.pluginmanager.register(RunRecord(results, extent), "run_record")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Label the test; without a report, too: options of allure-pytest select tests by their labels."""
    if item.config.pluginmanager.hasplugin("allure_pytest"):
        label(item)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say what was tested, once: the workers of xdist leave it to the process that started them."""
    results = _results(session.config)
    if results and not hasattr(session.config, "workerinput"):
        write_run_files(session.config, results)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = recorded_findings(chain.from_iterable(terminalreporter.stats.values()))
    lines = summary(found, verbose=terminalreporter.verbosity > 0)
    if lines:
        terminalreporter.section("findings")
    for line in lines:
        terminalreporter.write_line(line)
    if "GITHUB_ACTIONS" in os.environ:
        for line in annotations([*terminalreporter.stats.get("failed", ()), *terminalreporter.stats.get("error", ())]):
            terminalreporter.write_line(line)


def _results(config: pytest.Config) -> Path | None:
    folder = config.getoption("allure_report_dir", None)
    return Path(folder) if folder and not config.option.collectonly else None
