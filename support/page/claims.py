"""A claim of the workshop page: which scenarios show it, and what became of it in a run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Outcomes = Mapping[str, Sequence[str]]
"""By the name of a scenario as it is written: "passed", "failed", "broken" or "skipped", once for each of its rows."""

PASSED = "passed"
BAD = frozenset({"failed", "broken"})


class State(StrEnum):
    """What is to be said of a claim, or of the scenarios that show it."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_RUN = "not run"
    NO_SCENARIO = "no scenario"
    CONTRADICTED = "contradicted by AWS documentation"
    UNDOCUMENTED = "not documented by AWS"
    UNTESTABLE = "not testable by API"


@dataclass(frozen=True)
class Claim:
    """One thing that the page says.

    The scenarios of a claim that AWS contradicts, or does not document, show what holds instead. `contradicted` and
    `undocumented` name the source, `untestable` the reason; at most one of the three is there.
    """

    id: str
    section: str
    says: str
    scenarios: tuple[str, ...] = ()
    contradicted: str = ""
    undocumented: str = ""
    untestable: str = ""

    @property
    def reason(self) -> str:
        """Why its state does not depend on the run; empty if it does."""
        return self.contradicted or self.undocumented or self.untestable


def state(claim: Claim, outcomes: Outcomes) -> State:
    """What is to be said of the claim: the documentation comes first, then what its scenarios have shown."""
    if claim.untestable:
        return State.UNTESTABLE
    if claim.contradicted:
        return State.CONTRADICTED
    if claim.undocumented:
        return State.UNDOCUMENTED
    return shown(claim, outcomes)


def shown(claim: Claim, outcomes: Outcomes) -> State:
    """What the scenarios of the claim have shown, whatever the documentation says: a skip shows nothing."""
    if not claim.scenarios:
        return State.NO_SCENARIO
    seen = {outcome for name in claim.scenarios for outcome in outcomes.get(name, ())}
    if seen & BAD:
        return State.FAILS
    return State.HOLDS if PASSED in seen else State.NOT_RUN


def tally(claim: Claim, outcomes: Outcomes) -> str:
    """How its scenarios went, in a few words: "2 passed, 1 skipped"; an outline counts once for each row."""
    each = [outcome for name in claim.scenarios for outcome in outcomes.get(name) or ("not run",)]
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(Counter(each).items()))
