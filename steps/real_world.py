"""The page's real-world scenarios: a user logs in, pieces are sold in two regions, an order goes from region to region.

A sale from the stock notes its region in the product: else two sales would leave the same item, and regions that have
never heard of each other would agree.
"""

from collections.abc import Sequence
from functools import partial

from pytest_bdd import given, parsers, then, when

from steps.conflicts import demand_refusal, make
from steps.items import await_arrival, create, demand_consistent, note_replication, read_again
from steps.world import TYPES, World
from support.verdicts.business_rules import PAYMENT, becoming, sale_item, sale_to_call_off, stock_left
from support.verdicts.errors import WrongVersionError
from support.verdicts.history import Image, Read, Write
from support.verdicts.images import difference


@when(parsers.parse("the user logs in in {region:Region} at {moment}", TYPES), target_fixture="login")
def log_in(world: World, region: str, moment: str) -> Write:
    changes = {"last_login": f"2025-08-11T{moment}Z", "last_login_region": region}
    login = partial(world.table.region(region).update, world.key("profile"), changes, by="the login")
    return make(world, [login], [moment])[0]


@then(
    parsers.parse(
        "the app in {region:Region} shows the login of {moment} in {origin:Region} within {limit:Duration}", TYPES
    )
)
def login_visible(world: World, login: Write, region: str, moment: str, origin: str, limit: float) -> None:
    note_replication(world, await_arrival(world, login, region, limit))
    login_visible_at_once(world, region, moment, origin)


@then(parsers.parse("the app in {region:Region} already shows the login of {moment} in {origin:Region}", TYPES))
def login_visible_at_once(world: World, region: str, moment: str, origin: str) -> None:
    profile = world.get("profile", region) or {}
    shown = profile.get("last_login"), profile.get("last_login_region")
    if shown != (f"2025-08-11T{moment}Z", origin):
        raise WrongVersionError(
            f"the app in {region} should show the login of {moment} in {origin}, "
            f"and shows that of {shown[0]} in {shown[1]}"
        )


@then(parsers.parse("the app in {region:Region} still shows the previous login", TYPES))
def previous_login(world: World, region: str) -> None:
    if problem := difference(world.created["profile"].new_image, world.get("profile", region)):
        raise WrongVersionError(f"the profile in {region} is not the one with the previous login: {problem}")


@when(
    parsers.parse("the app in {region:Region} reads the profile again and again for {seconds:Duration}", TYPES),
    target_fixture="reads",
)
def read_profile(world: World, region: str, seconds: float) -> list[Read]:
    return read_again(world, "profile", region, seconds)


@then("each read shows the previous login or the recent one, whole, and never the previous one after the recent one")
def one_whole_login(world: World, reads: list[Read]) -> None:
    """The last read has to show the recent one: else this shows nothing."""
    demand_consistent(world, reads)


@given(parsers.parse("only {pieces:d} piece is left", TYPES))
def set_stock(world: World, pieces: int) -> None:
    world.create("product", {**world.item("product"), "stock": pieces}, world.table.regions[0])
    world.agreement("product", world.limits.replication)


@when(parsers.parse("a piece is sold in {region:Region}", TYPES), target_fixture="changes")
@when("a piece is sold in both regions at the same time", target_fixture="changes")
def sell(world: World, region: str = "") -> list[Write]:
    """On condition that there is one. A refusal may mean that a region had heard of the other's sale already."""
    return make(world, [partial(sell_one, world, each) for each in ([region] if region else world.table.regions)])


@then(parsers.parse("another sale in {region:Region} is refused", TYPES))
def sale_refused(world: World, region: str) -> None:
    demand_refusal(partial(sell_one, world, region), "no piece was left there")


@then(
    parsers.parse(
        "every read in {region:Region} shows a stock of {before:d} or {after:d}, and {last:d} within {limit:Duration}",
        TYPES,
    )
)
def stock_follows(
    world: World, changes: list[Write], region: str, before: int, after: int, last: int, limit: float
) -> None:
    """The looks of the wait are the reads: the old level, then the new one."""
    sale = changes[-1]
    replication = await_arrival(world, sale, region, limit)
    reads = [each for each in world.table.history.reads(sale.key, region) if each.number > sale.number]
    levels = [read.found["stock"] if read.found else None for read in reads]
    if not set(levels) <= {before, after} or levels[-1] != last:
        shown = ", ".join("no stock" if level is None else str(level) for level in dict.fromkeys(levels))
        expected = f"a stock of {before} or {after}, and {last} in the end"
        raise WrongVersionError(f"{region} should show {expected}, and showed {shown}")
    note_replication(world, replication)


@then(parsers.parse("both regions hold a stock of {stock:d} within {limit:Duration}", TYPES))
def both_hold(world: World, stock: int, limit: float) -> None:
    image = world.agreement("product", limit).image or {}
    regions = " and ".join(world.table.regions)
    assert image.get("stock") == stock, f"{regions} hold a stock of {image.get('stock')}, not {stock}"


@then("the other one has left no trace in the stock")
def lost_sale(world: World, changes: list[Write]) -> None:
    before = (changes[0].old_image or {})["stock"]
    both_hold(world, before - 1, 0.0)
    sold = "two sales at the same time lowered the stock by one: last writer wins lost a sale"
    world.note(sold, ("stock before", str(before)), ("sold", "2"))


@when("a sale is recorded as an item of its own in both regions at the same time", target_fixture="recorded")
def record_everywhere(world: World) -> list[Write]:
    sales = {region: sale_item(world.key("product"), region, world.clock.now()) for region in world.table.regions}
    return make(
        world, [partial(world.table.region(name).put, sale, f"the sale in {name}") for name, sale in sales.items()]
    )


