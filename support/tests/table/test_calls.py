from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any
from weakref import finalize

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator, fault_named
from support.table.calls import FIRST_PAUSE, PATIENCE, Caller, Endpoint
from support.tests.table.answers import ITEM, Answers, refusal
from support.tests.verdicts.histories import US
from support.verdicts.errors import ConditionFailedError, TargetDownError, TargetTroubleError, UnknownOutcomeError
from support.verdicts.history import Outcome

ALL_OF_A_MINUTE = 19
"""Attempts that fit into PATIENCE, with pauses that double up to five seconds."""

LOST = ReadTimeoutError(endpoint_url="https://dynamodb")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://dynamodb")


class Simulated:
    """A caller of a simulated table, with faults."""

    def __init__(self, *faults: str, seed: str = "1") -> None:
        self.clock = SimulatedClock()
        self.simulator = Simulator(self.clock, seed=seed)
        finalize(self, self.simulator.close)
        self.simulator.create_global_table(TABLE)
        for fault in faults:
            self.simulator.faults.inject(fault_named(fault))
        self.caller = Caller(US, self.simulator.client("dynamodb", US), self.clock, {"TableName": TABLE_NAME})


def test_a_call_that_is_answered_at_once_says_when() -> None:
    simulated = Simulated("slow-answers=2")
    simulated.clock.wait(5)
    call = simulated.caller.call("put_item", Item=ITEM)
    assert (call.outcome, call.attempts, call.error) == (Outcome.ACKNOWLEDGED, 1, None)
    assert (call.invoked, call.answered) == (5, 7)
    assert f"{call.at:%H:%M:%S}" == "15:30:05"


@pytest.mark.parametrize("fault", ["throttling", "errors"])
def test_what_is_refused_now_and_then_is_tried_again_until_it_is_done(fault: str) -> None:
    simulated = Simulated(f"{fault}=0.5")
    calls = [simulated.caller.call("put_item", Item=ITEM) for _ in range(20)]
    assert {call.outcome for call in calls} == {Outcome.ACKNOWLEDGED}
    assert 25 < sum(call.attempts for call in calls) < 70


def test_pauses_double_on_the_clock_of_the_target() -> None:
    answers = Answers(
        refusal("ThrottlingException"), refusal("ThrottlingException"), refusal("ThrottlingException"), {}
    )
    call = answers.caller.call("put_item", Item=ITEM)
    assert call.attempts == 4
    assert answers.clock.elapsed() == pytest.approx(0.05 + 0.1 + 0.2)


def test_attempts_that_were_refused_do_not_count_as_the_call() -> None:
    call = Answers(refusal("ThrottlingException"), refusal("ThrottlingException"), {}).caller.call("put_item")
    assert [call.invoked, call.answered] == pytest.approx([0.15, 0.15])


def test_the_call_begins_with_the_first_attempt_that_may_have_been_done() -> None:
    call = Answers(refusal("ThrottlingException"), LOST, refusal("ThrottlingException"), {}).caller.call("put_item")
    assert [call.invoked, call.answered] == pytest.approx([0.05, 0.35])


@pytest.mark.parametrize(
    ("fault", "outcome", "error"),
    [
        ("throttling=1", Outcome.FAILED, "ProvisionedThroughputExceededException"),
        ("errors=1", Outcome.UNKNOWN, "InternalServerError"),
    ],
)
def test_what_is_refused_again_and_again_is_given_up(fault: str, outcome: Outcome, error: str) -> None:
    call = Simulated(fault).caller.call("put_item", Item=ITEM, raising=False)
    assert (call.outcome, call.attempts, call.error and call.error.code) == (outcome, ALL_OF_A_MINUTE, error)


