"""Options and fixtures: settings, then the target that they select, then what steps ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.clock import Clock
from support.findings import Findings
from support.global_table import GlobalTable
from support.reporting.run_files import environment_key
from support.reporting.scenario_record import Opened, opened_key
from support.reporting.terminal import keep
from support.settings import Settings, SettingsError, settings_of
from support.simulator import SWITCHES
from support.targets.simulated import SimulatedTarget
from support.workshop import Limits, Participant

pytest.register_assert_rewrite("steps")  # before one of its modules imports another

pytest_plugins = [
    "support.gherkin.collection",
    "support.gherkin.failures",
    "support.reporting.plugin",
    "pytester",
    *(f"steps.{module.stem}" for module in sorted(Path(__file__).parent.glob("steps/[!_]*.py"))),
]

settings_key = pytest.StashKey[Settings]()
OTHER_TARGET = {"simulated_only": "live", "live_only": "simulated"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("global tables")
    group.addoption("--mode", default="simulated", help="what to run against: simulated (the default)")
    group.addoption("--seed", default="1", help="what the lags of the simulated table depend on (default: 1)")
    group.addoption("--participant", default="ada", help="the page's [your-name], part of every key (default: ada)")
    group.addoption("--probes", default="20", help="how many items exercise 5 times in each direction (default: 20)")
    group.addoption(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help=f"break the simulated table on purpose: {', '.join(SWITCHES)}",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse settings that can't be before anything is touched."""
    try:
        settings = settings_of(config.option)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[settings_key] = settings
    config.stash[environment_key] = settings.environment()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is about to be tested."""
    return config.stash[settings_key].lines()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this target cannot show, with the reason."""
    mode = config.stash[settings_key].mode
    for item in items:
        for tag, other in OTHER_TARGET.items():
            if item.get_closest_marker(tag) and mode == other:
                item.add_marker(pytest.mark.skip(reason=f"{tag}: the {mode} target cannot show this"))


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> Settings:
    """What the run was asked to do."""
    return pytestconfig.stash[settings_key]


@pytest.fixture(scope="session")
def target(settings: Settings) -> SimulatedTarget:
    """What the features run against."""
    return SimulatedTarget(settings)


@pytest.fixture
def _opened(target: SimulatedTarget, request: pytest.FixtureRequest) -> Iterator[tuple[GlobalTable, Clock]]:
    opened = target.open(request.node.nodeid)
    request.node.stash[opened_key] = Opened(opened[0].history, opened[1])
    yield opened
    target.close()


@pytest.fixture
def global_table(_opened: tuple[GlobalTable, Clock], findings: Findings) -> GlobalTable:
    """The global table of the scenario. What its checklist finds out goes into the report."""
    _opened[0].tell = findings.add
    return _opened[0]


@pytest.fixture
def clock(_opened: tuple[GlobalTable, Clock]) -> Clock:
    """The clock of the target."""
    return _opened[1]


@pytest.fixture
def limits(settings: Settings) -> Limits:
    """How long to wait, and how often to look."""
    return settings.limits


@pytest.fixture
def participant(settings: Settings) -> Participant:
    """Who does the exercises."""
    return Participant(settings.participant)


@pytest.fixture
def findings(request: pytest.FixtureRequest) -> Iterator[Findings]:
    """What the scenario finds out, for the report."""
    found = Findings()
    yield found
    keep(found, request.node)
