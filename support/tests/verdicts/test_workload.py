"""The checker of the random load: hand-written histories, and corruptions of histories that the simulator made."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from support.verdicts.anomalies import Rule
from support.verdicts.history import Image, Key, Outcome, Read, Write
from support.verdicts.workload import WRITE_ID, check_workload

EAST, WEST = "us-east-1", "eu-west-1"
KEY = Key("TEST#load-ada", "ITEM#1")
DAY = datetime(2025, 8, 11, tzinfo=UTC)

Operation = Write | Read


class Story:
    """A history in the order in which it is told: each operation is a second after the one before, and takes none."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._now = 0.0

    def write(
        self, region: str, by: str, replaced: Image | None = None, action: Literal["put", "update", "delete"] = "put",
        outcome: Outcome = Outcome.ACKNOWLEDGED, takes: float = 0.0, repeated: bool = False,
    ) -> Image | None:  # fmt: skip
        image = None if action == "delete" else {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: by}
        left = None if action == "update" and outcome is not Outcome.ACKNOWLEDGED else image
        number, invoked = self._next()
        self.operations.append(
            Write(
                number, region, KEY, action, by, invoked, invoked + takes, DAY, outcome, replaced, left,
                repeated=repeated,
            )
        )  # fmt: skip
        return image

    def read(self, region: str, found: Image | None, outcome: Outcome = Outcome.ACKNOWLEDGED) -> None:
        number, invoked = self._next()
        self.operations.append(Read(number, region, KEY, invoked, invoked, DAY, outcome, found))

    def rules(self) -> set[Rule]:
        return {each.rule for each in check_workload(self.operations).anomalies}

    def _next(self) -> tuple[int, float]:
        self._now += 1
        return len(self.operations) + 1, self._now


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_history_of_nothing_is_valid(story: Story) -> None:
    assert story.rules() == set()


def test_a_version_that_arrives_late_is_valid(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, None)
    story.read(WEST, one)
    story.read(EAST, one)
    assert check_workload(story.operations).valid
    assert check_workload(story.operations).against(*Rule) == ""


def test_an_image_with_an_id_of_no_write_is_found(story: Story) -> None:
    story.write(EAST, "one")
    story.read(EAST, {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "two"})
    assert Rule.WHOLE_IMAGES in story.rules()


def test_an_image_that_differs_from_what_its_write_left_is_named_with_the_difference(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, {**(one or {}), "colour": "red"})
    message = check_workload(story.operations).against(Rule.WHOLE_IMAGES)
    assert message == (
        "an image was shown that no write left: TEST#load-ada / ITEM#1: a read in eu-west-1 at 2.000 s showed not what "
        'the put one in us-east-1 at 1.000 s left: colour is "red" (expected not to be there)'
    )


def test_an_image_that_a_write_replaced_counts_as_shown(story: Story) -> None:
    one = story.write(EAST, "one")
    story.write(EAST, "two", replaced={**(one or {}), "colour": "red"})
    assert story.rules() == {Rule.WHOLE_IMAGES}


def test_a_write_that_replaced_what_it_left_itself_is_found(story: Story) -> None:
    one = story.write(EAST, "one", replaced={"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "one"})
    story.read(EAST, one)
    story.read(WEST, one)
    assert story.rules() == {Rule.WHOLE_IMAGES}


def test_an_image_of_a_write_that_was_not_sent_yet_is_found(story: Story) -> None:
    story.read(EAST, {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: "one"})
    one = story.write(EAST, "one")
    story.read(EAST, one)
    assert story.rules() == {Rule.WHOLE_IMAGES}


def test_an_image_of_a_write_that_was_refused_is_found(story: Story) -> None:
    one = story.write(EAST, "one", outcome=Outcome.FAILED)
    story.read(EAST, one)
    assert story.rules() == {Rule.WHOLE_IMAGES}


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


def test_no_item_after_a_version_that_no_delete_ended_is_found(story: Story) -> None:
    one = story.write(EAST, "one")
    story.read(WEST, one)
    story.read(WEST, None)
    story.read(WEST, one)
    assert story.rules() == {Rule.NO_STEP_BACK}


def test_a_region_that_does_not_show_its_own_write_is_found(story: Story) -> None:
    one = story.write(EAST, "one")
    two = story.write(WEST, "two", replaced=one)
    story.read(WEST, one)
    story.read(WEST, two)
    story.read(EAST, two)
    assert story.rules() == {Rule.OWN_WRITES}


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
