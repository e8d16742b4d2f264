"""What requests and answers tell of the order of writes."""

from dataclasses import replace

import pytest

from support.tests.verdicts.histories import EU, US, delete, order, put, unanswered, write
from support.verdicts.history import Image, Write
from support.verdicts.versions import (
    final_writes,
    has_seen,
    may_have_been_done_twice,
    may_have_left,
    old_image_is_known,
)

BASE, BY_A, BY_B, OTHER = order(100), order(150), order(250), order(777)
NEW = put(US, 0, BASE)


def test_an_image_with_two_origins_proves_nothing() -> None:
    back = write(US, 10, BY_A, BASE, until=30)
    saw_the_old_or_the_new = write(EU, 20, BASE, order(200), until=40)
    writes = [NEW, write(US, 5, BASE, BY_A), back, saw_the_old_or_the_new]
    assert not has_seen(saw_the_old_or_the_new, back, writes)
    assert final_writes(writes) == [back, saw_the_old_or_the_new]


def test_writes_of_one_region_at_one_moment_come_in_the_order_in_which_they_were_sent() -> None:
    writes = [NEW, write(US, 0, BASE, BY_A), write(US, 0, BY_A, BASE)]
    assert final_writes(writes) == writes[2:]


def test_a_write_that_waited_long_for_its_answer_may_have_seen_one_that_was_sent_later() -> None:
    throttled = write(EU, 600, BY_A, order(200), "B", until=610)
    meanwhile = write(US, 602, BASE, BY_A, "A")
    assert final_writes([NEW, throttled, meanwhile]) == [throttled]
    deleted_once = [delete(US, 10, BASE), put(US, 20, order(100, status="new"))]
    assert final_writes([NEW, *deleted_once, throttled, meanwhile]) == [throttled]


@pytest.mark.parametrize("ring", [(1, 2), (1, 2, 3)])
def test_writes_that_all_replaced_what_another_one_left_tell_nothing(ring: tuple[int, ...]) -> None:
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    writes = [write(US, 600, order(before), order(after), until=610) for before, after in pairs]
    last = final_writes([NEW, *writes])
    assert [each for each in last if each is not NEW] == writes
    assert len(ring) == 3 or NEW not in last


def again(old_image: Image | None, new_image: Image, repeated: bool = True) -> Write:
    """An update whose first attempt was sent at 10 s and had no answer; the second one was answered at 16 s."""
    return write(EU, 10, old_image, new_image, until=16, repeated=repeated)


@pytest.mark.parametrize(
    ("writes", "twice", "known"),
    [
        ([again(BY_A, BY_B), write(US, 12, BASE, BY_A)], True, False),
        ([again(BY_A, BY_B, repeated=False), write(US, 12, BASE, BY_A)], False, True),
        ([again(BY_A, BY_A), write(US, 12, BASE, BY_A)], False, False),
        ([again(BY_A, BY_B), write(US, 9, BASE, BY_A)], False, True),
        ([again(BY_A, BY_B), write(US, 12, BASE, order(160))], False, True),
        ([again(None, BY_B), unanswered(US, 12, None, action="update")], False, True),
    ],
    ids=["overwritten", "answered at once", "replaced itself", "found", "another image", "unknown image"],
)
def test_a_repeated_write_was_done_twice_if_another_one_came_between_and_then_may_have_replaced_itself(
    writes: list[Write], twice: bool, known: bool
) -> None:
    assert may_have_been_done_twice(writes[0], writes) is twice
    assert old_image_is_known(writes[0], writes) is known


def test_only_an_update_that_is_not_known_may_have_left_any_image() -> None:
    between = write(US, 12, BASE, BY_A)
    for twice in (again(BY_A, BY_B), replace(again(BY_A, BY_B), action="put")):
        assert may_have_left(twice, OTHER, [twice, between]) is (twice.action == "update")


def test_an_update_that_changed_nothing_has_seen_what_it_replaced() -> None:
    change, nothing = write(US, 0, BASE, BY_A), write(EU, 5, BY_A, BY_A)
    assert has_seen(nothing, change, [change, nothing])
