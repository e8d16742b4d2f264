"""A run, read back: its results in the order of the page, what is missing, and what it says as a whole."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from support.page.claims import Outcomes, State, claims_in_words
from support.page.page_map import Claim, page_map
from support.page.suggestions import Suggestion, suggestions
from support.reporting.recording.recorder import INCOMPLETE
from support.reporting.recording.run_record import FILE, UNKNOWN_MODE, part, tests_without_result, why_incomplete
from support.reporting.recording.tested import in_words
from support.reporting.rendering.delays import directions_of
from support.reporting.rendering.templates import NO, OPEN, YES, sentence
from support.reporting.rendering.winner_cards import WinnerCard, winner_cards
from support.reporting.scenario_result import SUFFIX, ScenarioResult, Values, counted, named_apart
from support.table.redaction import redacted
from support.verdicts.conflicts import Ruling
from support.verdicts.delays import Sample, Timing, summarise
from support.verdicts.recovery import Recovery

Read = TypeVar("Read")
RESULT = "-result.json"


class ReportError(Exception):
    """No report can be made: one line with the cure."""


def read(path: Path, parse: Callable[[str], Read], cure: str) -> Read:
    """What a file says. Raises ReportError for one that can't be read."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{path} can't be read ({error}); cure: {cure}") from None


@dataclass(frozen=True)
class Run:
    """A run: its results in the order of the page, and what is known of the run as a whole.

    `retries` are inconclusive tries that a later one replaced, `missing` the tests without a result; `label` tells the
    runs of one page apart; `gone` is how many scenarios ended and left no result in the folder. `allure` are the
    Allure results by their ids.
    """

    folder: Path
    mode: str
    known: Values
    results: Sequence[ScenarioResult]
    retries: Sequence[ScenarioResult] = ()
    missing: Sequence[str] = ()
    label: str = ""
    gone: int = 0
    allure: Mapping[str, Values] = field(default_factory=dict)

    @property
    def started(self) -> str:
        return str(self.known.get("started") or "")

    @cached_property
    def environment(self) -> Mapping[str, str]:
        return in_words(self.known.get("environment", {}))

    def listed(self, name: str) -> Sequence[str]:
        """What of the environment is a list: its regions, faults, cost."""
        known: Sequence[str] = self.known.get("environment", {}).get(name, ())
        return known

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
        return list(why_incomplete(self.known, len(self.missing), self.gone))

    @property
    def part(self) -> str:
        """ "a part: 3 of 79"; empty for the whole of what the target can show."""
        return part(**self.known.get("extent", {}))

    @property
    def faults(self) -> str:
        """Those of the table, if it was broken on purpose."""
        return ", ".join(self.listed("faults"))

    @property
    def is_aws(self) -> bool:
        return self.mode == "live"

    @property
    def total(self) -> int:
        return len(self.results) + len(self.missing)

    def count(self, status: str) -> int:
        return sum(result.status == status for result in self.results)

    @cached_property
    def scenarios(self) -> list[ScenarioResult]:
        return [each for each in self.results if each.feature]

    @cached_property
    def red(self) -> list[ScenarioResult]:
        return [each for each in self.results if each.is_red]

    @property
    def by_cause(self) -> list[tuple[str, list[ScenarioResult]]]:
        """What went wrong, by what was seen; what there is most of comes first."""
        causes = Counter(each.cause for each in self.red)
        return [(cause, [each for each in self.red if each.cause == cause]) for cause, _ in causes.most_common()]

    @property
    def timed(self) -> list[ScenarioResult]:
        """The scenarios of exercise 5 that time replication as it is."""
        return [each for each in self.scenarios if "exercise_5" in each.tags and not each.tries_the_measurement]

    @cached_property
    def samples(self) -> dict[str, list[Values]]:
        """Their probes, by direction."""
        found: dict[str, list[Values]] = {}
        for result in self.timed:
            for direction, samples in directions_of(result).items():
                found.setdefault(direction, []).extend(samples)
        return dict(sorted(found.items(), reverse=True))

    @cached_property
    def delays(self) -> list[Timing]:
        return [summarise([Sample(**each) for each in samples]) for samples in self.samples.values()]

    @property
    def directions(self) -> list[dict[str, Any]]:
        return [each.values() for each in self.delays]

    @property
    def cuts(self) -> list[tuple[ScenarioResult, Recovery]]:
        """What the scenarios that passed have found out about replication that was cut."""
        passed = [result for result in self.results if result.status == "passed"]
        return [(result, each) for result in passed for each in result.found(Recovery)]

    @cached_property
    def contentions(self) -> list[WinnerCard]:
        return [each for result in self.results for each in winner_cards(result)]

    @cached_property
    def outcomes(self) -> Outcomes:
        return Outcomes(tuple(self.scenarios))

    @cached_property
    def claims(self) -> list[tuple[Claim, State]]:
        """The claims of the page, each with what is to be said of it after the run."""
        return [
            (claim, self.outcomes.shown(claim) if claim.id in self.corrected else self.outcomes.state(claim))
            for claim in page_map().claims
        ]

    @property
    def claims_sentence(self) -> str:
        """What became of all lines of the page that claim something: the states add up to them."""
        known = claims_in_words(state for claim, state in self.claims if claim.id not in self.page_changes)
        changed = len(self.page_changes)
        return f"{known} Of {changed} more the page that was given says something else." if changed else known

    @cached_property
    def corrections(self) -> list[Suggestion]:
        """What the page should say: a part, or a table that is wrong or was broken on purpose, says nothing of it."""
        if self.problems or self.red or self.faults or self.part or not self.count("passed"):
            return []
        told = {*self.corrected, *self.page_changes}
        return [each for each in suggestions(self.scenarios) if each.claim not in told]

    @property
    def sign(self) -> str:
        """A sign for the verdict; that nothing was found wrong where nothing was looked at is none."""
        if self.problems or ((self.part or self.page_changes or self.faults) and not self.red):
            return OPEN
        return NO if self.red else YES if self.count("passed") else OPEN

    @property
    def answer(self) -> str:
        """Whether the page can be taught as it stands, in a sentence."""
        if self.problems:
            return "No answer: this run is not complete."
        if self.faults:
            return f"This says nothing of the page: the table was broken on purpose ({self.faults})."
        if self.red:
            return f"{'What was run' if self.part else 'The page'} can't be taught on this table."
        if not self.count("passed"):
            return "No answer: nothing was tested."
        if self.part:
            return "No answer for the whole page: only a part of it was run."
        if number := len(self.page_changes):
            lines = "1 line" if number == 1 else f"{number} lines"
            return f"No answer for the page that was given: it differs in {lines} from the one that is tested."
        number = len(self.corrections)
        after = f"after {number} correction{'s' if number > 1 else ''}" if number else "as it stands"
        return f"The page can be taught {after}."

    @property
    def verdict(self) -> str:
        passed, skipped, total = self.count("passed"), self.count("skipped"), len(self.results)
        left_out = f", {skipped} skipped" if skipped else ""
        if self.problems:
            return f"Of what has ended {passed} scenarios passed, {len(self.red)} did not."
        part = f"This is {self.part} scenarios. " if self.part else ""
        if self.red:
            why = ", ".join(f"{len(alike)} {cause}" for cause, alike in self.by_cause)
            return f"{part}{len(self.red)} of {total} scenarios did not pass ({why}); {passed} passed{left_out}."
        others = "; of the others this run says nothing" if part else ""
        return f"{part}{passed} of {total} scenarios passed{left_out}, none failed{others}."

    @property
    def warning(self) -> str:
        """What the results are worth: which table was tested."""
        if self.mode == "simulated":
            return "Simulated: proves nothing about AWS yet."
        target = self.environment.get("target", "another endpoint")
        return "Shown on AWS." if self.is_aws else f"{sentence(target)}: proves nothing about AWS."


