"""Scenario 3: an order goes from region to region: created, paid, shipped, and read by fulfilment."""

from pytest_bdd import given, parsers, then, when

from steps.changes import demand_done, demand_refusal
from steps.items import create
from steps.words import TYPES
from steps.world import World
from support.verdicts.business_rules import PAYMENT, STATES, becoming, first_step_back
from support.verdicts.errors import WrongVersionError
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Write
from support.verdicts.images import in_words


@given("the order is in both regions")
def order_everywhere(world: World) -> None:
    create(world, "order", world.table.regions[-1])
    world.agreement("order", world.limits.replication)


@when(parsers.parse("the order is created in {region:Region}", TYPES))
def create_order(world: World, region: str) -> None:
    world.create("order", world.item("order"), region, by="the customer")


@when(parsers.parse("it is paid in {region:Region} as soon as it has arrived there, within {limit:Duration}", TYPES))
@then(parsers.parse("the payment succeeds once the order has arrived, within {limit:Duration}", TYPES))
def pay(world: World, limit: float, region: str = "") -> None:
    """The payment is on condition that the order is there and not paid yet."""
    region = region or world.table.regions[0]
    waited = update_when(world, "created", region, limit, PAYMENT, "the payment")
    world.findings.append(Finding("note", f"paid in {region} {waited:.2f} s after the wait for it began"))


@then(parsers.parse("a payment in {region:Region} is refused, because its condition does not hold there yet", TYPES))
def payment_refused(world: World, region: str) -> None:
    replica, key = world.table.region(region), world.key("order")
    demand_refusal(
        lambda: replica.update(key, PAYMENT, by="the payment", provided={"status": "created"}),
        "the order has not arrived there",
    )


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
    """Whatever region is the nearest."""
    image = world.agreement("order", limit, one, other).image or {}
    shown, paid = image.get("status"), image.get("paid_amount")
    if (shown, paid) != (status, PAYMENT["paid_amount"]):
        raise WrongVersionError(
            f'fulfilment reads "{shown}" and {paid} paid from {one} and {other}, '
            f'not "{status}" and {PAYMENT["paid_amount"]} paid'
        )


@then("no region showed a later state followed by an earlier one")
def no_step_back(world: World) -> None:
    for region in world.table.regions:
        reads = world.table.history.reads(world.key("order"), region)
        states = [str(read.found["status"]) for read in reads if read.found]
        if not states:
            raise WrongVersionError(f"the order was not read in {region}: this shows nothing")
        back = first_step_back(states)
        if back is not None:
            raise WrongVersionError(f"{region} showed {back}; states are {' < '.join(STATES)}")


@then(parsers.parse("the order is not paid in any region, until the payment is made again in {region:Region}", TYPES))
def pay_again(world: World, changes: list[Write], region: str) -> None:
    """What was dropped has to be noticed and done again: here the payment, when it lost."""
    lost = next(write for write in changes if "payment" in write.name)
    held = world.table.held(world.key("order"))
    paid = [name for name, image in held.items() if image and "paid_amount" in image]
    assert not paid, f"{lost.name} has lost, and yet the order is paid in {', '.join(paid)}"
    world.table.region(region).update(world.key("order"), {"paid_amount": PAYMENT["paid_amount"]}, by="the payment")
    image = world.agreement("order", world.limits.replication).image or {}
    assert "paid_amount" in image, f"the payment that was made again in {region} is not there: {in_words(image)}"
    assert image.get("status") == "shipping", (
        f'the payment in {region} has undone the shipping: the status is "{image.get("status")}", not "shipping"'
    )
    world.findings.append(Finding("note", f"the lost payment was made again in {region}, and both regions hold it"))


def update_when(world: World, status: str, region: str, limit: float, changes: Image, by: str) -> float:
    """Update the order once it has arrived in a region, on condition that it has this status; the seconds waited."""
    waited = world.agreement("order", limit, region).waited
    replica, key = world.table.region(region), world.key("order")
    demand_done(world.table, key, lambda: replica.update(key, changes, by=by, provided={"status": status}))
    return waited
