"""The checker of the random load, on hand-written histories: what a read or a write may show while it runs."""

import pytest

from support.tests.verdicts.workload.story import EAST, WEST, Story
from support.verdicts.history import Outcome
from support.verdicts.workload.anomalies import Rule
from support.verdicts.workload.checker import WRITE_ID, check_workload


def test_a_history_of_nothing_is_valid(story: Story) -> None:
    assert story.rules() == set()


def test_a_version_that_arrives_late_is_valid(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, None)
    story.read(WEST, one)
    story.read(EAST, one)
    assert check_workload(story.operations).valid
    assert check_workload(story.operations).against(*Rule) == ""


def test_an_image_that_differs_from_what_its_write_left_is_named_with_the_difference(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, {**(one or {}), "colour": "red"})
    message = check_workload(story.operations).against(Rule.WHOLE_IMAGES)
    assert message == (
        "an image was shown that no write left: TEST#load-ada / ITEM#1: a read in eu-west-1 at 2.000 s showed not what "
        'the put one in us-east-1 at 1.000 s left: colour is "red" (expected not to be there)'
    )


def test_an_older_version_after_a_newer_one_is_found_with_both(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(EAST, "two", replaced=one)
    story.read(WEST, two)
    story.read(WEST, one)
    story.read(WEST, two)
    verdict = check_workload(story.operations)
    (anomaly,) = verdict.anomalies
    assert anomaly.rule is Rule.NO_STEP_BACK
    assert anomaly.operations == (1, 2, 3, 4)
    assert "a read in eu-west-1 at 4.000 s showed what the put one in us-east-1 at 1.000 s left" in anomaly.sentence
    assert "though the put two in us-east-1 at 2.000 s came later and it was there at 3.000 s" in anomaly.sentence


def test_a_region_may_show_a_later_write_of_another_region_instead_of_its_own(story: Story) -> None:
    story.write(EAST, "one")
    two = story.write(WEST, "two")
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == set()


def test_of_overlapping_writes_any_may_be_the_last(story: Story) -> None:
    one = story.write(EAST, "one", takes=5)
    two = story.write(WEST, "two", takes=5)
    for _ in range(5):
        story.read(WEST, None, outcome=Outcome.FAILED)
    story.read(WEST, two)
    story.read(WEST, one)
    story.read(EAST, one)
    assert story.rules() == set()


def test_an_item_that_comes_back_after_its_delete_is_found(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.write(WEST, "gone", replaced=one, action="delete")
    story.read(WEST, one)
    story.read(WEST, None)
    assert story.rules() == {Rule.DELETED}


def test_a_delete_that_arrived_counts_too(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.write(EAST, "gone", replaced=one, action="delete")
    story.read(WEST, None)
    story.read(WEST, one)
    story.read(WEST, None)
    assert story.rules() == {Rule.DELETED}


def test_an_item_that_was_written_after_its_delete_may_come_back(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "gone", replaced=one, action="delete")
    two = story.write(WEST, "two")
    story.read(EAST, None)
    story.read(EAST, two)
    story.read(WEST, two)
    assert story.rules() == set()


def test_a_delete_of_no_item_is_no_version(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(WEST, "nothing", action="delete")
    story.read(WEST, one)
    story.read(EAST, one)
    assert story.rules() == set()


def test_a_delete_of_no_item_shows_that_there_is_none(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "nothing", action="delete")
    story.read(EAST, one)
    assert story.rules() == {Rule.OWN_WRITES}


@pytest.mark.parametrize("second", ["one", ""])
def test_a_write_without_an_id_of_its_own_is_refused(story: Story, second: str) -> None:
    story.write(EAST, "one")
    story.write(WEST, second)
    with pytest.raises(ValueError, match="operation 2 has no id of its own"):
        check_workload(story.operations)


def test_the_proof_with_the_fewest_operations_comes_first(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(EAST, "two", replaced=one)
    story.read(WEST, two)
    story.read(WEST, one)
    story.read(WEST, {WRITE_ID: "none"})
    anomalies = check_workload(story.operations).anomalies
    assert [len(each.operations) for each in anomalies] == sorted(len(each.operations) for each in anomalies)
    assert anomalies[0].sentence.endswith("an image that no write left: its id is of none")
