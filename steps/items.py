"""Items: created in one region, found in the other, compared; and timed, again and again, until they appear."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pytest_bdd import given, parsers, step, then, when

from steps.conflicts import make
from steps.world import TYPES, World
from support.clock import Task
from support.polling import MICROSECOND
from support.verdicts.contradictions import sight
from support.verdicts.convergence import Agreement
from support.verdicts.delays import Arrivals, Delay, Sample, probe, summarise
from support.verdicts.errors import ArrivedLateError, InconclusiveError, NotArrivedError, Suspect, WrongImageError
from support.verdicts.history import Key, Read, Write
from support.verdicts.images import difference, in_words
from support.verdicts.judgement import State, Views, judge


@given(parsers.parse("{thing:Thing} of the page:", TYPES))
@given(parsers.parse("{thing:Thing} of the participant:", TYPES))
@given("the product of the US region:")
def describe(world: World, docstring: str, thing: str = "other product") -> None:
    """The page's JSON, of which one item or several will be made."""
    world.texts[thing] = docstring


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
@when(parsers.parse("the {by:Word} creates the {thing:Word} in {region:Region}", TYPES))
def create(world: World, thing: str, region: str, by: str = "") -> None:
    """A PutItem; the time before it is the start of every delay."""
    world.create(thing, world.item(thing), region, by and f"the {by}")


@when("both products are created at the same time, each in its own region")
def create_both(world: World) -> None:
    products = {name: world.item(name) for name in world.texts}
    make(world, [partial(world.create, name, each, each["region_created"]) for name, each in products.items()])


@when(parsers.parse("{thing:Thing} is deleted in {region:Region}", TYPES))
def delete(world: World, thing: str, region: str) -> None:
    world.table.region(region).delete(world.key(thing))


@step(parsers.parse("it has reached {region:Region} within {limit:Duration}", TYPES))
@then(parsers.parse("it is readable in {region:Region} within {limit:Duration}", TYPES))
@then(parsers.parse("the user reaches {region:Region} within {limit:Duration}", TYPES))
def has_reached(world: World, region: str, limit: float) -> None:
    note_replication(world, await_arrival(world, world.it, region, limit))


@then(
    parsers.parse(
        'a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds the {thing:Word} '
        "within {limit:Duration}",
        TYPES,
    ),
    target_fixture="replication",
)
@then(
    parsers.parse(
        'a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds the {thing:Word} at once', TYPES
    )
)
def finds(world: World, region: str, pk: str, sk: str, thing: str, limit: float = 0.0) -> Delay:
    """Query again and again; the last query that missed and the first that hit are kept."""
    if world.key_of(pk, sk) != world.key(thing):
        raise ValueError(f"the feature queries {pk} and {sk}, but the {thing} has the key {world.key(thing)}")
    return await_arrival(world, world.created[thing], region, limit)


@then(parsers.parse('a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds nothing yet', TYPES))
@then(parsers.parse('a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds nothing', TYPES))
@then(
    parsers.parse(
        'after {pause:Duration} a query in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}" finds nothing yet',
        TYPES,
    )
)
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
def note_replication(world: World, replication: Delay) -> None:
    world.findings.append(replication)


@then(parsers.parse("each product is found in the other region within {limit:Duration}", TYPES))
def both_found(world: World, limit: float) -> None:
    ways = [(write, other) for write in world.created.values() for other in world.table.others(write.region)]
    for replication in await_arrivals(world, ways, limit):
        note_replication(world, replication)


@then("both regions hold exact copies of both products")
def exact_copies(world: World) -> None:
    for name in world.created:
        for region in world.table.regions:
            attributes_match(world, name, region)


@then(parsers.parse("all attributes of the {thing:Word} in {region:Region} match exactly", TYPES))
def attributes_match(world: World, thing: str, region: str) -> None:
    problem = difference(world.created[thing].new_image, world.get(thing, region))
    demand_equal(world, thing, region, f"the {thing} in {region} is no exact copy:", problem)


