"""Scenario 2: pieces are sold in two regions: from a stock that is counted down, and as sales of their own.

A sale from the stock notes its region in the product: else two sales would leave the same item, and regions that have
never heard of each other would agree.
"""

from collections.abc import Callable

from pytest_bdd import given, then, when

from steps.conflicts import demand_conflict, reach_verdict, refused_side_by_side, wrongly_refused
from steps.words import sentence
from steps.world import World
from support.clock import Task
from support.targets.global_table import GlobalTable
from support.verdicts.business_rules import sale_item, sale_to_call_off, stock_left
from support.verdicts.conflicts.verdict import contention
from support.verdicts.errors import ConditionFailedError, WrongImageError, WrongVersionError
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import in_words

SALE = "SALE#"


@given("the product of the page is in both regions:")
def create_product(world: World, docstring: str) -> None:
    put_product(world, world.participant.item(docstring, unique_id=world.participant.name))


@given(sentence("only {pieces:d} piece is left"))
def set_stock(world: World, pieces: int) -> None:
    put_product(world, {**world.items.planned["product"], "stock": pieces})


@when(sentence("a piece is sold in {region:Region}"), target_fixture="sales")
def sell(world: World, region: str) -> list[Write]:
    try:
        return [sell_one(world.table, region, world.items.key("product"))]
    except ConditionFailedError:
        raise wrongly_refused(world.table, world.items.key("product")) from None


@when("a piece is sold in both regions at the same time", target_fixture="sales")
def sell_everywhere(world: World) -> list[Write]:
    """Two sales side by side. A refusal means that one region had heard of the other's sale already."""
    key = world.items.key("product")
    try:
        sales = world.clock.run(*(sell_later(world.table, region, key) for region in world.table.regions))
    except ConditionFailedError:
        raise refused_side_by_side(world.table, world.items.created["product"]) from None
    world.findings.add(contention(sales))
    return sales


@when("a sale is recorded as an item of its own in both regions at the same time", target_fixture="recorded")
def record_everywhere(world: World) -> list[Write]:
    """Two sales, each an item with a key of its own."""
    product = world.items.key("product")
    return world.clock.run(
        *(
            world.table.region(region).put_later(
                sale_item(product, region, world.clock.now()), by=f"the sale in {region}"
            )
            for region in world.table.regions
        )
    )


@then(sentence("another sale in {region:Region} is refused"))
def refused(world: World, region: str) -> None:
    """The condition does not hold in this region."""
    try:
        sale = sell_one(world.table, region, world.items.key("product"))
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{region} should refuse {sale.name}, because no piece was left there, and did it: it left "
        f"{in_words(sale.left)}; likely the condition was not checked"
    )


@then(
    sentence(
        "every read in {region:Region} shows a stock of {before:d} or {after:d}, and {last:d} within {limit:Duration}"
    )
)
def stock_follows(
    world: World, sales: list[Write], region: str, before: int, after: int, last: int, limit: float
) -> None:
    """The looks of the wait are the reads: the old level, then the new one."""
    agreement = world.table.agreement(world.items.key("product"), limit, [region])
    levels = [look.image["stock"] if look.image else None for look in agreement.views.looks[region]]
    shown = ", ".join("no stock" if level is None else str(level) for level in levels)
    if not set(levels) <= {before, after}:
        raise WrongImageError(f"{region} should show a stock of {before} or {after}, and showed {shown}")
    if levels[-1] != last:
        raise WrongVersionError(f"{region} should show a stock of {last} in the end, and showed {shown}")
    delay = agreement.arrival(region)[1] - sales[-1].invoked
    world.findings.add(
        Finding("delay", f"{sales[-1].region} to {region}: the new level was visible after {delay:.2f} s")
    )


@then("both sales succeed, each in its own region")
def both_succeed(world: World, sales: list[Write]) -> None:
    """No condition was refused: each region had the piece."""
    demand_conflict(world.table, sales)
    sold = [sale.region for sale in sales]
    assert sold == list(world.table.regions), f"sold in {' and '.join(sold)}, not once in each region"


