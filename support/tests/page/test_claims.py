"""What is to be said of a claim after a run."""

import math
from dataclasses import replace

import pytest

from support.page.claims import FailedStep, Outcomes, ScenarioOutcome, State, figure
from support.page.page_map import Claim, Kind, page_map
from support.page.scenarios import WrittenScenario, read_scenarios
from support.page.suggestions import suggestions
from support.tests.page.written import written

US, EU = "us-east-1", "eu-west-1"
GIVEN = FailedStep(0, "given", "it has reached eu-west-1")
THEN, AND = FailedStep(2, "then", "all attributes match"), FailedStep(3, "then", "it still says so")


def replicating(name: str, source: str = US, destination: str = EU, rows: str = "") -> WrittenScenario:
    """A scenario of claim A.1 that replicates in this direction."""
    return written(f"@claim:A.1\nScenario: {name}\nWhen written in {source}\nThen found in {destination}\n{rows}")


def failed(scenario: WrittenScenario, step: FailedStep) -> ScenarioOutcome:
    """One of the features' scenarios failed in this step."""
    tags = tuple(f"claim:{each}" for each in scenario.claims)
    return ScenarioOutcome(scenario.test, scenario.name, tags, "failed", step)


def ended(
    status: str, step: FailedStep | None = None, name: str = "There", delays: tuple[float, ...] = (), winner: str = ""
) -> ScenarioOutcome:
    """How a scenario of claim A.1 ended."""
    timed = tuple((f"{US} to {EU}", each) for each in delays)
    return ScenarioOutcome(f"features/a.feature::{name}", name, ("claim:A.1",), status, step, timed, winner)


THERE, BACK = replicating("There"), replicating("Back", EU, US)
OUTLINE = replicating("There", rows="Examples:\n| n |\n| 1 |\n| 2 |")
PLAIN = Claim("It works", "A", id="A.1", kind=Kind.EXPECTATION)
WORDS = replace(PLAIN, shown_by=("all attributes",))
BOTH = replace(PLAIN, both=True)
CLICK = Claim("Click", "A", id="A.2", kind=Kind.INSTRUCTION, done_with="A.1", how="PutItem")
BLANK = Claim("Fastest: ___", "A", id="A.1", kind=Kind.BLANK, blank="fastest")
PASSED, WRONG, BROKEN, SKIPPED = ended("passed"), ended("failed", THEN), ended("broken", THEN), ended("skipped")
BACK_PASSED, BACK_SKIPPED = ended("passed", name="Back"), ended("skipped", name="Back")
FIRST_ROW, SECOND_ROW = ended("passed", name="There[1]"), ended("passed", name="There[2]")


