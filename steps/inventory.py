"""Scenario 2: pieces are sold in two regions: from a stock that is counted down, and as sales of their own.

A sale from the stock notes its region in the product: else two sales would leave the same item, and regions that have
never heard of each other would agree.
"""

from functools import partial

from pytest_bdd import given, parsers, then, when

from steps.changes import demand_done, demand_refusal, refused_side_by_side, side_by_side
from steps.conflicts import demand_conflict, reach_verdict
from steps.words import TYPES
from steps.world import World
from support.targets.global_table import GlobalTable
from support.verdicts.business_rules import sale_item, sale_to_call_off, stock_left
from support.verdicts.conflicts import contention
from support.verdicts.errors import ConditionFailedError, WrongImageError, WrongVersionError
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import difference

SALE = "SALE#"


@given(parsers.parse("only {pieces:d} piece is left", TYPES))
def set_stock(world: World, pieces: int) -> None:
    world.create("product", {**world.item("product"), "stock": pieces}, world.table.regions[0])
    world.agreement("product", world.limits.replication)


@when(parsers.parse("a piece is sold in {region:Region}", TYPES), target_fixture="sales")
def sell(world: World, region: str) -> list[Write]:
    key = world.key("product")
    return [demand_done(world.table, key, partial(sell_one, world.table, region, key))]


@when("a piece is sold in both regions at the same time", target_fixture="sales")
def sell_everywhere(world: World) -> list[Write]:
    """Two sales side by side. A refusal means that one region had heard of the other's sale already."""
    try:
        sales = side_by_side(
            world, [partial(sell_one, world.table, region, world.key("product")) for region in world.table.regions]
        )
    except ConditionFailedError:
        raise refused_side_by_side(world.table, world.created["product"]) from None
    world.findings.append(contention(sales))
    return sales


@when("a sale is recorded as an item of its own in both regions at the same time", target_fixture="recorded")
def record_everywhere(world: World) -> list[Write]:
    sales = {region: sale_item(world.key("product"), region, world.clock.now()) for region in world.table.regions}
    return side_by_side(
        world,
        [partial(world.table.region(region).put, sale, f"the sale in {region}") for region, sale in sales.items()],
    )


@then(parsers.parse("another sale in {region:Region} is refused", TYPES))
def refused(world: World, region: str) -> None:
    demand_refusal(partial(sell_one, world.table, region, world.key("product")), "no piece was left there")


@then(
    parsers.parse(
        "every read in {region:Region} shows a stock of {before:d} or {after:d}, and {last:d} within {limit:Duration}",
        TYPES,
    )
)
def stock_follows(
    world: World, sales: list[Write], region: str, before: int, after: int, last: int, limit: float
) -> None:
    """The looks of the wait are the reads: the old level, then the new one."""
    agreement = world.agreement("product", limit, region)
    levels = [look.image["stock"] if look.image else None for look in agreement.views.looks[region]]
    shown = ", ".join("no stock" if level is None else str(level) for level in levels)
    if not set(levels) <= {before, after}:
        raise WrongImageError(f"{region} should show a stock of {before} or {after}, and showed {shown}")
    if levels[-1] != last:
        raise WrongVersionError(f"{region} should show a stock of {last} in the end, and showed {shown}")
    delay = agreement.arrival(region)[1] - sales[-1].invoked
    world.findings.append(
        Finding("delay", f"{sales[-1].region} to {region}: the new level was visible after {delay:.2f} s")
    )


@then("both sales succeed, each in its own region")
def both_succeed(world: World, sales: list[Write]) -> None:
    demand_conflict(world.table, sales)
    sold = [sale.region for sale in sales]
    assert sold == list(world.table.regions), f"sold in {' and '.join(sold)}, not once in each region"


@then(parsers.parse("both regions hold a stock of {stock:d} within {limit:Duration}", TYPES))
def both_hold(world: World, stock: int, limit: float) -> None:
    image = world.agreement("product", limit).image or {}
    regions = " and ".join(world.table.regions)
    assert image.get("stock") == stock, f"{regions} hold a stock of {image.get('stock')}, not {stock}"


@then(parsers.parse("both regions hold a stock of {stock:d}, and the same last sale, within {limit:Duration}", TYPES))
def both_hold_one_sale(world: World, sales: list[Write], stock: int, limit: float) -> None:
    both_hold(world, stock, limit)
    reach_verdict(world.findings, sales, world.table.held(world.key("product")))


@then("one of the two sales has left no trace in the stock")
def lost_sale(world: World, sales: list[Write]) -> None:
    """Two pieces were sold, and the stock has fallen by one: the lost update."""
    before = sales[0].replaced or {}
    for region, image in world.table.held(world.key("product")).items():
        stock = (image or {}).get("stock")
        assert stock == before["stock"] - 1, (
            f"{region} holds a stock of {stock} after two sales at the same time, not {before['stock'] - 1}"
        )
    sold = "two sales at the same time lowered the stock by one: last writer wins lost a sale"
    world.findings.append(Finding("note", sold, (("stock before", str(before["stock"])), ("sold", "2"))))


@then(parsers.parse("both regions find {count:d} sales within {limit:Duration}", TYPES))
def find_sales(world: World, recorded: list[Write], count: int, limit: float) -> None:
    world.clock.run(*(world.table.convergence(sale.key, limit) for sale in recorded))
    for region in world.table.regions:
        found = sales_in(world, region)
        assert len(found) == count, (
            f"{region} has {len(recorded)} sales and should find {count}, and finds {len(found)}: "
            f"{', '.join(sale['SK'] for sale in found) or 'none'}; likely the query ends too early"
        )
        for sale in recorded:
            problem = difference(sale.left, next((each for each in found if Key.of(each) == sale.key), None))
            if problem:
                raise WrongImageError(f"a query in {region} does not show the sale {sale.key} as written: {problem}")


@then(parsers.parse("both regions derive a stock of {stock:d}", TYPES))
def derive_stock(world: World, stock: int) -> None:
    for region in world.table.regions:
        product = world.get("product", region)
        assert product is not None, f"{region} does not have the product"
        derived = stock_left(product, sales_in(world, region))
        assert derived == stock, f"{region} derives a stock of {derived}, not {stock}"
    world.findings.append(Finding("note", f"both regions derive a stock of {stock}: no sale was lost"))


@then("both regions name the same sale to be called off")
def same_sale(world: World) -> None:
    """A rule that needs nothing but the items, so that each region comes to the same answer by itself."""
    product = world.created["product"].left or {}
    sales = {region: sale_to_call_off(product, sales_in(world, region)) for region in world.table.regions}
    named = {region: sale["SK"] if sale else "none" for region, sale in sales.items()}
    in_turn = "; ".join(f"{region} names {sale}" for region, sale in named.items())
    assert "none" not in named.values(), f"each region should notice that too much was sold: {in_turn}"
    assert len(set(named.values())) == 1, f"the regions name different sales: {in_turn}"
    world.findings.append(Finding("note", f"both regions call off {named[world.table.regions[0]]}"))


def sell_one(global_table: GlobalTable, region: str, key: Key) -> Write:
    return global_table.region(region).take_one(key, "stock", {"last_sold_in": region}, by=f"the sale in {region}")


def sales_in(world: World, region: str) -> list[Image]:
    return world.table.region(region).items_of(world.key("product").pk, SALE)
