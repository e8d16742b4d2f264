"""Calls of batches, transactions and statements: what is tried again, what they are sent with, what they consume."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.page.workshop import TABLE_NAME
from support.tests.table.answers import ITEM, Answers, cancelled, refusal
from support.verdicts.errors import UnknownOutcomeError
from support.verdicts.history import Outcome

UNPROCESSED = {"UnprocessedItems": {TABLE_NAME: [{"DeleteRequest": {"Key": ITEM}}]}}


def test_a_batch_that_was_done_in_part_is_sent_again_and_may_have_been_done_twice() -> None:
    answers = Answers(UNPROCESSED, {"UnprocessedItems": {}})
    call = answers.caller.call("batch_write_item", RequestItems={"a": []})
    assert (call.outcome, call.attempts, call.repeated) == (Outcome.ACKNOWLEDGED, 2, True)
    assert answers.asked == [{"RequestItems": {"a": []}}] * 2
    assert dict(answers.caller.tally.again) == {"UnprocessedItems": 1}


def test_a_batch_that_is_never_done_is_of_unknown_outcome() -> None:
    with pytest.raises(UnknownOutcomeError, match="the last answer was UnprocessedItems: a part of the batch"):
        Answers(UNPROCESSED).caller.call("batch_write_item")


PASSING = [
    refusal("TransactionConflictException"),
    cancelled("TransactionConflict", "None"),
    cancelled("None", "ThrottlingError"),
    cancelled("ProvisionedThroughputExceeded"),
]


@pytest.mark.parametrize("refused", PASSING, ids=str)
def test_what_is_refused_because_of_another_transaction_or_of_throttling_is_tried_again(refused: ClientError) -> None:
    call = Answers(refused, {}).caller.call("put_item")
    assert (call.outcome, call.attempts, call.repeated) == (Outcome.ACKNOWLEDGED, 2, False)


LASTING = [
    cancelled("ConditionalCheckFailed", "None"),
    cancelled("ConditionalCheckFailed", "TransactionConflict"),
    cancelled("ValidationError"),
    cancelled(),
]


@pytest.mark.parametrize("refused", LASTING, ids=range(len(LASTING)))
def test_a_transaction_that_was_cancelled_for_another_reason_is_not_tried_again(refused: ClientError) -> None:
    call = Answers(refused, {}).caller.call("transact_write_items", raising=False)
    assert (call.outcome, call.attempts) == (Outcome.FAILED, 1)


@pytest.mark.parametrize("operation", ["batch_write_item", "transact_write_items", "execute_statement"])
def test_what_names_the_tables_of_its_items_gets_no_other_name(operation: str) -> None:
    answers = Answers({})
    answers.caller.call(operation, Statement="x")
    answers.caller.call("put_item", Item=ITEM)
    assert answers.asked == [{"Statement": "x"}, {"Item": ITEM, "TableName": TABLE_NAME}]


@pytest.mark.parametrize(
    ("operation", "consumed"),
    [
        ("batch_write_item", [{"CapacityUnits": 2.0}, {"CapacityUnits": 1.0}]),
        ("transact_write_items", [{"CapacityUnits": 3.0}]),
        ("execute_statement", {"CapacityUnits": 3.0}),
        ("put_item", {"CapacityUnits": 3.0}),
    ],
)
def test_the_units_of_a_write_are_counted_whether_they_are_told_by_table_or_not(operation: str, consumed: Any) -> None:
    answers = Answers({"ConsumedCapacity": consumed}, metered=True)
    answers.caller.call(operation)
    assert (answers.caller.tally.write_units, answers.caller.tally.read_units) == (3, 0)
    assert answers.asked[0]["ReturnConsumedCapacity"] == "TOTAL"


def test_an_answer_without_units_counts_as_none() -> None:
    caller = Answers({}, metered=True).caller
    caller.call("batch_write_item")
    caller.call("get_item")
    assert (caller.tally.write_units, caller.tally.read_units) == (0, 0)
