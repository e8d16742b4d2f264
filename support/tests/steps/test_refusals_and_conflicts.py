"""What steps make of writes that were refused or had seen each other: a verdict where the table is wrong, else none."""

from functools import partial

import pytest

from steps.conflicts import change_of, demand_conflict, make, refusal
from steps.real_world import sell_one
from steps.troubleshooting import demand_nothing
from steps.world import Row, World
from support.tests.verdicts.histories import EU, US
from support.tests.worlds import open_world
from support.verdicts.errors import ConditionFailedError, InconclusiveError, NoConflictError
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


def test_a_write_that_had_seen_the_other_one_is_no_conflict() -> None:
    world = open_table()
    first = world.table.region(US).update(KEY, {"stock": 5}, by="partner A")
    world.clock.wait(30)
    second = world.table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(NoConflictError, match=r"partner A \(us-east-1\) and .* \(eu-west-1\) were no conflict"):
        demand_conflict(world, [first, second])


def test_a_write_that_had_seen_what_has_not_arrived_is_a_verdict() -> None:
    world = open_table("writes-go-to-the-primary-region")
    first = world.table.region(US).update(KEY, {"stock": 5}, by="partner A")
    second = world.table.region(EU).update(KEY, {"stock": 7}, by="partner B")
    with pytest.raises(AssertionError, match=r"in eu-west-1 replaced .*: 5\}, .* which has not arrived there"):
        demand_conflict(world, [first, second])


def test_a_look_that_finds_what_it_should_is_inconclusive() -> None:
    world = open_table()
    with pytest.raises(InconclusiveError, match="eu-west-1 already shows PRODUCT#p / DETAILS as it was written last"):
        demand_nothing(world, world.table.question(KEY, EU), world.table.region(EU).query(KEY))


def test_a_look_that_finds_what_has_not_arrived_is_a_verdict() -> None:
    world = open_table("reads-go-to-the-primary-region")
    world.table.region(US).update(KEY, {"stock": 5})
    with pytest.raises(AssertionError, match=r"eu-west-1 should not show what has not arrived there .*: 5\}"):
        demand_nothing(world, world.table.question(KEY, EU), world.table.region(EU).query(KEY))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"operation": "PutItem"}, "no column operation .* use by, partner"),
        ({"action": "remove"}, "update or delete.* this is remove"),
        ({"action": "delete", "if_version": "1"}, "only an update has an if_version"),
    ],
    ids=["column", "action", "condition"],
)
def test_a_row_that_says_what_no_change_knows_is_refused(cells: dict[str, str], problem: str) -> None:
    world = open_table()
    with pytest.raises(ValueError, match=problem):
        change_of(world, "product", Row({"region": US, "at": "15:40:00", "partner": "A", **cells}))
