"""The verdict on several updates of an item: who won, and why."""

import pytest

from support.tests.verdicts.conflicts.partners import B_AT_ONCE, B_LATER, B_SOON, BASE, A, verdict
from support.tests.verdicts.histories import AP, EU, US, delete, order, write
from support.verdicts.conflicts.verdict import Kind, Ruling, Verdict, decide
from support.verdicts.history import Image, Write


def winner(decided: Verdict) -> str:
    return decided.winner.by if decided.winner else "nobody"


def test_five_seconds_apart_the_later_one_wins_by_overwriting() -> None:
    decided = verdict([A, B_LATER], order(200))
    assert (decided.ruling, decided.kind, winner(decided)) == (Ruling.DECIDED, Kind.SEQUENTIAL, "partner B")
    assert decided.losers == (A,)
    assert decided.because == (
        "it was written last, 5.0 s later, after the update of partner A had reached its region: "
        "an overwrite, not a conflict"
    )


@pytest.mark.parametrize(("first", "second"), [(US, EU), (EU, US)])
def test_in_a_conflict_the_later_one_wins_wherever_it_was_written(first: str, second: str) -> None:
    writes = [write(first, 600, BASE, order(150), "A"), write(second, 600.1, BASE, order(120), "B")]
    decided = verdict(writes, order(120))
    assert (decided.ruling, decided.kind, winner(decided)) == (Ruling.DECIDED, Kind.CONFLICT, "partner B")
    assert decided.because == "it was written last, 0.1 s later, before the update of partner A had reached its region"
    assert not decided.undecidable


def test_a_gap_of_milliseconds_is_not_called_nothing() -> None:
    soon = write(EU, 600.012, BASE, order(200), "B")
    assert "it was written last, 0.012 s later," in verdict([A, soon], order(200)).because


def test_of_two_writes_at_the_same_moment_either_may_win() -> None:
    for final in (150, 200):
        decided = verdict([A, B_AT_ONCE], order(final))
        assert (decided.ruling, decided.kind, decided.undecidable) == (Ruling.DECIDED, Kind.CONFLICT, True)
        assert decided.because == (
            "the update of partner A and the update of partner B were sent at the same moment; AWS does not document "
            "which wins then, so either may win. It is the same one in every region, and whole"
        )


def test_of_two_writes_that_overlap_either_may_win() -> None:
    slow = write(US, 599.9, BASE, order(150), "A", until=600.3)
    for final in (150, 200):
        decided = verdict([slow, B_SOON], order(final))
        assert (decided.ruling, decided.undecidable) == (Ruling.DECIDED, True)
        assert "overlapped in time, so either may win" in decided.because


def test_a_delete_that_is_written_last_wins() -> None:
    removal = delete(EU, 600.1, BASE, "B")
    decided = verdict([A, removal], None)
    assert (decided.ruling, decided.kind, decided.winner) == (Ruling.DECIDED, Kind.CONFLICT, removal)
    assert decided.finding().title == (
        "the delete of partner B (eu-west-1) won over the update of partner A: "
        "it was written last, 0.1 s later, before the update of partner A had reached its region"
    )


def test_an_update_that_is_written_after_a_delete_wins() -> None:
    removal = delete(US, 600, BASE, "A")
    unseen = write(EU, 600.1, BASE, order(200), "B")
    decided = verdict([removal, unseen], order(200))
    assert (decided.kind, winner(decided)) == (Kind.CONFLICT, "partner B")
    seen = write(EU, 605, None, order(200), "B")
    decided = verdict([removal, seen], order(200))
    assert (decided.kind, winner(decided)) == (Kind.SEQUENTIAL, "partner B")


def test_a_deleted_order_that_is_still_there_is_wrong() -> None:
    decided = verdict([A, delete(EU, 605, order(150), "B")], order(150))
    assert decided.ruling is Ruling.WRONG
    assert decided.finding().title == (
        "wrong: the update of partner A (us-east-1) won over the delete of partner B: "
        "yet the delete of partner B was written later"
    )


def test_of_three_writes_the_last_one_wins() -> None:
    third = write(AP, 600.2, order(150), order(300), "C")
    decided = verdict([A, B_SOON, third], order(300))
    assert (winner(decided), decided.kind, len(decided.losers)) == ("partner C", Kind.CONFLICT, 2)
    assert decided.because == "it was written last, 0.1 s later, after the update of partner A had reached its region"


def test_three_overwrites_in_a_row_are_no_conflict() -> None:
    third = write(US, 610, order(200), order(300), "C")
    decided = verdict([A, B_LATER, third], order(300))
    assert decided.kind is Kind.SEQUENTIAL
    assert "5.0 s later, after the update of partner B had reached its region" in decided.because


def test_an_overwrite_after_a_conflict_does_not_make_the_conflict_undone() -> None:
    third = write(US, 610, order(200), order(300), "C")
    decided = verdict([A, B_SOON, third], order(300))
    assert decided.kind is Kind.CONFLICT
    assert decided.because == "it was written last, 9.9 s later, after the update of partner B had reached its region"


def test_three_writes_unseen_by_each_other_are_named() -> None:
    third = write(AP, 600.2, BASE, order(300), "C")
    because = verdict([A, B_SOON, third], order(300)).because
    assert because.endswith("before the update of partner A and the update of partner B had reached its region")


