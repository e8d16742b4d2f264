"""Pytest plugin: what goes around the scenarios of a live run. Preflight comes first, the removal of all items last.

The process that was started does both; workers of xdist are told what it found. All other plugins of a live run are
registered here, when there is one.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from support.housekeeping.journal import RunManifest, leftovers
from support.housekeeping.sweep import PATIENCE, report, sweep
from support.reporting.recording.recorder import recorder_key
from support.reporting.recording.tested import environment_key
from support.table.aws_clients import keep_secrets_out_of_logs
from support.targets.live_run.cost import estimate, in_all, lines, price_of_pause
from support.targets.live_run.evidence_file import EvidenceFile
from support.targets.live_run.order import Flags, Order
from support.targets.live_run.preflight import examine
from support.targets.run import LiveRun, is_worker, journal_folder, run_key, settings_key
from support.targets.stopping import SECOND, stop_key
from support.verdicts.errors import WORTH_ANOTHER_TRY, NoConflictError

SWEEP = "python -m support.housekeeping"
HURRIED = 4.0
"""Seconds for which a region is asked that does not answer, when a signal has asked the run to end."""

TRIES = 6
REMOVAL = "the removal of the items is not counted: a write more for each"


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Refuse a target that is not fit before anything runs; with --preflight-only that is all."""
    settings = config.stash[settings_key]
    if not settings.live:
        return None
    keep_secrets_out_of_logs()
    if is_worker(config):
        told = getattr(config, "workerinput")["live_run"]  # noqa: B009
        run = LiveRun(**told | {"manifest": RunManifest(**told["manifest"])})
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
    _register_plugins(config, run)
    return None


def _register_plugins(config: pytest.Config, run: LiveRun) -> None:
    """In this order: what is registered last is asked first, and what comes last in its hook comes last of all."""
    settings, register = config.stash[settings_key], config.pluginmanager.register
    if config.pluginmanager.hasplugin("rerunfailures"):
        register(Reruns(config))
    register(Order(config, Flags(journal_folder(config), run.manifest.owner) if settings.experiments else None))
    if not is_worker(config):
        register(AroundScenarios(config, run))
        register(CostReport(config, priced=not run.rehearsal))
    if settings.evidence:
        register(EvidenceFile(config, run, settings.evidence))


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.option.collectonly and config.stash[settings_key].evidence:
        return "evidence: what of it counts is known only when the target is asked, which a list does not"
    return None


class Reruns:
    """A scenario that did not show what it is about is tried again; a verdict never is. One for each process.

    Some targets replicate before a second request can follow: no two writes can be in conflict there, however often one
    tries. That is reported once, and further scenarios about conflicts are tried once each.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._without_conflict: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)  # Before pytest-rerunfailures reads the marker.
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Ask for reruns after tries without a verdict.

        When one scenario has spent all its tries without a conflict, NoConflictError is worth no other try.
        """
        if item.get_closest_marker("experiment"):
            return  # What waits for it has gone on by then.
        hopeless = max(self._without_conflict.values(), default=0) >= TRIES
        worth = [each for each in WORTH_ANOTHER_TRY if not hopeless or each is not NoConflictError]
        item.add_marker(pytest.mark.flaky(reruns=TRIES - 1, only_rerun=[rf"\b{each.__name__}\b" for each in worth]))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if call.excinfo and call.excinfo.errisinstance(NoConflictError):
            self._without_conflict[item.nodeid] += 1
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say once that no two writes met, however many scenarios it concerns."""
        tries = self._config.stash[recorder_key].tries
        shown = {each.node_id for each in tries if each.status == "passed"}
        tried = [each.node_id for each in tries if each.no_conflict and each.node_id not in shown]
        if tried:
            terminalreporter.write_line(
                f"no two writes met in {len(tried)} tries of {len(set(tried))} scenarios: this target replicates "
                "before a second request follows, so conflicts can't be shown on it"
            )


@dataclass(eq=False)
class AroundScenarios:
    """Tells the workers and the head of the run what preflight found, and removes in the end what was created."""

    config: pytest.Config
    run: LiveRun
    lines: Sequence[str] = ()
    trouble: str = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["live_run"] = asdict(self.run)

    def pytest_report_header(self) -> list[str]:
        """What preflight found, and what earlier runs have left."""
        run = self.run
        warnings = [f"preflight: {each}" for each in run.warnings]
        pauses = [f"experiments: {price_of_pause()}"] if run.manifest.template else []
        return [f"run: {run.manifest.owner}, on {run.target}", *warnings, *pauses, *self._left_by_others()]

    def _left_by_others(self) -> Iterator[str]:
        try:
            found = leftovers(journal_folder(self.config))
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
        settings, manifest = self.config.stash[settings_key], self.run.manifest
        Flags(journal_folder(self.config), manifest.owner).clear()
        if settings.keep_items:
            self.lines = [f"housekeeping: the items of run {manifest.owner} are kept; {SWEEP} lists them"]
            return
        stop = self.config.stash[stop_key]
        try:
            with stop.interrupted_by(SECOND):
                patience = HURRIED if stop.requested else PATIENCE
                swept = sweep(journal_folder(self.config), settings.aws_profile, manifest.owner, patience)
            self.lines = report(swept)
            if not all(each.clean for each in swept):
                self.trouble = f"housekeeping: {SWEEP} --delete tries again"
        except KeyboardInterrupt:
            number = sum(len(each.keys) for each in leftovers(journal_folder(self.config), manifest.owner))
            what = f"{number} items of run {manifest.owner} are left in table {manifest.table}"
            where = " and ".join(manifest.regions)
            self.trouble = f"housekeeping: interrupted; {what} in {where}; {SWEEP} --delete removes them"
        if self.trouble and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.lines:
            terminalreporter.write_line(line)
        if self.trouble:
            terminalreporter.write_line(self.trouble, red=True)


@dataclass(eq=False)
class CostReport:
    """What the scenarios of all processes have consumed, each attempt at one counting once, and what it costs."""

    config: pytest.Config
    priced: bool
    lines: Sequence[str] = ()

    @pytest.hookimpl(wrapper=True)  # Before the record of the run is written.
    def pytest_sessionfinish(self) -> Generator[None, Any, Any]:
        tries = self.config.stash[recorder_key].tries
        cost = in_all(each.consumed for each in tries if each.consumed)
        if cost:
            self.lines = lines(cost, priced=self.priced)
            known = self.config.stash[environment_key]
            self.config.stash[environment_key] = {**known, "cost": self.lines}
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in [*self.lines, REMOVAL] if self.lines else ():
            terminalreporter.write_line(f"cost: {line}")
