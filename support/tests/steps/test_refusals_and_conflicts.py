"""What steps make of writes that were refused or had seen each other: a verdict where the table is wrong, else none."""

from functools import partial

import pytest

from steps.conflicts import demand_conflict, make, refusal
from steps.real_world import sell_one
from steps.troubleshooting import demand_nothing
from steps.world import World
from support.tests.verdicts.histories import EU, US
from support.tests.worlds import open_world
from support.verdicts.errors import AnswerError, ConditionFailedError, InconclusiveError, NoConflictError
from support.verdicts.history import Key

PRODUCT = {"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 1}
KEY = Key.of(PRODUCT)


def open_table(*faults: str) -> World:
    """A table with a fault, or a right one: it holds the product in both regions."""
    world = open_world(faults)
    world.create("product", PRODUCT, US)
    world.clock.wait(30)
    return world


def test_a_sale_that_another_region_has_made_impossible_is_no_conflict() -> None:
    world = open_table()
    sell_one(world, US)
    world.clock.wait(30)
    with pytest.raises(ConditionFailedError):
        sell_one(world, EU)
    error = refusal(world, side_by_side=True)
    assert isinstance(error, NoConflictError)
    assert "the update of the sale in us-east-1 had arrived in eu-west-1 before" in str(error)
    with pytest.raises(ConditionFailedError, match="eu-west-1 should have done the update of the sale in eu-west-1"):
        make(world, [partial(sell_one, world, EU)])


@pytest.mark.parametrize("regions", [(US,), (EU,), (US, EU)])
def test_a_refusal_that_no_other_write_explains_is_a_verdict(regions: tuple[str, ...]) -> None:
    world = open_table("refuses-every-condition")
    with pytest.raises(ConditionFailedError) as caught:
        make(world, [partial(sell_one, world, region) for region in regions])
    assert f"{regions[0]} should have done the update of the sale in {regions[0]}" in str(caught.value)
    assert "ConditionalCheckFailedException" in str(caught.value)
    assert '"stock": 1' in str(caught.value)


def test_a_region_that_does_not_say_what_it_counted_down_is_a_verdict() -> None:
    world = open_table("old-attributes-are-left-out")
    with pytest.raises(
        AnswerError,
        match="us-east-1 has done the update of the sale in us-east-1, which counts stock down, and should answer with "
        r"the item as it was before; it answered with \{\}",
    ):
        sell_one(world, US)
    assert len(world.table.history.writes(KEY)) == 2


def test_a_write_that_had_seen_the_other_one_is_no_conflict() -> None:
    world = open_table()
    first = world.table.region(US).update(KEY, {"stock": 5}, by="partner A")
    world.clock.wait(30)
    second = world.table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(
        NoConflictError,
        match=r"the update of partner A \(us-east-1\) and the update of partner B \(eu-west-1\) were no",
    ):
        demand_conflict(world, [first, second])


def test_a_write_that_had_seen_what_has_not_arrived_is_a_verdict() -> None:
    world = open_table("writes-go-to-the-primary-region")
    first = world.table.region(US).update(KEY, {"stock": 5}, by="partner A")
    second = world.table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(
        AssertionError,
        match=r'the update of partner B in eu-west-1 replaced \{"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 5\}, '
        "which another region's write left and which has not arrived there: .*likely another region did the write",
    ):
        demand_conflict(world, [first, second])


def test_a_look_that_finds_what_it_should_is_inconclusive() -> None:
    world = open_table()
    with pytest.raises(InconclusiveError, match="eu-west-1 already shows PRODUCT#p / DETAILS as it was written last"):
        demand_nothing(world, world.table.question(KEY, EU), world.table.region(EU).query(KEY))


def test_a_look_that_finds_what_has_not_arrived_is_a_verdict() -> None:
    world = open_table("reads-go-to-the-primary-region")
    world.table.region(US).update(KEY, {"stock": 5})
    with pytest.raises(
        AssertionError,
        match=r"eu-west-1 should not show what has not arrived there .*, and shows "
        r'\{"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 5\}: likely another region answers',
    ):
        demand_nothing(world, world.table.question(KEY, EU), world.table.region(EU).query(KEY))
