"""The results of runs, read back: what Allure knows of each test, what its record does, and what is missing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.reporting.error import ReportError
from support.reporting.recording.page_order import place_on_page
from support.reporting.recording.run_record import FILE, INTERRUPTED
from support.reporting.recording.scenario_record import SCHEMA, SUFFIX
from support.reporting.report.cause import cause_of
from support.table.redaction import redacted

RESULT = "-result.json"
UNKNOWN_MODE = "simulated"


@dataclass(frozen=True)
class Result:
    """A test of a run: its Allure result and its record (empty for a test that is no scenario)."""

    path: Path
    allure: Mapping[str, Any]
    record: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The scenario's name, with the values of its row."""
        return str(self.allure["name"])

    @property
    def status(self) -> str:
        """Passed, failed, broken or skipped."""
        return str(self.allure.get("status", "broken"))

    @property
    def message(self) -> str:
        """What Allure shows of a failure."""
        return str(self.allure.get("statusDetails", {}).get("message", ""))

    @property
    def cause(self) -> str:
        """What kind of trouble it is; empty if it passed or was skipped."""
        return cause_of(self.status, self.message)

    @property
    def findings(self) -> Sequence[Mapping[str, Any]]:
        """What the scenario found out."""
        return list(self.record.get("findings", ()))


@dataclass(frozen=True)
class Run:
    """A run: its results in the order of the page, and what is known of the run as a whole."""

    folder: Path
    mode: str
    known: Mapping[str, Any]
    results: Sequence[Result]
    retries: Sequence[Result] = ()
    missing: Sequence[str] = field(default=())

    @property
    def environment(self) -> Mapping[str, str]:
        """What was tested with what."""
        environment: Mapping[str, str] = self.known.get("environment", {})
        return environment

    @property
    def problems(self) -> list[str]:
        """Why the results are not the whole run; empty if they are."""
        return list(_problems(self.known, self.missing))

    def count(self, *statuses: str) -> int:
        """How many tests ended like that."""
        return sum(result.status in statuses for result in self.results)


def read_run(folder: Path) -> Run:
    """The run whose results are in a folder. Raises ReportError when there are none."""
    paths = sorted(folder.glob(f"*{RESULT}"))
    if not paths:
        cure = f"run pytest features/ --alluredir={folder} first, or name the folder of another run"
        raise ReportError(f"there are no results in {folder}; cure: {cure}")
    records = {record["uuid"]: record for record in map(_read, sorted(folder.glob(f"*{SUFFIX}")))}
    allure = {path: _read(path) for path in paths}
    all_results = [Result(path, each, records.get(each["uuid"], {})) for path, each in allure.items()]
    ended_results = [each for each in all_results if each.message != INTERRUPTED]
    results, retries = _last_tries(ended_results)
    known = _read(folder / FILE) if (folder / FILE).exists() else {}
    ended = {*known.get("ended", ()), *(str(each.record["node_id"]) for each in ended_results if each.record)}
    missing = [test for test in known.get("collected", ()) if test not in ended]
    return Run(folder, _mode(all_results), known, results, retries, missing)


def _last_tries(results: Sequence[Result]) -> tuple[list[Result], list[Result]]:
    """The last try of each test in the order of the page, and the tries before it."""
    last: dict[str, Result] = {}
    for result in sorted(results, key=lambda each: each.allure.get("stop", 0)):
        last[result.record.get("node_id", result.allure.get("historyId") or result.allure["uuid"])] = result
    kept = list(last.values())
    scenarios = sorted((each for each in kept if each.record), key=lambda each: place_on_page(each.record))
    others = sorted((each for each in kept if not each.record), key=lambda each: str(each.allure.get("fullName")))
    return scenarios + others, [each for each in results if not any(each is one for one in kept)]


def _mode(results: Sequence[Result]) -> str:
    labels = (label for result in results for label in result.allure.get("labels", ()))
    return next((str(label["value"]) for label in labels if label["name"] == "mode"), UNKNOWN_MODE)


def _problems(known: Mapping[str, Any], missing: Sequence[str]) -> Iterator[str]:
    if not known:
        yield f"nobody knows whether the run came to its end: its {FILE} is missing"
        return
    if not known["finished"]:
        yield "the run was killed, or is still going on: it never came to its end"
    if known["stopped_because"]:
        yield f"the run did not come to its end: {known['stopped_because']}"
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        count = f"{len(missing)} of {len(known['collected'])} tests"
        yield f"{count} {verb} no result: they never started, were interrupted, or their process crashed"


def _read(path: Path) -> Any:
    try:
        values = json.loads(redacted(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} can't be read ({error}); cure: run the features again") from None
    if path.name.endswith(SUFFIX) and values.get("schema") != SCHEMA:
        raise ReportError(f"{path} is of another version of this suite; cure: run the features again")
    return values
