"""Queries of the secondary indexes: what they find in each region, with which attributes, and in pages."""

from collections.abc import Sequence
from itertools import chain

from pytest_bdd import given, parsers, step, then, when

from steps.world import TYPES, World, rows
from support.verdicts.business_rules import becoming
from support.verdicts.convergence import Agreement, keys_of_index, until_found
from support.verdicts.errors import IndexDiffersError
from support.verdicts.history import Image, Key, Write

Reading = tuple[str, list[list[Image]]]
"""The index and the region that were asked, in words, and the pages of the query."""


@given(parsers.parse("these {things:Word} were created:", TYPES))
def create_each(world: World, things: str, datatable: Sequence[Sequence[str]]) -> None:
    for row in rows(datatable):
        name = row["unique-id"]
        world.create(name, world.item(things.removesuffix("s"), name), row["region"])


@given(parsers.parse("{count:d} orders were created in {region:Region}", TYPES))
@given(parsers.parse('{count:d} orders with the GSI2SK "{key:Text}" were created in {region:Region}', TYPES))
def create_many(world: World, count: int, region: str, key: str = "") -> None:
    create_orders(world, count, region, {"GSI2SK": key} if key else {})


@step(parsers.parse("both regions hold all of them within {limit:Duration}", TYPES))
def hold_all(world: World, limit: float) -> dict[Key, Agreement]:
    """An update in a region that does not have the order yet would make another item of it."""
    return world.agreements([write.key for write in world.created.values()], limit)


@when(parsers.parse('the order {name:Word} becomes "{status:Text}" in {region:Region}', TYPES))
def change_status(world: World, name: str, status: str, region: str) -> None:
    world.table.region(region).update(world.key(name), becoming(status))


@step(
    parsers.parse(
        'a query of {index:Word} in {region:Region} for "{value:Text}" '
        "finds the {things:Word} {wanted:Names} within {limit:Duration}",
        TYPES,
    ),
    target_fixture="entries",
)
@given(
    parsers.parse(
        'a query of {index:Word} in {region:Region} for "{value:Text}" finds all of them within {limit:Duration}', TYPES
    )
)
def index_finds(
    world: World, index: str, region: str, value: str, limit: float, wanted: tuple[str, ...] = ()
) -> list[Image]:
    return find_in_index(world, index, region, value, [world.key(name) for name in wanted or world.created], limit)


@then(
    parsers.parse(
        'no query of {index:Word} for "{one:Text}" or "{other:Text}" finds an order within {limit:Duration}', TYPES
    )
)
def index_finds_none(world: World, index: str, one: str, other: str, limit: float) -> None:
    for region in world.table.regions:
        for value in (one, other):
            find_in_index(world, index, region, value, [], limit)


@then(
    parsers.parse(
        'a query of {index:Word} in {region:Region} for "{value:Text}" now finds the order {name:Word}', TYPES
    )
)
def index_finds_now(world: World, index: str, region: str, value: str, name: str) -> None:
    """One look: what is pending may not matter."""
    if world.key(name) not in map(Key.of, entries_of(world, index, region, value)):
        raise IndexDiffersError(f"a query of {index} in {region} for {value} should find {world.key(name)}")


@then(parsers.parse("it gives the keys of the table and of {index:Word} only", TYPES))
def keys_only(entries: list[Image], index: str) -> None:
    for entry in entries:
        if set(entry) != keys_of_index(index):
            raise IndexDiffersError(f"{index} should give keys only, and gives {sorted(entry)}")


@when(
    parsers.parse(
        'the participant reads {index:Word} in {region:Region} for "{value:Text}" in pages of {size:d}', TYPES
    ),
    target_fixture="reading",
)
def read_pages(world: World, index: str, region: str, value: str, size: int) -> Reading:
    return f"{index} in {region}", world.table.region(region).query_index(index, value, page_size=size)


@then(parsers.parse("there are {least:d} pages at least, and none has more than {size:d} entries", TYPES))
def pages_are_limited(reading: Reading, least: int, size: int) -> None:
    """Other participants' orders may add pages."""
    what, pages = reading
    sizes = [len(page) for page in pages]
    found = f"and the query gives {len(sizes)}, with these numbers of entries: {sizes}"
    if max(sizes) > size:
        raise IndexDiffersError(
            f"{what} should come in pages of {size} entries at most, {found}: likely it ignores the Limit"
        )
    if len(sizes) < least:
        raise IndexDiffersError(
            f"{what} should come in {least} pages at least, {found}: likely the last page lacks LastEvaluatedKey"
        )


@then("each order is on one page, once")
def each_once(world: World, reading: Reading) -> None:
    what, pages = reading
    listed = [Key.of(entry) for page in pages for entry in page]
    counts = {write.key: listed.count(write.key) for write in world.created.values()}
    wrong = [f"{key} {count} times" for key, count in counts.items() if count != 1]
    if wrong:
        raise IndexDiffersError(
            f"the pages of {what} should list each order once, and list {', '.join(wrong)}: "
            "likely a page does not begin after the last entry of the one before"
        )


def create_orders(world: World, count: int, region: str, more: Image | None = None) -> list[Write]:
    numbers = range(len(world.created) + 1, len(world.created) + count + 1)
    items = {f"number-{number:02}": world.item("order", f"number-{number:02}") for number in numbers}
    return [world.create(name, {**item, **(more or {})}, region, f"order {name}") for name, item in items.items()]


def entries_of(world: World, index: str, region: str, value: str) -> list[Image]:
    return list(chain(*world.table.region(region).query_index(index, value)))


def find_in_index(
    world: World, index: str, region: str, value: str, expected: Sequence[Key], limit: float
) -> list[Image]:
    own = {write.key for write in world.created.values()}
    writes = [write for key in own for write in world.table.history.writes(key)]
    once = {write.key for write in writes if (write.new_image or {}).get(f"{index}PK") == value}
    (found,) = world.clock.run(
        until_found(
            query=lambda: entries_of(world, index, region, value),
            region=region,
            index=index,
            value=value,
            expected=expected,
            own=own.__contains__,
            once=once,
            policy=world.table.poll_policy(limit),
            settling=world.table.settling({*expected, *once}, [region]),
            arrived=lambda key: world.table.has_last_version(key, region),
        )
    )
    return found
