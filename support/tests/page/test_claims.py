"""What is to be said of a claim after a run."""

import math

import pytest

from support.page.annotation import KEEP, annotated_page, evidence_of, suggestions
from support.page.claims import Evidence, FailedStep, ScenarioOutcome, State, figure, tally
from support.page.page_map import Claim, Kind, page_map
from support.page.scenarios import PageScenario, WrittenStep, read_scenarios

US, EU = "us-east-1", "eu-west-1"
GIVEN, WHEN = FailedStep(0, "given", "it has reached eu-west-1"), FailedStep(1, "when", "it is written")
THEN, AND = FailedStep(2, "then", "all attributes match"), FailedStep(3, "then", "it still says so")
PLAIN = Claim("It works", "Exercise A", id="A.1", kind=Kind.EXPECTATION)
ATTRIBUTES = Claim("All match", "Exercise A", id="A.1", kind=Kind.EXPECTATION, shown_by=("all attributes",))


def written(name: str, source: str = US, destination: str = EU, *claims: str) -> PageScenario:
    """A scenario of these claims that replicates in this direction."""
    steps = (WrittenStep("when", f"written in {source}"), WrittenStep("then", f"found in {destination}"))
    tags = frozenset(f"claim:{each}" for each in claims or ("A.1",))
    return PageScenario("features/a.feature", name, tags, steps, steps)


def ended(
    status: str, step: FailedStep | None = None, name: str = "There", delays: tuple[float, ...] = (), winner: str = ""
) -> ScenarioOutcome:
    """How a scenario of claim A.1 ended."""
    timed = tuple((f"{US} to {EU}", each) for each in delays)
    return ScenarioOutcome(f"features/a.feature::{name}", name, ("claim:A.1",), status, step, timed, winner)


THERE, BACK = written("There"), written("Back", EU, US)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], State.NOT_RUN),
        ([ended("skipped")], State.NOT_RUN),
        ([ended("not run")], State.NOT_RUN),
        ([ended("passed")], State.HOLDS),
        ([ended("failed", THEN)], State.FAILS),
        ([ended("failed", AND)], State.FAILS),
        ([ended("failed", WHEN)], State.NOT_REACHED),
        ([ended("failed", GIVEN)], State.NOT_REACHED),
        ([ended("failed")], State.NOT_REACHED),
        ([ended("broken", THEN)], State.NOT_REACHED),
        ([ended("broken")], State.NOT_REACHED),
        ([ended("passed"), ended("failed", THEN, "Back")], State.FAILS),
        ([ended("passed"), ended("broken", GIVEN, "Back")], State.NOT_REACHED),
    ],
)
def test_a_claim_fails_only_by_the_step_that_shows_it(outcomes: list[ScenarioOutcome], expected: State) -> None:
    assert Evidence(tuple(outcomes), (THERE,)).state(PLAIN) is expected


def test_another_step_that_failed_leaves_the_claim_open() -> None:
    assert Evidence((ended("failed", THEN),), (THERE,)).state(ATTRIBUTES) is State.FAILS
    assert Evidence((ended("failed", AND),), (THERE,)).state(ATTRIBUTES) is State.NOT_REACHED


def test_a_claim_holds_only_when_all_its_scenarios_have_passed() -> None:
    evidence = Evidence((ended("passed"),), (THERE, BACK))
    assert evidence.state(PLAIN) is State.NOT_RUN
    assert evidence.missing(PLAIN) == "1 of 2 scenarios were not run"
    assert Evidence((ended("passed"), ended("passed", None, "Back")), (THERE, BACK)).state(PLAIN) is State.HOLDS


def test_each_row_of_an_outline_counts() -> None:
    outline = PageScenario("features/a.feature", "There", THERE.tags, THERE.steps, THERE.own, ({"n": "1"}, {"n": "2"}))
    assert Evidence((ended("passed", name="There[1]"),), (outline,)).state(PLAIN) is State.NOT_RUN
    both = (ended("passed", name="There[1]"), ended("passed", name="There[2]"))
    assert Evidence(both, (outline,)).state(PLAIN) is State.HOLDS


def test_a_claim_of_both_directions_needs_both() -> None:
    both = Claim("Both", "Exercise A", id="A.1", kind=Kind.EXPECTATION, both=True)
    skipped = Evidence((ended("passed"), ended("skipped", None, "Back")), (THERE, BACK))
    assert skipped.state(PLAIN) is State.HOLDS
    assert skipped.state(both) is State.NOT_RUN
    assert skipped.missing(both) == "shown in one direction only"
    assert Evidence((ended("passed"), ended("passed", None, "Back")), (THERE, BACK)).state(both) is State.HOLDS


