"""Blends: what merging attributes would leave, and what an image says about having been merged."""

from support.tests.verdicts.histories import EU, US, order, unanswered, write
from support.verdicts.blends import blend_in_words, blends

BASE = order(100, status="pending")
A = write(US, 0, BASE, order(150, status="pending"), "A")
B = write(EU, 0, BASE, order(100, status="shipped"), "B")


def test_a_blend_begins_with_what_the_first_write_replaced() -> None:
    outdated = order(50, status="pending", note="x")
    later = write(EU, 1, outdated, {**outdated, "status": "shipped"}, "B")
    assert blends([A, later]) == [order(150, status="shipped")]


def test_a_blend_names_which_attribute_came_from_which_update() -> None:
    assert blend_in_words([A, B], order(150, status="shipped")) == (
        "a blend: status of the update of partner B with total_amount of the update of partner A"
    )


def test_several_attributes_of_one_version_are_named_together() -> None:
    shipped = write(EU, 0, BASE, order(100, status="shipped", note="x"), "B")
    assert blend_in_words([A, shipped], order(150, status="shipped", note="x")) == (
        "a blend: note and status of the update of partner B with total_amount of the update of partner A"
    )


def test_an_attribute_of_the_item_before_the_updates_is_named_as_such() -> None:
    paid = write(US, 0, BASE, order(100, status="paid"), "A")
    dearer = write(EU, 1, paid.left, order(200, status="paid"), "B")
    assert blend_in_words([paid, dearer], order(200)) == (
        "a blend: status of the item before with total_amount of the update of partner B"
    )


def test_only_what_an_acknowledged_write_replaced_counts_as_the_item_before() -> None:
    lost = unanswered(EU, 0, order(100, status="shipped"), "B")
    assert blend_in_words([lost, A], order(150, status="shipped")) == (
        "a blend: status of the put of partner B with total_amount of the update of partner A"
    )
    unknown = unanswered(EU, 0, None, "B", "update")
    assert blend_in_words([unknown, A], order(150, status="shipped")) == ""


def test_what_one_update_left_is_no_blend() -> None:
    assert blend_in_words([A, B], order(150, status="pending")) == ""


def test_a_value_that_no_version_had_is_no_blend() -> None:
    assert blend_in_words([A, B], order(151, status="shipped")) == ""


def test_an_attribute_that_every_version_has_and_the_image_lacks_is_no_blend() -> None:
    image = {name: value for name, value in order(150, status="shipped").items() if name != "total_amount"}
    assert blend_in_words([A, B], image) == ""
