"""The record of a scenario's operations."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from support.tests.verdicts.histories import EU, KEY, US, order, put, unanswered, write
from support.verdicts.history import History, Key, Outcome, Read, Write

OTHER = Key("USER#global-user-ada", "ORDER#another")


def read(number: int, region: str, at: float, key: Key = KEY) -> Read:
    return Read(number, region, key, at, at, datetime(2025, 8, 11, tzinfo=UTC), Outcome.ACKNOWLEDGED, None)


def history(*operations: Write | Read) -> History:
    made = History()
    for operation in operations:
        made.add(operation)
    return made


def test_operations_come_in_the_order_of_their_answers() -> None:
    operations: list[Write | Read] = [put(US, 5, order(1)), read(2, EU, 1), put(US, 0, order(2))]
    made = history(*operations)
    assert (list(made), len(made)) == (operations, 3)


def test_numbers_count_up_from_one() -> None:
    made = History()
    assert [made.next_number() for _ in range(3)] == [1, 2, 3]


def test_the_writes_to_an_item_come_in_the_order_in_which_they_were_sent() -> None:
    late, unknown = put(US, 5, order(1)), unanswered(EU, 3, order(2))
    at_once = [replace(put(US, 1, order(3)), number=number) for number in (8, 7)]
    refused = write(US, 2, None, order(4), outcome=Outcome.FAILED)
    made = history(late, unknown, *at_once, refused, read(9, US, 0), replace(late, key=OTHER))
    assert made.writes(KEY) == [at_once[1], at_once[0], unknown, late]


def test_the_reads_of_an_item_in_a_region_come_in_the_order_in_which_they_were_asked_for() -> None:
    late, early, second = read(1, EU, 5), read(4, EU, 1), read(3, EU, 1)
    made = history(late, early, second, read(5, US, 0), read(6, EU, 0, OTHER), put(EU, 0, order(1)))
    assert made.reads(KEY, EU) == [second, early, late]


@pytest.mark.parametrize(("by", "name"), [("A", "the put of partner A"), ("", "the put in us-east-1")])
def test_a_write_is_named_by_who_sent_it_or_else_by_where(by: str, name: str) -> None:
    assert put(US, 0, order(1), by=by).name == name


def test_a_key_is_taken_from_an_image_and_reads_as_on_the_page() -> None:
    assert str(Key.of(order(1))) == "USER#global-user-ada / ORDER#conflict-test"


def test_writes_that_do_not_tell_what_they_replaced_are_refused_to_verdicts_that_rely_on_it() -> None:
    made = history(put(US, 0, order(1)), replace(put(EU, 5, order(2), by="B"), number=7, replaced_is_told=False))
    problem = (
        "the put of partner B (operation 7) does not tell what it replaced, which verdicts on USER#global-user-ada / "
        "ORDER#conflict-test rely on: write without batch or transaction, or record it in a history of its own"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        made.writes(KEY)


def test_writes_to_another_item_may_not_tell_what_they_replaced() -> None:
    told = put(US, 0, order(1))
    assert history(told, replace(put(EU, 5, order(2)), key=OTHER, replaced_is_told=False)).writes(KEY) == [told]
