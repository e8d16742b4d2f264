"""Several updates of an item: who won, why, what the report learns of it, and which rival rules it excludes."""

from typing import Any

import pytest

from support.tests.verdicts.histories import AP, EU, US, delete, order, put, write
from support.verdicts.conflicts import Kind, RuleCheck, Ruling, Verdict, check_rivals, classify, contention, decide
from support.verdicts.history import Image, Outcome, Write

CONFLICT, SEQUENTIAL, UNKNOWN = Kind.CONFLICT, Kind.SEQUENTIAL, Kind.UNKNOWN

BASE, BY_A, BY_B, BY_C = order(100), order(150), order(200), order(300)
A = write(US, 600, BASE, BY_A, "A")
A_SLOW = write(US, 599.9, BASE, BY_A, "A", until=600.3)
A_UNCHANGED = write(US, 600, BASE, BASE, "A")
B_LATER, B_AFTER_DELETE = (write(EU, 605, old_image, BY_B, "B") for old_image in (BY_A, None))
B_AT_ONCE, B_SOONER, B_SOON = (write(EU, at, BASE, BY_B, "B") for at in (600, 600.012, 600.1))
B_THROTTLED = write(EU, 599, BY_A, BY_B, "B", until=605, attempts=5)
B_REPEATED = write(EU, 605, BY_B, BY_B, "B", attempts=2, repeated=True)
B_TWICE = write(EU, 600, BY_A, order(250), "B", until=606, repeated=True)
"""The first attempt may have been done, then overwritten by partner A, and then the second one was done."""
A_DELETES, B_DELETES = delete(US, 600, BASE, "A"), delete(EU, 600.1, BASE, "B")
A_DELETES_SLOWLY = write(US, 600, BASE, None, "A", until=600.2, action="delete")
B_FOUND_NOTHING = write(EU, 600, None, BY_B, "B", until=600.2)
B_LOST = write(EU, 605, None, BY_B, "B", outcome=Outcome.UNKNOWN)
C_SAW_A = write(AP, 600.2, BY_A, BY_C, "C")
C_LAST = write(US, 610, BY_B, BY_C, "C")
SAME_REGION = write(US, 600, BY_A, BY_B, "B")
AT_ONCE = [A, B_AT_ONCE, write(AP, 600, BASE, BY_C, "C")]


def verdict(writes: list[Write], final: Image | None) -> Verdict:
    return decide(writes, {US: final, EU: final})


@pytest.mark.parametrize(
    ("writes", "winner", "kind", "because"),
    [
        pytest.param([A, B_SOON], B_SOON, CONFLICT, "0.1 s later, before the update", id="conflict"),
        pytest.param([A, B_SOONER], None, CONFLICT, "last, 0.012 s later", id="milliseconds"),
        pytest.param([A, B_AT_ONCE], A, CONFLICT, "at the same moment", id="at once, the one"),
        pytest.param([A_SLOW, B_SOON], A_SLOW, CONFLICT, "overlapped in time, so", id="overlapping"),
        pytest.param([A, SAME_REGION], None, SEQUENTIAL, "written last, after", id="at once in one region"),
        pytest.param([A, B_THROTTLED], B_THROTTLED, SEQUENTIAL, "last, after", id="overlapping, but seen"),
        pytest.param([A_DELETES, B_SOON], None, CONFLICT, "before the delete of", id="delete that was not seen"),
        pytest.param([A_DELETES, B_AFTER_DELETE], None, SEQUENTIAL, "after the delete", id="delete that was seen"),
        pytest.param([A_DELETES_SLOWLY, B_FOUND_NOTHING], A_DELETES_SLOWLY, UNKNOWN, "may win", id="perhaps seen"),
        pytest.param([A, B_SOON, C_SAW_A], None, CONFLICT, "0.1 s later, after the update of partner A", id="3"),
        pytest.param([A, B_LATER, C_LAST], None, SEQUENTIAL, "5.0 s later, after the update of partner B", id="row"),
        pytest.param(AT_ONCE, B_AT_ONCE, CONFLICT, "so any of them may win", id="3 at once"),
        pytest.param([A, B_REPEATED], None, UNKNOWN, "5.0 s later; whether it had seen", id="repeated"),
        pytest.param([A, B_TWICE], B_TWICE, UNKNOWN, "so either may win", id="done twice"),
    ],
)
def test_the_last_write_wins_or_any_of_those_that_overlap(
    writes: list[Write], winner: Write | None, kind: Kind, because: str
) -> None:
    won = winner or writes[-1]
    decided = verdict(writes, won.new_image)
    assert (decided.ruling, decided.kind, decided.winner) == (Ruling.DECIDED, kind, won)
    assert decided.losers == tuple(each for each in sorted(writes, key=lambda write: write.invoked) if each is not won)
    assert because in decided.because
    assert decided.undecidable is ("may win" in decided.because)
    assert ("an overwrite, not a conflict" in decided.because) is (kind is SEQUENTIAL)


