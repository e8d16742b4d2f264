"""Which rival rules each example of exercise 3 excludes, leaves open, or says nothing of."""

from typing import Any

import pytest

from support.tests.verdicts.histories import AP, EU, US, delete, order, put, write
from support.verdicts.blends import blends
from support.verdicts.conflicts.rival_rules import RuleCheck, check_rivals
from support.verdicts.conflicts.verdict import decide
from support.verdicts.history import Image, Write

TIME, AMOUNT = "the later update_timestamp in the item wins", "the larger total_amount wins"
PRIMARY, FIRST, MERGED = "the primary region wins", "the first writer wins", "attributes are merged"
BASE = order(100, last_updated_region=US)


def partner(name: str, region: str, at: float, seen: Image | None = None, **changes: Any) -> Write:
    replaced = BASE if seen is None else seen
    return write(region, at, replaced, {**replaced, **changes}, name)


def page(region: str, amount: int, timestamp: str) -> dict[str, Any]:
    return {"last_updated_region": region, "total_amount": amount, "update_timestamp": f"2025-08-11T{timestamp}Z"}


def five_apart(first: tuple[str, str, int, str], second: tuple[str, str, int, str]) -> list[Write]:
    one = partner(first[0], first[1], 600, **page(*first[1:]))
    return [one, partner(second[0], second[1], 605, one.left, **page(*second[1:]))]


def unseen(first: tuple[str, str, int, str], second: tuple[str, str, int, str], gap: float = 0.1) -> list[Write]:
    one = partner(first[0], first[1], 600, **page(*first[1:]))
    return [one, partner(second[0], second[1], 600 + gap, **page(*second[1:]))]


A_UPDATES = partner("A", US, 600, total_amount=150)
SHIPPED = [A_UPDATES, partner("B", EU, 600.1, status="shipped")]
SHIPPED_IN_US = [partner("A", EU, 600, total_amount=150), partner("B", US, 600.1, status="shipped")]
DELETED = [A_UPDATES, delete(EU, 600.1, BASE, "B")]
BROUGHT_BACK = [delete(US, 600, BASE, "A"), partner("B", EU, 600.1, total_amount=200)]

EXAMPLES: dict[str, tuple[list[Write], set[str], set[str]]] = {
    "Ireland writes five seconds after Virginia": (
        five_apart(("A", US, 150, "15:40:00"), ("B", EU, 200, "15:40:05")), {PRIMARY, FIRST}, {TIME, AMOUNT, MERGED},
    ),
    "Virginia writes last": (
        five_apart(("B", EU, 200, "15:40:00"), ("A", US, 150, "15:40:05")), {AMOUNT, FIRST}, {TIME, PRIMARY, MERGED},
    ),
    "The time inside the item does not decide": (
        five_apart(("A", US, 150, "15:40:05"), ("B", EU, 120, "15:40:00")), {TIME, AMOUNT, PRIMARY, FIRST}, {MERGED},
    ),
    "A conflict that Ireland wins": (
        unseen(("A", US, 150, "15:40:00"), ("B", EU, 120, "15:40:00")), {AMOUNT, PRIMARY, FIRST}, {MERGED},
    ),
    "A conflict that Virginia wins": (
        unseen(("A", EU, 150, "15:40:00"), ("B", US, 120, "15:40:00")), {AMOUNT, FIRST, MERGED}, {PRIMARY},
    ),
    "At the same moment, and Ireland wins": (
        unseen(("A", US, 150, "15:40:00"), ("B", EU, 200, "15:40:00"), gap=0), {PRIMARY}, {AMOUNT, MERGED},
    ),
    "Different attributes, Ireland wins": (SHIPPED, {AMOUNT, PRIMARY, FIRST, MERGED}, set()),
    "Different attributes, Virginia wins": (SHIPPED_IN_US, {AMOUNT, FIRST, MERGED}, {PRIMARY}),
    "A delete that is written last": (DELETED, {PRIMARY, FIRST}, set()),
    "An update after a delete": (BROUGHT_BACK, {PRIMARY, FIRST}, set()),
}  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_says_what_it_excludes_and_what_it_leaves_open(example: str) -> None:
    writes, excluded, still_open = EXAMPLES[example]
    final = writes[-1].left
    for given in (writes, writes[::-1]):
        verdict = decide(given, {US: final, EU: final})
        assert set(verdict.excluded_rules) == excluded
        assert set(verdict.open_rules) == still_open


def test_the_page_s_example_does_not_tell_the_page_s_rule_from_the_one_of_aws() -> None:
    writes, *_ = EXAMPLES["Ireland writes five seconds after Virginia"]
    finding = decide(writes, dict.fromkeys((US, EU), writes[-1].left)).finding()
    assert TIME in dict(finding.details)["does not tell apart"]


