"""Items: creating them in one region, finding them in the other, comparing what each region holds."""

import pytest
from pytest_bdd import given, then, when

from steps.words import Items, sentence
from support.clock import Clock
from support.page.workshop import Participant
from support.targets.global_table import GlobalTable
from support.verdicts.convergence.agreement import Agreement
from support.verdicts.delays.timings import Replication, Sample
from support.verdicts.errors import InconclusiveError
from support.verdicts.findings import Findings
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import difference, in_words


@pytest.fixture
def items() -> Items:
    return Items()


@given(sentence("the global user of the page:"))
def plan_user(items: Items, participant: Participant, docstring: str) -> None:
    items.plan("user", participant.item(docstring))


@given(sentence("the product of the page:"))
def plan_product(items: Items, participant: Participant, docstring: str) -> None:
    items.plan("product", participant.item(docstring, unique_id=participant.name))


@given(sentence("the product of the US region:"))
def plan_other_product(items: Items, participant: Participant, docstring: str) -> None:
    items.plan("other product", participant.item(docstring, unique_id=participant.name))


@when(sentence("the participant creates the {thing:Word} in {region:Region} and notes the time"))
def create(items: Items, global_table: GlobalTable, thing: str, region: str) -> None:
    """A PutItem; the time before it is the start of every delay."""
    items.creation(thing, global_table.region(region).put(items.planned[thing]))


@when("both products are created at the same time, each in its own region")
def create_both(items: Items, global_table: GlobalTable, clock: Clock) -> None:
    names = list(items.planned)
    put = [
        global_table.region(str(items.planned[name]["region_created"])).put_later(items.planned[name]) for name in names
    ]
    for name, write in zip(names, clock.run(*put), strict=True):
        items.creation(name, write)


@given(sentence("it has reached {region:Region} within {limit:Duration}"))
@when(sentence("it has reached {region:Region} within {limit:Duration}"))
def has_reached(
    items: Items, global_table: GlobalTable, clock: Clock, findings: Findings, region: str, limit: float
) -> None:
    replication = await_arrival(items.it, global_table, clock, region, limit)
    findings.add(replication.finding())


FINDS = 'a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds'


@then(sentence(f"{FINDS} the {{thing:Word}} within {{limit:Duration}}"), target_fixture="replication")
def finds_within(
    items: Items, global_table: GlobalTable, participant: Participant, clock: Clock,
    region: str, pk: str, sk: str, thing: str, limit: float,
) -> Replication:  # fmt: skip
    """Query again and again; the last query that missed and the first that hit are kept."""
    named_key(items, participant, thing, pk, sk)
    return await_arrival(items.created[thing], global_table, clock, region, limit)


@then(sentence('the first query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds the {thing:Word}'))
def finds_at_once(
    items: Items, global_table: GlobalTable, participant: Participant, region: str, pk: str, sk: str, thing: str
) -> None:
    key = named_key(items, participant, thing, pk, sk)
    problem = difference(items.planned[thing], global_table.region(region).query(key))
    if problem:
        explanation = global_table.explain(key, region)
        raise AssertionError(f"the first query for {key} in {region}: {problem}\n  {explanation}")


@then(sentence(f"{FINDS} nothing yet"))
@then(sentence(f"{FINDS} nothing"))
def finds_nothing(global_table: GlobalTable, participant: Participant, region: str, pk: str, sk: str) -> None:
    key = Key(participant.fill(pk, unique_id=participant.name), sk)
    found = global_table.region(region).query(key)
    likely = "another region answers, or nothing delays replication" if same_key(found, key) else "any spelling matches"
    assert found is None, (
        f"a query in {region} for {key} should find nothing, and finds {in_words(found)}: likely {likely}"
    )


@then(sentence(f"after {{pause:Duration}} {FINDS} nothing yet"))
def still_finds_nothing(
    global_table: GlobalTable, participant: Participant, clock: Clock, pause: float, region: str, pk: str, sk: str
) -> None:
    """The page's "wait 30 to 60 seconds and try again", when that was too early."""
    clock.wait(pause)
    finds_nothing(global_table, participant, region, pk, sk)


@then("the replication time is noted")
def note_replication(replication: Replication, findings: Findings) -> None:
    findings.add(replication.finding())