@pytest.mark.parametrize("fault", ["throttling=1", "errors=1"])
def test_giving_up_is_trouble_with_the_target_and_no_verdict(fault: str) -> None:
    with pytest.raises(TargetTroubleError) as trouble:
        Simulated(fault).caller.call("put_item", Item=ITEM)
    assert not isinstance(trouble.value, AssertionError)
    assert str(trouble.value).startswith("us-east-1 was asked for put_item 19 times; the last answer was ")


def test_a_refusal_for_another_reason_is_not_tried_again() -> None:
    simulated = Simulated()
    with pytest.raises(TargetTroubleError, match="asked for put_item once; the answer was ValidationException: "):
        simulated.caller.call("put_item", Item={"PK": {"S": "a"}})
    assert simulated.clock.elapsed() == 0


def test_a_condition_that_does_not_hold_is_told_apart() -> None:
    simulated = Simulated()
    parameters: dict[str, Any] = {"Item": ITEM, "ConditionExpression": "attribute_not_exists(PK)"}
    simulated.caller.call("put_item", **parameters)
    with pytest.raises(ConditionFailedError, match="us-east-1 refused put_item: ConditionalCheckFailedException"):
        simulated.caller.call("put_item", **parameters)
    assert simulated.caller.call("put_item", **parameters, raising=False).outcome is Outcome.FAILED


def test_a_condition_that_the_call_itself_may_have_spoilt_is_trouble() -> None:
    answers = Answers(refusal("InternalServerError", 500), refusal("ConditionalCheckFailedException"))
    with pytest.raises(TargetTroubleError, match="it may have been done"):
        answers.caller.call("put_item", Item=ITEM)