def test_an_outcome_that_a_rival_rule_predicts_is_wrong_and_leaves_that_rule_open() -> None:
    writes, *_ = EXAMPLES["The time inside the item does not decide"]
    verdict = decide(writes, dict.fromkeys((US, EU), writes[0].left))
    assert {TIME, AMOUNT, PRIMARY, FIRST} <= set(verdict.open_rules)


@pytest.mark.parametrize("rule", [TIME, AMOUNT])
def test_items_that_do_not_all_have_the_attribute_say_nothing(rule: str) -> None:
    bare = {"PK": "a", "SK": "b"}
    writes = [put(US, 0, {**bare, "total_amount": 1, "update_timestamp": "x"}), put(EU, 1, bare)]
    assert _prediction(writes, rule) is None


def test_equal_amounts_at_the_top_say_nothing() -> None:
    assert _prediction([put(US, 0, order(200)), put(EU, 1, order(200, status="x"))], AMOUNT) is None


def test_equal_amounts_below_the_top_do_not_matter() -> None:
    writes = [put(US, 0, order(200), by="A"), put(EU, 1, order(1), by="B"), put(AP, 2, order(1, status="x"), by="C")]
    assert _prediction(writes, AMOUNT) == "the put of partner A"


def test_two_writes_in_the_primary_region_or_none_say_nothing_of_it() -> None:
    assert _prediction([put(US, 0, order(1)), put(US, 1, order(2))], PRIMARY) is None
    assert _prediction([put(EU, 0, order(1)), put(AP, 1, order(2))], PRIMARY) is None


def test_overlapping_writes_have_no_first_one() -> None:
    assert _prediction(unseen(("A", US, 150, "15:40:00"), ("B", EU, 200, "15:40:00"), gap=0), FIRST) is None


def test_each_rule_names_the_update_that_it_predicts() -> None:
    writes = [
        partner("A", US, 0, total_amount=2, update_timestamp="15:41"),
        partner("B", EU, 1, total_amount=1, update_timestamp="15:40"),
    ]
    assert check_rivals(writes, writes[1].left, US) == [
        RuleCheck(TIME, "the update of partner A", excluded=True),
        RuleCheck(AMOUNT, "the update of partner A", excluded=True),
        RuleCheck(PRIMARY, "the update of partner A", excluded=True),
        RuleCheck(FIRST, "the update of partner A", excluded=True),
        RuleCheck(MERGED, "the update of partner B", excluded=False),
    ]


def test_a_rule_that_predicts_nothing_is_not_excluded() -> None:
    writes = [delete(EU, 0, None), delete(AP, 0, None)]
    assert check_rivals(writes, None, US) == [
        RuleCheck(rule, None, excluded=False) for rule in (TIME, AMOUNT, PRIMARY, FIRST, MERGED)
    ]


@pytest.mark.parametrize(("final", "predicted"), [(150, "A"), (200, "B")])
def test_whichever_overlapping_write_wins_merging_predicts_it(final: int, predicted: str) -> None:
    writes = [write(US, 0, BASE, order(150), "A"), write(EU, 0, BASE, order(200), "B")]
    check = check_rivals(writes, order(final), US)[-1]
    assert check == RuleCheck(MERGED, f"the update of partner {predicted}", excluded=False)


def test_changes_of_different_attributes_predict_a_blend() -> None:
    assert check_rivals(SHIPPED, SHIPPED[1].left, US)[-1] == RuleCheck(MERGED, "a blend of the updates", excluded=True)


def test_a_blend_keeps_what_each_changed_and_lacks_what_each_removed() -> None:
    before = order(100, note="x")
    removed = {name: value for name, value in before.items() if name != "note"}
    writes = [put(US, 0, removed, before), write(EU, 1, before, {**before, "status": "shipped"})]
    assert blends(writes) == [{**removed, "status": "shipped"}]


def test_of_what_both_changed_a_blend_keeps_the_later_one() -> None:
    assert blends([write(US, 0, BASE, order(150), "A"), write(EU, 1, BASE, order(200), "B")]) == [order(200)]


def test_new_and_deleted_items_show_no_blend() -> None:
    assert blends([put(US, 0, order(1)), put(EU, 1, order(2))]) == []
    assert blends(DELETED) == []


def _prediction(writes: list[Write], rule: str) -> str | None:
    (check,) = [each for each in check_rivals(writes, writes[-1].left, US) if each.rule == rule]
    assert check.prediction or not check.excluded, "what says nothing excludes nothing"
    return check.prediction
