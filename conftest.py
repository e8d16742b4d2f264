"""Options and fixtures: settings, then the target that they select, then what steps ask for."""

import gc
import json
import os
from argparse import ArgumentError
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.command import demand_output
from support.gherkin.regions import regions_key, renamed_regions
from support.gherkin.tags import REASONS
from support.options import Option, OptionError
from support.page.drift.comparison import compare_file
from support.page.drift.finding import Comparison
from support.page.drift.markdown_page import PageError
from support.reporting.progress import ProgressLine
from support.reporting.recording.operations import RecordingContext, context_key
from support.reporting.recording.tested import environment_key, page_changes_key
from support.settings import OPTIONS, Settings, choose, unknown_variables
from support.targets.global_table import Target
from support.targets.live import LiveTarget
from support.targets.live_run.cost import cost_of
from support.targets.run import is_worker, journal_folder, run_key, settings_key
from support.verdicts.errors import FailureError
from support.verdicts.findings import Finding

pytest.register_assert_rewrite("steps")  # before the first of its modules is imported

from steps.world import World  # noqa: E402

pytest_plugins = [
    "support.gherkin.collection",
    "support.reporting.plugin",
    "support.targets.stopping",
    "support.targets.live_run.session",
    "pytester",
    *(f"steps.{module.stem}" for module in sorted(Path(__file__).parent.glob("steps/[!_]*.py"))),
]

taken_key = pytest.StashKey[list[Option]]()
"""Options whose short names another plugin has."""
page_key = pytest.StashKey[Comparison]()
"""What changed in the version of the page that --page names."""

WORKERS_OF_PAUSE = 8
"""So many scenarios pause replication at once, where -n does not say otherwise."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    config: Any = pluginmanager.get_plugin("pytestconfig")
    taken = config.stash[taken_key] = []
    group = parser.getgroup("global tables", "global tables; each is also a variable, as in GLOBAL_TABLES_MODE")
    for option in OPTIONS:
        try:
            group.addoption(option.flag, option.long_flag, dest=option.ini, **option.argument)
        except ArgumentError:
            group.addoption(option.long_flag, dest=option.ini, **option.argument)
            taken.append(option)
            parser.extra_info[option.flag] = f"is another plugin's; ours is {option.long_flag}"
        parser.addini(option.ini, f"the same as {option.flag}", default=None)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuse settings that can't be before anything is touched."""
    try:
        if not __debug__:
            raise OptionError("python -O and PYTHONOPTIMIZE leave out every check: run without them")
        if not hasattr(config.option, "generate_missing"):  # an option of pytest-bdd
            raise OptionError("pytest-bdd is not loaded: unset PYTEST_DISABLE_PLUGIN_AUTOLOAD, or use -p pytest-bdd")
        if config.inipath is None:  # It has taken the value of an option for a path, and the project for another one.
            cure = "name features/, and write options as in --alluredir=PATH"
            raise OptionError(f"pytest reads no pyproject.toml from {config.rootpath}: {cure}")
        _refuse_another_plugins_option(config)
        for name in unknown_variables(os.environ):
            raise OptionError(f"{name}: there is no such option; use {', '.join(each.variable for each in OPTIONS)}")
        ini = {option.ini: config.getini(option.ini) for option in OPTIONS}
        settings = choose(vars(config.option), os.environ, ini)
        for option, place in (("--alluredir", "allure_report_dir"), ("--junitxml", "xmlpath")):
            if path := getattr(config.option, place, None):  # not there without the plugin
                demand_output(option, Path(path), folder=option == "--alluredir")
        if settings.live and not settings.preflight_only:
            demand_output("the journal", journal_folder(config), folder=True)
        if settings.page:
            config.stash[page_key] = compare_file(settings.page)
    except (OptionError, PageError) as error:
        raise pytest.UsageError(str(error)) from None
    config.option.global_tables_claims = settings.claims  # also if it was chosen elsewhere
    config.stash[settings_key] = settings
    config.stash[regions_key] = renamed_regions(settings.regions)
    _give_workers(config, settings)


def _give_workers(config: pytest.Config, settings: Settings) -> None:
    """Before xdist looks at -n: scenarios that pause replication share the pause, if each has a worker."""
    runs = not (settings.preflight_only or config.option.collectonly or is_worker(config))
    if settings.experiments and runs and getattr(config.option, "numprocesses", 0) is None:
        config.option.numprocesses = WORKERS_OF_PAUSE


