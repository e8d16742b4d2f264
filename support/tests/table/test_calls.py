from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from support.clock import SimulatedClock
from support.page.workshop import TABLE_NAME
from support.table.calls import FIRST_PAUSE, PATIENCE, Caller, Endpoint
from support.tests.verdicts.histories import US
from support.verdicts.errors import TargetDownError, UnknownOutcomeError
from support.verdicts.history import Outcome

ITEM = {"PK": {"S": "a"}, "SK": {"S": "b"}}
ALL_OF_A_MINUTE = 19
"""Attempts that fit into PATIENCE, with pauses that double up to five seconds."""

LOST = ReadTimeoutError(endpoint_url="https://dynamodb")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://dynamodb")
UNPROCESSED = {"UnprocessedItems": {TABLE_NAME: [{"DeleteRequest": {"Key": ITEM}}]}}


class Answers:
    """A client whose calls come to these ends, one after the other; `asked` are the parameters of the calls."""

    def __init__(self, *ends: Exception | Mapping[str, Any], **options: Any) -> None:
        self.ends = list(ends)
        self.asked: list[dict[str, Any]] = []
        self.clock = SimulatedClock()
        self.caller = Caller(US, self, self.clock, {"TableName": TABLE_NAME}, **options)
        self.batch_write_item = self.get_item = self.put_item

    def put_item(self, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append(parameters)
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if isinstance(end, Exception):
            raise end
        return end


def refusal(code: str, status: int = 400, **more: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(response, "PutItem")


def cancelled(*reasons: str) -> ClientError:
    return refusal("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])


THROTTLED = refusal("ThrottlingException")


@pytest.mark.parametrize(
    ("ends", "times"),
    [
        ([{}], (0, 0)),
        ([THROTTLED, THROTTLED, {}], (0.15, 0.15)),
        ([THROTTLED, LOST, THROTTLED, {}], (0.05, 0.35)),
    ],
    ids=["at once", "refused before", "lost and refused before"],
)
def test_a_call_begins_with_the_first_attempt_that_may_have_been_done(ends: list[Any], times: Sequence[float]) -> None:
    call = Answers(*ends).caller.call("put_item")
    assert (call.outcome, call.attempts) == (Outcome.ACKNOWLEDGED, len(ends))
    assert (call.invoked, call.answered) == pytest.approx(times)


def test_a_condition_that_the_call_itself_may_have_spoilt_is_trouble() -> None:
    with pytest.raises(UnknownOutcomeError, match="it may have been done"):
        Answers(LOST, refusal("ConditionalCheckFailedException")).caller.call("put_item")


@pytest.mark.parametrize(
    ("ends", "outcome", "attempts"),
    [
        ([LOST], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
        ([LOST, refusal("ValidationException")], Outcome.UNKNOWN, 2),
        ([LOST, THROTTLED], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
        ([refusal("InternalServerError")], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
        ([UNPROCESSED], Outcome.UNKNOWN, ALL_OF_A_MINUTE),
        ([UNREACHABLE], Outcome.FAILED, ALL_OF_A_MINUTE),
        ([NoCredentialsError()], Outcome.FAILED, 1),
        ([refusal("AccessDeniedException")], Outcome.FAILED, 1),
        ([refusal("NotImplemented", 501)], Outcome.FAILED, 1),
        ([cancelled("ConditionalCheckFailed", "TransactionConflict")], Outcome.FAILED, 1),
    ],
)
def test_only_what_may_have_been_done_is_unknown(ends: list[Exception], outcome: Outcome, attempts: int) -> None:
    call = Answers(*ends).caller.call("batch_write_item", raising=False)
    assert (call.outcome, call.attempts) == (outcome, attempts)


@pytest.mark.parametrize(
    ("end", "repeated"),
    [
        (LOST, True),
        (refusal("502", 502), True),
        (UNREACHABLE, False),
        (refusal("ProvisionedThroughputExceededException"), False),
        (refusal("InvalidSignatureException"), False),
        (cancelled("TransactionConflict", "None"), False),
        (cancelled("ThrottlingError", "ProvisionedThroughputExceeded"), False),
    ],
)
def test_an_answer_after_all_counts_and_tells_whether_an_attempt_before_it_may_have_been_done(
    end: Exception, repeated: bool
) -> None:
    endpoint = Endpoint(US)
    answers = Answers(end, {"Attributes": {}}, endpoint=endpoint)
    call = answers.caller.call("put_item", Item=ITEM)
    assert (call.outcome, call.attempts, call.answer) == (Outcome.ACKNOWLEDGED, 2, {"Attributes": {}})
    assert (call.repeated, endpoint.down) == (repeated, "")
    assert answers.asked[0] == answers.asked[1]
    assert (answers.caller.tally.calls, answers.caller.tally.again.total()) == (1, 1)


def test_of_a_batch_only_what_was_not_done_is_sent_again() -> None:
    answers = Answers(UNPROCESSED, {})
    call = answers.caller.call("batch_write_item", RequestItems={TABLE_NAME: []})
    assert (call.outcome, call.attempts, call.repeated, call.answer) == (Outcome.ACKNOWLEDGED, 2, True, {})
    assert answers.asked[1]["RequestItems"] == UNPROCESSED["UnprocessedItems"]


def test_a_call_that_must_not_be_done_twice_is_tried_again_only_when_it_was_surely_not_done() -> None:
    call = Answers(UNREACHABLE, THROTTLED, {}).caller.call("put_item", idempotent=False)
    assert (call.outcome, call.attempts, call.repeated) == (Outcome.ACKNOWLEDGED, 3, False)
    endpoint = Endpoint(US, ends_the_run=True)
    with pytest.raises(UnknownOutcomeError, match="it may have been done"):
        Answers(LOST, {}, endpoint=endpoint).caller.call("put_item", idempotent=False)
    assert endpoint.down == ""


def test_pauses_of_callers_with_random_numbers_differ_and_are_never_longer() -> None:
    answers = Answers(THROTTLED, {}, random=Random(1))
    answers.caller.call("put_item")
    assert FIRST_PAUSE / 2 <= answers.clock.elapsed() < FIRST_PAUSE


@pytest.mark.parametrize(
    ("operation", "answer", "writes", "reads"),
    [
        ("batch_write_item", {"ConsumedCapacity": [{"CapacityUnits": 2.0}, {"CapacityUnits": 1.0}]}, 3, 0),
        ("put_item", {"ConsumedCapacity": {"CapacityUnits": 3.0}}, 3, 0),
        ("get_item", {"ConsumedCapacity": {"CapacityUnits": 0.5}}, 0, 0.5),
        ("get_item", {}, 0, 0),
    ],
)
def test_the_units_of_a_call_are_counted_whether_they_are_told_by_table_or_not(
    operation: str, answer: Mapping[str, Any], writes: float, reads: float
) -> None:
    answers = Answers(answer, metered=True)
    answers.caller.call(operation)
    assert (answers.caller.tally.write_units, answers.caller.tally.read_units) == (writes, reads)
    assert answers.asked[0]["ReturnConsumedCapacity"] == "TOTAL"


@pytest.mark.parametrize("end", [LOST, UNREACHABLE, refusal("503", 503), THROTTLED])
def test_an_endpoint_that_has_not_answered_for_a_minute_is_asked_no_more(end: Exception) -> None:
    answers = Answers(end, endpoint=Endpoint(US, ends_the_run=True))
    with pytest.raises(TargetDownError):  # also for a write that may have been done: another try makes no sense
        answers.caller.call("put_item")
    assert answers.clock.elapsed() == pytest.approx(PATIENCE)
    asked = len(answers.asked)
    with pytest.raises(TargetDownError, match="us-east-1 has not answered for 60 s"):
        answers.caller.call("get_item")
    assert len(answers.asked) == asked


def test_an_endpoint_that_answers_others_is_not_down() -> None:
    endpoint = Endpoint(US, ends_the_run=True)
    other, answers = Answers({}, endpoint=endpoint), Answers(LOST, endpoint=endpoint)

    def answered_meanwhile(seconds: float) -> None:
        other.caller.call("get_item")
        SimulatedClock.wait(answers.clock, seconds)

    answers.clock.wait = answered_meanwhile  # type: ignore[method-assign]
    assert answers.caller.call("get_item", raising=False).error is not None
    assert endpoint.down == ""


@pytest.mark.parametrize(("code", "attempts"), [("ExpiredTokenException", 1), ("RequestTimeTooSkewed", 3)])
def test_credentials_that_are_not_taken_any_more_end_the_run_with_the_cure(code: str, attempts: int) -> None:
    answers = Answers(refusal(code), endpoint=Endpoint(US, ends_the_run=True))
    assert answers.caller.call("get_item", raising=False).attempts == attempts
    with pytest.raises(TargetDownError, match=f"{code}.*cure: "):
        answers.caller.call("get_item")
    assert len(answers.asked) == attempts