@then(sentence("both regions hold a stock of {stock:d} within {limit:Duration}"))
def both_hold(world: World, stock: int, limit: float) -> None:
    image = world.table.agreement(world.items.key("product"), limit).image or {}
    regions = " and ".join(world.table.regions)
    assert image.get("stock") == stock, f"{regions} hold a stock of {image.get('stock')}, not {stock}"


@then(sentence("both regions hold a stock of {stock:d}, and the same last sale, within {limit:Duration}"))
def both_hold_one_sale(world: World, sales: list[Write], stock: int, limit: float) -> None:
    both_hold(world, stock, limit)
    reach_verdict(world.findings, sales, world.table.held(world.items.key("product")))


@then("one of the two sales has left no trace in the stock")
def lost_sale(world: World, sales: list[Write]) -> None:
    """Two pieces were sold, and the stock has fallen by one: the lost update."""
    before = sales[0].replaced or {}
    for region, image in world.table.held(world.items.key("product")).items():
        stock = (image or {}).get("stock")
        assert stock == before["stock"] - 1, (
            f"{region} holds a stock of {stock} after two sales at the same time, not {before['stock'] - 1}"
        )
    sold = "two sales at the same time lowered the stock by one: last writer wins lost a sale"
    world.findings.add(Finding("note", sold, (("stock before", str(before["stock"])), ("sold", "2"))))


@then(sentence("both regions find {count:d} sales within {limit:Duration}"))
def find_sales(world: World, recorded: list[Write], count: int, limit: float) -> None:
    world.clock.run(*(world.table.convergence(sale.key, limit) for sale in recorded))
    for region in world.table.regions:
        found = sales_in(world.table, region, recorded[0].key)()
        assert len(found) == count, (
            f"{region} has {len(recorded)} sales and should find {count}, and finds {len(found)}: "
            f"{', '.join(sale['SK'] for sale in found) or 'none'}; likely the query ends too early"
        )


@then(sentence("both regions derive a stock of {stock:d}"))
def derive_stock(world: World, stock: int) -> None:
    key = world.items.key("product")
    for region in world.table.regions:
        product = world.table.region(region).get(key)
        assert product is not None, f"{region} does not have the product"
        derived = stock_left(product, sales_in(world.table, region, key)())
        assert derived == stock, f"{region} derives a stock of {derived}, not {stock}"
    world.findings.add(Finding("note", f"both regions derive a stock of {stock}: no sale was lost"))


@then("both regions name the same sale to be called off")
def same_sale(world: World) -> None:
    """A rule that needs nothing but the items, so that each region comes to the same answer by itself."""
    key = world.items.key("product")
    product = world.items.planned["product"]
    named = {region: sale_to_call_off(product, sales_in(world.table, region, key)()) for region in world.table.regions}
    in_turn = "; ".join(f"{region} names {sale['SK'] if sale else 'none'}" for region, sale in named.items())
    assert None not in named.values(), f"each region should notice that too much was sold: {in_turn}"
    assert len({Key.of(sale) for sale in named.values() if sale}) == 1, f"the regions name different sales: {in_turn}"
    world.findings.add(Finding("note", f"both regions call off {next(sale['SK'] for sale in named.values() if sale)}"))


def put_product(world: World, product: Image) -> None:
    world.items.plan("product", product)
    world.items.creation("product", world.table.region(world.table.regions[0]).put(product))
    world.table.agreement(world.items.key("product"), within=120)


def sell_later(global_table: GlobalTable, region: str, key: Key) -> Task[Write]:
    yield 0.0
    return sell_one(global_table, region, key)


def sell_one(global_table: GlobalTable, region: str, key: Key) -> Write:
    return global_table.region(region).take_one(key, "stock", {"last_sold_in": region}, by=f"the sale in {region}")


def sales_in(global_table: GlobalTable, region: str, product: Key) -> Callable[[], list[Image]]:
    return lambda: global_table.region(region).query_prefix(product.pk, SALE)
