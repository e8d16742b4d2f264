"""Items: creating them in one region, finding them in the other, comparing what each region holds."""

from pytest_bdd import given, then, when

from steps.words import sentence
from steps.world import World
from support.targets.global_table import GlobalTable
from support.verdicts.convergence.agreement import Agreement
from support.verdicts.delays.timings import Replication, Sample
from support.verdicts.errors import InconclusiveError, NotArrivedError, WrongImageError
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import difference, in_words


@given("the global user of the page:")
def plan_user(world: World, docstring: str) -> None:
    world.items.plan("user", world.participant.item(docstring))


@given("the product of the page:")
def plan_product(world: World, docstring: str) -> None:
    world.items.plan("product", world.participant.item(docstring, unique_id=world.participant.name))


@given("the product of the US region:")
def plan_other_product(world: World, docstring: str) -> None:
    world.items.plan("other product", world.participant.item(docstring, unique_id=world.participant.name))


@when(sentence("the participant creates the {thing:Word} in {region:Region} and notes the time"))
def create(world: World, thing: str, region: str) -> None:
    """A PutItem; the time before it is the start of every delay."""
    world.items.creation(thing, world.table.region(region).put(world.items.planned[thing]))


@when("both products are created at the same time, each in its own region")
def create_both(world: World) -> None:
    names = list(world.items.planned)
    put = [
        world.table.region(str(world.items.planned[name]["region_created"])).put_later(world.items.planned[name])
        for name in names
    ]
    for name, write in zip(names, world.clock.run(*put), strict=True):
        world.items.creation(name, write)


@given(sentence("it has reached {region:Region} within {limit:Duration}"))
@when(sentence("it has reached {region:Region} within {limit:Duration}"))
def has_reached(world: World, region: str, limit: float) -> None:
    replication = await_arrival(world, world.items.it, region, limit)
    world.findings.add(replication.finding())


FINDS = 'a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds'


@then(sentence(f"{FINDS} the {{thing:Word}} within {{limit:Duration}}"), target_fixture="replication")
def finds_within(world: World, region: str, pk: str, sk: str, thing: str, limit: float) -> Replication:
    """Query again and again; the last query that missed and the first that hit are kept."""
    named_key(world, thing, pk, sk)
    return await_arrival(world, world.items.created[thing], region, limit)


@then(sentence('the first query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds the {thing:Word}'))
def finds_at_once(world: World, region: str, pk: str, sk: str, thing: str) -> None:
    key = named_key(world, thing, pk, sk)
    found = world.table.region(region).query(key)
    problem = difference(world.items.planned[thing], found)
    if problem:
        explanation = world.table.explain(key, region)
        error = WrongImageError if found else NotArrivedError
        raise error(f"the first query for {key} in {region}: {problem}\n  {explanation}")


@then(sentence(f"{FINDS} nothing yet"))
@then(sentence(f"{FINDS} nothing"))
def finds_nothing(world: World, region: str, pk: str, sk: str) -> None:
    key = Key(world.participant.fill(pk, unique_id=world.participant.name), sk)
    found = world.table.region(region).query(key)
    likely = "another region answers, or nothing delays replication" if same_key(found, key) else "any spelling matches"
    assert found is None, (
        f"a query in {region} for {key} should find nothing, and finds {in_words(found)}: likely {likely}"
    )


@then(sentence(f"after {{pause:Duration}} {FINDS} nothing yet"))
def still_finds_nothing(world: World, pause: float, region: str, pk: str, sk: str) -> None:
    """The page's "wait 30 to 60 seconds and try again", when that was too early."""
    world.clock.wait(pause)
    finds_nothing(world, region, pk, sk)


@then("the replication time is noted")
def note_replication(world: World, replication: Replication) -> None:
    world.findings.add(replication.finding())


@then(sentence("each product is found in the other region within {limit:Duration}"))
def both_found(world: World, limit: float) -> None:
    writes = list(world.items.created.values())
    started = world.clock.real_elapsed()
    waits = [world.table.convergence(write.key, limit, world.table.others(write.region)) for write in writes]
    for write, agreement in zip(writes, world.clock.run(*waits), strict=True):
        (destination,) = world.table.others(write.region)
        sample = sample_of(write, destination, agreement, limit)
        world.findings.add(Replication.timed(sample, world.clock, started).finding())


@then("both regions hold exact copies of both products")
def exact_copies(world: World) -> None:
    for name, write in world.items.created.items():
        for region, held in world.table.held(write.key).items():
            demand_copy(world, name, write.key, region, held)


@then(sentence("all attributes of the {thing:Word} in {region:Region} match exactly"))
def attributes_match(world: World, thing: str, region: str) -> None:
    key = world.items.key(thing)
    demand_copy(world, thing, key, region, world.table.region(region).get(key))


@then(sentence('"{attribute:Text}" of the {thing:Word} in {region:Region} still says "{value:Text}"'))
def attribute_says(world: World, attribute: str, thing: str, region: str, value: str) -> None:
    """An attribute that replication must not touch."""
    key = world.items.key(thing)
    demand_attribute(world.table, key, region, attribute, value, (world.table.region(region).get(key) or {}))


@then(sentence('"{attribute:Text}" of the {thing:Word} is "{value:Text}" in both regions'))
def attribute_identical(world: World, attribute: str, thing: str, value: str) -> None:
    """The same value everywhere."""
    key = world.items.key(thing)
    for region, image in world.table.held(key).items():
        demand_attribute(world.table, key, region, attribute, value, image or {})


def same_key(image: Image | None, key: Key) -> bool:
    return image is not None and Key.of(image) == key


def demand(global_table: GlobalTable, key: Key, region: str, what: str, problem: str) -> None:
    if problem:
        raise WrongImageError(f"{what} {problem}\n  {global_table.explain(key, region)}")


def demand_copy(world: World, thing: str, key: Key, region: str, held: Image | None) -> None:
    problem = difference(world.items.planned[thing], held)
    demand(world.table, key, region, f"the {thing} in {region} is no exact copy:", problem)


def demand_attribute(
    global_table: GlobalTable, key: Key, region: str, attribute: str, value: str, image: Image
) -> None:
    held = image.get(attribute)
    shown = "is missing" if held is None else f"is {in_words(held)}"
    problem = "" if held == value else f"{shown} (expected {in_words(value)})"
    demand(global_table, key, region, f"the item in {region}: {attribute}", problem)


def named_key(world: World, thing: str, pk: str, sk: str) -> Key:
    """The key that the page's text names, which has to be that of the item: else the specification is wrong."""
    key = Key(world.participant.fill(pk, unique_id=world.participant.name), sk)
    if key != world.items.key(thing):
        raise ValueError(f"the feature queries {key}, but the {thing} has the key {world.items.key(thing)}")
    return key


def await_arrival(world: World, write: Write, region: str, limit: float) -> Replication:
    started = world.clock.real_elapsed()
    agreement = world.table.agreement(write.key, limit, [region])
    sample = sample_of(write, region, agreement, limit)
    return Replication.timed(sample, world.clock, started)


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
