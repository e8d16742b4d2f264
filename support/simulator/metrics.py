"""What the simulator publishes to CloudWatch, under AWS's own names (facts 3).

ReplicationLatency: milliseconds from a write to its arrival, for each pair of regions, kept in the source region under
TableName and ReceivingRegion, in periods of five minutes. SystemErrors: the number of answers with status 500, under
TableName and Operation, in periods of one minute. PendingReplicationCount does not exist for version 2019.11.21.
When a datapoint becomes visible is not documented: that it does when its period is over is an assumption.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from support.clock import MICROSECONDS
from support.simulator.messages import CLOUDWATCH, Request

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Series:
    """One metric of one region."""

    region: str
    metric: str
    unit: str
    period: int
    dimensions: Dimensions


@dataclass(frozen=True)
class Datapoint:
    """The values of one series in one period that starts at a time of day."""

    series: Series
    starts: datetime
    values: tuple[float, ...]


class Metrics:
    """Values that wait for the end of their period (all times in microseconds since `start`)."""

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._waiting: dict[tuple[Series, datetime], list[float]] = defaultdict(list)

    def arrived(self, table: str, source: str, destination: str, written: int, now: int) -> None:
        """A change has arrived."""
        dimensions = (("TableName", table), ("ReceivingRegion", destination))
        series = Series(source, "ReplicationLatency", "Milliseconds", 300, dimensions)
        self._put(series, (now - written) * 1000 / MICROSECONDS, now)

    def failed(self, region: str, table: str, operation: str, now: int) -> None:
        """A request has been answered with an internal server error."""
        dimensions = (("TableName", table), ("Operation", operation))
        self._put(Series(region, "SystemErrors", "Count", 60, dimensions), 1.0, now)

    def take_published(self, now: int) -> Iterator[Datapoint]:
        """The datapoints whose period is over by now, each once."""
        time = self._time(now)
        over = [place for place in self._waiting if place[1] + timedelta(seconds=place[0].period) <= time]
        for series, starts in over:
            yield Datapoint(series, starts, tuple(self._waiting.pop((series, starts))))

    def _put(self, series: Series, value: float, now: int) -> None:
        time = self._time(now)
        since_midnight = time - time.replace(hour=0, minute=0, second=0, microsecond=0)
        starts = time - since_midnight % timedelta(seconds=series.period)
        self._waiting[series, starts].append(value)

    def _time(self, now: int) -> datetime:
        return self._start + timedelta(microseconds=now)


def put_metric_data(datapoint: Datapoint) -> Request:
    """The request that brings a datapoint into the CloudWatch of its region."""
    series, values = datapoint.series, datapoint.values
    member = "MetricData.member.1"
    parameters = {
        "Action": "PutMetricData",
        "Version": "2010-08-01",
        "Namespace": "AWS/DynamoDB",
        f"{member}.MetricName": series.metric,
        f"{member}.Unit": series.unit,
        f"{member}.Timestamp": datapoint.starts.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{member}.StatisticValues.SampleCount": len(values),
        f"{member}.StatisticValues.Sum": sum(values),
        f"{member}.StatisticValues.Minimum": min(values),
        f"{member}.StatisticValues.Maximum": max(values),
    }
    for number, (name, value) in enumerate(series.dimensions, start=1):
        parameters[f"{member}.Dimensions.member.{number}.Name"] = name
        parameters[f"{member}.Dimensions.member.{number}.Value"] = value
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    url = f"https://monitoring.{series.region}.amazonaws.com/"
    return Request(series.region, CLOUDWATCH, url, headers, urlencode(parameters).encode())