def test_of_three_writes_only_those_that_may_be_the_last_may_win() -> None:
    third = write(AP, 600.1, BASE, order(300), "C")
    assert verdict([A, B_SOON, third], order(300)).undecidable
    decided = verdict([A, B_SOON, third], order(150))
    assert decided.ruling is Ruling.WRONG
    assert decided.because == "yet the update of partner B and the update of partner C were written later"


@pytest.mark.parametrize("later", [B_LATER, B_SOON])
def test_an_earlier_write_that_won_is_wrong(later: Write) -> None:
    decided = verdict([A, later], order(150))
    assert (decided.ruling, winner(decided)) == (Ruling.WRONG, "partner A")
    assert decided.kind is (Kind.SEQUENTIAL if later is B_LATER else Kind.CONFLICT)
    assert decided.because == "yet the update of partner B was written later"


def test_a_write_that_another_one_saw_must_not_win_even_if_they_overlapped() -> None:
    throttled = write(EU, 599, order(150), order(200), "B", until=605, attempts=5)
    assert verdict([throttled, A], order(150)).ruling is Ruling.WRONG
    decided = verdict([throttled, A], order(200))
    assert (decided.ruling, decided.kind) == (Ruling.DECIDED, Kind.SEQUENTIAL)
    assert decided.because == (
        "it was written last, after the update of partner A had reached its region: an overwrite, not a conflict"
    )


def test_regions_that_differ_are_wrong() -> None:
    decided = decide([A, B_SOON], {US: order(150), EU: order(200), AP: BASE})
    assert (decided.ruling, decided.winner) == (Ruling.WRONG, None)
    assert decided.finding().title == (
        "no winner: the regions do not agree: ap-southeast-2 holds the item as it was before, "
        "eu-west-1 holds what the update of partner B left, us-east-1 holds what the update of partner A left"
    )


def test_a_blend_is_wrong_and_called_by_its_name() -> None:
    shipped = write(EU, 600.1, BASE, order(100, status="shipped"), "B")
    decided = verdict([A, shipped], order(150, status="shipped"))
    assert decided.ruling is Ruling.WRONG
    assert decided.because == (
        "the attributes of the updates were merged, a blend: status of the update of partner B with total_amount of "
        "the update of partner A; a whole image should have won"
    )


def test_an_image_of_nobody_is_wrong() -> None:
    decided = verdict([A, B_SOON], order(201))
    assert (decided.ruling, decided.because) == (
        Ruling.WRONG,
        "every region holds an item that none of the writes left; "
        "compared with what the update of partner B left, total_amount is 201 instead of 200",
    )


@pytest.mark.parametrize(
    ("final", "because"),
    [
        (BASE, "every region holds the item as it was before the update of partner A and the update of partner B"),
        (None, "no region holds the item, and none of the writes deleted it"),
    ],
)
def test_writes_that_are_all_lost_are_wrong(final: Image | None, because: str) -> None:
    assert verdict([A, B_SOON], final) == Verdict(Ruling.WRONG, Kind.CONFLICT, because)


def test_a_truth_value_that_became_a_number_is_wrong() -> None:
    truth = write(EU, 605, order(150), order(200, conflict_test=True), "B")
    assert verdict([A, truth], order(200, conflict_test=1)).ruling is Ruling.WRONG


@pytest.mark.parametrize(
    ("writes", "held"), [([A], {US: BASE}), ([], {US: BASE}), ([A, B_SOON], {})], ids=["one", "none", "no region"]
)
def test_one_write_or_no_region_is_no_contest(writes: list[Write], held: dict[str, Image | None]) -> None:
    with pytest.raises(ValueError, match=r"^a verdict needs two writes and a region at least$"):
        decide(writes, held)


def test_a_tenth_of_a_second_is_said_in_tenths_and_less_in_thousandths() -> None:
    writes = [write(US, 0, BASE, order(150), "A"), write(EU, 0.1, BASE, order(200), "B")]
    assert verdict(writes, order(200)).because.startswith("it was written last, 0.1 s later, before")


def test_of_two_writes_at_the_same_moment_in_one_region_the_second_is_not_said_to_be_later() -> None:
    writes = [write(US, 0, BASE, order(150), "A"), write(US, 0, order(150), order(200), "B")]
    assert verdict(writes, order(200)).because == (
        "it was written last, after the update of partner A had reached its region: an overwrite, not a conflict"
    )


def test_of_three_writes_that_overlap_any_may_win() -> None:
    writes = [write(region, 0, BASE, order(amount), until=1) for region, amount in ((US, 1), (EU, 2), (AP, 3))]
    assert verdict(writes, order(2)).because == (
        "the update in us-east-1 and the update in eu-west-1 and the update in ap-southeast-2 were sent at the same "
        "moment; AWS does not document which wins then, so any of them may win. "
        "It is the same one in every region, and whole"
    )


def test_what_each_region_holds_is_named_when_they_do_not_agree() -> None:
    same_change = write(AP, 600.2, BASE, order(150), "C")
    held = {US: order(150), EU: None, AP: order(201), "sa-east-1": BASE}
    assert decide([A, B_SOON, same_change], held) == Verdict(
        Ruling.WRONG,
        Kind.CONFLICT,
        "the regions do not agree: ap-southeast-2 holds an item that none of them left (compared with what the update "
        "of partner C left, total_amount is 201 instead of 150), eu-west-1 holds no item, sa-east-1 holds the item as "
        "it was before, us-east-1 holds what the update of partner A and the update of partner C left",
    )
