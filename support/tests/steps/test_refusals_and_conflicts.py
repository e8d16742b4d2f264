"""What steps make of writes that were refused or had seen each other: a verdict where the table is wrong, else none."""

import pytest

from steps.changes import refused_side_by_side, wrongly_refused
from steps.conflicts import demand_conflict
from steps.inventory import sell_one
from steps.troubleshooting import demand_nothing
from support.clock import Clock
from support.targets.global_table import GlobalTable
from support.tests.verdicts.histories import EU, US
from support.tests.worlds import open_world
from support.verdicts.errors import AnswerError, ConditionFailedError, InconclusiveError, NoConflictError
from support.verdicts.history import Key, Write

PRODUCT = {"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 1}
KEY = Key.of(PRODUCT)

Opened = tuple[GlobalTable, Clock, Write]


def open_table(fault: str = "") -> Opened:
    """A table with a fault, or a right one (""): it holds the product in both regions."""
    world = open_world([fault] if fault else [])
    created = world.table.region(US).put(PRODUCT)
    world.clock.wait(30)
    return world.table, world.clock, created


def test_a_sale_that_another_region_has_made_impossible_is_no_conflict() -> None:
    table, clock, created = open_table("")
    sell_one(table, US, KEY)
    clock.wait(30)
    with pytest.raises(ConditionFailedError):
        sell_one(table, EU, KEY)
    error = refused_side_by_side(table, created)
    assert isinstance(error, NoConflictError)
    assert "the update of the sale in us-east-1 had arrived in eu-west-1 before" in str(error)


@pytest.mark.parametrize("region", [US, EU])
def test_a_refusal_that_no_other_write_explains_is_a_verdict(region: str) -> None:
    table, _, created = open_table("refuses-every-condition")
    with pytest.raises(ConditionFailedError):
        sell_one(table, region, KEY)
    for error in (refused_side_by_side(table, created), wrongly_refused(table, KEY)):
        assert isinstance(error, AssertionError)
        assert f"{region} should have done the update of the sale in {region}" in str(error)
        assert "ConditionalCheckFailedException" in str(error)
        assert '"stock": 1' in str(error)


def test_a_region_that_does_not_say_what_it_counted_down_is_a_verdict() -> None:
    table, _, _ = open_table("old-attributes-are-left-out")
    with pytest.raises(
        AnswerError,
        match="us-east-1 has done the update of the sale in us-east-1, which counts stock down, and should answer with "
        r"the item as it was before; it answered with \{\}",
    ):
        sell_one(table, US, KEY)
    assert len(table.history.writes(KEY)) == 2


def test_a_write_that_had_seen_the_other_one_is_no_conflict() -> None:
    table, clock, _ = open_table("")
    first = table.region(US).update(KEY, {"stock": 5}, by="partner A")
    clock.wait(30)
    second = table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(
        NoConflictError,
        match=r"the update of partner A \(us-east-1\) and the update of partner B \(eu-west-1\) were no",
    ):
        demand_conflict(table, [first, second])


def test_a_write_that_had_seen_what_has_not_arrived_is_a_verdict() -> None:
    table, _, _ = open_table("writes-go-to-the-primary-region")
    first = table.region(US).update(KEY, {"stock": 5}, by="partner A")
    second = table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(
        AssertionError,
        match=r'the update of partner B in eu-west-1 replaced \{"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 5\}, '
        "which another region's write left and which has not arrived there: .*likely another region did the write",
    ):
        demand_conflict(table, [first, second])


def test_a_look_that_finds_what_it_should_is_inconclusive() -> None:
    table, _, _ = open_table("")
    with pytest.raises(InconclusiveError, match="eu-west-1 already shows PRODUCT#p / DETAILS as it was written last"):
        demand_nothing(table, table.question(KEY, EU), table.region(EU).query(KEY))


def test_a_look_that_finds_what_has_not_arrived_is_a_verdict() -> None:
    table, _, _ = open_table("reads-go-to-the-primary-region")
    table.region(US).update(KEY, {"stock": 5})
    with pytest.raises(
        AssertionError,
        match=r"eu-west-1 should not show what has not arrived there .*, and shows "
        r'\{"PK": "PRODUCT#p", "SK": "DETAILS", "stock": 5\}: likely another region answers',
    ):
        demand_nothing(table, table.question(KEY, EU), table.region(EU).query(KEY))
