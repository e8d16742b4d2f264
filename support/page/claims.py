"""What became of the page's claims in a run: a pure function of the map and of how each scenario ended."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean, median_low

from support.page.page_map import Claim, Kind
from support.page.scenarios import BOTH_WAYS, WrittenScenario, claims_of, read_scenarios

PASSED, FAILED, BROKEN, SKIPPED, NOT_RUN = "passed", "failed", "broken", "skipped", "not run"


class State(StrEnum):
    """What is to be said of a claim after a run."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_REACHED = "not reached"
    NOT_RUN = "not run"
    FILLED_IN = "filled in"
    DONE = "done"
    CONTRADICTED = "contradicted by AWS documentation"
    UNDOCUMENTED = "not documented by AWS"
    UNTESTABLE = "not testable by API"


IN_WORDS: Mapping[State, tuple[str, str]] = {
    State.HOLDS: ("holds", "hold"),
    State.FAILS: ("fails", "fail"),
    State.NOT_REACHED: ("was not reached", "were not reached"),
    State.NOT_RUN: ("was not tested", "were not tested"),
    State.FILLED_IN: ("is filled in", "are filled in"),
    State.CONTRADICTED: ("is contradicted by AWS's documentation", "are contradicted by AWS's documentation"),
    State.UNDOCUMENTED: ("is not documented by AWS", "are not documented by AWS"),
    State.DONE: ("is an instruction that was carried out", "are instructions that were carried out"),
    State.UNTESTABLE: ("can't be tested by an API", "can't be tested by an API"),
}
"""Of one claim, and of several."""


def claims_in_words(states: Iterable[State]) -> str:
    """How many claims there are, and of each state: these add up to all of them."""
    counts = Counter(states)
    said = [
        f"{counts[each]} {one if counts[each] == 1 else more}" for each, (one, more) in IN_WORDS.items() if counts[each]
    ]
    return f"Of {counts.total()} claims of the page {', '.join(said)}."


@dataclass(frozen=True)
class FailedStep:
    """The step in which a scenario ended: its place from 0 (Background included), its type, its text.

    The type is given, when or then; And and But are of the type before them.
    """

    index: int
    type: str
    text: str


@dataclass(frozen=True)
class ScenarioOutcome:
    """How a scenario ended, as plain values.

    `status` is passed, failed (a check judged the table), broken (anything else), skipped or not run.
    `tags` are without the @. `delays` are seconds by direction ("us-east-1 to eu-west-1"), infinite for an item that
    did not arrive in time. `winner` says in words which update won; empty if there was none.
    """

    node_id: str
    title: str
    tags: tuple[str, ...]
    status: str
    failed_step: FailedStep | None = None
    delays: tuple[tuple[str, float], ...] = ()
    winner: str = ""

    @property
    def test(self) -> str:
        """The node id without the row of an outline."""
        return self.node_id.partition("[")[0]


@dataclass(frozen=True)
class Outcomes:
    """What a run has to say of each claim: the outcomes of its scenarios, beside the scenarios that there are."""

    outcomes: tuple[ScenarioOutcome, ...]
    scenarios: tuple[WrittenScenario, ...] = field(default_factory=read_scenarios)

    def outcomes_of(self, claim: Claim) -> list[ScenarioOutcome]:
        """The outcomes of the scenarios that show the claim, or in which it is carried out."""
        return [each for each in self.outcomes if claim.shown_with in claims_of(each.tags)]

    def state(self, claim: Claim) -> State:
        """What is to be said of a claim: the documentation comes first, then what its scenarios have shown."""
        if claim.untestable:
            return State.UNTESTABLE
        if claim.contradicted:
            return State.CONTRADICTED
        if claim.undocumented:
            return State.FAILS if self.shown(claim) is State.FAILS else State.UNDOCUMENTED
        if claim.kind is Kind.BLANK:
            return State.FILLED_IN if self.value(claim) else self._carried_out(claim, State.NOT_REACHED)
        if claim.kind in (Kind.INSTRUCTION, Kind.JSON):
            return self._carried_out(claim, State.DONE)
        return self.shown(claim)

    def shown(self, claim: Claim) -> State:
        """What the scenarios of the claim have shown, whatever AWS documents.

        It holds if all of them passed, in both directions if it speaks of both, and fails if the step that shows it
        failed. A scenario that was skipped or is broken shows nothing.
        """
        seen = self._seen(claim)
        steps = (each.failed_step for each in seen if each.status == FAILED)
        if any(step and claim.is_shown_by(step.type, step.text) for step in steps):
            return State.FAILS
        if any(each.status != PASSED for each in seen):
            return State.NOT_REACHED
        return State.HOLDS if seen and not self.missing(claim) else State.NOT_RUN

    def missing(self, claim: Claim) -> str:
        """What of the claim a run without failures has left out, in words; empty if nothing."""
        ended = Counter(each.test for each in self.outcomes_of(claim) if each.status != NOT_RUN)
        scenarios = self.scenarios_of(claim)
        left = [each for each in scenarios if ended[each.test] < len(each.rows)]
        if left:
            return f"{len(left)} of {len(scenarios)} scenarios were not run"
        passed = {each.test for each in self.outcomes_of(claim) if each.status == PASSED}
        directions = (each.directions for each in scenarios if each.test in passed)
        return "shown in one direction only" if claim.both and BOTH_WAYS - frozenset().union(*directions) else ""

    def scenarios_of(self, claim: Claim) -> list[WrittenScenario]:
        """The scenarios that show the claim, run or not."""
        return [each for each in self.scenarios if claim.shown_with in each.claims]

    def _seen(self, claim: Claim) -> list[ScenarioOutcome]:
        return [each for each in self.outcomes_of(claim) if each.status not in (SKIPPED, NOT_RUN)]

    def _carried_out(self, claim: Claim, done: State) -> State:
        """Of an instruction, or a blank that nothing has filled: whether its scenarios came as far as their Then."""
        seen = self._seen(claim)
        if not seen:
            return State.NOT_RUN
        then = any(each.failed_step and each.failed_step.type == "then" for each in seen)
        return done if then or any(each.status == PASSED for each in seen) else State.NOT_REACHED

    def note(self, claim: Claim) -> str:
        """How the suite does it, what AWS says with its source, why it can't be tested, or what was left out."""
        left_out = self.state(claim) is State.NOT_RUN and self.outcomes_of(claim)
        return claim.reason or claim.how or (self.missing(claim) if left_out else "")

    def value(self, claim: Claim) -> str:
        """What fills the blank of a claim: "0.50 s", or the winner; empty if it has none, or nothing was found."""
        outcomes = self.outcomes_of(claim)
        if claim.blank == "winner":
            return next((each.winner for each in outcomes if each.winner), "")
        delays = [seconds for each in outcomes for _, seconds in each.delays]
        return figure(claim.blank, delays) if claim.blank and delays else ""


FIGURES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "fastest": min,
    "slowest": max,
    "average": fmean,
    "median": median_low,
    "delay": min,
}


def figure(name: str, delays: Sequence[float]) -> str:
    """A figure of delays in words. One that an item which did not arrive would change is no number."""
    seconds = FIGURES[name](delays)
    return f"{seconds:.2f} s" if math.isfinite(seconds) else "not every item arrived in time"


def tally(outcomes: Iterable[ScenarioOutcome]) -> str:
    """How scenarios went, in a few words: "2 passed, 1 skipped"; an outline counts once for each row."""
    return ", ".join(f"{count} {status}" for status, count in sorted(Counter(each.status for each in outcomes).items()))