@then(parsers.parse('"{attribute:Text}" of the {thing:Word} in {region:Region} still says "{value:Text}"', TYPES))
def attribute_says(world: World, attribute: str, thing: str, region: str, value: str) -> None:
    shown = {name: each for name, each in (world.get(thing, region) or {}).items() if name == attribute}
    demand_equal(world, thing, region, f"the item in {region}:", difference({attribute: value}, shown))


@then(parsers.parse('"{attribute:Text}" of the {thing:Word} is "{value:Text}" in both regions', TYPES))
def attribute_identical(world: World, attribute: str, thing: str, value: str) -> None:
    for region in world.table.regions:
        attribute_says(world, attribute, thing, region, value)


def demand_equal(world: World, thing: str, region: str, what: str, problem: str) -> None:
    if problem:
        raise WrongImageError(f"{what} {problem}", Suspect(*world.key(thing), region))


def demand_consistent(world: World, reads: Sequence[Read]) -> None:
    """Reads of an item in one region have to show versions of it, whole, and none older than one before; in the end
    the last one.
    """
    assert reads, "nothing was read: this shows nothing"
    key, region = reads[0].key, reads[0].region
    shown = judge(world.table.history.writes(key), Views({region: [sight(read) for read in reads]}))
    if shown.state is not State.DONE:
        raise shown.error(f"{len(reads)} reads of {key} in {region}: {shown.why}")


def read_again(world: World, name: str, region: str, seconds: float) -> list[Read]:
    started = world.clock.elapsed()
    while world.clock.elapsed() - started < seconds:
        world.get(name, region)
        world.clock.wait(world.limits.polling)
    return [read for read in world.table.history.reads(world.key(name), region) if read.invoked >= started]


def await_arrival(world: World, write: Write, region: str, limit: float) -> Delay:
    return await_arrivals(world, [(write, region)], limit)[0]


def await_arrivals(world: World, ways: Sequence[tuple[Write, str]], limit: float) -> list[Delay]:
    """How long each write took to reach a region, from before it was sent; they are awaited side by side.

    Raises InconclusiveError if that may be longer than the limit: the process may have stood still before the first
    look.
    """
    started = world.clock.real_elapsed()
    agreements = world.clock.run(*(world.table.convergence(write.key, limit, [region]) for write, region in ways))
    waited, arrived = world.clock.real_elapsed() - started, []
    for (write, region), agreement in zip(ways, agreements, strict=True):
        sample = sample_of(write, region, agreement)
        if (sample.last_miss or 0.0) < limit < sample.delay:
            raise InconclusiveError(f"{sample.direction}: {sample.bracket}: whether within {limit:g} s can't be told")
        arrived.append(Delay.of(sample, world.clock.simulated, waited))
    return arrived


def sample_of(write: Write, region: str, agreement: Agreement) -> Sample:
    missed, hit = agreement.arrival(region)
    return Sample(write.region, region, missed and missed - write.invoked, hit - write.invoked)


@when(
    parsers.parse(
        "timestamped items are created in {source:Region} and queried in {destination:Region} until they appear, "
        "for {limit:Duration} at most",
        TYPES,
    ),
    target_fixture="samples",
)
@when(
    parsers.parse(
        "timestamped items are created in both regions and queried in the other one until they appear, "
        "for {limit:Duration} at most",
        TYPES,
    ),
    target_fixture="samples",
)
def time_items(world: World, limit: float, source: str = "", destination: str = "") -> list[Sample]:
    """As many items for each direction as the run's options say, all side by side."""
    both = [(region, other) for region in world.table.regions for other in world.table.others(region)]
    directions = [(source, destination)] if source else both
    numbers = range(world.limits.probes)
    return world.clock.run(*(probe_once(world, *way, limit, number) for way in directions for number in numbers))


