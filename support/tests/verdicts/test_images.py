"""Comparing whole images, and the difference in words."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from support.verdicts.images import difference, in_words, same


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
def test_other_types_and_values_are_not(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert difference({"a": one}, {"a": other}) != ""


@pytest.mark.parametrize(
    ("expected", "shown", "words"),
    [
        ({"a": 1}, {"a": 2}, "a is 2 instead of 1"),
        ({"a": "x", "b": "y"}, {"a": "z"}, 'a is "z" instead of "x"; b is missing (expected "y")'),
        ({}, {"b": "y"}, 'b is "y" (expected not to be there)'),
        ({"a": 1}, None, "there is no item"),
        (None, {"a": 1}, "there is an item, and none is expected"),
        (None, None, ""),
    ],
)
def test_a_difference_names_each_attribute(expected: Any, shown: Any, words: str) -> None:
    assert difference(expected, shown) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"), (None, "null"), (Decimal("2.5"), "2.5"), ("x", '"x"'), ({"b", "a"}, '["a", "b"]'),
        ({"a": [Decimal(1), {"b": False}], "c": "d"}, '{"a": [1, {"b": false}], "c": "d"}'),
        (b"\x00\xff", '"AP8=" (binary)'), ({b"\x00"}, '["AA==" (binary)]'),
        ("x" * 60, f'"{"x" * 60}"'), ("x" * 61, f'"{"x" * 60}..." (61 characters)'),
    ],
)  # fmt: skip
def test_values_read_as_on_the_page(value: Any, words: str) -> None:
    assert in_words(value) == words
