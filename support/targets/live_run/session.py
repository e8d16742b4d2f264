"""Pytest plugin: what goes around the scenarios of a live run. Preflight comes first, the removal of all items last.

The process that was started does both; workers of xdist are told what it found. All other plugins of a live run are
registered here, when there is one.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from support.housekeeping.journal import Leftover, leftovers
from support.housekeeping.sweep import PATIENCE, Swept, report, sweep
from support.reporting.recording.recorder import recorder_key
from support.reporting.recording.tested import environment_key
from support.table.aws_clients import keep_secrets_out_of_logs
from support.targets.live_run.cost import Cost, estimate, in_all, price_of_pause
from support.targets.live_run.evidence_file import EvidenceFile
from support.targets.live_run.longest_first import LongestFirst
from support.targets.live_run.pause import Words
from support.targets.live_run.pauses_last import PausesLast
from support.targets.live_run.preflight import examine
from support.targets.live_run.reruns import Reruns
from support.targets.run import LiveRun, is_worker, journal_folder, run_key, settings_key
from support.targets.stopping import stop_key

SWEEP = "python -m support.housekeeping"
HURRIED = 4.0
"""Seconds for which a region is asked that does not answer, when a signal has asked the run to end."""

REMOVAL = "the removal of the items is not counted: a write more for each"


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Refuse a target that is not fit before anything runs; with --preflight-only that is all."""
    settings = config.stash[settings_key]
    if not settings.live:
        return None
    keep_secrets_out_of_logs()
    if is_worker(config):
        run = LiveRun.told(getattr(config, "workerinput")["live_run"])  # noqa: B009
    elif config.option.collectonly or config.option.help:
        return None
    else:
        run = examine(settings)
    if run.problems:
        raise pytest.UsageError("\n".join(["the target is not fit to be tested:", *run.problems]))
    if settings.preflight_only:
        costs = [] if run.rehearsal else [estimate(settings.probes)]
        costs += [price_of_pause()] if run.manifest.template else []
        found = [*run.warnings, *costs, f"{run.target} is fit to be tested"]
        print("\n".join([*settings.lines(), *(f"preflight: {each}" for each in found)]))
        return 0
    if run.manifest.template and config.getoption("verbose") < 0 and not is_worker(config):  # with -q there is no head
        print(f"experiments: {price_of_pause()}")
    config.stash[run_key] = run
    for plugin in _plugins(config, run):
        config.pluginmanager.register(plugin)
    return None


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.option.collectonly and config.stash[settings_key].evidence:
        return "evidence: what of it counts is known only when the target is asked, which a list does not"
    return None


def _plugins(config: pytest.Config, run: LiveRun) -> Iterator[object]:
    """In this order: what is registered last is asked first, and what comes last in its hook comes last of all."""
    if config.pluginmanager.hasplugin("rerunfailures"):
        yield Reruns()
    yield LongestFirst()
    if config.stash[settings_key].experiments:
        yield PausesLast(config, Words(journal_folder(config), run.manifest.owner))
    if not is_worker(config):
        yield AroundScenarios(config, run)
        yield CostReport(config, priced=not run.rehearsal)
    if path := config.stash[settings_key].evidence:
        yield EvidenceFile(config, run, path)


class AroundScenarios:
    """Tells the workers and the head of the run what preflight found, and removes in the end what was created."""

    def __init__(self, config: pytest.Config, run: LiveRun) -> None:
        self._config = config
        self._run = run
        self._folder = journal_folder(config)
        self._settings = config.stash[settings_key]
        self._swept: list[Swept] = []
        self._left: list[Leftover] | None = None
        """Of a removal that was interrupted."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["live_run"] = asdict(self._run)

    def pytest_report_header(self) -> list[str]:
        """What preflight found, and what earlier runs have left."""
        run = self._run
        warnings = [f"preflight: {each}" for each in run.warnings]
        pauses = [f"experiments: {price_of_pause()}"] if run.manifest.template else []
        return [f"run: {run.manifest.owner}, on {run.target}", *warnings, *pauses, *self._left_by_others()]

    def _left_by_others(self) -> Iterator[str]:
        try:
            found = leftovers(self._folder)
        except PermissionError as error:
            yield f"housekeeping: {error}: only the user who made that journal can see what it names, with {SWEEP}"
            return
        for each in found:
            if not each.in_use:
                what = f"{len(each.keys)} items of run {each.manifest.owner} ({each.manifest.started}) were left behind"
                yield f"housekeeping: {what}; {SWEEP} --delete removes them"

    @pytest.hookimpl(trylast=True)  # When fixtures and workers have let go of their journals.
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remove the items of this run. One that stays makes the run fail: nothing is left behind in silence."""
        if self._settings.keep_items:
            return
        stop, owner = self._config.stash[stop_key], self._run.manifest.owner
        try:
            with stop.removing():
                patience = HURRIED if stop.requested else PATIENCE
                self._swept = sweep(self._folder, self._settings.aws_profile, owner, patience)
        except KeyboardInterrupt:
            self._left = leftovers(self._folder, owner)
        Words(self._folder, owner).forget()
        if self._left is not None or not all(each.clean for each in self._swept):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if session.exitstatus == 0 else session.exitstatus

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        manifest = self._run.manifest
        if self._settings.keep_items:
            terminalreporter.write_line(f"housekeeping: the items of run {manifest.owner} are kept; {SWEEP} lists them")
        for line in report(self._swept):
            terminalreporter.write_line(line)
        if self._left:
            number = sum(len(each.keys) for each in self._left)
            where = f"table {manifest.table} in {' and '.join(manifest.regions)}"
            line = f"housekeeping: interrupted; {number} items of run {manifest.owner} are left in {where}"
            terminalreporter.write_line(f"{line}; {SWEEP} --delete removes them", red=True)
        if not all(each.clean for each in self._swept):
            terminalreporter.write_line(f"housekeeping: {SWEEP} --delete tries again", red=True)


@dataclass(eq=False)
class CostReport:
    """What the scenarios of all processes have consumed, each attempt at one counting once, and what it costs."""

    config: pytest.Config
    priced: bool
    lines: Sequence[str] = ()

    @pytest.hookimpl(wrapper=True)  # Before the record of the run is written.
    def pytest_sessionfinish(self) -> Generator[None, Any, Any]:
        tries = self.config.stash[recorder_key].tries
        cost = in_all(Cost.from_json(each.consumed) for each in tries if each.consumed)
        if cost.regions:
            self.lines = cost.lines(priced=self.priced)
            told = {"cost": "; ".join(self.lines)}
            self.config.stash[environment_key] = self.config.stash[environment_key] | told
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in [*self.lines, REMOVAL] if self.lines else ():
            terminalreporter.write_line(f"cost: {line}")
