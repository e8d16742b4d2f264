"""Faults of CloudWatch: ReplicationLatency and SystemErrors that do not say what happened."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from support.clock import PAGE_DAY
from support.page.workshop import TABLE_NAME
from support.simulator.faults.fault import CASE, fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.messages import DYNAMODB, Request, Response
from support.simulator.replication.metrics import Datapoint, Series, Statistics

UNIT = "facts 3.1: ReplicationLatency is in milliseconds"
PLACE = "facts 3.1: it is kept in the source region, under TableName and ReceivingRegion"
HONEST = "design: a metric is held against the suite's own measurement"


@fault(UNIT, "monitoring", takes="number", cases=("0.001", "1000", "0", "-1"))
def latency_is_scaled(seams: Seams, factor: str) -> None:
    """ReplicationLatency is a multiple of what it should be: seconds, microseconds, 0 (stalled), or less than 0."""
    _latency(seams, lambda point: [_scaled(point, float(factor))])


@fault(UNIT, "monitoring")
def latency_says_seconds(seams: Seams) -> None:
    """ReplicationLatency has figures in milliseconds, and a unit of seconds."""
    _latency(seams, lambda point: [replace(point, series=replace(point.series, unit="Seconds"))])


@fault(
    HONEST,
    "monitoring",
    equivalent="AWS documents two starts of this metric (facts 3.1), neither is a client's, and the delays of other"
    " writers differ by a factor of two or three: what a client measured can only tell an order of magnitude",
)
def latency_is_doubled(seams: Seams) -> None:
    """ReplicationLatency is twice as long as replication took."""
    _latency(seams, lambda point: [_scaled(point, 2)])


@fault(HONEST, "monitoring")
def latency_is_constant(seams: Seams) -> None:
    """ReplicationLatency is always 10 milliseconds."""
    _latency(seams, lambda point: [replace(point, values=_always(10, point.values.number))])


@fault("facts 3.1: a datapoint for each pair of regions with traffic", "monitoring")
def latency_is_missing(seams: Seams) -> None:
    """ReplicationLatency is never published."""
    _latency(seams, lambda _: [])


ELSEWHERE: dict[str, Callable[[Series], Series | None]] = {
    "where-changes-arrive": lambda series: replace(
        series, region=series.dimensions[1][1], dimensions=(series.dimensions[0], ("ReceivingRegion", series.region))
    ),
    "under-the-source": lambda series: replace(
        series, dimensions=(series.dimensions[0], ("ReceivingRegion", series.region))
    ),
    "under-no-table": lambda series: replace(series, dimensions=series.dimensions[1:]),
    "in-the-primary-region-only": lambda series: series if series.region == "us-east-1" else None,
}


@fault(PLACE, "monitoring", takes=CASE, cases=tuple(ELSEWHERE))
def latency_is_kept(seams: Seams, where: str) -> None:
    """ReplicationLatency is published in another region, or under other dimensions."""
    _latency(
        seams, lambda point: [replace(point, series=series) for series in [ELSEWHERE[where](point.series)] if series]
    )


@fault("performance monitoring: no datapoint means not available, never 0", "monitoring")
def idle_tables_have_a_latency_of_zero(seams: Seams) -> None:
    """Tables without traffic have datapoints of 0."""
    seams.having_published(*_before_the_scenario(seams, "ReplicationLatency", f"{TABLE_NAME}-idle"))


@fault("facts 3.2: version 2019.11.21 publishes no PendingReplicationCount", "monitoring")
def pending_count_is_published(seams: Seams) -> None:
    """PendingReplicationCount is published, as by the legacy version."""
    seams.having_published(*_before_the_scenario(seams, "PendingReplicationCount", TABLE_NAME))


@fault("facts 3.3: SystemErrors count answers with status 500", "monitoring")
def every_write_counts_as_an_error(seams: Seams) -> None:
    """SystemErrors count writes that were done."""

    def answer(request: Request, forward: Forward) -> Response:
        response = forward(request)
        if request.service == DYNAMODB and request.operation == "PutItem":
            replication = seams.replication
            table = request.parameters["TableName"]
            replication.metrics.failed(request.region, table, request.operation, replication.now())
        return response

    seams.answering(answer)


@fault("facts 3.3: the requests of each operation are counted", "monitoring")
def requests_are_not_counted(seams: Seams) -> None:
    """SuccessfulRequestLatency is never published, as by an emulator that publishes nothing."""
    seams.publishing(lambda point: [] if point.series.metric == "SuccessfulRequestLatency" else [point])


def _latency(seams: Seams, publish: Callable[[Datapoint], Iterable[Datapoint]]) -> None:
    seams.publishing(lambda point: publish(point) if point.series.metric == "ReplicationLatency" else [point])


def _scaled(point: Datapoint, factor: float) -> Datapoint:
    least, most = sorted((factor * point.values.least, factor * point.values.most))
    return replace(point, values=Statistics(point.values.number, factor * point.values.total, least, most))


def _always(value: float, number: int) -> Statistics:
    return Statistics(number, value * number, value, value)


def _before_the_scenario(seams: Seams, metric: str, table: str) -> Iterable[Datapoint]:
    """A datapoint of 0 in each region, of the five minutes before the simulated day begins."""
    for source, destination in ((seams.primary, seams.replica), (seams.replica, seams.primary)):
        dimensions = (("TableName", table), ("ReceivingRegion", destination))
        series = Series(source, metric, "Milliseconds", 300, dimensions)
        yield Datapoint(series, PAGE_DAY - timedelta(minutes=5), _always(0, 1))
