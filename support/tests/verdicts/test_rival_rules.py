"""Which rival rules each example of exercise 3 excludes, leaves open, or says nothing of."""

from typing import Any

import pytest

from support.tests.verdicts.histories import AP, EU, US, delete, order, put, write
from support.verdicts.conflicts import RuleCheck, check_rivals, decide
from support.verdicts.history import Image, Write

TIME, AMOUNT = "the later update_timestamp in the item wins", "the larger total_amount wins"
PRIMARY, FIRST, MERGED = "the primary region wins", "the first writer wins", "attributes are merged"
BASE = order(100, last_updated_region=US)


def partner(name: str, region: str, at: float, seen: Image | None = None, **changes: Any) -> Write:
    replaced = BASE if seen is None else seen
    return write(region, at, replaced, {**replaced, **changes}, name)


def pair(first: tuple[str, str, int, int], second: tuple[str, str, int, int], seen: bool) -> list[Write]:
    """Two updates as on the page: partner, region, amount, and the second that the item says; 5 s apart if seen."""

    def page(region: str, amount: int, second: int) -> dict[str, Any]:
        return {"last_updated_region": region, "total_amount": amount, "update_timestamp": f"15:40:0{second}"}

    one = partner(first[0], first[1], 600, **page(*first[1:]))
    later = 605 if seen else 600
    return [one, partner(second[0], second[1], later, one.left if seen else None, **page(*second[1:]))]


A_UPDATES = partner("A", US, 600, total_amount=150)
SHIPPED = [A_UPDATES, partner("B", EU, 600.1, status="shipped")]
SHIPPED_IN_US = [partner("A", EU, 600, total_amount=150), partner("B", US, 600.1, status="shipped")]
DELETED = [A_UPDATES, delete(EU, 600.1, BASE, "B")]
BROUGHT_BACK = [delete(US, 600, BASE, "A"), partner("B", EU, 600.1, total_amount=200)]
EXAMPLES: dict[str, tuple[list[Write], set[str], set[str]]] = {
    "Ireland later": (pair(("A", US, 150, 0), ("B", EU, 200, 5), True), {PRIMARY, FIRST}, {TIME, AMOUNT, MERGED}),
    "Virginia later": (pair(("B", EU, 200, 0), ("A", US, 150, 5), True), {AMOUNT, FIRST}, {TIME, PRIMARY, MERGED}),
    "older time": (pair(("A", US, 150, 5), ("B", EU, 120, 0), True), {TIME, AMOUNT, PRIMARY, FIRST}, {MERGED}),
    "at once": (pair(("A", US, 150, 0), ("B", EU, 200, 0), False), {PRIMARY}, {AMOUNT, MERGED}),
    "different attributes, Ireland later": (SHIPPED, {AMOUNT, PRIMARY, FIRST, MERGED}, set()),
    "different attributes, Virginia later": (SHIPPED_IN_US, {AMOUNT, FIRST, MERGED}, {PRIMARY}),
    "a delete later": (DELETED, {PRIMARY, FIRST}, set()),
    "an update after a delete": (BROUGHT_BACK, {PRIMARY, FIRST}, set()),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_says_what_it_excludes_and_what_it_leaves_open(example: str) -> None:
    writes, excluded, still_open = EXAMPLES[example]
    final = writes[-1].left
    for given in (writes, writes[::-1]):
        verdict = decide(given, {US: final, EU: final})
        assert set(verdict.excluded_rules) == excluded
        assert set(verdict.open_rules) == still_open


BARE = {"PK": "a", "SK": "b"}
UNEQUAL = [put(US, 0, {**BARE, "total_amount": 1, "update_timestamp": "x"}), put(EU, 1, BARE)]
EQUAL_BELOW = [put(US, 0, order(200), by="A"), put(EU, 1, order(1), by="B"), put(AP, 2, order(1), by="C")]


@pytest.mark.parametrize(
    ("rule", "writes", "prediction"),
    [
        pytest.param(TIME, UNEQUAL, None, id="time, without the attribute"),
        pytest.param(AMOUNT, UNEQUAL, None, id="amount, without the attribute"),
        pytest.param(AMOUNT, [put(US, 0, order(2)), put(EU, 1, order(2))], None, id="amount, equal at the top"),
        pytest.param(AMOUNT, EQUAL_BELOW, "the put of partner A", id="amount, equal below the top"),
        pytest.param(PRIMARY, [put(US, 0, order(1)), put(US, 1, order(2))], None, id="primary, twice"),
        pytest.param(PRIMARY, [put(EU, 0, order(1)), put(AP, 1, order(2))], None, id="primary, not at all"),
        pytest.param(FIRST, [put(EU, 0, order(1)), put(AP, 0, order(2))], None, id="first, at once"),
    ],
)
def test_a_rule_says_nothing_where_it_names_no_update(rule: str, writes: list[Write], prediction: str | None) -> None:
    (check,) = [each for each in check_rivals(writes, writes[-1].left, US) if each.rule == rule]
    assert (check.prediction, check.excluded) == (prediction, prediction is not None)


def test_each_rule_names_the_update_that_it_predicts() -> None:
    writes = [
        partner("A", US, 0, total_amount=2, update_timestamp="15:41"),
        partner("B", EU, 1, total_amount=1, update_timestamp="15:40"),
    ]
    assert check_rivals(writes, writes[1].left, US) == [
        *(RuleCheck(rule, "the update of partner A", excluded=True) for rule in (TIME, AMOUNT, PRIMARY, FIRST)),
        RuleCheck(MERGED, "the update of partner B", excluded=False),
    ]
    assert check_rivals(SHIPPED, SHIPPED[1].left, US)[-1] == RuleCheck(MERGED, "a blend of the updates", excluded=True)
    overlapping = [write(US, 0, BASE, order(150), "A"), write(EU, 0, BASE, order(200), "B")]
    for winner in overlapping:
        assert check_rivals(overlapping, winner.left, US)[-1] == RuleCheck(MERGED, winner.name, excluded=False)
