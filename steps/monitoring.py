"""Performance monitoring: what CloudWatch tells of replication, next to what the suite measured itself."""

from dataclasses import dataclass, field

import pytest
from pytest_bdd import given, then, when

from steps.words import sentence
from steps.world import World
from support.clock import Task
from support.table.cloudwatch import Latency
from support.targets.global_table import GlobalTable
from support.verdicts.delays.latency import Bracket, contradiction
from support.verdicts.errors import InconclusiveError, MetricError, NotArrivedError
from support.verdicts.findings import Finding
from support.verdicts.history import Write

NOT_AVAILABLE = "not available"
PAUSE = 30.0


@dataclass
class Watched:
    """What is asked of CloudWatch in a scenario, and the brackets that the suite measured itself, in seconds."""

    source: str = ""
    destination: str = ""
    answer: Latency | None = None
    measured: list[Bracket] = field(default_factory=list)


@pytest.fixture
def watched() -> Watched:
    return Watched()


@given(
    sentence(
        "{count:d} items were written in {source:Region} and have reached {destination:Region} within {limit:Duration}"
    )
)
def write_items(world: World, watched: Watched, count: int, source: str, destination: str, limit: float) -> None:
    """Traffic: without it there is nothing to measure. The items travel side by side."""
    for number in range(count):
        pk = f"TEST#monitoring-{world.participant.name}-{source}-{number}"
        item = {"PK": pk, "SK": "REPLICATION", "source_region": source}
        world.items.creation(f"item {number} of {source}", world.table.region(source).put(item))
    writes = [write for write in world.items.created.values() if write.region == source]
    agreements = world.clock.run(*(world.table.convergence(write.key, limit, [destination]) for write in writes))
    for write, agreement in zip(writes, agreements, strict=True):
        missed, hit = agreement.arrival(destination)
        watched.measured.append((max(0.0, (missed or write.invoked) - write.invoked), hit - write.invoked))


@when(sentence("CloudWatch in {source:Region} is asked for the ReplicationLatency towards {destination:Region}"))
def watch(watched: Watched, source: str, destination: str) -> None:
    watched.source, watched.destination = source, destination


@then(sentence("average, minimum and maximum are there within {limit:Duration}, in milliseconds"))
def latency_there(world: World, watched: Watched, limit: float) -> None:
    """Until the first datapoint is there, it is not available, which is not 0."""
    (watched.answer,) = world.clock.run(until_available(world.table, watched, limit))
    direction = f"the ReplicationLatency from {watched.source} to {watched.destination}"
    if watched.answer is None:
        raise MetricError(
            f"{direction} should be published in {watched.source} with TableName and ReceivingRegion, "
            f"and is {NOT_AVAILABLE} after {limit:g} s: missing, or published elsewhere"
        )
    if watched.answer.unit != "Milliseconds":
        raise MetricError(f"{direction} should be in Milliseconds, and is in {watched.answer.unit}")
    ordered = watched.answer.minimum <= watched.answer.average <= watched.answer.maximum
    if not ordered:
        raise MetricError(f"the average of {direction} should be between minimum and maximum: {watched.answer}")


@then("none of them is 0, which would mean that replication has stalled")
def not_stalled(watched: Watched) -> None:
    """AWS: a latency that drops to 0 indicates stalled replication."""
    assert watched.answer is not None
    if watched.answer.stalled:
        raise MetricError(
            f"the ReplicationLatency from {watched.source} to {watched.destination} should not be 0, "
            f"which means that replication has stalled: {watched.answer}"
        )


@then("they are within an order of magnitude of what the suite measured itself")
def of_these_replications(world: World, watched: Watched) -> None:
    """They need not be equal: the metric knows nothing of the client's way, and others may write to the table."""
    assert watched.answer is not None
    metric, measured = watched.answer, [hit for _, hit in watched.measured]
    details = (
        ("CloudWatch, average", f"{metric.average:.0f} ms"),
        ("CloudWatch, minimum", f"{metric.minimum:.0f} ms"),
        ("CloudWatch, maximum", f"{metric.maximum:.0f} ms"),
        ("measured, average", f"{1000 * sum(measured) / len(measured):.0f} ms"),
        ("measured, minimum", f"{1000 * min(measured):.0f} ms"),
        ("measured, maximum", f"{1000 * max(measured):.0f} ms"),
    )
    direction = f"{watched.source} to {watched.destination}"
    world.findings.add(Finding("note", f"{direction}: ReplicationLatency next to the suite's own delays", details))
    problem = contradiction(metric.minimum, metric.maximum, watched.measured)
    if problem:
        raise MetricError(f"the ReplicationLatency from {direction} is {problem}")


