"""Performance monitoring: what CloudWatch tells of replication, next to what the suite measured itself."""

from collections.abc import Callable
from itertools import product
from typing import TypeVar

from pytest_bdd import given, parsers, step, then, when

from steps.items import await_arrivals
from steps.words import TYPES
from steps.world import World
from support.table.cloudwatch import Latency
from support.verdicts.delays import Sample, contradiction
from support.verdicts.errors import InconclusiveError, MetricError, NotArrivedError
from support.verdicts.findings import Finding

NOT_AVAILABLE = "not available"
PAUSE = 30.0
OPERATIONS = ("PutItem", "GetItem", "Query")

Found = TypeVar("Found")
Direction = tuple[str, str]
"""A source and a destination."""


@given(
    parsers.parse(
        "{count:d} items were written in {source:Region} and have reached {destination:Region} within {limit:Duration}",
        TYPES,
    ),
    target_fixture="measured",
)
def write_items(world: World, count: int, source: str, destination: str, limit: float) -> list[Sample]:
    """Traffic: without it there is nothing to measure. The items travel side by side."""
    items = [
        {
            "PK": f"TEST#monitoring-{world.participant.name}-{source}-{number}",
            "SK": "REPLICATION",
            "source_region": source,
        }
        for number in range(count)
    ]
    writes = [(world.create(item["PK"], item, source), destination) for item in items]
    return [replication.sample for replication in await_arrivals(world, writes, limit)]


@when(
    parsers.parse(
        "CloudWatch in {source:Region} is asked for the ReplicationLatency towards {destination:Region}", TYPES
    ),
    target_fixture="direction",
)
def watch(source: str, destination: str) -> Direction:
    return source, destination


@then(
    parsers.parse("average, minimum and maximum are there within {limit:Duration}, in milliseconds", TYPES),
    target_fixture="latency",
)
def latency_there(world: World, direction: Direction, limit: float) -> Latency:
    """Until the first datapoint is there, it is not available, which is not 0."""
    metric = metric_of(direction)
    since = min(write.at for write in world.created.values())
    latency = until_published(world, lambda: world.table.cloudwatch.latency(*direction, since=since), metric, limit)
    if latency is None:
        raise MetricError(
            f"{metric} should be published in {direction[0]} with TableName and ReceivingRegion, "
            f"and is {NOT_AVAILABLE} after {limit:g} s: missing, or published elsewhere"
        )
    if latency.unit != "Milliseconds":
        raise MetricError(f"{metric} should be in Milliseconds, and is in {latency.unit}")
    if not latency.minimum <= latency.average <= latency.maximum:
        raise MetricError(f"the average of {metric} should be between minimum and maximum: {latency}")
    return latency


@then("none of them is 0, which would mean that replication has stalled")
def not_stalled(direction: Direction, latency: Latency) -> None:
    """AWS: a latency that drops to 0 indicates stalled replication."""
    if latency.stalled:
        raise MetricError(
            f"{metric_of(direction)} should not be 0, which means that replication has stalled: {latency}"
        )


@then(parsers.parse("the minimum is {lag:Duration}, within a second", TYPES))
def of_this_lag(direction: Direction, latency: Latency, lag: float) -> None:
    """The others may be longer: what is delivered once more counts once more, perhaps."""
    if abs(latency.minimum / 1000 - lag) > 1:
        raise MetricError(
            f"{metric_of(direction)} should be {lag:g} s at least, as long as replication took: {latency}"
        )


@then("they are within an order of magnitude of what the suite measured itself")
def of_these_replications(world: World, direction: Direction, latency: Latency, measured: list[Sample]) -> None:
    """They need not be equal: the metric knows nothing of the client's way, and others may write to the table."""
    delays = [sample.delay for sample in measured]
    own = {"average": sum(delays) / len(delays), "minimum": min(delays), "maximum": max(delays)}
    details = [(f"CloudWatch, {name}", f"{getattr(latency, name):.0f} ms") for name in own]
    details += [(f"measured, {name}", f"{1000 * seconds:.0f} ms") for name, seconds in own.items()]
    way = f"{direction[0]} to {direction[1]}"
    world.findings.append(Finding("note", f"{way}: ReplicationLatency next to the suite's own delays", tuple(details)))
    brackets = [(max(0.0, sample.last_miss or 0.0), sample.delay) for sample in measured]
    problem = contradiction(latency.minimum, latency.maximum, brackets)
    if problem:
        raise MetricError(f"{metric_of(direction)} is {problem}")


