"""What each read found, and when each version was first seen elsewhere."""

from datetime import timedelta

from support.clock import PAGE_DAY
from support.tests.verdicts.histories import EU, KEY, US, delete, order, put, unanswered, write
from support.verdicts.history import History, Image, Outcome, Read, Write
from support.verdicts.observations import ObservationKind, arrivals, observations

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


def test_what_was_written_last_is_a_hit() -> None:
    assert kinds(put(US, 0, BASE), read(EU, 1, BASE)) == [ObservationKind.CURRENT]


def test_an_older_version_is_stale() -> None:
    first, second = put(US, 0, BASE), write(US, 1, BASE, A)
    assert kinds(first, second, read(EU, 2, BASE)) == [ObservationKind.STALE]


def test_a_version_is_no_older_than_what_was_sent_after_the_read() -> None:
    first, second = put(US, 0, BASE), write(US, 2, BASE, A)
    assert kinds(first, read(EU, 1, BASE), second) == [ObservationKind.CURRENT]


def test_nothing_is_absent() -> None:
    assert kinds(put(US, 0, BASE), read(EU, 1, None)) == [ObservationKind.ABSENT]


def test_nothing_after_a_delete_is_what_was_written_last() -> None:
    assert kinds(put(US, 0, BASE), delete(US, 1, BASE), read(US, 2, None)) == [ObservationKind.CURRENT]


def test_an_image_that_nobody_wrote_is_strange() -> None:
    assert kinds(put(US, 0, BASE), read(EU, 1, order(7))) == [ObservationKind.UNKNOWN]


def test_a_read_that_was_not_answered_found_nothing_out() -> None:
    assert kinds(put(US, 0, BASE), read(EU, 1, None, Outcome.UNKNOWN)) == [ObservationKind.UNANSWERED]


def test_a_write_without_an_answer_may_be_the_last() -> None:
    assert kinds(put(US, 0, BASE), unanswered(US, 1, A), read(EU, 2, A)) == [ObservationKind.CURRENT]


def test_a_version_arrives_between_the_last_look_without_it_and_the_first_with_it() -> None:
    first = put(US, 0, BASE)
    [arrival] = arrivals(observations(history(first, read(EU, 1, None), read(EU, 2, BASE), read(EU, 3, BASE))))
    assert (arrival.write, arrival.region, arrival.last_miss, arrival.seen) == (first, EU, 1, 2)


def test_a_version_that_the_first_look_finds_was_never_missed() -> None:
    [arrival] = arrivals(observations(history(put(US, 0, BASE), read(EU, 2, BASE))))
    assert arrival.last_miss is None


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