def read_run(folder: Path) -> Run:
    """The run whose results are in a folder. Raises ReportError when there are none."""
    paths = sorted(folder.glob(f"*{RESULT}"))
    if not paths:
        cure = f"run pytest features/ --alluredir={folder} first, or name the folder of another run"
        raise ReportError(f"there are no results in {folder}; cure: {cure}")
    allure = {values["uuid"]: values for path in paths for values in [_read(path, json.loads)]}
    tries = [_read(path, ScenarioResult.from_json) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    known: Values = _read(folder / FILE, json.loads) if (folder / FILE).exists() else {}
    ended = [each for each in tries if each.cause != INCOMPLETE and each.uuid in allure]
    results, retries = counted(ended)
    there = {each.node_id for each in ended}
    cut_off = sorted({each.node_id for each in tries if each.cause == INCOMPLETE} - there)
    missing = tests_without_result(known, {*there, *cut_off}) + cut_off
    gone = len({*known.get("ended", ())} - there - {*missing})
    mode = next((each.mode for each in tries), known.get("environment", {}).get("mode", UNKNOWN_MODE))
    return Run(folder, mode, known, named_apart(results), retries, missing, mode, gone, allure)


def plain_reason(result: ScenarioResult) -> str:
    """Why a scenario failed, in a sentence: that a wrong version was kept in a conflict, if that is what it came to."""
    wrong = (each.headline for each in winner_cards(result) if each.ruling == Ruling.WRONG)
    return next(wrong, result.headline)


def _read(path: Path, parse: Callable[[str], Read]) -> Read:
    return read(path, lambda text: parse(redacted(text)), cure="run the features again")
