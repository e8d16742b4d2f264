"""A version inside the item: a condition on it protects within one region, and not from the other."""

from collections.abc import Sequence

from pytest_bdd import parsers, then, when

from steps.conflicts import Change, refused_side_by_side, side_by_side
from steps.words import TYPES, rows, time_of_day
from steps.world import World
from support.targets.global_table import GlobalTable
from support.verdicts.errors import ConditionFailedError
from support.verdicts.history import Key, Write
from support.verdicts.images import in_words

VERSION = "version"


@when(
    parsers.parse("the partners change the order, each on condition that its version is {version:d}:", TYPES),
    target_fixture="changes",
)
def change_on_condition(world: World, version: int, datatable: Sequence[Sequence[str]]) -> list[Write]:
    """The condition is checked against what the partner's own region holds."""
    key = world.items.key("order")
    changes = [(time_of_day(row["at"]), change_of_version(world.table, key, row, version)) for row in rows(datatable)]
    try:
        return side_by_side(world, changes)
    except ConditionFailedError:
        raise refused_side_by_side(world.table, world.items.created["order"]) from None


@then(parsers.parse("another change in {region:Region} on condition that the version is {version:d} is refused", TYPES))
def refused(world: World, region: str, version: int) -> None:
    """In one region the version protects."""
    try:
        change = world.table.region(region).update(
            world.items.key("order"), {"total_amount": 1}, provided={VERSION: version}
        )
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{region} should refuse a change on condition that the version is {version}, and did it: it left "
        f"{in_words(change.left)}; likely the condition was not checked"
    )


def change_of_version(global_table: GlobalTable, key: Key, row: dict[str, str], version: int) -> Change:
    """Change the order and count its version up, on condition of the version."""
    region = global_table.region(row["region"])
    changes = {"total_amount": int(row["total_amount"]), VERSION: version + 1}
    return lambda: region.update(key, changes, by=f"partner {row['partner']}", provided={VERSION: version})