@then(sentence("each product is found in the other region within {limit:Duration}"))
def both_found(items: Items, global_table: GlobalTable, clock: Clock, findings: Findings, limit: float) -> None:
    writes = list(items.created.values())
    started = clock.real_elapsed()
    waits = [global_table.convergence(write.key, limit, global_table.others(write.region)) for write in writes]
    for write, agreement in zip(writes, clock.run(*waits), strict=True):
        (destination,) = global_table.others(write.region)
        sample = sample_of(write, destination, agreement, limit)
        findings.add(Replication.timed(sample, clock, started).finding())


@then("both regions hold exact copies of both products")
def exact_copies(items: Items, global_table: GlobalTable) -> None:
    for name, write in items.created.items():
        for region, held in global_table.held(write.key).items():
            demand_copy(items, global_table, name, write.key, region, held)


@then(sentence("all attributes of the {thing:Word} in {region:Region} match exactly"))
def attributes_match(items: Items, global_table: GlobalTable, thing: str, region: str) -> None:
    key = items.key(thing)
    demand_copy(items, global_table, thing, key, region, global_table.region(region).get(key))


@then(sentence('"{attribute:Text}" of the {thing:Word} in {region:Region} still says "{value:Text}"'))
def attribute_says(
    items: Items, global_table: GlobalTable, attribute: str, thing: str, region: str, value: str
) -> None:
    """An attribute that replication must not touch."""
    key = items.key(thing)
    demand_attribute(global_table, key, region, attribute, value, (global_table.region(region).get(key) or {}))


@then(sentence('"{attribute:Text}" of the {thing:Word} is "{value:Text}" in both regions'))
def attribute_identical(items: Items, global_table: GlobalTable, attribute: str, thing: str, value: str) -> None:
    """The same value everywhere."""
    key = items.key(thing)
    for region, image in global_table.held(key).items():
        demand_attribute(global_table, key, region, attribute, value, image or {})


def same_key(image: Image | None, key: Key) -> bool:
    return image is not None and Key.of(image) == key


def demand(global_table: GlobalTable, key: Key, region: str, what: str, problem: str) -> None:
    if problem:
        raise AssertionError(f"{what} {problem}\n  {global_table.explain(key, region)}")


def demand_copy(
    items: Items, global_table: GlobalTable, thing: str, key: Key, region: str, held: Image | None
) -> None:  # fmt: skip
    problem = difference(items.planned[thing], held)
    demand(global_table, key, region, f"the {thing} in {region} is no exact copy:", problem)


def demand_attribute(
    global_table: GlobalTable, key: Key, region: str, attribute: str, value: str, image: Image
) -> None:
    held = image.get(attribute)
    shown = "is missing" if held is None else f"is {in_words(held)}"
    problem = "" if held == value else f"{shown} (expected {in_words(value)})"
    demand(global_table, key, region, f"the item in {region}: {attribute}", problem)


def named_key(items: Items, participant: Participant, thing: str, pk: str, sk: str) -> Key:
    """The key that the page's text names, which has to be that of the item: else the specification is wrong."""
    key = Key(participant.fill(pk, unique_id=participant.name), sk)
    if key != items.key(thing):
        raise ValueError(f"the feature queries {key}, but the {thing} has the key {items.key(thing)}")
    return key


def await_arrival(write: Write, global_table: GlobalTable, clock: Clock, region: str, limit: float) -> Replication:
    started = clock.real_elapsed()
    agreement = global_table.agreement(write.key, limit, [region])
    sample = sample_of(write, region, agreement, limit)
    return Replication.timed(sample, clock, started)


def sample_of(write: Write, destination: str, agreement: Agreement, limit: float) -> Sample:
    """How long a write took to reach a region, from before it was sent.

    Raises InconclusiveError if that may be longer than the limit: the process may have stood still before the first
    look.
    """
    missed, hit = agreement.arrival(destination)
    sample = Sample(write.region, destination, missed and missed - write.invoked, hit - write.invoked)
    if (sample.last_miss or 0.0) < limit < sample.delay:
        raise InconclusiveError(f"{sample.direction}: {sample.bracket}: whether within {limit:g} s can't be told")
    return sample