YET_B = "yet the update of partner B was written later"
BLEND = order(150, status="shipped")
B_SHIPPED = write(EU, 600.1, BASE, order(100, status="shipped"), "B")


@pytest.mark.parametrize(
    ("writes", "final", "because"),
    [
        pytest.param([A, B_LATER], BY_A, YET_B, id="the earlier one"),
        pytest.param([A, B_SHIPPED], BLEND, "merged, a blend: status of the update of partner B", id="a blend"),
        pytest.param([A, B_SOON], order(201), "total_amount is 201 instead of 200", id="an image of none"),
        pytest.param([A, B_SOON], BASE, "every region holds the item as it was before", id="none of them"),
        pytest.param([A, B_SOON], None, "no region holds the item", id="no item"),
    ],
)
def test_any_other_outcome_is_wrong(writes: list[Write], final: Image | None, because: str) -> None:
    decided = verdict(writes, final)
    assert decided.ruling is Ruling.WRONG
    assert because in decided.because
    assert decided.kind is classify(writes)


def test_regions_that_do_not_agree_are_wrong_and_each_is_named_with_what_it_holds() -> None:
    held = {US: BY_A, EU: None, AP: order(201), "sa-east-1": BASE}
    decided = decide([A, B_SOON, write(AP, 600.2, BASE, BY_A, "C")], held)
    assert (decided.ruling, decided.kind, decided.winner) == (Ruling.WRONG, CONFLICT, None)
    for words in (
        "ap-southeast-2 holds an item that none of them left", "total_amount is 201 instead of 150",
        "eu-west-1 holds no item", "sa-east-1 holds the item as it was before",
        "us-east-1 holds what the update of partner A and the update of partner C left",
    ):  # fmt: skip
        assert words in decided.because


@pytest.mark.parametrize(
    ("writes", "final", "because"),
    [
        pytest.param([A, write(EU, 605, BY_A, BY_A, "B")], BY_A, "left the same item", id="twins"),
        pytest.param([A_DELETES, B_DELETES], None, "left no item", id="two deletes"),
        pytest.param([A, B_LOST], BY_B, "whether the update of partner B was", id="no answer"),
    ],
)
def test_an_outcome_that_does_not_tell_is_unknown(writes: list[Write], final: Image | None, because: str) -> None:
    decided = verdict(writes, final)
    assert (decided.ruling, decided.kind, decided.winner) == (Ruling.UNKNOWN, classify(writes), None)
    assert because in decided.because


@pytest.mark.parametrize(("writes", "held"), [([A], {US: BASE}), ([A, B_SOON], {})], ids=["one write", "no region"])
def test_one_write_or_no_region_is_no_contest(writes: list[Write], held: dict[str, Image | None]) -> None:
    with pytest.raises(ValueError, match="a verdict needs two writes and a region"):
        decide(writes, held)


A_REPEATED = write(US, 600, BY_A, BY_A, "A", repeated=True)
A_REPEATED_SLOWLY = write(US, 600, BY_A, BY_A, "A", until=601, repeated=True)
NEW_B = put(EU, 605, BY_B, by="B")


@pytest.mark.parametrize(
    ("writes", "kind"),
    [
        pytest.param([A_UNCHANGED, B_SOON], UNKNOWN, id="a change to the very same hides whether it was seen"),
        pytest.param([A, write(EU, 605, BASE, BASE, "B")], CONFLICT, id="a change back does not hide it"),
        pytest.param([A_REPEATED, write(EU, 605, BASE, BY_B, "B")], CONFLICT, id="the earlier one repeated"),
        pytest.param([A_REPEATED_SLOWLY, B_SOON], UNKNOWN, id="repeated, and overlapping"),
        pytest.param([delete(US, 600, None, "A"), NEW_B], UNKNOWN, id="a delete of no item"),
        pytest.param([A, NEW_B], CONFLICT, id="a put that found no item"),
        pytest.param([A, B_LOST], UNKNOWN, id="no answer"),
    ],
)
def test_a_conflict_is_called_so_only_if_a_write_surely_had_not_seen_the_one_before(
    writes: list[Write], kind: Kind
) -> None:
    assert classify(writes) is classify(writes[::-1]) is kind


def test_the_finding_names_winner_loser_why_and_the_rules() -> None:
    decided = verdict([A, B_LATER], BY_B)
    finding = decided.finding()
    assert "partner B (eu-west-1) won over the update of partner A (us-east-1): it was written last" in finding.title
    assert (finding.winner, finding.winner_by, finding.losers) == (B_LATER.number, "partner B", [A.number])
    assert (set(finding.excluded_rules), set(finding.open_rules)) == ({PRIMARY, FIRST}, {AMOUNT, MERGED})
    details = dict(finding.details)
    assert (details["kind"], details["why"]) == ("sequential overwrite", decided.because)
    assert (details["excludes"], details["does not tell apart"]) == (f"{PRIMARY}; {FIRST}", f"{AMOUNT}; {MERGED}")