@when(
    sentence("CloudWatch in {region:Region} is asked for the ReplicationLatency of a table that nobody writes to"),
    target_fixture="latency",
)
def ask_idle(world: World, watched: Watched, region: str) -> Latency | None:
    """A name that no table has."""
    watched.source, (watched.destination,) = region, world.table.others(region)
    return world.table.cloudwatch.latency(region, watched.destination, table=f"{world.table.name}-idle")


@then(sentence('it says "{text:Text}"'))
def says(watched: Watched, latency: Latency | None, text: str) -> None:
    """Missing is not zero."""
    shown = NOT_AVAILABLE if latency is None else str(latency)
    if shown != text:
        raise MetricError(
            f'the ReplicationLatency from {watched.source} to {watched.destination} should be "{text}" '
            f"for a table without traffic, and is {shown}"
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
    world.findings.add(Finding("note", "PendingReplicationCount is not published for version 2019.11.21"))


@given("both regions hold all of the items, and nothing is pending")
@then("both regions hold all of the items, and nothing is pending")
def nothing_pending(world: World) -> None:
    """What the page's "pending replication count" is looked at for."""
    for write in world.items.created.values():
        demand_everywhere(world.table, write)
    pending = world.table.pending_in_words()
    if world.table.links.pending():
        raise NotArrivedError(f"something is still on its way: {pending}")
    world.findings.add(
        Finding("note", f"all {len(world.items.created)} items are in both regions; {pending or 'none is missing'}")
    )


OPERATIONS = ("PutItem", "GetItem", "Query")


@then(
    sentence(
        "after {pause:Duration}, or within {limit:Duration}, CloudWatch has counted PutItem, GetItem and Query in both "
        "regions"
    )
)
def requests_counted(world: World, pause: float, limit: float) -> None:
    """Without this sign that metrics arrive, no errors would be the same as no metrics."""
    (missing,) = world.clock.run(until_counted(world.table, pause, limit))
    if missing:
        raise MetricError(
            f"the requests that succeeded should be counted in CloudWatch, and {NOT_AVAILABLE} after {limit:g} s: "
            f"SuccessfulRequestLatency of {', '.join(missing)}"
        )


@then("the SystemErrors of these operations are 0")
def no_errors(world: World) -> None:
    """SystemErrors exist by operation only; no datapoint means that none happened."""
    counts = {
        (region, operation): world.table.cloudwatch.system_errors(region, operation)
        for region in world.table.regions
        for operation in OPERATIONS
    }
    errors = [f"{count} of {operation} in {region}" for (region, operation), count in counts.items() if count]
    if errors:
        raise MetricError(f"SystemErrors should be 0: {', '.join(errors)}")


def until_available(global_table: GlobalTable, watched: Watched, within: float) -> Task[Latency | None]:
    poll = global_table.metrics_poll_policy(within, every=PAUSE).start()
    awaited = f"the ReplicationLatency from {watched.source} to {watched.destination}: {NOT_AVAILABLE} yet"
    while True:
        poll.look()
        found = global_table.cloudwatch.latency(watched.source, watched.destination)
        if found is not None and not poll.in_time():
            raise InconclusiveError(poll.untold())
        if found is not None or poll.over:
            return found
        yield poll.pause(awaited)


def until_counted(global_table: GlobalTable, pause: float, within: float) -> Task[list[str]]:
    """A task: wait until all operations are counted, but no less than the pause; those that are not in the end."""
    yield pause
    poll = global_table.metrics_poll_policy(within - pause, every=PAUSE).start()
    while True:
        poll.look()
        missing = [
            f"{operation} in {region}"
            for region in global_table.regions
            for operation in OPERATIONS
            if not global_table.cloudwatch.successful_requests(region, operation)
        ]
        if not missing or poll.over:
            return missing
        yield poll.pause(f"requests to be counted in CloudWatch: {', '.join(missing)}")


def demand_everywhere(global_table: GlobalTable, write: Write) -> None:
    missing = [region for region, image in global_table.held(write.key).items() if image != write.left]
    if missing:
        raise NotArrivedError(f"{write.key} is not the same in {', '.join(missing)}")
