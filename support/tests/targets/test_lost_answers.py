"""Writes whose first answer was lost: they may have been done twice, and must never accuse replication."""

from dataclasses import replace

from support.tests.verdicts.histories import EU, US, order, put, write
from support.tests.verdicts.test_judgement import judged
from support.verdicts.conflicts import Kind, Ruling, classify, decide
from support.verdicts.history import Write
from support.verdicts.judgement import State
from support.verdicts.versions import may_have_been_done_twice, replaced_is_known

BASE = order(100)
CREATED = put(US, 0, BASE)
A = write(US, 600, BASE, order(150), "A", until=600.05)


def test_what_a_repeated_write_replaced_tells_whether_it_was_done_at_the_first_try() -> None:
    at_the_first = write(EU, 600.1, order(200), order(200), "B", until=600.3, repeated=True)
    assert not replaced_is_known(at_the_first, [A, at_the_first])
    assert not may_have_been_done_twice(at_the_first, [A, at_the_first])
    later = write(EU, 600.1, BASE, order(200), "B", until=600.3, repeated=True)
    assert replaced_is_known(later, [CREATED, A, later])
    assert classify([A, later]) is Kind.CONFLICT


def ruled(paid: Write, other: Write) -> tuple[Ruling, State]:
    """What is said of an image that only a first try of the other write can have left."""
    first_try = order(200)
    judgement = judged([CREATED, paid, other], {US: [(601, first_try)], EU: [(601, first_try)]})
    return decide([paid, other], {US: first_try, EU: first_try}).ruling, judgement.state


def test_what_only_a_write_done_twice_explains_is_unknown_and_not_wrong() -> None:
    paid = write(US, 600, BASE, order(150, status="paid"), "A", until=600.4)
    once = write(EU, 600.1, paid.left, order(200, status="paid"), "B", until=600.6)
    assert ruled(paid, replace(once, repeated=True)) == (Ruling.UNKNOWN, State.NOT_YET)
    assert ruled(paid, once) == (Ruling.WRONG, State.WRONG)


def test_what_was_there_before_a_creation_that_replaced_itself_may_still_be_shown() -> None:
    again = replace(put(US, 0, BASE, BASE), answered=0.5, repeated=True)
    assert judged([again], {EU: [(0.6, None)], US: [(0.6, BASE)]}).state is State.NOT_YET
    assert judged([again], {EU: [(0.6, None), (1.2, BASE)], US: [(0.6, BASE)]}).state is State.DONE