def test_the_finding_of_a_wrong_winner_says_so_and_one_of_no_rule_too() -> None:
    writes = [delete(EU, 600, BASE, "A"), put(AP, 600, order(2), BASE, "B"), delete(EU, 600, BASE, "C")]
    details = dict(verdict(writes, order(2)).finding().details)
    assert (details["excludes"], details["does not tell apart"]) == ("no rival rule", "nothing")
    assert details["loser"].count("the delete of partner") == 2
    wrong = verdict([A, B_DELETES], BY_A).finding()
    assert wrong.title.startswith("wrong: the update of partner A (us-east-1) won over the delete of partner B")
    assert wrong.open_rules == ["the primary region wins", "the first writer wins"]


def test_the_finding_of_a_verdict_without_a_winner_says_why() -> None:
    finding = verdict([A, B_SOON], None).finding()
    assert finding.title.startswith("no winner: no region holds the item")
    assert finding.details == [("verdict", "wrong")]
    nothing: dict[str, Any] = {"winner": None, "winner_name": "", "winner_by": "", "winner_region": "", "losers": []}
    assert nothing.items() <= finding.values().items()


@pytest.mark.parametrize(
    ("writes", "kind", "sentence"),
    [
        ([A, B_SOON], "conflict", "a conflict: neither had seen the other"),
        ([A, B_LATER], "sequential overwrite", "a sequential overwrite: the later one had seen the earlier one"),
        ([A_UNCHANGED, B_SOON], "unknown", "whether they had seen each other is not known"),
        ([A, B_SOON, C_LAST], "conflict", "the update of partner C: a conflict"),
    ],
)
def test_a_contention_says_whether_the_writes_had_seen_each_other(
    writes: list[Write], kind: str, sentence: str
) -> None:
    finding = contention(writes)
    assert finding.title.endswith(sentence)
    assert (finding.contenders, finding.kind) == ([each.number for each in writes], kind)


TIME, AMOUNT = "the later update_timestamp in the item wins", "the larger total_amount wins"
PRIMARY, FIRST, MERGED = "the primary region wins", "the first writer wins", "attributes are merged"


def partner(name: str, region: str, at: float, seen: Image | None = None, **changes: Any) -> Write:
    old_image = BASE if seen is None else seen
    return write(region, at, old_image, {**old_image, **changes}, name)


A_UPDATES = partner("A", US, 600, total_amount=150)
SHIPPED = [A_UPDATES, partner("B", EU, 600.1, status="shipped")]


BARE = {"PK": "a", "SK": "b"}
UNEQUAL = [put(US, 0, {**BARE, "total_amount": 1, "update_timestamp": "x"}), put(EU, 1, BARE)]
EQUAL_BELOW = [put(US, 0, order(200), by="A"), put(EU, 1, order(1), by="B"), put(AP, 2, order(1), by="C")]


@pytest.mark.parametrize(
    ("rule", "writes", "prediction"),
    [
        pytest.param(TIME, UNEQUAL, None, id="time, without the attribute"),
        pytest.param(AMOUNT, EQUAL_BELOW, "the put of partner A", id="amount, equal below the top"),
        pytest.param(PRIMARY, [put(EU, 0, order(1)), put(AP, 1, order(2))], None, id="primary, not at all"),
        pytest.param(FIRST, [put(EU, 0, order(1)), put(AP, 0, order(2))], None, id="first, at once"),
    ],
)
def test_a_rule_says_nothing_where_it_names_no_update(rule: str, writes: list[Write], prediction: str | None) -> None:
    (check,) = [each for each in check_rivals(writes, writes[-1].new_image, US) if each.rule == rule]
    assert (check.prediction, check.excluded) == (prediction, prediction is not None)


def test_each_rule_names_the_update_that_it_predicts() -> None:
    writes = [
        partner("A", US, 0, total_amount=2, update_timestamp="15:41"),
        partner("B", EU, 1, total_amount=1, update_timestamp="15:40"),
    ]
    assert check_rivals(writes, writes[1].new_image, US) == [
        *(RuleCheck(rule, "the update of partner A", excluded=True) for rule in (TIME, AMOUNT, PRIMARY, FIRST)),
        RuleCheck(MERGED, "the update of partner B", excluded=False),
    ]
    assert check_rivals(SHIPPED, SHIPPED[1].new_image, US)[-1] == RuleCheck(
        MERGED, "a blend of the updates", excluded=True
    )
    for winner in (A, B_AT_ONCE):
        assert check_rivals([A, B_AT_ONCE], winner.new_image, US)[-1] == RuleCheck(MERGED, winner.name, excluded=False)
