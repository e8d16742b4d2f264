"""Writes whose first answer was lost: they may have been done twice, and must never accuse replication."""

from dataclasses import replace

from support.tests.verdicts.histories import EU, US, order, put, unanswered, views, write
from support.verdicts.conflicts.verdict import Kind, Ruling, classify, decide
from support.verdicts.convergence.judgement import State, judge
from support.verdicts.history import Outcome
from support.verdicts.write_order import may_have_been_done_twice, replaced_is_known

BASE = order(100)
CREATED = put(US, 0, BASE)
A = write(US, 600, BASE, order(150), "A", until=600.05)


def test_a_write_that_replaced_itself_was_done_at_the_first_try_and_hides_what_it_had_found() -> None:
    again = write(EU, 600.1, order(200), order(200), "B", until=600.3, repeated=True)
    assert not replaced_is_known(again, [A, again])
    assert not may_have_been_done_twice(again, [A, again])
    assert classify([A, again]) is Kind.UNKNOWN


def test_a_write_that_replaced_what_was_there_before_was_not_done_at_the_first_try() -> None:
    again = write(EU, 600.1, BASE, order(200), "B", until=600.3, repeated=True)
    assert replaced_is_known(again, [CREATED, A, again])
    assert classify([A, again]) is Kind.CONFLICT


def test_a_write_that_replaced_a_contender_may_have_been_done_before_and_after_it() -> None:
    other = write(US, 600, BASE, order(150, status="paid"), "A", until=600.4)
    again = write(EU, 600.1, other.left, order(200, status="paid"), "B", until=600.6, repeated=True)
    assert may_have_been_done_twice(again, [other, again])
    assert classify([other, again]) is Kind.UNKNOWN


def test_who_was_earlier_by_far_need_not_be_known_to_the_last_detail() -> None:
    repeated_first = write(US, 600, order(150), order(150), "A", until=600.05, repeated=True)
    later = write(EU, 600.1, BASE, order(200), "B", until=600.15)
    assert classify([repeated_first, later]) is Kind.CONFLICT


def test_the_later_of_two_writes_still_has_to_win_when_it_was_sent_twice() -> None:
    again = write(EU, 605, order(200), order(200), "B", until=605.3, repeated=True)
    assert decide([A, again], {US: order(200), EU: order(200)}).ruling is Ruling.DECIDED
    assert decide([A, again], {US: order(150), EU: order(150)}).ruling is Ruling.WRONG


def test_what_only_a_write_done_twice_explains_is_unknown_and_not_wrong() -> None:
    other = write(US, 600, BASE, order(150, status="paid"), "A", until=600.4)
    again = write(EU, 600.1, other.left, order(200, status="paid"), "B", until=600.6, repeated=True)
    left_by_the_first_try = order(200)
    held = {US: left_by_the_first_try, EU: left_by_the_first_try}
    verdict = decide([other, again], held)
    assert (verdict.ruling, verdict.because) == (
        Ruling.UNKNOWN,
        "it is not known how often the update of partner B was done",
    )
    shown = views({US: [(601, left_by_the_first_try)], EU: [(601, left_by_the_first_try)]})
    assert judge([CREATED, other, again], shown).state is State.NOT_YET


def test_the_same_image_after_writes_that_were_done_once_is_wrong() -> None:
    other = write(US, 600, BASE, order(150, status="paid"), "A", until=600.4)
    once = write(EU, 600.1, other.left, order(200, status="paid"), "B", until=600.6)
    stranger = order(200)
    assert decide([other, once], {US: stranger, EU: stranger}).ruling is Ruling.WRONG
    assert judge([CREATED, other, once], views({US: [(601, stranger)]})).state is State.WRONG


def test_a_write_that_was_never_answered_leaves_the_verdict_open() -> None:
    lost = unanswered(EU, 605, order(200), "B")
    assert lost.outcome is Outcome.UNKNOWN
    assert decide([A, lost], {US: order(200), EU: order(200)}).ruling is Ruling.UNKNOWN


def test_what_was_there_before_a_creation_that_replaced_itself_may_still_be_shown() -> None:
    again = replace(put(US, 0, BASE, BASE), answered=0.5, repeated=True)
    shown = views({EU: [(0.6, None), (1.2, BASE)], US: [(0.6, BASE)]})
    assert judge([again], views({EU: [(0.6, None)], US: [(0.6, BASE)]})).state is State.NOT_YET
    assert judge([again], shown).state is State.DONE
