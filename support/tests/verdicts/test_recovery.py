"""What a cut costs, from the writes and from what the regions showed."""

from collections.abc import Callable
from typing import Any

import pytest

from support.tests.verdicts.histories import EU, US, order, put, unanswered, write
from support.verdicts.errors import WrongImageError
from support.verdicts.history import Image, Write
from support.verdicts.recovery import (
    Fate,
    Recovery,
    fates,
    gone,
    recovery_point,
    report_of_catching_up,
    report_of_fates,
    report_of_losses,
    report_of_switch,
)

BASE, PAID, SHIPPED, CANCELLED = (order(100, status=each) for each in ("pending", "paid", "shipped", "cancelled"))
PAYING = write(US, 10, BASE, PAID, "A", until=11)
SHIPPING = write(US, 20, PAID, SHIPPED, "A", until=21)
CREATING = put(US, 0, BASE)
CANCELLING = write(EU, 30, BASE, CANCELLED, "B", until=31)
ARRIVED, OVERTAKEN = Fate(PAYING), Fate(SHIPPING, CANCELLING)


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


@pytest.mark.parametrize(
    ("report", "of", "short", "numbers", "rows"),
    [
        (report_of_fates, ([ARRIVED],), "1 of 1 arrived", {"arrived": 1, "overtaken": 0}, 1),
        (report_of_fates, ([ARRIVED, OVERTAKEN],), "1 of 2 arrived", {"arrived": 1, "overtaken": 1}, 2),
        (report_of_losses, ([],), "0 writes", {}, 0),
        (report_of_losses, ([OVERTAKEN],), "1 write", {}, 1),
        (report_of_catching_up, (1.25, 2.5), "at most 2.50 s", {"last_miss": 1.25, "first_hit": 2.5}, 0),
        (
            report_of_switch, (0.8, 8.0, 1, 3), "1 missing after 8.0 s",
            {"slowest": 0.8, "waited": 8.0, "missing": 1, "written": 3}, 0,
        ),
    ],
    ids=["arrived", "overtaken", "none lost", "lost", "caught up", "planned switch"],
)  # fmt: skip
def test_each_figure_on_a_cut_has_its_numbers_and_a_row_for_each_write(
    report: Callable[..., Recovery], of: tuple[Any, ...], short: str, numbers: dict[str, float], rows: int
) -> None:
    found = report(*of)
    assert (found.short, found.numbers, len(found.details)) == (short, numbers, rows)


def test_a_write_that_was_done_twice_and_replaced_itself_has_seen_what_was_done_there_before() -> None:
    again = write(US, 20, SHIPPED, SHIPPED, "A", until=26, repeated=True)
    assert gone([PAYING, again], {PAYING.key: SHIPPED}) == []
    assert [each.write for each in gone([CANCELLING, again], {PAYING.key: SHIPPED})] == [CANCELLING]


def test_an_item_that_none_of_the_writes_has_left_is_no_fate() -> None:
    with pytest.raises(WrongImageError):
        fates([PAYING], [PAYING, CANCELLING], {PAYING.key: order(777)})
