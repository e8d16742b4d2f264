"""The record of a run: when it began and ended, and which tests of it have ended, so that one sees what is missing.

A crashed worker's test has no result at all, and a run that was interrupted has those that it got to. The file is
written when the run begins, when its tests are known and when it ends, so that a killed run leaves one that says so.
So does a broken Allure result, which is written first and taken away last: any reader of the results sees it.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from support.clock import WallClock
from support.reporting.recording import incomplete
from support.reporting.recording.extent import ExtentListener
from support.reporting.recording.incomplete import FILE, PREFIX, UNKNOWN_MODE
from support.reporting.recording.repeated import keep_apart
from support.reporting.recording.run_files import environment, page_changes_key
from support.reporting.recording.scenario_record import SUFFIX

SCHEMA = 1
OWN_FILES = re.compile(
    r"[0-9a-f-]{36}-(result\.json|container\.json|globals\.json|scenario\.json|attachment(\.\w+)?)(\.tmp)?"
    r"|environment\.properties|categories\.json|executor\.json|run\.json"
)
"""What a run with `--alluredir` writes; nothing else in the folder is touched."""


class RunRecord:
    """Follows a run in the process that started it; the workers of xdist report to it."""

    def __init__(self, folder: Path, extent: ExtentListener) -> None:
        self._folder = folder
        self._extent = extent
        self._clock = WallClock()
        self._collected: dict[str, None] = {}
        self._ended: Counter[str] = Counter()
        self._known: dict[str, Any] = {
            "schema": SCHEMA,
            "run": str(uuid4()),
            "started": self._clock.now().isoformat(),
            "finished": None,
            "exit_status": None,
            "stopped_because": "",
            "environment": {},
        }

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remove the results of an earlier run, which would be taken for this one's; before any worker writes."""
        self._known["environment"] = environment(session.config)
        self._known["page_changes"] = session.config.stash.get(page_changes_key, {})
        self._folder.mkdir(parents=True, exist_ok=True)
        # Not by --clean-alluredir: the worker that replaces a crashed one would clean again.
        for path in self._folder.iterdir():
            if OWN_FILES.fullmatch(path.name):
                path.unlink()
        self._write()
        self._write_incomplete()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """These tests will be run."""
        self._expect([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """A worker tells the same; all of them collect all tests."""
        if not self._collected:
            self._expect(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has ended when its teardown has: for the test of a crashed worker that never comes."""
        if report.when == "teardown":
            self._ended[report.nodeid] += 1

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C, a signal or pytest.exit() ends the run."""
        said = str(excinfo.value)
        self._known["stopped_because"] = f"it was interrupted ({said})" if said else "it was interrupted"

    def pytest_internalerror(self, excrepr: object) -> None:
        """Pytest itself has failed."""
        last = (str(excrepr).strip().splitlines() or [""])[-1]
        self._known["stopped_because"] = f"pytest failed: {last}"

    @pytest.hookimpl(tryfirst=True)  # Another plugin that fails at the end must not make it look like a killed run.
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """The run has come to an end, if not to its own."""
        stopped = session.shouldstop or session.shouldfail
        if stopped and not self._known["stopped_because"]:
            self._known["stopped_because"] = f"it stopped early ({stopped})"
        # Once more: what the run has cost is known only now.
        self._known["environment"] = environment(session.config)
        self._known |= {"finished": self._clock.now().isoformat(), "exit_status": int(exitstatus)}
        self._known["extent"] = asdict(self._extent.extent)
        self._write()
        self._write_incomplete()
        if any(count > 1 for count in self._ended.values()):
            keep_apart(self._folder)

    def _expect(self, ids: Sequence[str]) -> None:
        self._collected = dict.fromkeys(ids)
        self._write()
        self._write_incomplete()

    def _write(self) -> None:
        """Another run that has taken over the folder keeps its record, and learns that its results are mixed."""
        path = self._folder / FILE
        there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else self._known
        tests = {"collected": list(self._collected), "ended": list(self._ended)}
        values = {**self._known, **tests, "mixed": there.get("mixed", False)}
        if there.get("run") != self._known["run"]:
            values = {**there, "mixed": True}
        temporary = self._folder / f"{FILE}.tmp"
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")
        temporary.replace(path)

    def _write_incomplete(self) -> None:
        """Have the results say what the run still lacks; once it is complete they say nothing of it."""
        known = json.loads((self._folder / FILE).read_text(encoding="utf-8"))
        for path in self._folder.glob("*-result.json"):
            if json.loads(path.read_text(encoding="utf-8")).get("fullName", "").startswith(PREFIX):
                path.unlink()
        lost = incomplete.missing(known, self._recorded()) if known["finished"] else []
        mode = known["environment"].get("mode", UNKNOWN_MODE)
        at = int(1000 * self._clock.now().timestamp())
        for values in incomplete.results(known, mode, lost, at):
            incomplete.write(self._folder, values)

    def _recorded(self) -> set[str]:
        records = (json.loads(path.read_text(encoding="utf-8")) for path in self._folder.glob(f"*{SUFFIX}"))
        return {str(record["node_id"]) for record in records}
