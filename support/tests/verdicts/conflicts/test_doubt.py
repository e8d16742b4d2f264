"""Updates whose outcome, or what they had seen of each other, is not known."""

from support.tests.verdicts.conflicts.partners import B_SOON, BASE, A, verdict
from support.tests.verdicts.histories import EU, US, delete, order, put, write
from support.verdicts.conflicts.verdict import Kind, Ruling, Verdict, classify
from support.verdicts.history import Outcome


def test_writes_that_left_the_same_cannot_be_told_apart() -> None:
    twin = write(EU, 605, order(150), order(150), "B")
    decided = verdict([A, twin], order(150))
    assert (decided.ruling, decided.kind) == (Ruling.UNKNOWN, Kind.SEQUENTIAL)
    assert decided.finding().title == (
        "no winner: the update of partner A and the update of partner B left the same item: "
        "the outcome does not tell them apart"
    )


def test_two_deletes_cannot_be_told_apart() -> None:
    decided = verdict([delete(US, 600, BASE, "A"), delete(EU, 600.1, BASE, "B")], None)
    assert decided.ruling is Ruling.UNKNOWN
    assert "left no item: the outcome does not tell them apart" in decided.because


def test_a_write_without_an_answer_makes_the_verdict_unknown() -> None:
    lost = write(EU, 605, None, order(200), "B", outcome=Outcome.UNKNOWN)
    decided = verdict([A, lost], order(200))
    assert (decided.ruling, decided.kind, decided.winner) == (Ruling.UNKNOWN, Kind.UNKNOWN, None)
    assert decided.because == "it is not known whether the update of partner B was done"


def test_a_write_that_was_repeated_hides_what_it_had_seen() -> None:
    repeated = write(EU, 605, order(200), order(200), "B", attempts=2, repeated=True)
    assert classify([A, repeated]) is Kind.UNKNOWN
    again = write(EU, 605, order(300), order(300), "C", attempts=2, repeated=True)
    assert classify([A, B_SOON, again]) is Kind.CONFLICT
    assert verdict([A, repeated], order(200)).because == (
        "it was written last, 5.0 s later; whether it had seen the update of partner A is not known"
    )


def test_a_change_to_the_very_same_hides_whether_it_was_seen() -> None:
    unchanged = write(US, 600, BASE, BASE, "A")
    assert classify([unchanged, B_SOON]) is Kind.UNKNOWN


def test_a_change_back_to_what_was_there_before_does_not_hide_that_it_had_not_seen() -> None:
    unchanged = write(EU, 605, BASE, BASE, "B")
    assert classify([A, unchanged]) is Kind.CONFLICT


def test_an_update_that_found_nothing_need_not_have_seen_a_delete() -> None:
    removal = write(US, 600, BASE, None, "A", until=600.2, action="delete")
    not_arrived = write(EU, 600, None, order(200), "B", until=600.2)
    assert verdict([removal, not_arrived], None).undecidable
    assert classify([removal, not_arrived]) is Kind.UNKNOWN


def test_what_the_earlier_write_had_seen_does_not_matter() -> None:
    repeated = write(US, 600, order(150), order(150), "A", repeated=True)
    assert classify([repeated, write(EU, 605, BASE, order(200), "B")]) is Kind.CONFLICT


def test_a_repeated_write_that_overlapped_another_one_may_have_seen_it() -> None:
    repeated = write(US, 600, order(150), order(150), "A", until=601, repeated=True)
    assert classify([repeated, B_SOON]) is Kind.UNKNOWN


def test_a_delete_of_no_item_need_not_have_been_seen() -> None:
    assert classify([delete(US, 600, None, "A"), put(EU, 605, order(200), by="B")]) is Kind.UNKNOWN


def test_a_put_that_found_no_item_had_not_seen_an_update() -> None:
    assert classify([A, put(EU, 605, order(200), by="B")]) is Kind.CONFLICT


TWICE = write(EU, 600, order(150), order(250), "B", until=606, repeated=True)
"""The first attempt may have been done, then overwritten by partner A, and then the second one was done."""


def test_an_image_that_a_write_done_twice_may_have_left_is_not_wrong() -> None:
    assert verdict([A, TWICE], order(200)) == Verdict(
        Ruling.UNKNOWN, Kind.UNKNOWN, "it is not known how often the update of partner B was done"
    )


def test_a_write_done_twice_may_win() -> None:
    decided = verdict([A, TWICE], order(250))
    assert (decided.ruling, decided.winner) == (Ruling.DECIDED, TWICE)
