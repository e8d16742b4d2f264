"""The table from outside: what DescribeTable and CloudWatch tell of it, and whether the regions reach each other."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TypeVar

from pytest_bdd import given, parsers, step, then, when

from steps.items import await_arrivals
from steps.world import TYPES, World, rows
from support.table.cloudwatch import Latency
from support.verdicts import health
from support.verdicts.delays import Sample, contradiction
from support.verdicts.errors import InconclusiveError, MetricError, NotArrivedError
from support.verdicts.health import Problem
from support.verdicts.history import Write

NOT_AVAILABLE = "not available"
OPERATIONS = ("PutItem", "GetItem", "Query")

Found = TypeVar("Found")
Direction = tuple[str, str]
Described = Mapping[str, health.Description | None]


@when("the table is described in both regions", target_fixture="described")
def describe(world: World) -> Described:
    return world.table.describe()


@then("its status is ACTIVE in both regions")
def active(described: Described) -> None:
    demand_none(health.missing_tables(described) + health.status_problems(described))


@then("each region lists the other one as a replica that is ACTIVE")
def replicas_active(described: Described) -> None:
    """Whether a region lists itself as well is not sure on AWS, and does not matter."""
    demand_none(
        health.missing_tables(described) + health.version_problems(described) + health.replica_problems(described)
    )


@then("these settings are equal in both regions:")
def settings_equal(described: Described, datatable: Sequence[Sequence[str]]) -> None:
    """Those that AWS keeps equal; tags, point-in-time recovery and item counts may differ."""
    names = [row["setting"] for row in rows(datatable)]
    demand_none(health.missing_tables(described) + health.unequal_settings(described, names))


@then("both regions have a stream, whatever it shows of an item")
def streams_on(world: World, described: Described) -> None:
    """Replication reads the streams; which images they show does not matter to it."""
    demand_none(health.missing_tables(described) + health.stream_problems(described))
    views = [(each.region, each.stream) for each in described.values() if each]
    world.note("what the stream of each region shows", *views)


@when(parsers.parse("a connectivity item is written in {region:Region}", TYPES))
def write_item(world: World, region: str) -> None:
    world.created["item"] = create_item(world, "connectivity", region)


@given(
    parsers.parse(
        "{count:d} items were written in {source:Region} and have reached {destination:Region} within {limit:Duration}",
        TYPES,
    ),
    target_fixture="measured",
)
def write_items(world: World, count: int, source: str, destination: str, limit: float) -> list[Sample]:
    """Traffic: without it there is nothing to measure. The items travel side by side."""
    ways = [(create_item(world, f"{source}-{number}", source), destination) for number in range(count)]
    return [replication.sample for replication in await_arrivals(world, ways, limit)]


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
    if latency.stalled:
        raise MetricError(f"{metric_of(direction)} should not be 0, which means stalled replication: {latency}")


@then(parsers.parse("the minimum is {lag:Duration}, within a second", TYPES))
def of_this_lag(direction: Direction, latency: Latency, lag: float) -> None:
    """The others may be longer: what is delivered once more counts once more, perhaps."""
    if abs(latency.minimum / 1000 - lag) > 1:
        raise MetricError(f"{metric_of(direction)} should be {lag:g} s at least, as replication took: {latency}")


@then("they are within an order of magnitude of what the suite measured itself")
def of_these_replications(world: World, direction: Direction, latency: Latency, measured: list[Sample]) -> None:
    """They need not be equal: the metric knows nothing of the client's way, and others may write to the table."""
    delays = [sample.delay for sample in measured]
    own = {"average": sum(delays) / len(delays), "minimum": min(delays), "maximum": max(delays)}
    details = [(f"CloudWatch, {name}", f"{getattr(latency, name):.0f} ms") for name in own]
    details += [(f"measured, {name}", f"{1000 * seconds:.0f} ms") for name, seconds in own.items()]
    world.note(f"{' to '.join(direction)}: ReplicationLatency next to the suite's own delays", *details)
    brackets = [(max(0.0, sample.last_miss or 0.0), sample.delay) for sample in measured]
    if problem := contradiction(latency.minimum, latency.maximum, brackets):
        raise MetricError(f"{metric_of(direction)} is {problem}")


@when(
    parsers.parse(
        "CloudWatch in {region:Region} is asked for the ReplicationLatency of a table that is never written to", TYPES
    ),
    target_fixture="idle",
)
def ask_idle(world: World, region: str) -> tuple[str, Latency | None]:
    (other,) = world.table.others(region)
    return region, world.table.cloudwatch.latency(region, other, table=f"{world.table.name}-idle")


@then(parsers.parse('it says "{text:Text}"', TYPES))
def says(idle: tuple[str, Latency | None], text: str) -> None:
    region, latency = idle
    shown = NOT_AVAILABLE if latency is None else str(latency)
    if shown != text:
        problem = f'should be "{text}", and is {shown}'
        raise MetricError(f"the ReplicationLatency in {region} of a table without traffic {problem}")


@then("CloudWatch has no PendingReplicationCount of the table in any region")
def no_pending_count(world: World) -> None:
    """The metric belongs to the legacy version 2017.11.29."""
    metric = "PendingReplicationCount"
    published = [region for region in world.table.regions if world.table.cloudwatch.publishes(region, metric)]
    if published:
        raise MetricError(f"{metric} is published in {', '.join(published)}: is this the legacy version?")
    world.note("PendingReplicationCount is not published for version 2019.11.21")


@step("both regions hold all of the items, and nothing is pending")
def nothing_pending(world: World) -> None:
    missing = [
        f"{write.key} in {region}"
        for write in world.created.values()
        for region, image in world.table.held(write.key).items()
        if image != write.new_image
    ]
    pending = world.table.pending_in_words()
    if missing or world.table.links.pending():
        raise NotArrivedError(f"something is still on its way: {'; '.join(filter(None, [*missing, pending]))}")
    world.note(f"all {len(world.created)} items are in both regions; {pending or 'none is missing'}")


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


def demand_none(found: Sequence[Problem]) -> None:
    assert not found, "\n".join(map(str, found))


def create_item(world: World, name: str, region: str) -> Write:
    pk = f"TEST#monitoring-{world.participant.name}-{name}"
    return world.create(name, {"PK": pk, "SK": "REPLICATION", "source_region": region}, region)


def metric_of(direction: Direction) -> str:
    return f"the ReplicationLatency from {direction[0]} to {direction[1]}"


def counted(world: World, count: Callable[[str, str], int]) -> dict[str, int]:
    places = product(OPERATIONS, world.table.regions)
    return {f"{operation} in {region}": count(region, operation) for operation, region in places}


def until_published(world: World, look: Callable[[], Found | None], metric: str, within: float) -> Found | None:
    """Look until CloudWatch has something; None after so many seconds."""
    poll = world.table.metrics_poll_policy(within, every=30.0).start()
    while True:
        poll.look()
        found = look()
        if found is not None and not poll.in_time():
            raise InconclusiveError(poll.doubt())
        if found is not None or poll.over:
            return found
        world.clock.wait(poll.pause(f"{metric}: {NOT_AVAILABLE} yet"))
