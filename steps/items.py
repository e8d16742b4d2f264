"""Items: creating them in one region, finding them in the other, comparing what each region holds."""

from collections.abc import Sequence
from functools import partial

from pytest_bdd import given, parsers, step, then, when

from steps.changes import side_by_side
from steps.words import TYPES
from steps.world import World
from support.verdicts.convergence import Agreement
from support.verdicts.delays import Replication, Sample
from support.verdicts.errors import InconclusiveError, NotArrivedError, WrongImageError
from support.verdicts.history import Key, Write
from support.verdicts.images import difference, in_words


@given(parsers.parse("{thing:Thing} of the page:", TYPES))
@given(parsers.parse("{thing:Thing} of the participant:", TYPES))
def describe(world: World, thing: str, docstring: str) -> None:
    """The page's JSON, of which one item or several will be made."""
    world.texts[thing] = docstring


@given("the product of the US region:")
def describe_other_product(world: World, docstring: str) -> None:
    world.texts["other product"] = docstring


@given(parsers.parse("{thing:Thing} of the page was created in {region:Region}:", TYPES))
def create_described(world: World, thing: str, region: str, docstring: str) -> None:
    world.texts[thing] = docstring
    create(world, thing, region)


@given(parsers.parse("{thing:Thing} of the page is in both regions:", TYPES))
@given(parsers.parse("{thing:Thing} of the participant is in both regions:", TYPES))
def described_everywhere(world: World, thing: str, docstring: str) -> None:
    create_described(world, thing, world.table.regions[0], docstring)
    world.agreement(thing, world.limits.replication)


@when(parsers.parse("the participant creates the {thing:Word} in {region:Region} and notes the time", TYPES))
def create(world: World, thing: str, region: str) -> None:
    """A PutItem; the time before it is the start of every delay."""
    world.create(thing, world.item(thing), region)


@when("both products are created at the same time, each in its own region")
def create_both(world: World) -> None:
    products = {name: world.item(name) for name in world.texts}
    side_by_side(world, [partial(world.create, name, each, each["region_created"]) for name, each in products.items()])


@step(parsers.parse("it has reached {region:Region} within {limit:Duration}", TYPES))
@then(parsers.parse("it is readable in {region:Region} within {limit:Duration}", TYPES))
def has_reached(world: World, region: str, limit: float) -> None:
    note_replication(world, await_arrival(world, world.it, region, limit))


FINDS = 'a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds'


@then(parsers.parse(f"{FINDS} the {{thing:Word}} within {{limit:Duration}}", TYPES), target_fixture="replication")
def finds_within(world: World, region: str, pk: str, sk: str, thing: str, limit: float) -> Replication:
    """Query again and again; the last query that missed and the first that hit are kept."""
    named_key(world, thing, pk, sk)
    return await_arrival(world, world.created[thing], region, limit)


@then(
    parsers.parse(
        'the first query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds the {thing:Word}', TYPES
    )
)
def finds_at_once(world: World, region: str, pk: str, sk: str, thing: str) -> None:
    key = named_key(world, thing, pk, sk)
    found = world.table.region(region).query(key)
    what = f"the first query for {key} in {region}:"
    demand(world, thing, region, what, difference(world.created[thing].left, found), arrived=found is not None)


@then(parsers.parse(f"{FINDS} nothing yet", TYPES))
@then(parsers.parse(f"{FINDS} nothing", TYPES))
@then(parsers.parse(f"after {{pause:Duration}} {FINDS} nothing yet", TYPES))
def finds_nothing(world: World, region: str, pk: str, sk: str, pause: float = 0.0) -> None:
    """Also the page's "wait 30 to 60 seconds and try again", when that was too early."""
    world.clock.wait(pause)
    key = world.key_of(pk, sk)
    found = world.table.region(region).query(key)
    same_key = found is not None and Key.of(found) == key
    likely = "another region answers, or nothing delays replication" if same_key else "any spelling matches"
    assert found is None, (
        f"a query in {region} for {key} should find nothing, and finds {in_words(found)}: likely {likely}"
    )


@then("the replication time is noted")
def note_replication(world: World, replication: Replication) -> None:
    world.findings.append(replication.finding())


@then(parsers.parse("each product is found in the other region within {limit:Duration}", TYPES))
def both_found(world: World, limit: float) -> None:
    writes = [(write, other) for write in world.created.values() for other in world.table.others(write.region)]
    for replication in await_arrivals(world, writes, limit):
        note_replication(world, replication)


@then("both regions hold exact copies of both products")
def exact_copies(world: World) -> None:
    for name in world.created:
        for region in world.table.regions:
            attributes_match(world, name, region)


@then(parsers.parse("all attributes of the {thing:Word} in {region:Region} match exactly", TYPES))
def attributes_match(world: World, thing: str, region: str) -> None:
    problem = difference(world.created[thing].left, world.get(thing, region))
    demand(world, thing, region, f"the {thing} in {region} is no exact copy:", problem)


@then(parsers.parse('"{attribute:Text}" of the {thing:Word} in {region:Region} still says "{value:Text}"', TYPES))
def attribute_says(world: World, attribute: str, thing: str, region: str, value: str) -> None:
    """An attribute that replication must not touch."""
    held = (world.get(thing, region) or {}).get(attribute)
    shown = "is missing" if held is None else f"is {in_words(held)}"
    problem = "" if held == value else f"{shown} (expected {in_words(value)})"
    demand(world, thing, region, f"the item in {region}: {attribute}", problem)


@then(parsers.parse('"{attribute:Text}" of the {thing:Word} is "{value:Text}" in both regions', TYPES))
def attribute_identical(world: World, attribute: str, thing: str, value: str) -> None:
    for region in world.table.regions:
        attribute_says(world, attribute, thing, region, value)


def demand(world: World, thing: str, region: str, what: str, problem: str, arrived: bool = True) -> None:
    if problem:
        error = WrongImageError if arrived else NotArrivedError
        raise error(f"{what} {problem}\n  {world.table.explain(world.key(thing), region)}")


def named_key(world: World, thing: str, pk: str, sk: str) -> Key:
    """The key that the page's text names, which has to be that of the item: else the specification is wrong."""
    key = world.key_of(pk, sk)
    if key != world.key(thing):
        raise ValueError(f"the feature queries {key}, but the {thing} has the key {world.key(thing)}")
    return key


def await_arrival(world: World, write: Write, region: str, limit: float) -> Replication:
    (replication,) = await_arrivals(world, [(write, region)], limit)
    return replication


def await_arrivals(world: World, writes: Sequence[tuple[Write, str]], limit: float) -> list[Replication]:
    """How long each write took to reach a region; they are awaited side by side."""
    started = world.clock.real_elapsed()
    agreements = world.clock.run(*(world.table.convergence(write.key, limit, [region]) for write, region in writes))
    waited = world.clock.real_elapsed() - started
    return [
        Replication(sample_of(write, region, agreement, limit), world.clock.simulated, waited)
        for (write, region), agreement in zip(writes, agreements, strict=True)
    ]


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
