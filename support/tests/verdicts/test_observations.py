"""What each read found, and when each version was first seen elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from support.clock import PAGE_DAY
from support.tests.verdicts.histories import EU, KEY, US, delete, order, put, unanswered, write
from support.verdicts.history import History, Image, Key, Outcome, Read, Write
from support.verdicts.observations import Arrival, Observation, ObservationKind, arrivals, observations

BASE, A, B = order(100), order(150), order(200)


def read(region: str, at: float, found: Image | None, outcome: Outcome = Outcome.ACKNOWLEDGED) -> Read:
    return Read(0, region, KEY, at, at, PAGE_DAY + timedelta(seconds=at), outcome, found)


def history(*operations: Write | Read) -> History:
    made = History()
    for operation in operations:
        made.add(operation)
    return made


def kinds(*operations: Write | Read) -> list[ObservationKind]:
    return [each.kind for each in observations(history(*operations))]


FIRST, SECOND = put(US, 0, BASE), write(US, 1, BASE, A)


@pytest.mark.parametrize(
    ("writes", "found", "kind", "left_by"),
    [
        ([FIRST, SECOND], A, ObservationKind.CURRENT, SECOND),
        ([FIRST, SECOND], BASE, ObservationKind.STALE, FIRST),
        ([SECOND], BASE, ObservationKind.STALE, None),
        ([unanswered(US, 1, A)], BASE, ObservationKind.UNKNOWN, None),
        ([FIRST, SECOND], B, ObservationKind.UNKNOWN, None),
        ([FIRST, SECOND], None, ObservationKind.ABSENT, None),
    ],
    ids=["last", "older", "older than all writes", "not known to be older", "of no write", "none"],
)
def test_a_read_is_told_with_what_it_found_and_the_write_that_left_it(
    writes: list[Write], found: Image | None, kind: ObservationKind, left_by: Write | None
) -> None:
    looked = read(EU, 2, found)
    assert observations(history(*writes, looked)) == [Observation(looked, kind, left_by)]


def test_a_read_that_was_not_answered_is_told_as_such() -> None:
    looked = read(EU, 1, None, Outcome.UNKNOWN)
    assert observations(history(FIRST, looked)) == [Observation(looked, ObservationKind.UNANSWERED, None)]


def test_a_write_that_was_sent_at_the_moment_of_the_answer_may_be_what_was_found() -> None:
    looked = read(EU, 1, A)
    assert observations(history(FIRST, looked, SECOND)) == [Observation(looked, ObservationKind.CURRENT, SECOND)]


def test_no_item_after_a_delete_that_was_overtaken_is_told_with_that_delete() -> None:
    deleted = delete(US, 1, BASE)
    looked = read(EU, 3, None)
    writes = [FIRST, deleted, delete(US, 1.5, None), put(US, 2, A)]
    assert observations(history(*writes, looked)) == [Observation(looked, ObservationKind.ABSENT, deleted)]


def test_of_a_history_only_the_reads_after_some_operations_are_told() -> None:
    early, late = read(EU, 1, None), read(EU, 2, BASE)
    assert [each.read for each in observations(history(FIRST, early, late), start=2)] == [late]
    assert [each.read for each in observations(history(early, FIRST, late))] == [early, late]


def test_a_version_is_no_older_than_what_was_sent_after_the_read() -> None:
    first, second = put(US, 0, BASE), write(US, 2, BASE, A)
    assert kinds(first, read(EU, 1, BASE), second) == [ObservationKind.CURRENT]


def test_nothing_after_a_delete_is_what_was_written_last() -> None:
    assert kinds(put(US, 0, BASE), delete(US, 1, BASE), read(US, 2, None)) == [ObservationKind.CURRENT]


def test_a_write_without_an_answer_may_be_the_last() -> None:
    assert kinds(put(US, 0, BASE), unanswered(US, 1, A), read(EU, 2, A)) == [ObservationKind.CURRENT]


def test_a_version_arrives_between_the_last_look_without_it_and_the_first_with_it() -> None:
    first = put(US, 0, BASE)
    [arrival] = arrivals(observations(history(first, read(EU, 1, None), read(EU, 2, BASE), read(EU, 3, BASE))))
    assert (arrival.write, arrival.region, arrival.last_miss, arrival.seen) == (first, EU, 1, 2)


def test_a_version_that_the_first_look_finds_was_never_missed() -> None:
    [arrival] = arrivals(observations(history(put(US, 0, BASE), read(EU, 2, BASE))))
    assert arrival.last_miss is None


def test_a_look_at_the_moment_of_the_write_has_missed_it() -> None:
    [arrival] = arrivals(observations(history(FIRST, read(EU, 0, None), read(EU, 1, BASE))))
    assert arrival.last_miss == 0


def test_each_item_arrives_by_itself() -> None:
    other = Key("USER#global-user-ada", "ORDER#another")
    writes = [FIRST, replace(FIRST, number=FIRST.number + 1000, key=other)]
    looks = [
        read(EU, 1, None),
        replace(read(EU, 2, BASE), key=other),
        read(EU, 3, BASE),
        read(EU, 4, None, Outcome.UNKNOWN),
    ]
    assert arrivals(observations(history(*writes, *looks))) == [
        Arrival(writes[1], EU, None, 2),
        Arrival(writes[0], EU, 1, 3),
    ]


def test_looks_from_before_the_write_have_not_missed_it() -> None:
    first, second = put(US, 0, BASE), write(US, 5, BASE, A)
    seen = observations(history(first, read(EU, 1, BASE), second, read(EU, 6, A)))
    assert [each.last_miss for each in arrivals(seen)] == [None, None]


def test_a_version_does_not_arrive_where_it_was_written() -> None:
    assert arrivals(observations(history(put(US, 0, BASE), read(US, 1, BASE)))) == []


def test_an_update_that_was_overtaken_never_arrives() -> None:
    first, a, b = put(US, 0, BASE), write(US, 5, BASE, A, "A"), write(EU, 5.1, BASE, B, "B")
    seen = observations(history(first, read(EU, 1, BASE), a, b, read(EU, 6, B), read(US, 6, B)))
    assert [(each.write, each.region) for each in arrivals(seen)] == [(first, EU), (b, US)]
