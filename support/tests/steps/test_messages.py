"""What steps say of a wrong table: the region, what it shows, and what is likely; of a right one nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from steps.indexes import Reading, each_once, pages_are_limited
from steps.login import no_way_back
from steps.world import World
from support.clock import PAGE_DAY
from support.tests.verdicts.histories import EU, KEY, US, order, write
from support.tests.worlds import open_world
from support.verdicts.history import Image, Key, Outcome, Read

ORDERS: list[Image] = [{"PK": f"USER#{number}", "SK": "ORDER"} for number in range(5)]
BEFORE, AFTER = order(100), order(150)


def limited(*sizes: int) -> Callable[[], None]:
    """The step on pages of so many entries each, of which there should be three, of two at most."""
    return partial(pages_are_limited, Reading("GSI2 in eu-west-1", [ORDERS[:size] for size in sizes]), 3, 2)


def created() -> World:
    world = open_world()
    for number, image in enumerate(ORDERS):
        world.created[f"order {number}"] = replace(write(US, 0, None, image), key=Key.of(image))
    return world


def listed(*pages: list[Image]) -> Callable[[], None]:
    return lambda: each_once(created(), Reading("GSI2 in eu-west-1", list(pages)))


def shown(*images: Image | None) -> Callable[[], None]:
    """The step on reads in eu-west-1, one a second, after a login."""
    reads = [
        Read(number, EU, KEY, number, number, PAGE_DAY + timedelta(seconds=number), Outcome.ACKNOWLEDGED, image)
        for number, image in enumerate(images)
    ]
    return partial(no_way_back, write(US, 0, BEFORE, AFTER, by="A"), reads)


@pytest.mark.parametrize("step", [limited(2, 2, 1), listed(ORDERS[:2], ORDERS[2:]), shown(BEFORE, AFTER, AFTER)])
def test_what_is_as_it_should_be_raises_nothing(step: Callable[[], None]) -> None:
    step()


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (limited(5, 0, 0), r"GSI2 in eu-west-1 .* \[5, 0, 0\]: likely it ignores the Limit"),
        (limited(2), r"GSI2 in eu-west-1 .* \[2\]: likely the last page lacks LastEvaluatedKey"),
        (listed(ORDERS[:2], ORDERS[1:4]), "USER#1 / ORDER 2 times, USER#4 / ORDER 0 times"),
        (shown(BEFORE, None), "eu-west-1 .* never shown in 2 reads: the last one shows null"),
        (shown(AFTER, None, AFTER), "eu-west-1 had shown .* 1 later reads .* null: it went back"),
    ],
)
def test_what_is_not_is_told(step: Callable[[], None], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        step()
