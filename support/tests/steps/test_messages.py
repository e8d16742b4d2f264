"""What steps say of a wrong table: the region, what was expected, what was found, and what is likely."""

from dataclasses import replace
from datetime import timedelta

import pytest

from steps.indexes import Reading, each_once, pages_are_limited
from steps.login import demand_login, no_way_back
from steps.world import World
from support.clock import PAGE_DAY
from support.tests.verdicts.histories import EU, KEY, US, order, write
from support.tests.worlds import open_world
from support.verdicts.history import Image, Key, Outcome, Read

ORDERS: list[Image] = [{"PK": f"USER#{number}", "SK": "ORDER"} for number in range(5)]
BEFORE, AFTER = order(100), order(150)
LOGIN = write(US, 0, BEFORE, AFTER, by="A")


def reading(*sizes: int) -> Reading:
    """Pages of the orders, in turn."""
    pages, left = [], list(ORDERS)
    for size in sizes:
        pages.append(left[:size])
        left = left[size:]
    return Reading("GSI2 in eu-west-1", pages)


def created() -> World:
    """A world in which the orders were created, each under its key."""
    world = open_world()
    for number, image in enumerate(ORDERS):
        world.created[f"order {number}"] = replace(write(US, 0, None, image), key=Key.of(image))
    return world


def shown(*images: Image | None) -> list[Read]:
    """Reads in eu-west-1, one a second."""
    return [
        Read(number, EU, KEY, number, number, PAGE_DAY + timedelta(seconds=number), Outcome.ACKNOWLEDGED, image)
        for number, image in enumerate(images)
    ]


def said(failure: pytest.ExceptionInfo[AssertionError]) -> str:
    """The message without what pytest adds to it."""
    return str(failure.value).partition("\nassert ")[0]


def test_pages_that_are_as_they_should_be_raise_nothing() -> None:
    pages_are_limited(reading(2, 2, 1), least=3, size=2)
    each_once(created(), reading(2, 2, 1))


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        (
            reading(5),
            "GSI2 in eu-west-1 should come in pages of 2 entries at most, and the query gives 1, "
            "with these numbers of entries: [5]: likely it ignores the Limit",
        ),
        (
            reading(2),
            "GSI2 in eu-west-1 should come in 3 pages at least, and the query gives 1, "
            "with these numbers of entries: [2]: likely the last page lacks LastEvaluatedKey",
        ),
    ],
)
def test_pages_that_are_too_long_or_too_few_are_counted(pages: Reading, message: str) -> None:
    with pytest.raises(AssertionError) as failure:
        pages_are_limited(pages, least=3, size=2)
    assert said(failure) == message


def test_orders_that_are_not_on_one_page_are_named() -> None:
    pages = Reading("GSI2 in eu-west-1", [ORDERS[:2], ORDERS[1:4]])
    with pytest.raises(AssertionError) as failure:
        each_once(created(), pages)
    assert said(failure) == (
        "the pages of GSI2 in eu-west-1 should list each order once, and list USER#1 / ORDER 2 times, "
        "USER#4 / ORDER 0 times: likely a page does not begin after the last entry of the one before"
    )


def test_reads_that_show_the_new_login_from_some_moment_on_raise_nothing() -> None:
    no_way_back(LOGIN, shown(BEFORE, AFTER, AFTER))


@pytest.mark.parametrize(
    ("reads", "message"),
    [
        (
            shown(BEFORE, None),
            "eu-west-1 should show what the update of partner A in us-east-1 left, which was never shown in 2 reads: "
            "the last one shows null",
        ),
        (
            shown(AFTER, None, AFTER),
            "eu-west-1 had shown what the update of partner A left, and 1 later reads show something else, "
            "the first null: it went back to an older version",
        ),
    ],
)
def test_reads_that_never_show_the_new_login_or_lose_it_are_told_with_their_region(
    reads: list[Read], message: str
) -> None:
    with pytest.raises(AssertionError) as failure:
        no_way_back(LOGIN, reads)
    assert said(failure) == message


def test_a_login_that_is_not_shown_is_told_with_the_region_of_the_app() -> None:
    profile = {"last_login": "2025-08-11T10:00:00Z", "last_login_region": US}
    with pytest.raises(AssertionError) as failure:
        demand_login(EU, profile, "15:40:00", US)
    assert said(failure) == (
        "the app in eu-west-1 should show the login of 15:40:00 in us-east-1, "
        "and shows that of 2025-08-11T10:00:00Z in us-east-1"
    )