@pytest.mark.parametrize(
    ("claim", "scenarios", "outcomes", "expected"),
    [
        (PLAIN, [THERE], [], State.NOT_RUN),
        (PLAIN, [THERE], [SKIPPED], State.NOT_RUN),
        (PLAIN, [THERE], [PASSED], State.HOLDS),
        (PLAIN, [THERE], [WRONG], State.FAILS),
        (PLAIN, [THERE], [ended("failed", GIVEN)], State.NOT_REACHED),
        (PLAIN, [THERE], [ended("failed")], State.NOT_REACHED),
        (PLAIN, [THERE], [BROKEN], State.NOT_REACHED),
        (PLAIN, [THERE, BACK], [BACK_PASSED, WRONG], State.FAILS),
        (PLAIN, [THERE, BACK], [BACK_PASSED, BROKEN], State.NOT_REACHED),
        # Only the step that shows it refutes it.
        (WORDS, [THERE], [WRONG], State.FAILS),
        (WORDS, [THERE], [ended("failed", AND)], State.NOT_REACHED),
        # All scenarios, and all rows of an outline, have to have been run.
        (PLAIN, [THERE, BACK], [PASSED], State.NOT_RUN),
        (PLAIN, [THERE, BACK], [PASSED, BACK_PASSED], State.HOLDS),
        (PLAIN, [OUTLINE], [FIRST_ROW], State.NOT_RUN),
        (PLAIN, [OUTLINE], [FIRST_ROW, SECOND_ROW], State.HOLDS),
        # A claim of both directions needs both.
        (PLAIN, [THERE, BACK], [PASSED, BACK_SKIPPED], State.HOLDS),
        (BOTH, [THERE, BACK], [PASSED, BACK_SKIPPED], State.NOT_RUN),
        (BOTH, [THERE, BACK], [PASSED, BACK_PASSED], State.HOLDS),
        # What the documentation says stays, whatever is shown.
        *((replace(PLAIN, contradicted="AWS: no"), [THERE], [each], State.CONTRADICTED) for each in (PASSED, WRONG)),
        (replace(PLAIN, undocumented="silent"), [THERE], [PASSED], State.UNDOCUMENTED),
        (replace(PLAIN, undocumented="silent"), [THERE], [WRONG], State.FAILS),
        *((replace(PLAIN, untestable="a picture"), [THERE], [each], State.UNTESTABLE) for each in (PASSED, WRONG)),
        # An instruction was carried out when its scenario came to its Then.
        (CLICK, [THERE], [PASSED], State.DONE),
        (CLICK, [THERE], [BROKEN], State.DONE),
        (CLICK, [THERE], [ended("failed", GIVEN)], State.NOT_REACHED),
        (CLICK, [THERE], [SKIPPED], State.NOT_RUN),
        # A blank is filled in, and neither holds nor fails.
        (BLANK, [THERE], [ended("failed", THEN, delays=(0.5,))], State.FILLED_IN),
        (BLANK, [THERE], [WRONG], State.NOT_REACHED),
        (BLANK, [THERE], [], State.NOT_RUN),
    ],
)
def test_a_claim_is_what_its_scenarios_have_shown(
    claim: Claim, scenarios: list[WrittenScenario], outcomes: list[ScenarioOutcome], expected: State
) -> None:
    assert Outcomes(tuple(outcomes), tuple(scenarios)).state(claim) is expected


def test_a_blank_is_filled_by_a_delay_or_a_winner() -> None:
    ended_so = Outcomes((ended("passed", delays=(0.5,), winner="B (eu-west-1)"),), (THERE,))
    assert ended_so.value(BLANK) == "0.50 s"
    assert ended_so.value(replace(BLANK, blank="winner")) == "B (eu-west-1)"


def test_what_is_missing_is_said() -> None:
    assert Outcomes((PASSED,), (THERE, BACK)).missing(PLAIN) == "1 of 2 scenarios were not run"
    assert Outcomes((PASSED, BACK_SKIPPED), (THERE, BACK)).missing(BOTH) == "shown in one direction only"


@pytest.mark.parametrize(
    ("blank", "delays", "said"),
    [
        ("fastest", (0.5, 0.9, 1.6), "0.50 s"),
        ("slowest", (0.5, 0.9, 1.6), "1.60 s"),
        ("average", (0.5, 0.9, 1.6), "1.00 s"),
        ("median", (0.5, 0.9, 1.6), "0.90 s"),
        ("fastest", (0.5, math.inf), "0.50 s"),
        ("average", (0.5, math.inf), "not every item arrived in time"),
    ],
)
def test_a_figure_is_claimed_only_when_every_item_that_counts_arrived(
    blank: str, delays: tuple[float, ...], said: str
) -> None:
    assert figure(blank, delays) == said


def test_a_claim_that_failed_has_a_suggestion_beside_those_that_aws_contradicts() -> None:
    step = FailedStep(9, "then", "replication is usually faster than 2 seconds")
    timed = [failed(each, step) for each in read_scenarios() if "E5.5" in each.claims]
    assert [each.claim for each in suggestions()] == ["E3.4", "E3.6", "M.3", "T3.1"]
    found = {each.claim: each for each in suggestions(timed)}
    assert "no SLA" in found["E5.5"].instead
    assert "X.5" not in found


def test_a_run_in_which_nothing_replicates_does_not_fail_what_it_never_reached() -> None:
    step = FailedStep(1, "given", "it has reached")
    ended_so = Outcomes(tuple(failed(each, step) for each in read_scenarios()))
    states = {claim.id: ended_so.state(claim) for claim in page_map().claims}
    assert states["E3.2"] is State.NOT_REACHED
    assert states["E3.1"] is State.FAILS
    assert [name for name, state in states.items() if state in (State.FAILS, State.HOLDS)] == ["E3.1"]