@then("every item has appeared")
def all_appeared(world: World, samples: list[Sample]) -> None:
    """None was given up, and each stays as it was created."""
    censored = [sample for sample in samples if sample.censored]
    if censored:
        first = censored[0]
        where = ", ".join(sorted({sample.direction for sample in censored}))
        text = f"{len(censored)} of {len(samples)} items did not appear within {first.gave_up:.0f} s: {where}"
        raise NotArrivedError(text, first.key and Suspect(*first.key, first.destination))
    doubtful = [f"{sample.direction} {sample.bracket}" for sample in samples if not sample.in_time]
    if doubtful:
        count = f"{len(doubtful)} of {len(samples)} items"
        raise InconclusiveError(f"whether {count} appeared in time can't be told, as from {', '.join(doubtful)}")
    world.clock.run(*(world.table.convergence(each.key, 0, [each.destination]) for each in samples if each.key))


@then(parsers.parse("no item has appeared, and each is counted as longer than {limit:Duration}", TYPES))
def none_appeared(samples: list[Sample], limit: float) -> None:
    """A timeout is a sample too: it took longer than that."""
    appeared = [f"{sample.direction} {sample.bracket}" for sample in samples if (sample.gave_up or 0) < limit]
    assert not appeared, f"no item should appear within {limit:g} s, and {len(appeared)} did: {'; '.join(appeared)}"


@then("the fastest, slowest and average replication are documented, with p50, p95 and p99")
def document(world: World, samples: list[Sample]) -> None:
    for each in by_direction(samples):
        world.findings.append(summarise(each, world.limits.usual_delay))
        world.findings.append(Arrivals(each[0].direction, [sample.values() for sample in each]))


@then(parsers.parse("replication is usually faster than {limit:Duration}", TYPES))
def usually_faster(world: World, samples: list[Sample], limit: float) -> None:
    """The page's "usually < 2 seconds", held against the median; no SLA stands behind it."""
    for timing in (summarise(each, limit) for each in by_direction(samples)):
        if timing.usually_below:
            continue
        median = f"{timing.in_words('p50')}{' or more' if timing.p50 else ''}"
        problem = f"half of the items from {timing.direction} took {median}, not less than {limit:g} s"
        if not timing.usually_above:
            raise InconclusiveError(f"{problem}; or less, for the looks were up to {timing.widest:.2f} s apart")
        if world.table.tried_again:
            raise InconclusiveError(f"{problem}; or less, for some calls had to be tried again")
        raise ArrivedLateError(problem)


@then(parsers.parse("each bracket holds {seconds:Duration}, and is no wider than the pause between two looks", TYPES))
def brackets_hold(world: World, samples: list[Sample], seconds: float) -> None:
    """The error of a measured delay is one polling interval at most."""
    for sample in samples:
        low, high = sample.last_miss or 0.0, sample.delay
        holds = low <= seconds + sample.writing and seconds <= high
        assert holds, (
            f"the delay from {sample.direction} should be {seconds:g} s, and was {sample.bracket}, "
            f"of which the write took {sample.writing:.2f} s"
        )
        widest = world.limits.polling + sample.looking + MICROSECOND
        if high - low > widest and world.table.tried_again:
            raise InconclusiveError("calls that had to be tried again made the looks late")
        assert high - low <= widest, (
            f"the bracket of the delay from {sample.direction} should be no wider than {widest:.2f} s, "
            f"and is {sample.bracket}"
        )


def probe_once(world: World, source: str, destination: str, limit: float, number: int) -> Task[Sample]:
    now = world.clock.now()
    blanks = {
        "timestamp": f"{world.participant.name}-{source}-{now:%Y%m%dT%H%M%S.%f}-{number:03}",
        "exact_timestamp": now.isoformat().replace("+00:00", "Z"),
        "source_region": source,
    }
    item = world.participant.item(world.texts["item"], **blanks)
    sample = yield from probe(
        source,
        destination,
        write=lambda: world.table.region(source).put(item).invoked,
        arrived=lambda: world.table.region(destination).get(Key.of(item)) == item,
        policy=world.table.poll_policy(limit, backoff=0),
    )
    return replace(sample, key=Key.of(item))


def by_direction(samples: Sequence[Sample]) -> list[list[Sample]]:
    names = sorted({sample.direction for sample in samples}, reverse=True)
    return [[sample for sample in samples if sample.direction == name] for name in names]
