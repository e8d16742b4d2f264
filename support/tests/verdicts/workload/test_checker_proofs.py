"""The whole of what the checker of the random load says: the rule, when it was broken, by which operations, and how."""

from typing import Any

import pytest

from support.tests.verdicts.workload.story import DAY, EAST, KEY, WEST, Story
from support.verdicts.history import Image, Key, Outcome, Write
from support.verdicts.workload.anomalies import Anomaly, Rule, WorkloadVerdict
from support.verdicts.workload.checker import WRITE_ID, check_workload


def image(by: str, **attributes: Any) -> Image:
    return {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: by, **attributes}


def proof(rule: Rule, at: float, operations: tuple[int, ...], sentence: str) -> Anomaly:
    return Anomaly(rule, at, operations, f"TEST#load-ada / ITEM#1: {sentence}")


def test_the_operations_of_all_items_are_counted(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "two", replaced=one)
    story.read(EAST, image("two"))
    other = Write(9, WEST, Key("TEST#load-ada", "ITEM#2"), "put", "one", 1, 1, DAY, Outcome.ACKNOWLEDGED, None, one)
    assert check_workload([*story.operations, other]) == WorkloadVerdict(writes=3, reads=1, anomalies=())


@pytest.mark.parametrize("found", [image("none"), {"PK": KEY.pk, "SK": KEY.sk}], ids=["of none", "none"])
def test_an_image_whose_id_is_of_no_write(story: Story, found: Image) -> None:
    story.read(EAST, found, takes=0.25)
    sentence = "a read in us-east-1 at 1.000 s showed an image that no write left: its id is of none"
    assert story.anomalies() == [proof(Rule.WHOLE_IMAGES, 1.25, (1,), sentence)]


def test_an_image_that_a_write_replaced(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "two", replaced={**(one or {}), "colour": "red"}, takes=0.5)
    sentence = (
        "the put two in us-east-1 at 2.000 s replaced not what the put one in us-east-1 at 1.000 s left: "
        'colour is "red" (expected not to be there)'
    )
    assert story.anomalies() == [proof(Rule.WHOLE_IMAGES, 2.5, (1, 2), sentence)]


def test_an_image_that_its_own_write_replaced(story: Story) -> None:
    story.write(EAST, "one", replaced=image("one"))
    sentence = "the put one in us-east-1 at 1.000 s replaced what it left itself"
    assert story.anomalies() == [proof(Rule.WHOLE_IMAGES, 1.0, (1,), sentence)]


def test_an_image_of_a_write_that_was_refused(story: Story) -> None:
    story.write(EAST, "one", outcome=Outcome.FAILED)
    story.read(WEST, image("one"))
    sentence = (
        "a read in eu-west-1 at 2.000 s showed what the put one in us-east-1 at 1.000 s would have left, "
        "which was refused"
    )
    assert story.anomalies() == [proof(Rule.WHOLE_IMAGES, 2.0, (1, 2), sentence)]


def test_an_image_of_a_write_that_was_not_sent_yet(story: Story) -> None:
    story.read(WEST, image("one"), takes=0.5)
    story.write(EAST, "one")
    sentence = (
        "a read in eu-west-1 at 1.000 s showed what the put one in us-east-1 at 2.000 s left, which was not sent yet"
    )
    assert story.anomalies()[0] == proof(Rule.WHOLE_IMAGES, 1.5, (2, 1), sentence)


def test_an_image_of_a_write_that_was_sent_at_the_moment_of_the_answer(story: Story) -> None:
    story.read(WEST, image("one"), takes=1.0)
    story.write(EAST, "one")
    assert story.anomalies() == []


def test_a_region_that_does_not_show_its_own_write(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(WEST, "two", replaced=one)
    story.read(WEST, one)
    story.read(WEST, two)
    sentence = (
        "a read in eu-west-1 at 3.000 s showed what the put one in us-east-1 at 1.000 s left, "
        "though the put two in eu-west-1 at 2.000 s came later and it was done there"
    )
    assert story.anomalies() == [proof(Rule.OWN_WRITES, 3.0, (1, 2, 3), sentence)]


def test_no_item_after_an_item(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.read(WEST, None)
    story.read(WEST, one)
    sentence = (
        "a read in eu-west-1 at 3.000 s showed no item, and no delete explains it, "
        "though the put one in us-east-1 at 1.000 s came later and it was there at 2.000 s"
    )
    assert story.anomalies() == [proof(Rule.NO_STEP_BACK, 3.0, (1, 2, 3), sentence)]


def test_an_item_after_its_delete(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", replaced=one, action="delete")
    story.read(WEST, None)
    story.read(EAST, one)
    story.read(EAST, None)
    sentence = (
        "a read in us-east-1 at 4.000 s showed what the put one in us-east-1 at 1.000 s left, "
        "though the delete gone in us-east-1 at 2.000 s came later and it was done there"
    )
    assert story.anomalies() == [proof(Rule.DELETED, 4.0, (1, 2, 4), sentence)]


def test_a_step_back_does_not_lower_what_a_region_must_show(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(EAST, "two", replaced=one)
    for found in (two, one, one, two):
        story.read(WEST, found)
    assert [(each.rule, each.operations) for each in story.anomalies()] == [
        (Rule.NO_STEP_BACK, (1, 2, 3, 4)),
        (Rule.NO_STEP_BACK, (1, 2, 3, 5)),
    ]


def test_regions_that_differ_in_the_end(story: Story) -> None:
    story.write(EAST, "one")
    story.read(EAST, image("one"))
    story.read(WEST, None)
    differ = (
        "us-east-1 shows what the put one in us-east-1 at 1.000 s left in the end, eu-west-1 no item: there is no item"
    )
    late = "eu-west-1 shows no item in the end, though the put one in us-east-1 at 1.000 s came later"
    assert story.anomalies() == [
        proof(Rule.CONVERGENCE, 3.0, (2, 3), differ),
        proof(Rule.CONVERGENCE, 3.0, (1, 3), late),
    ]


def test_a_delete_that_was_not_sent_yet_explains_nothing(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.read(WEST, None)
    story.write(EAST, "gone", replaced=one, action="delete")
    story.read(WEST, None)
    story.read(EAST, None)
    assert [(each.rule, each.operations) for each in story.anomalies()] == [(Rule.NO_STEP_BACK, (1, 2, 3))]


def test_a_delete_that_was_sent_at_the_moment_of_the_answer_explains_that_there_is_no_item(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.read(WEST, None, takes=1.0)
    story.write(EAST, "gone", replaced=one, action="delete")
    story.read(WEST, None)
    assert story.anomalies() == []


def test_a_delete_that_was_done_before_a_version_came_does_not_explain_that_it_is_gone(story: Story) -> None:
    zero = story.write(EAST, "zero")
    story.write(EAST, "gone", replaced=zero, action="delete")
    one = story.write(EAST, "one", takes=1.5)
    two = story.write(EAST, "two")
    story.write(EAST, "gone again", replaced=two, action="delete")
    for found in (two, None, one):
        story.read(WEST, found)
    assert (Rule.DELETED, (3, 5, 7, 8)) in [(each.rule, each.operations) for each in story.anomalies()]
