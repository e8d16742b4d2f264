"""What regions show of an item, judged against the writes to it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from support.tests.verdicts.histories import AP, EU, US, delete, judged, order, put, unanswered, views, write
from support.verdicts.convergence.judgement import Judgement, State, Views, judge
from support.verdicts.history import Image, Write
from support.verdicts.write_order import final_writes

NEW = put(US, 0, order(100))
SHIPPED = order(150, status="shipped", note="x")
A = write(US, 600, order(100), order(150), "A")
B = write(EU, 605, order(150), order(200), "B")
CONFLICTING = [NEW, A, write(EU, 600.1, order(100), order(200), "B")]


def test_all_regions_showing_the_last_write_is_done() -> None:
    assert judged([NEW, A, B], {US: [(606, order(200))], EU: [(606, order(200))]}) == Judgement(
        State.DONE, "the same in us-east-1 and eu-west-1, and nothing else is known to be later"
    )


def test_agreeing_on_an_older_write_is_not_yet() -> None:
    judgement = judged([NEW, A, B], {US: [(601, order(150))], AP: [(601, order(150))]})
    assert judgement.state is State.NOT_YET
    assert judgement.why == "us-east-1 and ap-southeast-2 still without the last write"


def test_one_region_behind_is_not_yet() -> None:
    judgement = judged([NEW, A, B], {US: [(606, order(150))], EU: [(606, order(200))]})
    assert (judgement.state, judgement.why) == (State.NOT_YET, "us-east-1 still without the last write")


def test_a_loser_that_is_still_shown_where_it_was_written_is_not_yet() -> None:
    assert judged(CONFLICTING, {US: [(601, order(150))], EU: [(601, order(200))]}).state is State.NOT_YET


def test_an_item_that_has_not_arrived_is_not_yet() -> None:
    assert judged([NEW], {US: [(1, order(100))], EU: [(1, None)]}).state is State.NOT_YET


def test_presence_is_not_enough() -> None:
    assert judged([NEW, A], {EU: [(601, order(100))]}).state is State.NOT_YET


def test_of_overlapping_writes_either_may_be_the_last() -> None:
    writes = [NEW, A, write(EU, 600, order(100), order(200), "B")]
    for amount in (150, 200):
        assert judged(writes, {US: [(700, order(amount))], EU: [(700, order(amount))]}).state is State.DONE
    judgement = judged(writes, {US: [(700, order(150))], EU: [(700, order(200))]})
    assert (judgement.state, judgement.why) == (State.NOT_YET, "us-east-1 and eu-west-1 differ")


WRONG: dict[str, tuple[list[Write], dict[str, Sequence[tuple[float, Image | None]]], str]] = {
    "an image that no write left": (
        [NEW, A],
        {EU: [(601, order(151))]},
        "eu-west-1 shows an image that no write left: "
        "compared with what the update of partner A left, total_amount is 151 instead of 150",
    ),
    "a number where there was a truth value": (
        [put(US, 0, order(100, conflict_test=True))],
        {EU: [(0.5, order(100, conflict_test=True)), (1, order(100, conflict_test=1))]},
        "eu-west-1 shows an image that no write left: "
        "compared with what the put in us-east-1 left, conflict_test is 1 instead of true",
    ),
    "a blend": (
        [NEW, A, write(EU, 600.1, order(100), order(100, status="shipped"), "B")],
        {US: [(700, order(150, status="shipped"))]},
        "us-east-1 shows an image that no write left, a blend: status of the update of partner B with total_amount of "
        "the update of partner A: "
        "compared with what the update of partner B left, total_amount is 150 instead of 100",
    ),
    "an older version after a newer one": (
        [NEW, A],
        {EU: [(601, order(150)), (602, order(100))]},
        "eu-west-1 went back to an older version: "
        "compared with what the update of partner A left, total_amount is 100 instead of 150",
    ),
    "an older version after one that had replaced it, though the writes overlapped": (
        [write(EU, 599, order(150), order(200), "B", until=605), A],
        {AP: [(606, order(200)), (607, order(150))]},
        "ap-southeast-2 went back to an older version: "
        "compared with what the update of partner B left, total_amount is 150 instead of 200",
    ),
    "an image that is most like an earlier one": (
        [
            NEW,
            put(US, 1, order(150, status="shipped", note="x"), order(100)),
            delete(US, 2, order(150, status="shipped", note="x")),
        ],
        {EU: [(3, order(101))]},
        "eu-west-1 shows an image that no write left: "
        "compared with what the put in us-east-1 left, total_amount is 101 instead of 100",
    ),
    "an older version after a write of its own": (
        [NEW, A],
        {US: [(601, order(100))]},
        "us-east-1 went back to an older version: "
        "compared with what the update of partner A left, total_amount is 100 instead of 150",
    ),
    "an older version before and after a write of its own": (
        [NEW, A],
        {US: [(599, order(100)), (601, order(100))]},
        "us-east-1 went back to an older version: "
        "compared with what the update of partner A left, total_amount is 100 instead of 150",
    ),
    "an item that vanishes": (
        [NEW],
        {EU: [(1, order(100)), (2, None)]},
        "eu-west-1 went back to an older version: compared with what the put in us-east-1 left, there is no item",
    ),
    "an item that vanishes without having been seen to arrive": (
        [put(US, 0, order(150), replaced=order(100))],
        {EU: [(1, None)]},
        "eu-west-1 shows no item, though no write deleted it",
    ),
    "an item that comes back after a delete": (
        [NEW, delete(US, 10, order(100))],
        {EU: [(1, order(100)), (11, None), (12, order(100))]},
        "eu-west-1 went back to an older version: "
        "compared with what the delete in us-east-1 left, there is an item, and none is expected",
    ),
    "an item that comes back where it was deleted": (
        [NEW, delete(EU, 10, order(100))],
        {EU: [(12, order(100))]},
        "eu-west-1 went back to an older version: "
        "compared with what the delete in eu-west-1 left, there is an item, and none is expected",
    ),
    "a write that replaced an image that no write left": (
        [NEW, write(EU, 5, order(99), order(200), "B")],
        {US: [(6, order(200))], EU: [(6, order(200))]},
        "the update of partner B in eu-west-1 replaced an image that no write left: "
        "compared with what the put in us-east-1 left, total_amount is 99 instead of 100",
    ),
    "a write in a region that nobody looks at, which replaced an image that no write left": (
        [NEW, write(EU, 5, order(99), order(200))],
        {US: [(6, order(200))]},
        "the update in eu-west-1 replaced an image that no write left: "
        "compared with what the put in us-east-1 left, total_amount is 99 instead of 100",
    ),
    "a write that replaced something older than what its region had": (
        [NEW, A, write(US, 605, order(100), order(200), "B")],
        {US: [(606, order(200))]},
        "the update of partner B replaced an older version than us-east-1 had: "
        "compared with what the update of partner A left, total_amount is 100 instead of 150",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_no_delay_explains_is_wrong(case: str) -> None:
    writes, shown, why = WRONG[case]
    judgement = judged(writes, shown)
    assert (judgement.state, judgement.why) == (State.WRONG, why)


def test_a_write_that_replaced_what_it_left_itself_is_wrong_unless_it_was_repeated() -> None:
    itself = write(US, 600, order(150), order(150), "A")
    judgement = judged([NEW, itself], {US: [(601, order(150))]})
    assert judgement.state is State.WRONG
    assert judgement.why.startswith("the update of partner A in us-east-1 replaced an image that no write left")
    assert judged([NEW, replace(itself, repeated=True)], {US: [(601, order(150))]}).state is State.DONE


def test_a_truth_value_that_arrived_late_is_still_wrong() -> None:
    truth = put(US, 0, order(100, conflict_test=True))
    shown = {EU: [(0.5, order(100, conflict_test=1)), (1.0, order(100, conflict_test=True))]}
    assert judged([truth], shown).state is State.WRONG


def test_an_item_that_was_absent_before_it_arrived_and_after_it_was_deleted_is_not_wrong() -> None:
    writes = [NEW, delete(US, 1, order(100))]
    assert judged(writes, {EU: [(1.2, None), (1.5, order(100))]}).state is State.NOT_YET
    assert judged(writes, {EU: [(1.2, None), (1.5, order(100)), (2, None)]}).state is State.DONE


def test_equal_looks_before_and_after_own_writes_are_not_taken_for_one_version() -> None:
    there_and_back = [write(EU, 605, order(150), order(200)), write(EU, 606, order(200), order(150))]
    assert judged([NEW, A, *there_and_back], {EU: [(601, order(150)), (610, order(150))]}).state is State.DONE


def test_a_value_that_is_written_again_is_not_an_older_version() -> None:
    again = write(US, 605, order(150), order(100), "A")
    shown = {EU: [(599.0, order(100)), (601.0, order(150)), (606.0, order(100))]}
    assert judged([NEW, A, again], shown).state is State.DONE


def test_writes_of_one_region_at_one_moment_come_in_the_order_in_which_they_were_sent() -> None:
    writes = [NEW, write(US, 0, order(100), order(150)), write(US, 0, order(150), order(100))]
    assert final_writes(writes) == writes[2:]
    assert judged(writes, {EU: [(1, order(150))]}).state is State.NOT_YET


def test_a_look_that_was_asked_for_before_a_write_was_answered_may_show_what_was_there_before() -> None:
    slow = write(US, 600, order(100), order(150), until=600.3)
    shown = Views()
    shown.add(US, order(100), asked=600.2, answered=600.4)
    assert judge([NEW, slow], shown).state is State.NOT_YET
    shown = Views()
    shown.add(US, order(100), asked=599, answered=599.1)
    shown.add(US, order(100), asked=600.2, answered=600.4)
    assert judge([NEW, slow], shown).state is State.NOT_YET


@pytest.mark.parametrize("action", ["put", "update", "delete"])
def test_a_write_without_an_answer_makes_nothing_wrong(action: str) -> None:
    left = order(200) if action == "put" else None
    writes = [NEW, A, unanswered(EU, 605, left, "B", action)]
    shown = {"put": order(200), "update": order(150, status="shipped"), "delete": None}[action]
    assert judged(writes, {US: [(606, order(150)), (607, shown)], EU: [(606, shown)]}).state is not State.WRONG


def test_a_write_without_an_answer_may_not_have_been_done() -> None:
    writes = [NEW, unanswered(EU, 605, order(200), "B")]
    for amount in (100, 200):
        assert judged(writes, {US: [(606, order(amount))], EU: [(606, order(amount))]}).state is State.DONE


def test_nobody_knows_that_an_update_without_an_answer_left_nothing() -> None:
    judgement = judged([unanswered(EU, 605, None, by, "update") for by in "BC"], {EU: [(606, None)]})
    assert judgement == Judgement(
        State.NOT_YET,
        "eu-west-1 still without the last write; "
        "it is not known whether the update of partner B and the update of partner C was done",
    )


def test_an_update_without_an_answer_is_not_taken_for_a_delete() -> None:
    writes = [NEW, unanswered(EU, 605, None, "B", "update")]
    assert judged(writes, {US: [(606, None)], EU: [(606, None)]}).state is State.WRONG


def test_nothing_written_is_nothing_to_wait_for() -> None:
    with pytest.raises(ValueError, match="nothing was written"):
        judged([], {US: [(0, None)]})


def test_equal_looks_in_a_row_are_one() -> None:
    shown = views({EU: [(1, None), (2, None), (3, order(100)), (4, order(100))]})
    assert [(look.image, look.since, look.until) for look in shown.looks[EU]] == [(None, 1, 2), (order(100), 3, 4)]