@when(
    parsers.parse(
        "CloudWatch in {region:Region} is asked for the ReplicationLatency of a table that nobody writes to", TYPES
    ),
    target_fixture="idle",
)
def ask_idle(world: World, region: str) -> tuple[str, Latency | None]:
    """A name that no table has."""
    (other,) = world.table.others(region)
    return region, world.table.cloudwatch.latency(region, other, table=f"{world.table.name}-idle")


@then(parsers.parse('it says "{text:Text}"', TYPES))
def says(idle: tuple[str, Latency | None], text: str) -> None:
    """Missing is not zero."""
    region, latency = idle
    shown = NOT_AVAILABLE if latency is None else str(latency)
    if shown != text:
        raise MetricError(
            f'the ReplicationLatency in {region} of a table without traffic should be "{text}", and is {shown}'
        )


@then("CloudWatch has no PendingReplicationCount of the table in any region")
def no_pending_count(world: World) -> None:
    """The metric belongs to the legacy version 2017.11.29."""
    metric = "PendingReplicationCount"
    published = [region for region in world.table.regions if world.table.cloudwatch.publishes(region, metric)]
    if published:
        raise MetricError(
            f"PendingReplicationCount is published in {', '.join(published)}: is this the legacy version?"
        )
    world.findings.append(Finding("note", "PendingReplicationCount is not published for version 2019.11.21"))


@step("both regions hold all of the items, and nothing is pending")
def nothing_pending(world: World) -> None:
    """What the page's "pending replication count" is looked at for."""
    for write in world.created.values():
        missing = [region for region, image in world.table.held(write.key).items() if image != write.left]
        if missing:
            raise NotArrivedError(f"{write.key} is not the same in {', '.join(missing)}")
    pending = world.table.pending_in_words()
    if world.table.links.pending():
        raise NotArrivedError(f"something is still on its way: {pending}")
    world.findings.append(
        Finding("note", f"all {len(world.created)} items are in both regions; {pending or 'none is missing'}")
    )


@then(
    parsers.parse(
        "after {pause:Duration}, or within {limit:Duration}, CloudWatch has counted PutItem, GetItem and Query in both "
        "regions",
        TYPES,
    )
)
def requests_counted(world: World, pause: float, limit: float) -> None:
    """Without this sign that metrics arrive, no errors would be the same as no metrics."""
    world.clock.wait(pause)
    requests = world.table.cloudwatch.successful_requests
    until_published(world, lambda: all(counted(world, requests).values()) or None, "a count of requests", limit - pause)
    missing = [operation for operation, count in counted(world, requests).items() if not count]
    if missing:
        raise MetricError(
            f"the requests that succeeded should be counted in CloudWatch, and {NOT_AVAILABLE} after {limit:g} s: "
            f"SuccessfulRequestLatency of {', '.join(missing)}"
        )


@then("the SystemErrors of these operations are 0")
def no_errors(world: World) -> None:
    """SystemErrors exist by operation only; no datapoint means that none happened."""
    counts = counted(world, world.table.cloudwatch.system_errors)
    errors = [f"{count} of {operation}" for operation, count in counts.items() if count]
    if errors:
        raise MetricError(f"SystemErrors should be 0: {', '.join(errors)}")


def metric_of(direction: Direction) -> str:
    return f"the ReplicationLatency from {direction[0]} to {direction[1]}"


def counted(world: World, count: Callable[[str, str], int]) -> dict[str, int]:
    places = product(OPERATIONS, world.table.regions)
    return {f"{operation} in {region}": count(region, operation) for operation, region in places}


def until_published(world: World, look: Callable[[], Found | None], metric: str, within: float) -> Found | None:
    """Look until CloudWatch has something; None after so many seconds."""
    poll = world.table.metrics_poll_policy(within, every=PAUSE).start()
    while True:
        poll.look()
        found = look()
        if found is not None and not poll.in_time():
            raise InconclusiveError(poll.untold())
        if found is not None or poll.over:
            return found
        world.clock.wait(poll.pause(f"{metric}: {NOT_AVAILABLE} yet"))
