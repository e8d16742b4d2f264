"""Comparing whole images, the difference in words, and blends: what merging attributes would leave."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from support.tests.verdicts.histories import EU, US, order, put, unanswered, write
from support.verdicts.conflicts import blends
from support.verdicts.history import Image, Write
from support.verdicts.images import difference, in_words, same
from support.verdicts.wording import blend_in_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal(150), 150), (Decimal("2.50"), Decimal("2.5")), ({"a": [1, True]}, {"a": [Decimal(1), True]}),
        (None, None), ({"x", "y"}, {"y", "x"}), (MappingProxyType({"a": 1}), {"a": 1}),
    ],
)  # fmt: skip
def test_equal_values_are_the_same(one: Any, other: Any) -> None:
    assert same(one, other)
    assert difference({"a": one}, {"a": other}) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1), (Decimal(0), False), ("1", 1), ([True], [1]), ([1], [1, 2]), (None, ""),
        ({"a": {"b": 0}}, {"a": {"b": False}}), ({"a": [0]}, {"a": [False]}), ({"b": 1, "a": 1}, {"b": 1, "a": True}),
    ],
)  # fmt: skip
def test_other_types_and_values_are_not_the_same(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert difference({"a": one}, {"a": other}) != ""


@pytest.mark.parametrize(
    ("expected", "shown", "words"),
    [
        ({"a": "x", "b": "y"}, {"a": "z"}, 'a is "z" instead of "x"; b is missing (expected "y")'),
        ({}, {"b": 2}, "b is 2 (expected not to be there)"),
        ({"a": 1}, None, "there is no item"),
        (None, {"a": 1}, "there is an item, and none is expected"),
    ],
)
def test_a_difference_names_each_attribute(expected: Any, shown: Any, words: str) -> None:
    assert difference(expected, shown) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [Decimal("2.5"), {"b": False}], "c": None}, '{"a": [2.5, {"b": false}], "c": null}'),
        ({"b", "a"}, '["a", "b"]'), ({b"\x00"}, '["AA==" (binary)]'), (True, "true"),
        ("x" * 60, f'"{"x" * 60}"'), ("x" * 61, f'"{"x" * 60}..." (61 characters)'),
    ],
)  # fmt: skip
def test_values_read_as_on_the_page(value: Any, words: str) -> None:
    assert in_words(value) == words


BASE, NOTED, SHIPPED = order(100), order(100, note="x"), order(150, status="shipped")
A, B = write(US, 0, BASE, order(150), "A"), write(EU, 0, BASE, order(100, status="shipped"), "B")
PAID = write(US, 0, BASE, order(100, status="paid"), "A")
OUTDATED = order(50, note="x")


@pytest.mark.parametrize(
    ("writes", "possible"),
    [
        pytest.param(
            [put(US, 0, BASE, NOTED), write(EU, 1, NOTED, order(100, note="x", status="shipped"))],
            [order(100, status="shipped")],
            id="what each changed, without what each removed",
        ),
        pytest.param([A, write(EU, 1, BASE, order(200))], [order(200)], id="of what both changed the later one"),
        pytest.param([A, write(EU, 0, BASE, order(200))], [order(200), order(150)], id="either, if they overlap"),
        pytest.param(
            [A, write(EU, 1, OUTDATED, order(50, note="x", status="shipped"))],
            [SHIPPED],
            id="begins with the first write",
        ),
        pytest.param(
            [write(US, 0, BASE, NOTED), write(EU, 1, BASE, order(200))], [order(200, note="x")], id="adds one"
        ),
        pytest.param([put(US, 0, order(1)), put(EU, 1, order(2))], [], id="new items"),
    ],
)
def test_merging_would_leave_what_each_changed(writes: list[Write], possible: list[Image]) -> None:
    assert blends(writes) == possible


@pytest.mark.parametrize(
    ("writes", "image", "words"),
    [
        pytest.param(
            [A, B],
            SHIPPED,
            ["a blend: ", "status of the update of partner B", "total_amount of the update of partner A"],
            id="of two updates",
        ),
        pytest.param(
            [PAID, write(EU, 1, PAID.new_image, order(200, status="paid"), "B")],
            order(200),
            ["a blend: ", "status of the item before", "total_amount of the update of partner B"],
            id="with the item before the updates",
        ),
        pytest.param([unanswered(EU, 0, None, "B", "update"), A], SHIPPED, [], id="of an update without an answer"),
        pytest.param([A, B], order(151, status="shipped"), [], id="a value that no version had"),
    ],
)
def test_a_blend_names_which_attribute_came_from_which_update(
    writes: list[Write], image: Image, words: list[str]
) -> None:
    told = blend_in_words(writes, image)
    assert all(each in told for each in words)
    assert bool(told) == bool(words)
