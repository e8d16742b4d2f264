"""The record of a run: when it began and ended, and which tests of it have ended, so that one sees what is missing.

A crashed worker's test has no result at all, and a run that was interrupted has those that it got to. The file is
written when the run begins, when its tests are known and when it ends, so that a killed run leaves one that says so.
So does a broken Allure result, which is written first and taken away last: any reader of the results sees it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from support.clock import WallClock
from support.reporting.recording import incomplete
from support.reporting.recording.extent import Extent
from support.reporting.recording.incomplete import FILE, PREFIX, UNKNOWN_MODE
from support.reporting.recording.recorder import Recorder
from support.reporting.recording.run_files import environment, page_changes_key
from support.reporting.scenario_result import SUFFIX, ScenarioResult, counted, named_apart

SCHEMA = 1
OWN_FILES = re.compile(
    r"[0-9a-f-]{36}-(result\.json|container\.json|globals\.json|scenario\.json|attachment(\.\w+)?)(\.tmp)?"
    r"|environment\.properties|categories\.json|run\.json"
)
"""What a run with `--alluredir` writes; nothing else in the folder is touched."""


class RunRecord:
    """Follows a run in the process that started it; the workers of xdist report to it."""

    def __init__(self, folder: Path, recorder: Recorder) -> None:
        self._folder = folder
        self._recorder = recorder
        self._clock = WallClock()
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

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        self._write()

    @pytest.hookimpl(optionalhook=True, trylast=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        self._write()

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C, a signal or pytest.exit() ends the run."""
        said = str(excinfo.value)
        self._known["stopped_because"] = f"it was interrupted ({said})" if said else "it was interrupted"

    def pytest_internalerror(self, excrepr: object) -> None:
        last = (str(excrepr).strip().splitlines() or [""])[-1]
        self._known["stopped_because"] = f"pytest failed: {last}"

    @pytest.hookimpl(tryfirst=True)  # Another plugin that fails at the end must not make it look like a killed run.
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        stopped = session.shouldstop or session.shouldfail
        if stopped and not self._known["stopped_because"]:
            self._known["stopped_because"] = f"it stopped early ({stopped})"
        # Once more: what the run has cost is known only now.
        self._known["environment"] = environment(session.config)
        self._known |= {"finished": self._clock.now().isoformat(), "exit_status": int(exitstatus)}
        self._known["extent"] = asdict(Extent.of(session.config, self._recorder))
        self._write()
        self._keep_apart()

    def _write(self) -> None:
        """Another run that has taken over the folder keeps its record, and learns that its results are mixed."""
        path = self._folder / FILE
        there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else self._known
        tests = {"collected": list(self._recorder.collected), "ended": list(self._recorder.ended)}
        values = {**self._known, **tests, "mixed": there.get("mixed", False)}
        if there.get("run") != self._known["run"]:
            values = {**there, "mixed": True}
        temporary = self._folder / f"{FILE}.tmp"
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")
        temporary.replace(path)
        self._write_incomplete(values)

    def _write_incomplete(self, known: Mapping[str, Any]) -> None:
        """Have the results say what the run still lacks; once it is complete they say nothing of it."""
        for path in self._folder.glob("*-result.json"):
            if json.loads(path.read_text(encoding="utf-8")).get("fullName", "").startswith(PREFIX):
                path.unlink()
        lost = incomplete.missing(known, self._recorded()) if known["finished"] else []
        mode = known["environment"].get("mode", UNKNOWN_MODE)
        at = int(1000 * self._clock.now().timestamp())
        for values in incomplete.results(known, mode, lost, at):
            path = self._folder / f"{values['uuid']}-result.json"
            path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

    def _recorded(self) -> set[str]:
        records = (json.loads(path.read_text(encoding="utf-8")) for path in self._folder.glob(f"*{SUFFIX}"))
        return {str(record["node_id"]) for record in records}

    def _keep_apart(self) -> None:
        """Give each further result of a test an identity of its own: Allure would take it for a retry."""
        if len(self._recorder.results) == len({each.node_id for each in self._recorder.results}):
            return
        tries = (ScenarioResult.from_json(path.read_text(encoding="utf-8")) for path in self._folder.glob(f"*{SUFFIX}"))
        titles = {each.uuid: each.title for each in named_apart(counted(tries)[0])}
        for path in self._folder.glob("*-result.json"):
            known = json.loads(path.read_text(encoding="utf-8"))
            title = titles.get(known["uuid"], known["name"])
            if title != known["name"]:
                ids = {
                    kind: md5(f"{known.get(kind)}/{title}".encode(), usedforsecurity=False).hexdigest()
                    for kind in ("historyId", "testCaseId")
                }
                path.write_text(json.dumps({**known, **ids, "name": title}, ensure_ascii=False), encoding="utf-8")
