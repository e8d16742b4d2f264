"""Pytest plugin: a green live run writes dated evidence; what was shown recently can be left out of the next run.

The evidence is a small file that can be committed: what was shown, scenario by scenario. It names the date, the kind of
target, the delays and the winners: never the account. `--lag-from` makes simulated runs draw their lags from it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.clock import WallClock
from support.simulator.replication.measured_lags import SCHEMA
from support.targets.run import is_worker, run_key, settings_key
from support.verdicts.findings import Finding

LISTENER = "evidence"
BRACKET = ("last_miss", "first_hit", "gave_up")


class EvidenceError(ValueError):
    """The file can't be used: one line with the cure."""


@dataclass(frozen=True)
class Shown:
    """What one scenario has shown: on which day, against what, in how many seconds, and what it found.

    `delays` are in words. `samples` are the brackets of exercise 5: "source", "destination", and the seconds from just
    before the write to the "last_miss" (None: the first look hit), the "first_hit" (None: there was none), "gave_up".
    """

    day: str
    target: str
    regions: tuple[str, ...]
    seconds: float
    delays: tuple[str, ...] = ()
    samples: tuple[Mapping[str, Any], ...] = ()
    winner: str = ""
    why: str = ""

    @classmethod
    def of(cls, day: date, target: str, regions: Sequence[str], seconds: float, findings: Sequence[Finding]) -> "Shown":
        """The evidence of a scenario that has passed."""
        delays = tuple(_delay(each) for each in findings if each.kind in ("delay", "timing"))
        verdicts = [dict(each.details) for each in findings if each.kind == "conflict"]
        last = verdicts[-1] if verdicts else {}
        winner, why = last.get("winner", ""), last.get("why", "")
        samples = tuple(sample for each in findings for sample in _samples(each))
        return cls(day.isoformat(), target, tuple(regions), round(seconds, 2), delays, samples, winner, why)


@dataclass(frozen=True)
class Evidence:
    """All that has been shown, by scenario id."""

    shown: Mapping[str, Shown] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Evidence":
        """What the file says; nothing if there is none yet. Raises EvidenceError for a file of another kind."""
        if not path.exists():
            if not path.parent.is_dir():
                raise EvidenceError(f"--evidence {path}: there is no folder {path.parent}: create it first")
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] != SCHEMA:
                which = f"schema {content['schema']} is not {SCHEMA}, which has the delays as numbers"
                raise EvidenceError(f"--evidence {path}: {which}: name a new file")
            return cls({name: _shown(values) for name, values in content["scenarios"].items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            if isinstance(error, EvidenceError):
                raise
            raise EvidenceError(f"--evidence {path} is no file of evidence: name another, or delete it") from None

    def with_more(self, shown: Mapping[str, Shown]) -> "Evidence":
        """This evidence, and newer one of the same scenarios in its place."""
        return Evidence({**self.shown, **shown})

    def write(self, path: Path) -> None:
        """Write the file, the scenarios in the order of their ids."""
        scenarios = {name: asdict(self.shown[name]) for name in sorted(self.shown)}
        path.write_text(json.dumps({"schema": SCHEMA, "scenarios": scenarios}, indent=2) + "\n", encoding="utf-8")

    def is_stale(self, scenario: str, today: date, days: int) -> bool:
        """Whether a scenario has not been shown within so many days; one of the future counts as not shown."""
        shown = self.shown.get(scenario)
        return shown is None or not today - timedelta(days=days) <= date.fromisoformat(shown.day) <= today


def _shown(values: Mapping[str, object]) -> Shown:
    shown = Shown(**values)  # type: ignore[arg-type]
    date.fromisoformat(shown.day)
    return replace(
        shown, regions=tuple(shown.regions), delays=tuple(shown.delays), samples=tuple(map(dict, shown.samples))
    )


def _samples(finding: Finding) -> list[Mapping[str, Any]]:
    """The brackets of the probes of a direction. Other scenarios look too seldom to measure anything."""
    source, _, destination = str(finding.values.get("direction", "")).partition(" to ")
    return [
        {"source": source, "destination": destination}
        | {name: each[name] if each[name] is None else round(each[name], 3) for name in BRACKET}
        for each in finding.values.get("samples", [])
    ]


def _delay(finding: Finding) -> str:
    if finding.kind == "delay":
        return finding.title
    figures = dict(finding.details)
    names = ("probes", "censored", "fastest", "slowest", "average", "p50", "p95", "p99")
    return f"{figures['direction']}: " + ", ".join(f"{name} {figures[name]}" for name in names)


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