ENDS: Sequence[tuple[Sequence[Exception], Outcome, int]] = [
    ([LOST], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
    ([LOST, refusal("ValidationException")], Outcome.UNKNOWN, 2),
    ([LOST, refusal("ThrottlingException")], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
    ([refusal("ServiceUnavailable", 503)], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
    ([refusal("502", 502)], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
    ([refusal("RequestLimitExceeded")], Outcome.FAILED, ALL_OF_A_MINUTE),
    ([UNREACHABLE], Outcome.FAILED, ALL_OF_A_MINUTE),
    ([NoCredentialsError()], Outcome.FAILED, 1),
    ([refusal("AccessDeniedException")], Outcome.FAILED, 1),
]


@pytest.mark.parametrize(("ends", "outcome", "attempts"), ENDS, ids=[str(number) for number in range(len(ENDS))])
def test_only_what_may_have_been_done_is_unknown(ends: list[Exception], outcome: Outcome, attempts: int) -> None:
    call = Answers(*ends).caller.call("put_item", Item=ITEM, raising=False)
    assert (call.outcome, call.attempts) == (outcome, attempts)


@pytest.mark.parametrize("end", [LOST, UNREACHABLE, refusal("502", 502)])
def test_an_answer_after_all_counts(end: BotoCoreError | ClientError) -> None:
    call = Answers(end, {"Attributes": {}}).caller.call("put_item", Item=ITEM)
    assert (call.outcome, call.attempts, call.answer) == (Outcome.ACKNOWLEDGED, 2, {"Attributes": {}})


def test_an_error_of_the_suite_itself_comes_out_as_it_is() -> None:
    call: Callable[..., object] = Answers(RuntimeError("no scenario is running")).caller.call
    with pytest.raises(RuntimeError, match="no scenario is running"):
        call("put_item", Item=ITEM)


def test_a_call_that_must_not_be_done_twice_is_not_tried_again_once_it_may_have_been() -> None:
    answers = Answers(LOST, {})
    with pytest.raises(UnknownOutcomeError, match="it may have been done"):
        answers.caller.call("put_item", idempotent=False, Item=ITEM)
    assert answers.ends == [{}]


def test_a_call_that_must_not_be_done_twice_is_tried_again_when_it_was_surely_not_done() -> None:
    call = Answers(UNREACHABLE, refusal("ThrottlingException"), {}).caller.call("put_item", idempotent=False)
    assert (call.outcome, call.attempts, call.repeated) == (Outcome.ACKNOWLEDGED, 3, False)


@pytest.mark.parametrize(("end", "repeated"), [(LOST, True), (refusal("502", 502), True), (UNREACHABLE, False)])
def test_an_answer_after_a_lost_one_says_so(end: Exception, repeated: bool) -> None:
    assert Answers(end, {}).caller.call("put_item", Item=ITEM).repeated is repeated


def test_what_was_tried_again_is_counted_by_its_error() -> None:
    caller = Answers(refusal("ThrottlingException"), LOST, LOST, {}).caller
    caller.call("put_item", Item=ITEM)
    caller.call("put_item", Item=ITEM)
    assert (caller.tally.calls, dict(caller.tally.again)) == (2, {"ThrottlingException": 1, "ReadTimeoutError": 2})


def test_pauses_of_callers_with_random_numbers_differ_and_are_never_longer() -> None:
    answers = Answers(refusal("ThrottlingException"), {})
    caller = Caller(US, answers, answers.clock, {}, Random(1))
    caller.call("put_item", Item=ITEM)
    assert FIRST_PAUSE / 2 <= answers.clock.elapsed() < FIRST_PAUSE


def of_endpoint(endpoint: Endpoint, *ends: Exception | Mapping[str, Any]) -> tuple[Answers, Caller]:
    answers = Answers(*ends)
    return answers, Caller(US, answers, answers.clock, {}, endpoint=endpoint)


@pytest.mark.parametrize("end", [LOST, UNREACHABLE, refusal("503", 503), refusal("ThrottlingException")])
def test_an_endpoint_that_has_not_answered_for_a_minute_is_asked_no_more(end: Exception) -> None:
    endpoint = Endpoint(US, ends_the_run=True)
    answers, caller = of_endpoint(endpoint, end)
    with pytest.raises(TargetDownError):  # also for a write that may have been done: another try makes no sense
        caller.call("put_item")
    assert answers.clock.elapsed() == pytest.approx(PATIENCE)
    asked = len(answers.asked)
    with pytest.raises(TargetDownError, match="us-east-1 has not answered for 60 s"):
        caller.call("get_item")
    assert len(answers.asked) == asked


def test_one_call_that_must_not_be_tried_again_says_nothing_of_the_endpoint() -> None:
    endpoint = Endpoint(US, ends_the_run=True)
    _, caller = of_endpoint(endpoint, LOST)
    assert caller.call("put_item", raising=False, idempotent=False).attempts == 1
    assert endpoint.down == ""


def test_an_endpoint_that_answers_others_is_not_down() -> None:
    endpoint = Endpoint(US, ends_the_run=True)
    _, other = of_endpoint(endpoint, {})
    answers, caller = of_endpoint(endpoint, LOST)

    def answered_meanwhile(seconds: float) -> None:
        other.call("get_item")
        SimulatedClock.wait(answers.clock, seconds)

    answers.clock.wait = answered_meanwhile  # type: ignore[method-assign]
    assert caller.call("get_item", raising=False).error is not None
    assert endpoint.down == ""


@pytest.mark.parametrize(("code", "attempts"), [("ExpiredTokenException", 1), ("RequestTimeTooSkewed", 3)])
def test_credentials_that_are_not_taken_any_more_end_the_run_with_the_cure(code: str, attempts: int) -> None:
    answers, caller = of_endpoint(Endpoint(US, ends_the_run=True), refusal(code))
    assert caller.call("get_item", raising=False).attempts == attempts
    with pytest.raises(TargetDownError, match=f"{code}.*cure: "):
        caller.call("get_item")
    assert len(answers.asked) == attempts


def test_a_request_that_a_suspended_machine_has_signed_too_early_is_sent_again() -> None:
    endpoint = Endpoint(US)
    _, caller = of_endpoint(endpoint, refusal("InvalidSignatureException"), {})
    assert (caller.call("get_item").attempts, endpoint.down) == (2, "")
