"""The record of a run: when it began and ended, and which tests of it have ended, so that one sees what is missing.

A crashed worker's test has no result at all, and a run that was interrupted has those that it got to. The file is
written when the run begins, when its tests are known and when it ends, so that a killed run leaves one that says so.
So does a broken Allure result, which is written first and taken away last: any reader of the results sees it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from support.clock import WallClock
from support.gherkin.collection import scenarios_key
from support.gherkin.regions import in_words_of_run, renamed_regions
from support.reporting.recording.recorder import CAUSES, INCOMPLETE, recorder_key
from support.reporting.recording.tested import environment, in_words, page_changes_key
from support.reporting.scenario_result import SUFFIX, ScenarioResult, Values, counted, named_apart

SCHEMA = 2
OWN_FILES = re.compile(
    r"[0-9a-f-]{36}-(result\.json|container\.json|globals\.json|scenario\.json|attachment(\.\w+)?)(\.tmp)?"
    r"|environment\.properties|categories\.json|run\.json"
)
"""What a run with `--alluredir` writes; nothing else in the folder is touched."""

FILE = "run.json"
PREFIX = "missing#"
"""How the full names of these results begin."""

UNKNOWN_MODE = "simulated"
shown_before_key = pytest.StashKey[frozenset[str]]()
"""The scenarios that were left out because they were shown lately, by their node ids."""


class RunRecord:
    """Follows a run in the process that started it; the workers of xdist report to it."""

    def __init__(self, folder: Path, config: pytest.Config) -> None:
        self._folder = folder
        self._recorder = config.stash[recorder_key]
        self._clock = WallClock()
        self._known: dict[str, Any] = {
            "schema": SCHEMA,
            "run": str(uuid4()),
            "started": self._clock.now().isoformat(),
            "finished": None,
            "exit_status": None,
            "stopped_because": "",
            "environment": environment(config),
            "page_changes": config.stash.get(page_changes_key, {}),
        }

    def pytest_sessionstart(self) -> None:
        """Remove the results of an earlier run, which would be taken for this one's; before any worker writes."""
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
        self._known["extent"] = extent(session.config)
        self._write()
        self._keep_apart()
        known = in_words(self._known["environment"])
        told = [f"{_escaped(name, ' =:')} = {_escaped(value)}\n" for name, value in known.items()]
        (self._folder / "environment.properties").write_text("".join(told), encoding="utf-8")
        _write_json(self._folder / "categories.json", categories())

    def _write(self) -> None:
        """Another run that has taken over the folder keeps its record, and learns that its results are mixed."""
        path = self._folder / FILE
        there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else self._known
        tests = {"collected": list(self._recorder.collected), "ended": list(self._recorder.ended)}
        values = {**self._known, **tests, "mixed": there.get("mixed", False)}
        if there.get("run") != self._known["run"]:
            values = {**there, "mixed": True}
        temporary = self._folder / f"{FILE}.tmp"
        _write_json(temporary, values)
        temporary.replace(path)
        self._write_incomplete(values)

    def _write_incomplete(self, known: Mapping[str, Any]) -> None:
        """Have the results say what the run still lacks; once it is complete they say nothing of it."""
        for path, result in self._files("-result.json"):
            if result.get("fullName", "").startswith(PREFIX):
                path.unlink()
        recorded = {record["node_id"] for _, record in self._files(SUFFIX)}
        lost = tests_without_result(known, recorded) if known["finished"] else []
        mode = known["environment"].get("mode", UNKNOWN_MODE)
        at = int(1000 * self._clock.now().timestamp())
        for values in incomplete_results(known, mode, lost, at):
            _write_json(self._folder / f"{values['uuid']}-result.json", values)

    def _files(self, ending: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in self._folder.glob(f"*{ending}"):
            yield path, json.loads(path.read_text(encoding="utf-8"))

    def _keep_apart(self) -> None:
        """Give each further result of a test an identity of its own: Allure would take it for a retry."""
        if len(self._recorder.results) == len({each.node_id for each in self._recorder.results}):
            return
        tries = (ScenarioResult.from_json(path.read_text(encoding="utf-8")) for path in self._folder.glob(f"*{SUFFIX}"))
        titles = {each.uuid: each.title for each in named_apart(counted(tries)[0])}
        for path, known in self._files("-result.json"):
            title = titles.get(known["uuid"], known["name"])
            if title != known["name"]:
                ids = {
                    kind: md5(f"{known.get(kind)}/{title}".encode(), usedforsecurity=False).hexdigest()
                    for kind in ("historyId", "testCaseId")
                }
                _write_json(path, {**known, **ids, "name": title})


def tests_without_result(known: Values, recorded: set[str]) -> list[str]:
    """The tests of a run without a result; `known` is its record, `recorded` are the tests that left one."""
    there = {*known.get("ended", ()), *recorded}
    return [test for test in known.get("collected", ()) if test not in there]


def why_incomplete(known: Values, lost: int, gone: int = 0) -> Iterator[str]:
    """Why the results are not the whole run; `lost` is how many tests have none, `gone` of how many it is not there."""
    if not known:
        yield f"whether the run came to its end is not known: its {FILE} is missing"
        return
    without = f"{lost} of {len(known['collected'])} tests {'has' if lost == 1 else 'have'} no result"
    and_so = f", and {without}" if lost else ""
    if not known["finished"]:
        yield f"the run was killed, or is still going on: it never came to its end{and_so}"
    if known["stopped_because"]:
        yield f"the run did not come to its end: {known['stopped_because']}{and_so}"
    if known.get("mixed"):
        yield "two runs wrote into this folder at the same time: their results are mixed"
    if lost and known["finished"] and not known["stopped_because"]:
        yield f"{without}: they never started, or their process crashed"
    if gone > 0:
        yield f"{gone} of {len(known['collected'])} tests ended, and the folder does not have their results"


def incomplete_results(known: Values, mode: str, lost: list[str], at: int) -> Iterator[dict[str, Any]]:
    """A broken result for the run itself, and one for each test without a result; none for a run that is complete."""
    regions = known.get("environment", {}).get("regions")
    renamed = renamed_regions(regions) if regions else {}
    said, title = "; ".join(why_incomplete(known, len(lost))), "This run did not come to its end"
    told = [("run", title, "This run", f"{title}: {said}")] if said else []
    without = "this test has no result: it never started, was interrupted, or the process that ran it crashed"
    for test in lost:
        told.append((test, in_words_of_run(test.partition("::")[2] or test, renamed), "Without a result", without))
    for name, title, feature, message in told:
        identity = md5(name.encode(), usedforsecurity=False).hexdigest()
        labels = {"mode": mode, "epic": "0 This run", "feature": feature, "cause": INCOMPLETE}
        yield {
            "uuid": str(uuid5(NAMESPACE_URL, f"{known.get('run')}/{name}")),
            "name": title,
            "fullName": f"{PREFIX}{name}",
            "testCaseId": identity,
            "historyId": identity,
            "status": "broken",
            "statusDetails": {"message": message},
            "start": at,
            "stop": at,
            "labels": [{"name": name, "value": value} for name, value in labels.items()],
        }


def extent(config: pytest.Config) -> dict[str, int]:
    """How many scenarios were asked for, and how many were shown before and count, of how many."""
    chosen = {each for each in config.stash[recorder_key].collected if ".feature::" in each}
    before = config.stash.get(shown_before_key, frozenset()) - chosen
    return {"chosen": len(chosen), "shown_before": len(before), "total": config.stash.get(scenarios_key, 0)}


def part(chosen: int = 0, shown_before: int = 0, total: int = 0) -> str:
    """ "a part: 3 of 79"; empty for the whole, and where nothing is known."""
    known = chosen + shown_before
    before = f" ({shown_before} of them shown before)" if shown_before else ""
    return f"a part: {known} of {total}{before}" if 0 < known < total else ""


def _write_json(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")


def _escaped(text: str, separators: str = "") -> str:
    """The text as a .properties file wants it: on one line, with a backslash before what would end a name."""
    return re.sub(rf"[\\{separators}]", r"\\\g<0>", text).replace("\n", "\\n")


def categories() -> list[dict[str, object]]:
    """For `categories.json`, from which Allure 2 and its kin make categories: messages begin with their cause."""
    return [
        {"name": cause, "matchedStatuses": ["failed", "broken"], "messageRegex": f"(?s){re.escape(cause)}: .*"}
        for cause in CAUSES
    ]
