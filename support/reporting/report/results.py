"""The results of runs, read back: what Allure knows of each test, what its record does, and what is missing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.reporting.error import ReportError
from support.reporting.recording import incomplete
from support.reporting.recording.cause import ENVIRONMENT, INTERRUPTED
from support.reporting.recording.extent import Extent
from support.reporting.recording.incomplete import FILE, PREFIX, UNKNOWN_MODE
from support.reporting.recording.page_order import place_on_page
from support.reporting.recording.repeated import counted
from support.reporting.recording.scenario_record import SCHEMA, SUFFIX
from support.table.redaction import redacted
from support.verdicts.errors import VerdictError

RESULT = "-result.json"


@dataclass(frozen=True)
class Result:
    """A test of a run: its Allure result and its record (empty for a test that is no scenario)."""

    path: Path
    allure: Mapping[str, Any]
    record: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.allure["name"])

    @property
    def status(self) -> str:
        """Passed, failed, broken or skipped."""
        return str(self.allure.get("status", "broken"))

    @property
    def message(self) -> str:
        return str(self.record.get("message") or self.allure.get("statusDetails", {}).get("message", ""))

    @property
    def cause(self) -> str:
        """What kind of trouble it is; empty if it passed or was skipped."""
        labels = (str(each["value"]) for each in self.allure.get("labels", ()) if each["name"] == "cause")
        return next(labels, {"failed": VerdictError.kind, "broken": ENVIRONMENT}.get(self.status, ""))

    @property
    def test(self) -> str:
        """What all results of one test have in common: the node id of a scenario."""
        return str(self.record.get("node_id") or self.allure.get("historyId") or self.allure["uuid"])

    @property
    def steps(self) -> Sequence[Mapping[str, Any]]:
        """The steps with their status, and what was found in each."""
        return list(self.allure.get("steps", ()))

    @property
    def is_scenario(self) -> bool:
        """Whether it is of a feature; one that was skipped has no record."""
        return any(label["name"] == "feature" for label in self.allure.get("labels", ()))

    @property
    def stop(self) -> int:
        """When the test ended, in milliseconds."""
        return int(self.allure.get("stop", 0))

    @property
    def inconclusive(self) -> bool:
        """Whether a later result may replace this one."""
        return bool(self.record.get("inconclusive"))

    @property
    def findings(self) -> Sequence[Mapping[str, Any]]:
        return list(self.record.get("findings", ()))


@dataclass(frozen=True)
class Run:
    """A run: its results in the order of the page, and what is known of the run as a whole.

    `retries` are inconclusive tries that a later one replaced, `missing` the tests without a result; `label` tells the
    runs of one page apart; `gone` is how many scenarios ended and left no result in the folder.
    """

    folder: Path
    mode: str
    known: Mapping[str, Any]
    results: Sequence[Result]
    retries: Sequence[Result] = ()
    missing: Sequence[str] = field(default=())
    label: str = ""
    gone: int = 0

    @property
    def environment(self) -> Mapping[str, str]:
        environment: Mapping[str, str] = self.known.get("environment", {})
        return environment

    @property
    def page_changes(self) -> Mapping[str, str]:
        """What the version of the page that was given says differently, by the claim's id."""
        return {claim: text for claim, text in self.known.get("page_changes", {}).items() if text}

    @property
    def corrected(self) -> list[str]:
        """The claims that the version of the page which was given says as was suggested."""
        return [claim for claim, text in self.known.get("page_changes", {}).items() if not text]

    @property
    def problems(self) -> list[str]:
        """Why the results are not the whole run; empty if they are."""
        return list(incomplete.problems(self.known, len(self.missing), self.gone))

    @property
    def part(self) -> str:
        """ "a part: 3 of 79"; empty for the whole of what the target can show."""
        return Extent(**self.known.get("extent", {})).part

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
    all_results = [
        Result(path, each, records.get(each["uuid"], {}))
        for path, each in allure.items()
        if not str(each.get("fullName", "")).startswith(PREFIX)
    ]
    ended = [each for each in all_results if not each.message.startswith(INTERRUPTED)]
    results, retries = counted(ended)
    known = _read(folder / FILE) if (folder / FILE).exists() else {}
    cut_off = {each.test for each in all_results} - {each.test for each in ended}
    missing = incomplete.missing(known, {each.test for each in ended} | cut_off) + sorted(cut_off)
    mode = _mode(all_results)
    left = {each.test for each in all_results if each.is_scenario}
    gone = len(_scenarios(known.get("collected", ())) - {*missing}) - len(left - {*missing})
    return Run(folder, mode, known, _in_page_order(results), retries, missing, label=mode, gone=gone)


def _scenarios(tests: Iterable[str]) -> set[str]:
    return {test for test in tests if ".feature::" in test}


def _in_page_order(results: Sequence[Result]) -> list[Result]:
    scenarios = sorted((each for each in results if each.record), key=lambda each: place_on_page(each.record))
    return scenarios + sorted((each for each in results if not each.record), key=lambda each: each.test)


def _mode(results: Sequence[Result]) -> str:
    labels = (label for result in results for label in result.allure.get("labels", ()))
    return next((str(label["value"]) for label in labels if label["name"] == "mode"), UNKNOWN_MODE)


def _read(path: Path) -> Any:
    try:
        values = json.loads(redacted(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} can't be read ({error}); cure: run the features again") from None
    if path.name.endswith(SUFFIX) and values.get("schema") != SCHEMA:
        raise ReportError(f"{path} is of another version of this suite; cure: run the features again")
    return values
