"""The record of a scenario's operations: what each read found, and when each version was first seen elsewhere."""

from dataclasses import replace

import pytest

from support.clock import PAGE_DAY
from support.tests.verdicts.histories import EU, KEY, US, delete, order, put, unanswered, write
from support.verdicts.history import History, Image, Key, Outcome, Read, Write
from support.verdicts.observations import Arrival, Observation, ObservationKind, arrivals, observations

OTHER = Key("USER#global-user-ada", "ORDER#another")
BASE, A, B = order(100), order(150), order(200)
FIRST, SECOND, GONE = put(US, 0, BASE), write(US, 1, BASE, A), delete(US, 1, BASE)
LOST = unanswered(US, 1, A)


def read(region: str, at: float, found: Image | None, outcome: Outcome = Outcome.ACKNOWLEDGED) -> Read:
    return Read(0, region, KEY, at, at, PAGE_DAY, outcome, found)


def history(*operations: Write | Read) -> History:
    made = History()
    for operation in operations:
        made.add(operation)
    return made


def observed(*operations: Write | Read, **start: int) -> list[Observation]:
    return observations(history(*operations), **start)


@pytest.mark.parametrize(
    ("writes", "looked", "kind", "left_by"),
    [
        ([FIRST, LOST], read(EU, 2, A), ObservationKind.CURRENT, LOST),
        ([FIRST, SECOND], read(EU, 1, A), ObservationKind.CURRENT, SECOND),
        ([FIRST, SECOND], read(EU, 0.5, BASE), ObservationKind.CURRENT, FIRST),
        ([FIRST, GONE], read(EU, 2, None), ObservationKind.CURRENT, GONE),
        ([FIRST, SECOND], read(EU, 2, BASE), ObservationKind.STALE, FIRST),
        ([SECOND], read(EU, 2, BASE), ObservationKind.STALE, None),
        ([LOST], read(EU, 2, BASE), ObservationKind.UNKNOWN, None),
        ([FIRST, SECOND], read(EU, 2, B), ObservationKind.UNKNOWN, None),
        ([FIRST, GONE, delete(US, 1.5, None), put(US, 2, A)], read(EU, 3, None), ObservationKind.ABSENT, GONE),
        ([FIRST], read(EU, 1, None, Outcome.UNKNOWN), ObservationKind.UNANSWERED, None),
    ],
    ids=[
        "without an answer", "sent at the moment of the answer", "last before the read", "deleted", "older",
        "older than all writes", "not known to be older", "of no write", "an overtaken delete", "no answer",
    ],
)  # fmt: skip
def test_a_read_is_told_with_what_it_found_and_the_write_that_left_it(
    writes: list[Write], looked: Read, kind: ObservationKind, left_by: Write | None
) -> None:
    assert observed(*writes, looked) == [Observation(looked, kind, left_by)]


def test_of_a_history_only_the_reads_after_some_operations_are_told() -> None:
    early, late = read(EU, 1, None), read(EU, 2, BASE)
    assert [each.read for each in observed(FIRST, early, late, start=2)] == [late]
    assert [each.read for each in observed(early, FIRST, late)] == [early, late]


LATER = write(US, 5, BASE, A)
OVERTAKING = write(EU, 5.1, BASE, B)


@pytest.mark.parametrize(
    ("operations", "seen"),
    [
        ([FIRST, read(EU, 1, None), read(EU, 2, BASE), read(EU, 3, BASE)], [Arrival(FIRST, EU, 1, 2)]),
        ([FIRST, read(EU, 2, BASE)], [Arrival(FIRST, EU, None, 2)]),
        ([FIRST, read(EU, 0, None), read(EU, 1, BASE)], [Arrival(FIRST, EU, 0, 1)]),
        (
            [FIRST, read(EU, 1, BASE), LATER, read(EU, 6, A)],
            [Arrival(FIRST, EU, None, 1), Arrival(LATER, EU, None, 6)],
        ),
        ([FIRST, read(US, 1, BASE)], []),
        (
            [FIRST, read(EU, 1, BASE), LATER, OVERTAKING, read(EU, 6, B), read(US, 6, B)],
            [Arrival(FIRST, EU, None, 1), Arrival(OVERTAKING, US, None, 6)],
        ),
    ],
    ids=["missed", "never missed", "missed at its moment", "looks before the write", "where written", "overtaken"],
)
def test_a_version_arrives_between_the_last_look_without_it_and_the_first_with_it(
    operations: list[Write | Read], seen: list[Arrival]
) -> None:
    assert arrivals(observed(*operations)) == seen


def test_each_item_arrives_by_itself() -> None:
    elsewhere = replace(FIRST, number=FIRST.number + 1000, key=OTHER)
    looks = [read(EU, 1, None), replace(read(EU, 2, BASE), key=OTHER), read(EU, 3, BASE)]
    seen = observed(FIRST, elsewhere, *looks, read(EU, 4, None, Outcome.UNKNOWN))
    assert arrivals(seen) == [Arrival(elsewhere, EU, None, 2), Arrival(FIRST, EU, 1, 3)]


def test_the_writes_to_an_item_come_in_the_order_in_which_they_were_sent() -> None:
    late, unknown = put(US, 5, order(1)), unanswered(EU, 3, order(2))
    at_once = [replace(put(US, 1, order(3)), number=number) for number in (8, 7)]
    refused = write(US, 2, None, order(4), outcome=Outcome.FAILED)
    made = history(
        late, unknown, *at_once, refused, read(US, 0, None), replace(late, key=OTHER, reports_old_image=False)
    )
    assert made.writes(KEY) == [at_once[1], at_once[0], unknown, late]


def test_the_reads_of_an_item_in_a_region_come_in_the_order_in_which_they_were_asked_for() -> None:
    late, early = read(EU, 5, None), read(EU, 1, None)
    second = replace(early, number=4)
    elsewhere = replace(read(EU, 0, None), key=OTHER)
    made = history(late, second, replace(early, number=3), read(US, 0, None), elsewhere, put(EU, 0, order(1)))
    assert made.reads(KEY, EU) == [replace(early, number=3), second, late]


def test_writes_that_do_not_tell_what_they_replaced_are_refused_to_verdicts_that_rely_on_it() -> None:
    made = history(put(US, 0, order(1)), replace(put(EU, 5, order(2), by="B"), number=7, reports_old_image=False))
    with pytest.raises(ValueError, match=r"the put of partner B \(operation 7\) does not tell what it replaced"):
        made.writes(KEY)