@then(parsers.parse("both regions find {count:d} sales within {limit:Duration}", TYPES))
def find_sales(world: World, recorded: list[Write], count: int, limit: float) -> None:
    world.agreements([sale.key for sale in recorded], limit)
    for region in world.table.regions:
        found = sales_in(world, region)
        lacking = [str(sale.key) for sale in recorded if sale.new_image not in found]
        assert (len(found), lacking) == (count, []), (
            f"{region} has {len(recorded)} sales and should find {count}, and finds {len(found)}: it lacks, or shows "
            f"otherwise than they were recorded, {', '.join(lacking) or 'none'}; likely the query ends too early"
        )


@then(parsers.parse("both regions derive a stock of {stock:d}", TYPES))
def derive_stock(world: World, stock: int) -> None:
    for region in world.table.regions:
        product = world.get("product", region)
        assert product is not None, f"{region} does not have the product"
        derived = stock_left(product, sales_in(world, region))
        assert derived == stock, f"{region} derives a stock of {derived}, not {stock}"
    world.note(f"both regions derive a stock of {stock}: no sale was lost")


@then("both regions name the same sale to be called off")
def same_sale(world: World) -> None:
    """A rule that needs nothing but the items, so that each region comes to the same answer by itself."""
    product = world.created["product"].new_image or {}
    sales = {region: sale_to_call_off(product, sales_in(world, region)) for region in world.table.regions}
    named = {region: sale and sale["SK"] for region, sale in sales.items()}
    in_turn = "; ".join(f"{region} names {sale or 'none'}" for region, sale in named.items())
    assert all(sales.values()), f"each region should notice that too much was sold: {in_turn}"
    assert len(set(named.values())) == 1, f"the regions name different sales: {in_turn}"
    world.note(f"both regions call off {named[world.table.regions[0]]}")


@given("the order is in both regions")
def order_everywhere(world: World) -> None:
    create(world, "order", world.table.regions[-1])
    world.agreement("order", world.limits.replication)


@when(parsers.parse("it is paid in {region:Region} as soon as it has arrived there, within {limit:Duration}", TYPES))
@then(parsers.parse("the payment succeeds once the order has arrived, within {limit:Duration}", TYPES))
def pay(world: World, limit: float, region: str = "") -> None:
    """The payment is on condition that the order is there and not paid yet."""
    region = region or world.table.regions[0]
    waited = update_when(world, "created", region, limit, PAYMENT, "the payment")
    world.note(f"paid in {region} {waited:.2f} s after the wait for it began")


@then(parsers.parse("a payment in {region:Region} is refused, because its condition does not hold there yet", TYPES))
def payment_refused(world: World, region: str) -> None:
    demand_refusal(on_condition(world, "created", region, PAYMENT, "the payment"), "the order has not arrived there")


@when(
    parsers.parse(
        'it becomes "{status:Text}" in {region:Region} as soon as the payment is known there, within {limit:Duration}',
        TYPES,
    )
)
def becomes(world: World, status: str, region: str, limit: float) -> None:
    update_when(world, "paid", region, limit, becoming(status), "shipping")


@then(
    parsers.parse(
        'fulfilment reads that the order is paid, and its status "{status:Text}", '
        "from {one:Region} and from {other:Region} within {limit:Duration}",
        TYPES,
    )
)
def fulfilment_reads(world: World, status: str, one: str, other: str, limit: float) -> None:
    demand_paid(world, status, limit, one, other)


@then("no region showed a later state followed by an earlier one")
def no_step_back(world: World) -> None:
    for region in world.table.regions:
        demand_consistent(world, world.table.history.reads(world.key("order"), region))


@then(parsers.parse("the order is not paid in any region, until the payment is made again in {region:Region}", TYPES))
def pay_again(world: World, region: str) -> None:
    """What was dropped has to be noticed and done again: here the payment, when it lost."""
    key = world.key("order")
    paid = [name for name, image in world.table.held(key).items() if image and "paid_amount" in image]
    assert not paid, f"the payment has lost, and yet the order is paid in {', '.join(paid)}"
    world.table.region(region).update(key, {"paid_amount": PAYMENT["paid_amount"]}, by="the payment")
    demand_paid(world, "shipping", world.limits.replication)
    world.note(f"the lost payment was made again in {region}, and both regions hold it")


def sell_one(world: World, region: str) -> Write:
    key, note = world.key("product"), {"last_sold_in": region}
    return world.table.region(region).decrement(key, "stock", note, by=f"the sale in {region}")


def sales_in(world: World, region: str) -> Sequence[Image]:
    return world.table.region(region).items_of(world.key("product").pk, "SALE#")


def on_condition(world: World, status: str, region: str, changes: Image, by: str) -> partial[Write]:
    """An update of the order on condition that it has this status."""
    return partial(world.table.region(region).update, world.key("order"), changes, by, {"status": status})


def update_when(world: World, status: str, region: str, limit: float, changes: Image, by: str) -> float:
    """Update the order once it has arrived in a region, on condition that it has this status; the seconds waited."""
    waited = world.agreement("order", limit, region).waited
    make(world, [on_condition(world, status, region, changes, by)])
    return waited


def demand_paid(world: World, status: str, limit: float, *regions: str) -> None:
    """These regions (else all) have to hold the order in this status, and paid."""
    image = world.agreement("order", limit, *regions).image or {}
    shown, paid = image.get("status"), image.get("paid_amount")
    if (shown, paid) != (status, PAYMENT["paid_amount"]):
        where = " and ".join(regions or world.table.regions)
        wanted = f'"{status}" and {PAYMENT["paid_amount"]} paid'
        raise WrongVersionError(f'the order should be {wanted} in {where}, and is "{shown}" and {paid} paid')
