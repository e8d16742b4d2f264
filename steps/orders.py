"""Scenario 3: an order goes from region to region: created, paid, shipped, and read by fulfilment."""

from collections.abc import Sequence

from pytest_bdd import given, then, when

from steps.conflicts import change_of, side_by_side, wrongly_refused
from steps.words import rows, sentence, time_of_day
from steps.world import World
from support.targets.global_table import GlobalTable
from support.verdicts.business_rules import PAYMENT, STATES, first_step_back
from support.verdicts.errors import ConditionFailedError, WrongVersionError
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import in_words


@given("this order of the participant:")
def plan_order(world: World, docstring: str) -> None:
    world.items.plan("order", world.participant.item(docstring, unique_id=f"{world.participant.name}-flow"))


@given("the order is in both regions")
def order_everywhere(world: World) -> None:
    create_order(world, world.table.regions[-1])
    world.table.agreement(world.items.key("order"), within=120)


@when(sentence("the order is created in {region:Region}"))
def create_order(world: World, region: str) -> None:
    world.items.creation("order", world.table.region(region).put(world.items.planned["order"], by="the customer"))


@when(sentence("it is paid in {region:Region} as soon as it has arrived there, within {limit:Duration}"))
@then(sentence("the payment succeeds once the order has arrived, within {limit:Duration}"))
def pay(world: World, limit: float, region: str = "") -> None:
    """The payment is on condition that the order is there and not paid yet."""
    region = region or world.table.regions[0]
    waited = world.table.agreement(world.items.key("order"), limit, [region]).waited
    update_when(world.table, region, world.items.key("order"), PAYMENT, "the payment", {"status": "created"})
    world.findings.add(Finding("note", f"paid in {region} {waited:.2f} s after the wait for it began"))


@then(sentence("a payment in {region:Region} is refused, because its condition does not hold there yet"))
def payment_refused(world: World, region: str) -> None:
    try:
        paid = world.table.region(region).update(world.items.key("order"), PAYMENT, provided={"status": "created"})
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{region} should refuse a payment for an order that has not arrived there, and took it: it left "
        f"{in_words(paid.left)}; likely the order was there already, or the condition was not checked"
    )


@when(
    sentence(
        'it becomes "{status:Text}" in {region:Region} as soon as the payment is known there, within {limit:Duration}'
    )
)
def becomes(world: World, status: str, region: str, limit: float) -> None:
    """The next state is on condition that the order is paid here."""
    key = world.items.key("order")
    world.table.agreement(key, limit, [region])
    changes = {"status": status, "GSI2PK": f"STATUS#{status}"}
    update_when(world.table, region, key, changes, "shipping", {"status": "paid"})


@then(
    sentence(
        'fulfilment reads that the order is paid, and its status "{status:Text}", '
        "from {one:Region} and from {other:Region} within {limit:Duration}"
    )
)
def fulfilment_reads(world: World, status: str, one: str, other: str, limit: float) -> None:
    """Whatever region is the nearest."""
    image = world.table.agreement(world.items.key("order"), limit, [one, other]).image or {}
    shown, paid = image.get("status"), image.get("paid_amount")
    if (shown, paid) != (status, PAYMENT["paid_amount"]):
        raise WrongVersionError(
            f'fulfilment reads "{shown}" and {paid} paid from {one} and {other}, '
            f'not "{status}" and {PAYMENT["paid_amount"]} paid'
        )


@then("no region showed a later state followed by an earlier one")
def no_step_back(world: World) -> None:
    """Over all reads of the scenario, region by region."""
    for region in world.table.regions:
        reads = world.table.history.reads(world.items.key("order"), region)
        states = [str(read.found["status"]) for read in reads if read.found]
        if not states:
            raise WrongVersionError(f"the order was not read in {region}: this shows nothing")
        back = first_step_back(states)
        if back is not None:
            raise WrongVersionError(f"{region} showed {back}; states are {' < '.join(STATES)}")


@when("these changes are made:", target_fixture="changes")
def make_changes(world: World, datatable: Sequence[Sequence[str]]) -> list[Write]:
    key = world.items.key("order")
    changes = [(time_of_day(row["at"]), change_of(world.table, key, row, row["partner"])) for row in rows(datatable)]
    return side_by_side(world, changes)


@then(sentence("the order is not paid in any region, until the payment is made again in {region:Region}"))
def pay_again(world: World, changes: list[Write], region: str) -> None:
    """What was dropped has to be noticed and done again: here the payment, when it lost."""
    lost = next(write for write in changes if "payment" in write.name)
    held: dict[str, Image | None] = world.table.held(world.items.key("order"))
    paid = [name for name, image in held.items() if image and "paid_amount" in image]
    assert not paid, f"{lost.name} has lost, and yet the order is paid in {', '.join(paid)}"
    world.table.region(region).update(
        world.items.key("order"), {"paid_amount": PAYMENT["paid_amount"]}, by="the payment"
    )
    image = world.table.agreement(world.items.key("order"), within=120).image or {}
    assert "paid_amount" in image, f"the payment that was made again in {region} is not there: {in_words(image)}"
    assert image.get("status") == "shipping", (
        f'the payment in {region} has undone the shipping: the status is "{image.get("status")}", not "shipping"'
    )
    world.findings.add(Finding("note", f"the lost payment was made again in {region}, and both regions hold it"))


def update_when(global_table: GlobalTable, region: str, key: Key, changes: Image, by: str, provided: Image) -> None:
    """Update an item on a condition that holds in this region."""
    try:
        global_table.region(region).update(key, changes, by=by, provided=provided)
    except ConditionFailedError:
        raise wrongly_refused(global_table, key) from None
