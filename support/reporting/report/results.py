"""The results of runs, read back, and what is missing."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from support.reporting.error import ReportError
from support.reporting.recording import incomplete
from support.reporting.recording.cause import INCOMPLETE
from support.reporting.recording.extent import Extent
from support.reporting.recording.incomplete import FILE, UNKNOWN_MODE
from support.reporting.scenario_result import SUFFIX, ScenarioResult, counted, named_apart
from support.table.redaction import redacted

RESULT = "-result.json"


@dataclass(frozen=True)
class Run:
    """A run: its results in the order of the page, and what is known of the run as a whole.

    `retries` are inconclusive tries that a later one replaced, `missing` the tests without a result; `label` tells the
    runs of one page apart; `gone` is how many scenarios ended and left no result in the folder. `allure` are the
    Allure results by their ids.
    """

    folder: Path
    mode: str
    known: Mapping[str, Any]
    results: Sequence[ScenarioResult]
    retries: Sequence[ScenarioResult] = ()
    missing: Sequence[str] = field(default=())
    label: str = ""
    gone: int = 0
    allure: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

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
    allure = {values["uuid"]: values for path in paths for values in [_read(path, json.loads)]}
    tries = [_read(path, ScenarioResult.from_json) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    known: Mapping[str, Any] = _read(folder / FILE, json.loads) if (folder / FILE).exists() else {}
    ended = [each for each in tries if each.cause != INCOMPLETE and each.uuid in allure]
    results, retries = counted(ended)
    there = {each.node_id for each in ended}
    cut_off = sorted({each.node_id for each in tries if each.cause == INCOMPLETE} - there)
    missing = incomplete.missing(known, {*there, *cut_off}) + cut_off
    gone = len({*known.get("ended", ())} - there - {*missing})
    mode = next((each.mode for each in tries), known.get("environment", {}).get("mode", UNKNOWN_MODE))
    return Run(folder, mode, known, named_apart(results), retries, missing, mode, gone, allure)


Read = TypeVar("Read")


def _read(path: Path, parse: Callable[[str], Read]) -> Read:
    try:
        return parse(redacted(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} can't be read ({error}); cure: run the features again") from None
