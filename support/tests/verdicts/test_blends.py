"""Blends: what merging attributes would leave, and what an image says about having been merged."""

from support.tests.verdicts.histories import EU, US, order, write
from support.verdicts.blends import blend_in_words

BASE = order(100, status="pending")
A = write(US, 0, BASE, order(150, status="pending"), "A")
B = write(EU, 0, BASE, order(100, status="shipped"), "B")


def test_a_blend_names_which_attribute_came_from_which_update() -> None:
    assert blend_in_words([A, B], order(150, status="shipped")) == (
        "a blend: status of the update of partner B with total_amount of the update of partner A"
    )


def test_what_one_update_left_is_no_blend() -> None:
    assert blend_in_words([A, B], order(150, status="pending")) == ""


def test_a_value_that_no_version_had_is_no_blend() -> None:
    assert blend_in_words([A, B], order(151, status="shipped")) == ""


def test_an_attribute_that_every_version_has_and_the_image_lacks_is_no_blend() -> None:
    image = {name: value for name, value in order(150, status="shipped").items() if name != "total_amount"}
    assert blend_in_words([A, B], image) == ""
