"""What regions show of an item, judged against the writes to it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from support.tests.verdicts.histories import AP, EU, US, delete, order, put, unanswered, views, write
from support.verdicts.conflicts import Ruling, decide
from support.verdicts.errors import (
    DivergenceError,
    NotArrivedError,
    RegionsDisagreeError,
    WrongImageError,
    WrongVersionError,
)
from support.verdicts.history import Image, Write
from support.verdicts.judgement import Judgement, State, Views, judge

DISAGREE, LATE = RegionsDisagreeError, NotArrivedError
Shown = Mapping[str, Sequence[tuple[float, Image | None]]]

BASE, BY_A, BY_B = order(100), order(150), order(200)
NEW = put(US, 0, BASE)
A = write(US, 600, BASE, BY_A, "A")
B = write(EU, 605, BY_A, BY_B, "B")
B_AT_ONCE, B_UNSEEN = write(EU, 600, BASE, BY_B, "B"), write(EU, 600.1, BASE, BY_B, "B")
B_SHIPS = write(EU, 600.1, BASE, order(100, status="shipped"), "B")
B_THROTTLED = write(EU, 599, BY_A, BY_B, "B", until=605)
B_CORRUPTED = write(EU, 605, order(99), BY_B, "B")
C_STALE = write(US, 605, BASE, BY_B, "C")
ITSELF = write(US, 600, BY_A, BY_A, "A")
GONE, FOUND_NONE = delete(US, 10, BASE), delete(EU, 10, None)
NOTED, BLEND = order(150, status="shipped", note="x"), order(150, status="shipped")
NOTED_AND_GONE = [NEW, put(US, 1, NOTED, BASE), delete(US, 2, NOTED)]
REPLACED, CORRUPTED = put(US, 0, BY_A, BASE), replace(B_CORRUPTED, by="")
LOST_B, LOST_C = (unanswered(EU, 605, None, by, "update") for by in "BC")
LOST_PUT = unanswered(EU, 605, BY_B)


def judged(writes: Sequence[Write], shown: Shown) -> Judgement:
    return judge(writes, views(shown))


@pytest.mark.parametrize(
    ("writes", "shown"),
    [
        pytest.param([NEW, A, B_AT_ONCE], {US: [(700, BY_A)], EU: [(700, BY_A)]}, id="overlapping, one"),
        pytest.param([NEW, replace(ITSELF, repeated=True)], {US: [(601, BY_A)]}, id="repeated, replaced itself"),
        pytest.param([NEW, GONE], {EU: [(10.2, None), (10.5, BASE), (11, None)]}, id="absent before and after"),
        pytest.param([FOUND_NONE], {US: [(11, None)], EU: [(11, None)]}, id="a delete of no item alone"),
        pytest.param([NEW, LOST_PUT], {US: [(606, BY_B)]}, id="unanswered, done"),
    ],
)
def test_the_same_image_that_may_be_the_last_in_every_region_is_done(writes: list[Write], shown: Shown) -> None:
    assert judged(writes, shown).state is State.DONE


@pytest.mark.parametrize(
    ("writes", "shown", "why", "error"),
    [
        pytest.param([NEW, A, B], {US: [(606, BY_A)], EU: [(606, BY_B)]}, "us-east-1 still", LATE, id="behind"),
        pytest.param([NEW], {US: [(1, BASE)], EU: [(1, None)]}, "eu-west-1 still without", LATE, id="not arrived"),
        pytest.param(
            [NEW, A, B_AT_ONCE],
            {US: [(700, BY_A)], EU: [(700, BY_B)]},
            "us-east-1 and eu-west-1 differ",
            DISAGREE,
            id="overlapping",
        ),
        pytest.param([LOST_B, LOST_C], {EU: [(606, None)]}, "B and the update of partner C was", LATE, id="unanswered"),
        pytest.param(
            [NEW, A, B_UNSEEN], {US: [(601, BY_A)], EU: [(601, BY_B)]}, "us-east-1 still", DISAGREE, id="loser"
        ),
        pytest.param(
            [NEW, A, B_UNSEEN], {EU: [(601, BY_B)], AP: [(601, BY_A)]}, "ap-southeast-2 still", LATE, id="elsewhere"
        ),
    ],
)
def test_what_a_delay_explains_is_not_yet(
    writes: list[Write], shown: Shown, why: str, error: type[DivergenceError]
) -> None:
    judgement = judged(writes, shown)
    assert (judgement.state, judgement.error) == (State.NOT_YET, error)
    assert why in judgement.why


OLDER = "went back to an older version: compared with what the"
NO_WRITE = "an image that no write left: compared with what the"


@pytest.mark.parametrize(
    ("writes", "shown", "why"),
    [
        pytest.param([NEW, A, B_SHIPS], {US: [(700, BLEND)]}, "no write left, a blend: status of", id="a blend"),
        pytest.param(NOTED_AND_GONE, {EU: [(3, order(101))]}, "is 101 instead of 100", id="most like an earlier one"),
        pytest.param([NEW, A], {EU: [(601, BY_A), (602, BASE)]}, f"{OLDER} update of partner A", id="older"),
        pytest.param([B_THROTTLED, A], {AP: [(606, BY_B), (607, BY_A)]}, f"{OLDER} update of partner B", id="replaced"),
        pytest.param([NEW, A], {US: [(599, BASE), (601, BASE)]}, OLDER, id="its own write had no effect"),
        pytest.param([NEW], {EU: [(1, BASE), (2, None)]}, f"{OLDER} put in us-east-1 left", id="vanished"),
        pytest.param([REPLACED], {EU: [(1, None)]}, "eu-west-1 shows no item", id="vanished unseen"),
        pytest.param([NEW, GONE], {EU: [(1, BASE), (11, None), (12, BASE)]}, f"{OLDER} delete", id="back"),
        pytest.param(
            [NEW, B_CORRUPTED], {US: [(606, BY_B)]}, f"B in eu-west-1 replaced {NO_WRITE}", id="replaced no write's"
        ),
        pytest.param(
            [NEW, CORRUPTED],
            {US: [(606, BY_B)]},
            f"update in eu-west-1 replaced {NO_WRITE}",
            id="a write without a name",
        ),
        pytest.param(
            [NEW, A, C_STALE],
            {US: [(606, BY_B)]},
            "C replaced an older version than us-east-1",
            id="replaced an older one",
        ),
        pytest.param([NEW, ITSELF], {US: [(601, BY_A)]}, "replaced an image", id="replaced itself"),
    ],
)
def test_what_no_delay_explains_is_wrong(writes: list[Write], shown: Shown, why: str) -> None:
    judgement = judged(writes, shown)
    assert judgement.state is State.WRONG
    assert judgement.error is (WrongVersionError if "older version" in judgement.why else WrongImageError)
    assert why in judgement.why


def test_a_look_that_was_asked_for_before_a_write_was_answered_may_show_what_was_there_before() -> None:
    shown = Views()
    for asked, answered in [(599, 599.1), (600.2, 600.3), (600.3, 600.4)]:
        shown.add(US, BASE, asked, answered)
    assert judge([NEW, write(US, 600, BASE, BY_A, until=600.3)], shown).state is State.NOT_YET


@pytest.mark.parametrize(("action", "shown"), [("update", BLEND), ("delete", None)])
def test_a_write_without_an_answer_makes_nothing_wrong(action: str, shown: Image | None) -> None:
    writes = [NEW, A, unanswered(EU, 605, None, "B", action)]
    assert judged(writes, {US: [(606, BY_A), (607, shown)], EU: [(606, shown)]}).state is not State.WRONG


def test_what_only_a_write_done_twice_explains_is_unknown_and_not_wrong() -> None:
    """Its first attempt may have been done before the other write."""
    paid = write(US, 600, BASE, order(150, status="paid"), "A", until=600.4)
    once = write(EU, 600.1, paid.new_image, order(200, status="paid"), "B", until=600.6)
    for other, ruling, state in (
        (replace(once, repeated=True), Ruling.UNKNOWN, State.NOT_YET),
        (once, Ruling.WRONG, State.WRONG),
    ):
        assert decide([paid, other], {US: BY_B, EU: BY_B}).ruling is ruling
        assert judged([NEW, paid, other], {US: [(601, BY_B)], EU: [(601, BY_B)]}).state is state


def test_nothing_written_is_nothing_to_wait_for() -> None:
    with pytest.raises(ValueError, match="nothing was written"):
        judged([], {US: [(0, None)]})
