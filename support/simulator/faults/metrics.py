"""Faults of CloudWatch: ReplicationLatency and SystemErrors that do not say what happened."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from support.clock import PAGE_DAY
from support.page.workshop import TABLE_NAME
from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams, answers_to
from support.simulator.messages import Request, Response
from support.simulator.replication.metrics import Datapoint, Series, Statistics

UNIT = "facts 3.1: ReplicationLatency is in milliseconds"
PLACE = "facts 3.1: it is kept in the source region, under TableName and ReceivingRegion"
HONEST = "design: a metric is held against the suite's own measurement"


def _latency(seams: Seams, publish: Callable[[Datapoint], Datapoint | None]) -> None:
    """The seam of the datapoints of ReplicationLatency; None: it is not published."""

    def published(point: Datapoint) -> Datapoint | None:
        return publish(point) if point.series.metric == "ReplicationLatency" else point

    seams.publishing(lambda points: filter(None, map(published, points)))


@fault(_latency, UNIT, "monitoring", takes="number", cases=("0.001", "1000", "0", "-1", "2"))
def latency_is_scaled(seams: Seams, factor: str, point: Datapoint) -> Datapoint:
    """ReplicationLatency is a multiple of what it should be: seconds, microseconds, 0 (stalled), or less, or twice."""
    measured, times = point.values, float(factor)
    least, most = sorted((times * measured.least, times * measured.most))
    return replace(point, values=Statistics(measured.number, times * measured.total, least, most))


@fault(_latency, UNIT, "monitoring")
def latency_says_seconds(seams: Seams, point: Datapoint) -> Datapoint:
    """ReplicationLatency has figures in milliseconds, and a unit of seconds."""
    return replace(point, series=replace(point.series, unit="Seconds"))


@fault(_latency, HONEST, "monitoring")
def latency_is_constant(seams: Seams, point: Datapoint) -> Datapoint:
    """ReplicationLatency is always 10 milliseconds."""
    return replace(point, values=_always(10, point.values.number))


@fault(_latency, HONEST, "monitoring")
def latency_is_of_earlier_traffic(seams: Seams, point: Datapoint) -> Datapoint:
    """ReplicationLatency has the time of half an hour ago: no datapoint of what is written now ever comes."""
    return replace(point, starts=point.starts - timedelta(minutes=30))


@fault(_latency, "facts 3.1: a datapoint for each pair of regions with traffic", "monitoring")
def latency_is_missing(seams: Seams, point: Datapoint) -> Datapoint | None:
    """ReplicationLatency is never published."""
    return None


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


@fault(_latency, PLACE, "monitoring", cases=tuple(ELSEWHERE))
def latency_is_kept(seams: Seams, where: str, point: Datapoint) -> Datapoint | None:
    """ReplicationLatency is published in another region, or under other dimensions."""
    series = ELSEWHERE[where](point.series)
    return replace(point, series=series) if series else None


@fault(Seams.publishing, "performance monitoring: no datapoint means not available, never 0", "monitoring")
def idle_tables_have_a_latency_of_zero(seams: Seams, points: Iterable[Datapoint]) -> Iterable[Datapoint]:
    """Tables without traffic have datapoints of 0."""
    return [*points, *_before_the_scenario(seams, "ReplicationLatency", f"{TABLE_NAME}-idle")]


@fault(Seams.publishing, "facts 3.2: version 2019.11.21 publishes no PendingReplicationCount", "monitoring")
def pending_count_is_published(seams: Seams, points: Iterable[Datapoint]) -> Iterable[Datapoint]:
    """PendingReplicationCount is published, as by the legacy version."""
    return [*points, *_before_the_scenario(seams, "PendingReplicationCount", TABLE_NAME)]


@fault(answers_to("PutItem"), "facts 3.3: SystemErrors count answers with status 500", "monitoring")
def every_write_counts_as_an_error(seams: Seams, request: Request, forward: Forward) -> Response:
    """SystemErrors count writes that were done."""
    response = forward(request)
    seams.failed(request)
    return response


@fault(Seams.publishing, "facts 3.3: the requests of each operation are counted", "monitoring")
def requests_are_not_counted(seams: Seams, points: Iterable[Datapoint]) -> Iterable[Datapoint]:
    """SuccessfulRequestLatency is never published, as by an emulator that publishes nothing."""
    return [point for point in points if point.series.metric != "SuccessfulRequestLatency"]


def _always(value: float, number: int) -> Statistics:
    return Statistics(number, value * number, value, value)


def _before_the_scenario(seams: Seams, metric: str, table: str) -> Iterable[Datapoint]:
    """Once, a datapoint of 0 in each region, of the five minutes before the simulated day begins."""
    for source, destination in ((seams.primary, seams.replica), (seams.replica, seams.primary)):
        if seams.count(source) == 1:
            dimensions = (("TableName", table), ("ReceivingRegion", destination))
            series = Series(source, metric, "Milliseconds", 300, dimensions)
            yield Datapoint(series, PAGE_DAY - timedelta(minutes=5), _always(0, 1))
