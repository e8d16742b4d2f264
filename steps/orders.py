"""Scenario 3: an order goes from region to region: created, paid, shipped, and read by fulfilment."""

from collections.abc import Sequence

from pytest_bdd import given, then, when

from steps.conflicts import change_of, side_by_side, wrongly_refused
from steps.words import Items, rows, sentence, time_of_day
from support.clock import Clock
from support.page.workshop import Participant
from support.targets.global_table import GlobalTable
from support.verdicts.business_rules import PAYMENT, STATES, first_step_back
from support.verdicts.errors import ConditionFailedError
from support.verdicts.findings import Finding, Findings
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import in_words


@given("this order of the participant:")
def plan_order(items: Items, participant: Participant, docstring: str) -> None:
    items.plan("order", participant.item(docstring, unique_id=f"{participant.name}-flow"))


@given("the order is in both regions")
def order_everywhere(items: Items, global_table: GlobalTable) -> None:
    create_order(items, global_table, global_table.regions[-1])
    global_table.agreement(items.key("order"), within=120)


@when(sentence("the order is created in {region:Region}"))
def create_order(items: Items, global_table: GlobalTable, region: str) -> None:
    items.creation("order", global_table.region(region).put(items.planned["order"], by="the customer"))


@when(sentence("it is paid in {region:Region} as soon as it has arrived there, within {limit:Duration}"))
@then(sentence("the payment succeeds once the order has arrived, within {limit:Duration}"))
def pay(items: Items, global_table: GlobalTable, findings: Findings, limit: float, region: str = "") -> None:
    """The payment is on condition that the order is there and not paid yet."""
    region = region or global_table.regions[0]
    waited = global_table.agreement(items.key("order"), limit, [region]).waited
    update_when(global_table, region, items.key("order"), PAYMENT, "the payment", {"status": "created"})
    findings.add(Finding("note", f"paid in {region} {waited:.2f} s after the wait for it began"))


@then(sentence("a payment in {region:Region} is refused, because its condition does not hold there yet"))
def payment_refused(items: Items, global_table: GlobalTable, region: str) -> None:
    try:
        paid = global_table.region(region).update(items.key("order"), PAYMENT, provided={"status": "created"})
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
def becomes(items: Items, global_table: GlobalTable, status: str, region: str, limit: float) -> None:
    """The next state is on condition that the order is paid here."""
    key = items.key("order")
    global_table.agreement(key, limit, [region])
    changes = {"status": status, "GSI2PK": f"STATUS#{status}"}
    update_when(global_table, region, key, changes, "shipping", {"status": "paid"})


@then(
    sentence(
        'fulfilment reads "{status:Text}", paid, from {one:Region} and from {other:Region} within {limit:Duration}'
    )
)
def fulfilment_reads(items: Items, global_table: GlobalTable, status: str, one: str, other: str, limit: float) -> None:
    """Whatever region is the nearest."""
    image = global_table.agreement(items.key("order"), limit, [one, other]).image or {}
    shown, paid = image.get("status"), image.get("paid_amount")
    assert (shown, paid) == (status, PAYMENT["paid_amount"]), (
        f'fulfilment reads "{shown}" and {paid} paid from {one} and {other}, '
        f'not "{status}" and {PAYMENT["paid_amount"]} paid'
    )


@then("no region showed a later state followed by an earlier one")
def no_step_back(items: Items, global_table: GlobalTable) -> None:
    """Over all reads of the scenario, region by region."""
    for region in global_table.regions:
        reads = global_table.history.reads(items.key("order"), region)
        states = [str(read.found["status"]) for read in reads if read.found]
        assert states, f"the order was not read in {region}: this shows nothing"
        back = first_step_back(states)
        assert back is None, f"{region} showed {back}; states are {' < '.join(STATES)}"


@when("these changes are made:", target_fixture="changes")
def make_changes(
    items: Items, global_table: GlobalTable, clock: Clock, findings: Findings, datatable: Sequence[Sequence[str]]
) -> list[Write]:
    key = items.key("order")
    changes = [(time_of_day(row["at"]), change_of(global_table, key, row, row["partner"])) for row in rows(datatable)]
    return side_by_side(clock, findings, changes)


@then(sentence("the order is not paid in any region, until the payment is made again in {region:Region}"))
def pay_again(items: Items, global_table: GlobalTable, findings: Findings, changes: list[Write], region: str) -> None:
    """What was dropped has to be noticed and done again: here the payment, when it lost."""
    lost = next(write for write in changes if "payment" in write.name)
    held: dict[str, Image | None] = global_table.held(items.key("order"))
    paid = [name for name, image in held.items() if image and "paid_amount" in image]
    assert not paid, f"{lost.name} has lost, and yet the order is paid in {', '.join(paid)}"
    global_table.region(region).update(items.key("order"), {"paid_amount": PAYMENT["paid_amount"]}, by="the payment")
    image = global_table.agreement(items.key("order"), within=120).image or {}
    assert "paid_amount" in image, f"the payment that was made again in {region} is not there: {in_words(image)}"
    assert image.get("status") == "shipping", (
        f'the payment in {region} has undone the shipping: the status is "{image.get("status")}", not "shipping"'
    )
    findings.add(Finding("note", f"the lost payment was made again in {region}, and both regions hold it"))


def update_when(global_table: GlobalTable, region: str, key: Key, changes: Image, by: str, provided: Image) -> None:
    """Update an item on a condition that holds in this region."""
    try:
        global_table.region(region).update(key, changes, by=by, provided=provided)
    except ConditionFailedError:
        raise wrongly_refused(global_table, key) from None
