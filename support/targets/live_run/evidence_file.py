"""A green live run writes dated evidence; what was shown recently can be left out of the next run.

The evidence is a small file that can be committed: what was shown, target by target and scenario by scenario. It names
the date, the delays and the winners; the account is in it as a salted hash. `--lag-from` makes simulated runs draw
their lags from it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from support.clock import WallClock
from support.evidence import SCHEMA, scenarios_of
from support.reporting.recording.extent import shown_before_key
from support.reporting.recording.recorder import recorder_key
from support.settings import Settings
from support.targets.run import LiveRun, is_worker, settings_key
from support.verdicts.findings import Finding

LEFT_OUT = "evidence"
BRACKET = ("last_miss", "first_hit", "gave_up")
ROUNDS = 100_000
"""Of hashing: twelve digits are soon guessed if each guess costs nothing."""


class EvidenceError(ValueError):
    """The file can't be used: one line with the cure."""


@dataclass(frozen=True)
class Place:
    """What was tested: AWS or an endpoint, the salted hash of the account, the table and its regions.

    Evidence of one place says nothing of another. That of earlier versions does not name its table and account.
    """

    target: str
    regions: tuple[str, ...]
    table: str = ""
    account: str = ""

    def __str__(self) -> str:
        return f"{self.table or 'a table'} in {' and '.join(self.regions)} on {self.target}"


@dataclass(frozen=True)
class Shown:
    """What one scenario has shown: on which day, in how many seconds, and what it found.

    `delays` are in words, and so is what a cut has cost. `samples` are the brackets of exercise 5: "source",
    "destination", and the seconds from just before the write to the "last_miss" (None: the first look hit), the
    "first_hit" (None: there was none), "gave_up".
    """

    day: str
    seconds: float
    delays: tuple[str, ...] = ()
    samples: tuple[Mapping[str, Any], ...] = ()
    winner: str = ""
    why: str = ""

    @classmethod
    def of(cls, day: date, seconds: float, findings: Sequence[Finding]) -> "Shown":
        """The evidence of a scenario that has passed."""
        delays = tuple(_delay(each) for each in findings if each.kind in ("delay", "timing", "recovery"))
        verdicts = [each.values for each in findings if each.kind == "conflict" and each.values["winner_name"]]
        winner, why = (verdicts[-1]["winner_name"], verdicts[-1]["because"]) if verdicts else ("", "")
        samples = tuple(sample for each in findings for sample in _samples(each))
        return cls(day.isoformat(), round(seconds, 2), delays, samples, winner, why)

    def is_recent(self, today: date, days: int) -> bool:
        """Whether it was shown within so many days; a day in the future does not count."""
        return today - timedelta(days=days) <= date.fromisoformat(self.day) <= today


@dataclass(frozen=True)
class Evidence:
    """All that has been shown: by place, then by scenario id."""

    shown: Mapping[Place, Mapping[str, Shown]] = field(default_factory=dict)
    salt: str = field(default_factory=lambda: token_hex(16))

    @classmethod
    def read(cls, path: Path) -> "Evidence":
        """What the file says; nothing if there is none yet. Raises EvidenceError for a file of another kind."""
        if not path.exists():
            if not path.parent.is_dir():
                raise EvidenceError(f"--evidence {path}: there is no folder {path.parent}: create it first")
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] not in (2, SCHEMA):
                which = f"schema {content['schema']} is neither 2 nor {SCHEMA}"
                raise EvidenceError(f"--evidence {path}: {which}: name a new file")
            shown: dict[Place, dict[str, Shown]] = {}
            for name, values in scenarios_of(content):
                place = Place(
                    values.pop("target"), tuple(values.pop("regions")), *map(values.pop, ("table", "account"))
                )
                shown.setdefault(place, {})[name] = _shown(values)
            return cls(shown, content.get("salt") or token_hex(16))
        except EvidenceError:
            raise
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise EvidenceError(f"--evidence {path} is no file of evidence: name another, or delete it") from None

    def place_of(self, run: LiveRun, settings: Settings) -> Place:
        """Where a run tests."""
        account = hashlib.pbkdf2_hmac("sha256", run.account.encode(), self.salt.encode(), ROUNDS).hex()[:16]
        return Place(run.target, settings.regions, settings.table_name, account)

    def with_more(self, place: Place, shown: Mapping[str, Shown]) -> "Evidence":
        """This evidence, and newer one of the same scenarios of the place instead of the older."""
        return replace(self, shown={**self.shown, place: {**self.shown.get(place, {}), **shown}})

    def recent(self, place: Place, today: date, days: int) -> dict[str, Shown]:
        """What was shown of a place within so many days, by scenario id."""
        return {name: each for name, each in self.shown.get(place, {}).items() if each.is_recent(today, days)}

    def write(self, path: Path) -> None:
        """Write the file, the scenarios in the order of their ids."""
        places = [
            {**asdict(place), "scenarios": {name: asdict(shown[name]) for name in sorted(shown)}}
            for place, shown in self.shown.items()
        ]
        content = {"schema": SCHEMA, "salt": self.salt, "places": places}
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _shown(values: Mapping[str, object]) -> Shown:
    shown = Shown(**values)  # type: ignore[arg-type]
    date.fromisoformat(shown.day)
    return replace(shown, delays=tuple(shown.delays), samples=tuple(map(dict, shown.samples)))


def _samples(finding: Finding) -> list[Mapping[str, Any]]:
    """The brackets of the probes of a direction. Other scenarios look too seldom to measure anything."""
    return [
        {"source": each["source"], "destination": each["destination"]}
        | {name: each[name] if each[name] is None else round(each[name], 3) for name in BRACKET}
        for each in finding.values.get("samples", [])
    ]


def _delay(finding: Finding) -> str:
    if finding.kind != "timing":
        return finding.title
    figures = dict(finding.details)
    names = ("probes", "censored", "fastest", "slowest", "average", "p50", "p95", "p99")
    return f"{figures['direction']}: " + ", ".join(f"{name} {figures[name]}" for name in names)


class EvidenceFile:
    """The plugin, which a live run with --evidence registers."""

    def __init__(self, config: pytest.Config, run: LiveRun, path: Path) -> None:
        self._config = config
        self._run = run
        self._path = path
        self._settings = config.stash[settings_key]
        self._evidence = Evidence.read(path)
        self._here = self._evidence.place_of(run, self._settings)
        days = self._settings.stale_evidence
        today = WallClock().now().date()
        self._recent = {} if days is None else self._evidence.recent(self._here, today, days)
        self._told = ""

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
            self._told = f"evidence: {self._path} is as it was, for this run {why}"
        else:
            today = WallClock().now().date()
            passed = [each for each in self._config.stash[recorder_key].results if each.status == "passed"]
            shown = {each.node_id: Shown.of(today, each.real_seconds, each.findings) for each in passed}
            evidence = Evidence.read(self._path)  # of which another run may have made more
            evidence.with_more(evidence.place_of(self._run, self._settings), shown).write(self._path)
            self._told = f"evidence: {len(shown)} scenarios put down in {self._path}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was left out of the run, and what became of the file."""
        left_out = self._config.stash.get(shown_before_key, frozenset())
        if left_out:
            days = sorted({self._recent[name].day for name in left_out if name in self._recent})
            span = " to ".join(dict.fromkeys((days[0], days[-1])))
            terminalreporter.write_line(f"evidence: {len(left_out)} left out: shown on {span} against {self._here}")
        if self._told:
            terminalreporter.write_line(self._told)
