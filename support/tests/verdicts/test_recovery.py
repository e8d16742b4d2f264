"""What a cut costs, from the writes and from what the regions showed."""

import pytest

from support.tests.verdicts.histories import EU, US, order, put, unanswered, write
from support.verdicts.errors import WrongImageError
from support.verdicts.history import Image, Write
from support.verdicts.recovery import fates, gone, recovery_point

BASE, PAID, SHIPPED, CANCELLED = (order(100, status=each) for each in ("pending", "paid", "shipped", "cancelled"))
PAYING = write(US, 10, BASE, PAID, "A", until=11)
SHIPPING = write(US, 20, PAID, SHIPPED, "A", until=21)
CREATING = put(US, 0, BASE)
CANCELLING = write(EU, 30, BASE, CANCELLED, "B", until=31)


@pytest.mark.parametrize(
    ("writes", "shown", "missing", "seconds"),
    [
        ([PAYING, CANCELLING], CANCELLED, [PAYING], 1),
        ([SHIPPING, PAYING], BASE, [PAYING, SHIPPING], 11),
        ([PAYING, SHIPPING], PAID, [SHIPPING], 1),
        ([PAYING, SHIPPING], SHIPPED, [], 0),
        ([PAYING, unanswered(US, 20, SHIPPED)], BASE, [PAYING], 1),
        ([CREATING], None, [CREATING], 0),
    ],
    ids=["its own", "two", "the later of two", "none", "not acknowledged", "created"],
)
def test_a_region_lacks_what_it_shows_no_trace_of(
    writes: list[Write], shown: Image | None, missing: list[Write], seconds: float
) -> None:
    point = recovery_point(writes, US, EU, {writes[0].key: shown})
    assert list(point.missing) == missing
    numbers = point.finding().numbers
    assert (numbers["writes"], numbers["seconds"]) == (len(missing), seconds)


@pytest.mark.parametrize(
    ("held", "outcomes"),
    [(CANCELLED, ["overtaken in eu-west-1"]), (PAID, ["arrived"])],
    ids=["overtaken", "arrived"],
)
def test_what_was_missing_has_arrived_or_was_overtaken(held: Image, outcomes: list[str]) -> None:
    found = fates([PAYING], [PAYING, CANCELLING], {PAYING.key: held})
    assert [each.outcome for each in found] == outcomes


def test_a_write_that_was_done_twice_and_replaced_itself_has_seen_what_was_done_there_before() -> None:
    again = write(US, 20, SHIPPED, SHIPPED, "A", until=26, repeated=True)
    assert gone([PAYING, again], {PAYING.key: SHIPPED}) == []
    assert [each.write for each in gone([CANCELLING, again], {PAYING.key: SHIPPED})] == [CANCELLING]


def test_an_item_that_none_of_the_writes_has_left_is_no_fate() -> None:
    with pytest.raises(WrongImageError):
        fates([PAYING], [PAYING, CANCELLING], {PAYING.key: order(777)})
