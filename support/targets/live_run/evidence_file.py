"""A green live run writes dated evidence; what was shown recently can be left out of the next run."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.clock import WallClock
from support.evidence import Evidence, Place, Shown
from support.reporting.recording.recorder import recorder_key
from support.reporting.recording.run_record import shown_before_key
from support.settings import Settings
from support.targets.run import LiveRun, is_worker, settings_key
from support.verdicts.conflicts import Conflict
from support.verdicts.delays import FIGURES, Arrivals, Delay, Timing
from support.verdicts.findings import Finding
from support.verdicts.recovery import Recovery

LEFT_OUT = "evidence"
BRACKET = ("last_miss", "first_hit", "gave_up")


def place_of(evidence: Evidence, run: LiveRun, settings: Settings) -> Place:
    """Where a run tests, with the account as this evidence has it."""
    return Place(run.target, settings.regions, settings.table_name, evidence.hashed(run.account))


def shown_by(findings: Sequence[Finding], day: date, seconds: float) -> Shown:
    """What a scenario has found, with the brackets of its probes: other looks are too seldom to measure anything."""
    delays = [_delay(each) for each in findings if isinstance(each, Delay | Timing | Recovery)]
    verdicts = [each for each in findings if isinstance(each, Conflict) and each.winner_name]
    winner, why = (verdicts[0].winner_name, verdicts[0].because) if verdicts else ("", "")
    samples = [
        {"source": each["source"], "destination": each["destination"]}
        | {name: each[name] if each[name] is None else round(each[name], 3) for name in BRACKET}
        for finding in findings
        if isinstance(finding, Arrivals)
        for each in finding.samples
    ]
    return Shown(day.isoformat(), round(seconds, 2), delays, samples, winner, why)


def _delay(finding: Finding) -> str:
    if not isinstance(finding, Timing):
        return finding.title
    figures = ", ".join(f"{name} {finding.in_words(name)}" for name in FIGURES)
    return f"{finding.direction}: probes {finding.probes}, censored {finding.censored}, {figures}"


class EvidenceFile:
    """The plugin, which a live run with --evidence registers."""

    def __init__(self, config: pytest.Config, run: LiveRun, path: Path) -> None:
        self._config = config
        self._run = run
        self._path = path
        self._settings = config.stash[settings_key]
        self._evidence = Evidence.so_far(path)
        self._here = place_of(self._evidence, run, self._settings)
        days = self._settings.stale_evidence
        today = WallClock().now().date()
        self._recent = {} if days is None else self._evidence.recent(self._here, today, days)
        self._line = ""

    def pytest_report_header(self) -> str | None:
        """Say of which place there is evidence that does not count."""
        shown = self._evidence.shown if self._settings.stale_evidence is not None else {}
        others = [f"{place} ({len(each)} scenarios)" for place, each in shown.items() if place != self._here]
        if others:
            return f"evidence: what counts is of {self._here}, in this account; what does not is of {', '.join(others)}"
        return None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what was shown lately of this very target."""
        shown = [item for item in items if item.nodeid in self._recent]
        if shown:
            self._config.stash[shown_before_key] = frozenset(item.nodeid for item in shown)
            self._config.hook.pytest_deselected(items=shown)
            items[:] = [item for item in items if item.nodeid not in self._recent]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist tells what it has left out, which is the same for all of them."""
        left_out = getattr(node, "workeroutput", {}).get(LEFT_OUT)
        if left_out:
            self._config.stash[shown_before_key] = frozenset(left_out)

    @pytest.hookimpl(trylast=True)  # What the removal of the items says counts as well.
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Only a green run is evidence."""
        if is_worker(self._config):
            left_out = self._config.stash.get(shown_before_key, frozenset())
            getattr(self._config, "workeroutput")[LEFT_OUT] = sorted(left_out)  # noqa: B009
        elif session.exitstatus != pytest.ExitCode.OK:
            nothing = session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
            why = "has tested nothing" if nothing else "is not green"
            self._line = f"evidence: {self._path} is as it was, for this run {why}"
        else:
            today = WallClock().now().date()
            passed = [each for each in self._config.stash[recorder_key].results if each.status == "passed"]
            shown = {each.node_id: shown_by(each.findings, today, each.real_seconds) for each in passed}
            evidence = Evidence.so_far(self._path)  # of which another run may have made more
            evidence.with_more(place_of(evidence, self._run, self._settings), shown).write(self._path)
            self._line = f"evidence: {len(shown)} scenarios put down in {self._path}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        left_out = self._config.stash.get(shown_before_key, frozenset())
        if left_out:
            days = sorted({self._recent[name].day for name in left_out if name in self._recent})
            span = " to ".join(dict.fromkeys((days[0], days[-1])))
            terminalreporter.write_line(f"evidence: {len(left_out)} left out: shown on {span} against {self._here}")
        if self._line:
            terminalreporter.write_line(self._line)