def test_what_the_documentation_says_stays_whatever_is_shown() -> None:
    for status in ("passed", "failed"):
        evidence = Evidence((ended(status, THEN),), (THERE,))
        assert evidence.state(Claim("It", "A", id="A.1", contradicted="AWS: no")) is State.CONTRADICTED
        assert evidence.state(Claim("It", "A", id="A.1", undocumented="AWS is silent")) is State.UNDOCUMENTED
        assert evidence.state(Claim("It", "A", id="A.1", untestable="a picture")) is State.UNTESTABLE


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (ended("passed"), State.DONE),
        (ended("failed", THEN), State.DONE),
        (ended("broken", THEN), State.DONE),
        (ended("failed", GIVEN), State.NOT_REACHED),
        (ended("skipped"), State.NOT_RUN),
    ],
)
def test_an_instruction_was_carried_out_when_its_scenario_came_to_its_then(
    outcome: ScenarioOutcome, expected: State
) -> None:
    instruction = Claim("Click", "A", id="A.2", kind=Kind.INSTRUCTION, done_with="A.1", how="PutItem")
    assert Evidence((outcome,), (THERE,)).state(instruction) is expected


@pytest.mark.parametrize(
    ("blank", "delays", "said"),
    [
        ("fastest", (0.5, 0.9, 1.6), "0.50 s"),
        ("slowest", (0.5, 0.9, 1.6), "1.60 s"),
        ("average", (0.5, 0.9, 1.6), "1.00 s"),
        ("median", (0.5, 0.9, 1.6), "0.90 s"),
        ("fastest", (0.5, math.inf), "0.50 s"),
        ("slowest", (0.5, math.inf), "not every item arrived in time"),
        ("average", (0.5, math.inf), "not every item arrived in time"),
    ],
)
def test_a_figure_is_claimed_only_when_every_item_that_counts_arrived(
    blank: str, delays: tuple[float, ...], said: str
) -> None:
    assert figure(blank, delays) == said


def test_a_blank_is_filled_in_and_neither_holds_nor_fails() -> None:
    blank = Claim("Fastest: ___", "A", id="A.1", kind=Kind.BLANK, blank="fastest")
    assert Evidence((ended("failed", THEN, delays=(0.5,)),), (THERE,)).state(blank) is State.FILLED_IN
    assert Evidence((ended("failed", THEN),), (THERE,)).state(blank) is State.NOT_REACHED
    assert Evidence((), (THERE,)).state(blank) is State.NOT_RUN
    winner = Claim("Which won?", "A", id="A.1", kind=Kind.BLANK, blank="winner")
    assert Evidence((ended("passed", winner="B (eu-west-1)"),), (THERE,)).value(winner) == "B (eu-west-1)"


def test_the_tally_counts_each_status() -> None:
    assert tally([ended("passed"), ended("skipped"), ended("passed")]) == "2 passed, 1 skipped"


def test_the_page_is_annotated_in_its_own_order() -> None:
    user_found = next(each for each in read_scenarios() if "E1.7" in each.claims)
    outcome = ScenarioOutcome(user_found.test, user_found.name, tuple(user_found.tags), "passed", None, (("a", 0.5),))
    sections = annotated_page([outcome])
    assert [section.title for section in sections] == [each.title for each in page_map().sections[1:]]
    lines = {line.claim: line for section in sections for line in section.lines if line.claim}
    assert set(lines) == {claim.id for claim in page_map().claims}
    assert (lines["E1.7"].mark, lines["E1.7"].value) == (State.FILLED_IN, "0.50 s")
    assert (lines["E1.16"].mark, lines["E1.16"].note) == (State.DONE, "PutItem in us-east-1")
    assert lines["E1.16"].scenarios == (user_found.test,)
    assert (lines["E2.4"].mark, lines["E2.4"].note) == (State.NOT_RUN, "2 of 3 scenarios were not run")
    assert lines["E1.3"].mark is State.UNTESTABLE
    assert "https://docs.aws.amazon.com" in lines["E3.4"].note
    plain = next(line for section in sections for line in section.lines if line.text == "Expected results:")
    assert (plain.claim, plain.mark) == ("", None)


def test_a_claim_that_failed_has_a_suggestion_beside_those_that_aws_contradicts() -> None:
    scenarios = read_scenarios()
    step = FailedStep(9, "then", "replication is usually faster than 2 seconds")
    failed = [
        ScenarioOutcome(each.test, each.name, tuple(each.tags), "failed", step)
        for each in scenarios
        if "E5.5" in each.claims
    ]
    assert [each.claim for each in suggestions()] == ["E3.4", "E3.6", "M.3", "T3.1"]
    found = {each.claim: each for each in suggestions(failed)}
    assert "no SLA" in found["E5.5"].instead
    assert found["X.5"].instead == KEEP
    assert "no SLA" in found["E5.5"].source


def test_a_run_in_which_nothing_replicates_does_not_fail_what_it_never_reached() -> None:
    outcomes = [
        ScenarioOutcome(each.test, each.name, tuple(each.tags), "failed", FailedStep(1, "given", "it has reached"))
        for each in read_scenarios()
    ]
    evidence = evidence_of(outcomes)
    states = {claim.id: evidence.state(claim) for claim in page_map().claims}
    assert states["E3.2"] is State.NOT_REACHED
    assert states["E3.1"] is State.FAILS
    assert [name for name, state in states.items() if state in (State.FAILS, State.HOLDS)] == ["E3.1"]