def _refuse_another_plugins_option(config: pytest.Config) -> None:
    """--mode live may mean ours: without the long name the run would be another one, and green."""
    words = [*config.invocation_params.args, *os.environ.get("PYTEST_ADDOPTS", "").split()]
    for option in config.stash[taken_key]:
        if getattr(config.option, option.ini) in (None, []) and option.flag in [word.split("=")[0] for word in words]:
            raise OptionError(f"{option.flag} is another plugin's here: use {option.long_flag}, or both")


@pytest.hookimpl(tryfirst=True)  # Before the report asks for the mode.
def pytest_configure(config: pytest.Config) -> None:
    """Tell the report what is tested, which preflight knows by now."""
    run = config.stash.get(run_key, None)
    found = ({"target": run.target} | ({"mode": "rehearsal"} if run.rehearsal else {})) if run else {}
    if run and run.other_replicas:
        found["not tested"] = f"the table's replicas in {run.other_replicas}"
    page = config.stash.get(page_key, None)
    compared = {"page": "; ".join(page.texts())} if page else {}
    config.stash[environment_key] = config.stash[settings_key].environment() | found | compared
    config.stash[page_changes_key] = {
        claim: each.text for each in (page.changes if page else ()) for claim in each.claims
    } | dict.fromkeys(page.corrected if page else (), "")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what is loaded: to look at it again takes a quarter of a short run."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The same at the end, where pytest and Python look through all of it six times: a fifth of a run of the features.

    Not after tests of the suite itself: what is lost without being closed is to be found there.
    """
    if not any(item.nodeid.startswith("support/") for item in session.items):
        gc.freeze()


def pytest_report_header(config: pytest.Config) -> list[str]:
    page = config.stash.get(page_key, None)
    taken = "; ".join(f"{each.flag} is another plugin's, use {each.long_flag}" for each in config.stash[taken_key])
    options = [f"options: {taken}"] if taken else []
    return [*options, *config.stash[settings_key].lines(), *(page.lines() if page else [])]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """With -q there is no header: a page that differs is told all the same."""
    page = config.stash.get(page_key, None)
    if page and page.changes and terminalreporter.no_header:
        terminalreporter.write_line(page.summary)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    settings, run = config.stash[settings_key], config.stash.get(run_key, None)
    elsewhere = "simulated_only" if settings.live else "live_only"
    declared = [marker.partition(": ")[::2] for marker in config.getini("markers")]
    whys = {name: text for name, text in declared if name in REASONS}
    for item in items:
        tags = {marker.name for marker in item.iter_markers()}
        reasons = []
        if run and run.no_metrics and "monitoring" in tags:
            reasons.append(f"CloudWatch can't be read: {run.no_metrics}")
        if settings.live and not settings.experiments and "experiment" in tags:
            reasons.append("experiment: replication is paused with --experiments only")
        if elsewhere in tags:
            why = [text for name, text in whys.items() if name in tags]
            reasons.append(f"{elsewhere}: {why[0] if why else f'the {settings.mode} target can not'}")
        for reason in reasons:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(tryfirst=True)  # Before the report takes the message.
def pytest_bdd_step_error(request: pytest.FixtureRequest, exception: BaseException) -> None:
    """Run the page's troubleshooting checklist on the item that a failure is about, there and then."""
    if isinstance(exception, FailureError) and exception.suspect:
        world: World = request.getfixturevalue("world")
        exception.args = (f"{exception}\n  {world.explain(exception.suspect)}",)


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Iterator[Target]:
    settings = pytestconfig.stash[settings_key]
    chosen: Target
    if settings.live:
        chosen = LiveTarget(pytestconfig)
    else:
        # brings moto along, which a live run has no use for
        from support.targets.simulated import SimulatedTarget

        chosen = SimulatedTarget(settings)
    yield chosen
    chosen.close()


@pytest.fixture
def world(target: Target, findings: list[Finding], request: pytest.FixtureRequest) -> Iterator[World]:
    """What the steps of the scenario work with."""
    settings = request.config.stash[settings_key]
    table, participant = target.start_scenario(request.node.nodeid)
    consumed: Callable[[], str] = str
    progress = ProgressLine(request.config)
    if settings.live:
        table.on_progress, consumed = progress.tell, lambda: json.dumps(cost_of(table))
    context = RecordingContext(table.history, table.clock, table.regions, consumed, table.retries)
    request.node.stash[context_key] = context
    yield World(table, table.clock, participant, settings.limits, findings)
    progress.end()
    target.end_scenario()
