"""The checker of the random load: writes of batches and transactions, which do not tell what they replaced."""

import pytest

from support.tests.verdicts.workload.story import EAST, KEY, WEST, Story
from support.verdicts.history import Outcome
from support.verdicts.workload.anomalies import Rule
from support.verdicts.workload.checker import WRITE_ID, check_workload


def test_a_delete_that_does_not_tell_explains_that_there_is_no_item(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, None)
    story.read(WEST, one)
    story.read(WEST, None)
    assert story.rules() == set()


def test_a_delete_that_does_not_tell_may_have_found_no_item_and_so_forbids_none(story: Story) -> None:
    one = story.write(WEST, "one")
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == set()


def test_a_delete_that_tells_that_it_found_no_item_explains_none(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(WEST, "gone", action="delete")
    story.read(EAST, None)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == {Rule.OWN_WRITES}


@pytest.mark.parametrize("told", [True, False])
def test_a_delete_that_was_cancelled_explains_nothing(story: Story, told: bool) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", action="delete", outcome=Outcome.FAILED, told=told)
    story.read(EAST, None)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == {Rule.OWN_WRITES}


def test_a_put_that_does_not_tell_what_it_replaced_accuses_no_region(story: Story) -> None:
    story.write(EAST, "one")
    two = story.write(EAST, "two", replaced=None, told=False)
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == set()


def test_a_put_that_tells_that_it_replaced_nothing_accuses_a_region_that_had_the_item(story: Story) -> None:
    story.write(EAST, "one")
    two = story.write(EAST, "two", replaced=None)
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == {Rule.OWN_WRITES}


def test_a_put_that_does_not_tell_what_it_replaced_is_a_version_all_the_same(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(EAST, "two", told=False)
    story.read(EAST, one)
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == {Rule.OWN_WRITES}


def test_a_put_that_does_not_tell_what_it_replaced_left_what_it_wrote(story: Story) -> None:
    one = story.write(EAST, "one", told=False)
    story.read(EAST, {**(one or {}), "colour": "red"})
    story.read(WEST, one)
    assert story.rules() == {Rule.WHOLE_IMAGES, Rule.CONVERGENCE}


def test_an_update_that_does_not_tell_what_it_replaced_may_have_left_any_image(story: Story) -> None:
    story.write(EAST, "one")
    story.write(EAST, "two", action="update", told=False)
    left = {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "two", "colour": "red"}
    story.read(EAST, left)
    story.read(WEST, left)
    assert story.rules() == set()


def test_an_update_that_does_not_tell_what_it_replaced_has_left_one_image_for_all(story: Story) -> None:
    story.write(EAST, "two", action="update", told=False)
    left = {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "two", "colour": "red"}
    story.read(EAST, left)
    story.read(WEST, {**left, "colour": "blue"})
    story.write(WEST, "three", replaced=left)
    story.read(EAST, story.write(WEST, "four"))
    assert check_workload(story.operations).against(Rule.WHOLE_IMAGES) == (
        "an image was shown that no write left: TEST#load-ada / ITEM#1: a read in eu-west-1 at 3.000 s showed another "
        "image of the update two in us-east-1 at 1.000 s than a read in us-east-1 at 2.000 s showed: "
        'colour is "blue" instead of "red"'
    )


@pytest.mark.parametrize("told", [True, False])
def test_an_update_that_was_done_twice_may_have_left_two_images(story: Story, told: bool) -> None:
    first = {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "two", "colour": "red"}
    two = story.write(EAST, "two", action="update", told=told, repeated=True, takes=5)
    story.read(EAST, first)
    second = two or {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "two"}
    story.read(EAST, second)
    story.read(WEST, second)
    assert story.rules() == set()


def test_what_a_delete_that_does_not_tell_must_have_deleted_does_not_come_back(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == {Rule.DELETED}


def test_what_was_read_before_a_delete_that_does_not_tell_does_not_come_back(story: Story) -> None:
    one = story.write(WEST, "one")
    story.read(EAST, one)
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, one)
    story.read(WEST, one)
    assert check_workload(story.operations).against(Rule.DELETED) == (
        "a deleted item came back, though it was not written again: TEST#load-ada / ITEM#1: a read in us-east-1 at "
        "4.000 s showed what the put one in eu-west-1 at 1.000 s left, though the delete gone in us-east-1 at 3.000 s "
        "came later and it was done there"
    )


def test_a_version_that_may_be_newer_may_show_after_a_delete_that_does_not_tell(story: Story) -> None:
    story.write(EAST, "one")
    two = story.write(WEST, "two")
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == set()


@pytest.mark.parametrize(("outcome", "repeated"), [(Outcome.ACKNOWLEDGED, True), (Outcome.UNKNOWN, False)])
def test_what_may_have_been_done_once_more_may_show_after_a_delete_that_does_not_tell(
    story: Story, outcome: Outcome, repeated: bool
) -> None:
    one = story.write(EAST, "one", repeated=repeated, outcome=outcome)
    story.read(EAST, one)
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == set()


def test_what_is_older_than_a_version_that_was_deleted_without_a_word_does_not_show(story: Story) -> None:
    zero = story.write(EAST, "zero")
    story.write(EAST, "one", replaced=zero)
    story.write(EAST, "gone", action="delete", told=False)
    story.read(EAST, zero)
    found = check_workload(story.operations).against(Rule.OWN_WRITES)
    assert "a read in us-east-1 at 4.000 s showed what the put zero in us-east-1 at 1.000 s left" in found
    assert found.endswith("though the put one in us-east-1 at 2.000 s came later and it was done there")


def test_an_update_that_tells_left_what_it_tells_and_a_single_read_of_another_image_is_found(story: Story) -> None:
    story.write(EAST, "one", action="update")
    story.read(EAST, {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "one", "colour": "red"})
    assert story.rules() == {Rule.WHOLE_IMAGES}
