"""Timed replication: timestamped items that are created in one region and queried in the other until they appear."""

from collections.abc import Sequence
from dataclasses import replace

from pytest_bdd import parsers, then, when

from steps.words import TYPES
from steps.world import World
from support.clock import Task
from support.polling import MICROSECOND
from support.verdicts.delays import Sample, Summary, probe, summarise
from support.verdicts.errors import ArrivedLateError, InconclusiveError, NotArrivedError
from support.verdicts.findings import Finding
from support.verdicts.history import Key

UNTIL = "until they appear, for {limit:Duration} at most"


@when(
    parsers.parse(
        f"timestamped items are created in {{source:Region}} and queried in {{destination:Region}} {UNTIL}", TYPES
    ),
    target_fixture="samples",
)
@when(
    parsers.parse(f"timestamped items are created in both regions and queried in the other one {UNTIL}", TYPES),
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
    assert samples, "no item was created: nothing was timed"
    censored = [sample for sample in samples if sample.censored]
    if censored:
        first = censored[0]
        where = ", ".join(sorted({sample.direction for sample in censored}))
        text = f"{len(censored)} of {len(samples)} items did not appear within {first.gave_up:.0f} s: {where}"
        reason = world.table.explain(first.key, first.destination) if first.key else ""
        raise NotArrivedError(f"{text}\n  {reason}")
    untold = [f"{sample.direction} {sample.bracket}" for sample in samples if not sample.in_time]
    if untold:
        count = f"{len(untold)} of {len(samples)} items"
        raise InconclusiveError(f"whether {count} appeared in time can't be told, as from {', '.join(untold)}")
    world.clock.run(*(world.table.convergence(each.key, 0, [each.destination]) for each in samples if each.key))


@then(parsers.parse("no item has appeared, and each is counted as longer than {limit:Duration}", TYPES))
def none_appeared(samples: list[Sample], limit: float) -> None:
    """A timeout is a sample too: it took longer than that."""
    assert samples, "no item was created: nothing was timed"
    appeared = [f"{sample.direction} {sample.bracket}" for sample in samples if (sample.gave_up or 0) < limit]
    assert not appeared, f"no item should appear within {limit:g} s, and {len(appeared)} did: {'; '.join(appeared)}"


@then("the fastest, slowest and average replication are documented, with p50, p95 and p99")
def document(world: World, samples: list[Sample]) -> None:
    """The page's results, for each direction, in the report and at the end of the run."""
    for summary in summaries(samples):
        world.findings.append(summary.finding(world.limits.usual_delay))
        world.findings.append(brackets(samples, summary.direction))


@then(parsers.parse("replication is usually faster than {limit:Duration}", TYPES))
def usually_faster(world: World, samples: list[Sample], limit: float) -> None:
    """The page's "usually < 2 seconds", held against the median; no SLA stands behind it."""
    for summary in summaries(samples):
        median = summary.figures()["p50"]
        problem = f"half of the items from {summary.direction} took {median} or more, not less than {limit:g} s"
        if summary.is_usually_below(limit):
            continue
        if not summary.is_usually_above(limit):
            raise InconclusiveError(f"{problem}; or less, for the looks were up to {summary.widest.width:.2f} s apart")
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
        if high - low > widest and any(operation.attempts > 1 for operation in world.table.history):
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


def brackets(samples: Sequence[Sample], direction: str) -> Finding:
    each = [sample for sample in samples if sample.direction == direction]
    details = tuple((f"item {number}", sample.bracket) for number, sample in enumerate(each, start=1))
    values = {"direction": direction, "samples": [sample.values() for sample in each]}
    return Finding("note", f"{direction}: when each item arrived", details, values)


def summaries(samples: Sequence[Sample]) -> list[Summary]:
    directions = sorted({sample.direction for sample in samples}, reverse=True)
    return [summarise([sample for sample in samples if sample.direction == each]) for each in directions]
