"""The checker of the random load: what regions hold in the end, and writes and reads whose outcome is not known."""

import pytest

from support.tests.verdicts.workload.story import EAST, KEY, WEST, Story
from support.verdicts.history import Outcome
from support.verdicts.workload.anomalies import Rule
from support.verdicts.workload.checker import WRITE_ID, check_workload


def test_regions_that_differ_in_the_end_are_found_with_the_difference(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "two", replaced=one)
    story.read(EAST, {**(one or {}), WRITE_ID: "two"})
    story.read(WEST, one)
    message = check_workload(story.operations).against(Rule.CONVERGENCE)
    assert "eu-west-1 what the put one in us-east-1 at 1.000 s left" in message
    assert 'write_id is "one" instead of "two"' in message
    assert message.endswith("(1 more like this)")


def test_a_region_without_the_item_in_the_end_is_found(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(EAST, one)
    story.read(WEST, None)
    assert story.rules() == {Rule.CONVERGENCE}


def test_regions_that_agree_on_a_version_that_was_not_the_last_are_found(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(WEST, "two")
    story.write(EAST, "three", action="update", outcome=Outcome.UNKNOWN)
    story.read(EAST, one)
    assert story.rules() == {Rule.CONVERGENCE}


def test_regions_that_agree_on_nothing_though_nothing_was_deleted_are_found(story: Story) -> None:
    story.write(EAST, "one")
    story.read(WEST, None)
    assert story.rules() == {Rule.CONVERGENCE}


def test_a_write_without_an_answer_may_be_done_at_any_time(story: Story) -> None:
    one = story.write(EAST, "one")
    late = story.write(EAST, "late", action="update", outcome=Outcome.UNKNOWN)
    two = story.write(EAST, "two", replaced=one)
    story.read(EAST, two)
    story.read(EAST, {**(late or {}), "colour": "red"})
    story.read(WEST, {**(late or {}), "colour": "red"})
    assert story.rules() == set()


def test_a_delete_without_an_answer_may_explain_that_there_is_no_item(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", action="delete", outcome=Outcome.UNKNOWN)
    story.read(EAST, one)
    story.read(EAST, None)
    story.read(WEST, None)
    assert story.rules() == set()


def test_a_delete_that_was_refused_explains_nothing(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", action="delete", outcome=Outcome.FAILED)
    story.read(EAST, None)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == {Rule.OWN_WRITES}


def test_a_write_that_was_repeated_may_have_replaced_itself(story: Story) -> None:
    one = story.write(EAST, "one", replaced={"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "one"}, repeated=True)
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == set()


def test_a_read_without_an_answer_shows_nothing(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(EAST, one)
    story.read(WEST, one)
    story.read(WEST, None, outcome=Outcome.UNKNOWN)
    assert story.rules() == set()


@pytest.mark.parametrize(("first", "second"), [(20.0, 0.0), (0.0, 20.0)])
def test_no_item_may_be_the_work_of_the_older_of_two_deletes(story: Story, first: float, second: float) -> None:
    zero = story.write(EAST, "zero")
    story.write(EAST, "gone", replaced=zero, action="delete", takes=first)
    one = story.write("ap-southeast-2", "one")
    story.write(EAST, "gone again", replaced=one, action="delete", takes=second)
    for image in (zero, None, one):
        story.read(WEST, image)
    assert story.rules() == {Rule.CONVERGENCE}


def test_what_differs_in_the_end_is_said_in_words(story: Story) -> None:
    story.write(EAST, "one")
    story.read(EAST, None)
    story.read(WEST, {WRITE_ID: "two"})
    sentences = [each.sentence for each in check_workload(story.operations).anomalies]
    assert (
        "TEST#load-ada / ITEM#1: us-east-1 shows no item in the end, eu-west-1 an image that no write left:"
        " there is an item, and none is expected"
    ) in sentences
