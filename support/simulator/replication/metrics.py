"""What the simulator publishes to CloudWatch, under AWS's own names (facts 3.1).

ReplicationLatency: milliseconds from a write to its arrival, for each pair of regions, kept in the source region under
TableName and ReceivingRegion, in periods of five minutes. SystemErrors: the number of answers with status 500, and
SuccessfulRequestLatency, whose sample count is the number of requests that succeeded, both under TableName and
Operation, in periods of one minute; the latency itself means nothing here. PendingReplicationCount does not exist for
version 2019.11.21.
When a datapoint becomes visible is not documented: that it does when its period is over is assumption A7. A shorter
time can be set, for those who wait in real time: a datapoint then grows while its period lasts.
"""

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
class Statistics:
    """What CloudWatch keeps of any number of values."""

    number: int
    total: float
    least: float
    most: float

    def __add__(self, other: "Statistics") -> "Statistics":
        number, total = self.number + other.number, self.total + other.total
        return Statistics(number, total, min(self.least, other.least), max(self.most, other.most))


@dataclass(frozen=True)
class Datapoint:
    """The values of one series in one period that starts at a time of day."""

    series: Series
    starts: datetime
    values: Statistics


MANY_PUBLICATIONS = 1000
"""With more of them waiting, those that can be seen already are added up: it may be long until CloudWatch is read."""

RETENTION = timedelta(days=63)
"""CloudWatch keeps datapoints of five minutes for so long, those of one minute for 15 days: nothing older is kept."""


class Metrics:
    """Values that wait to become visible (all times in microseconds since `start`).

    They do so `publish_after` seconds after they were measured; None: when their period is over.
    """

    def __init__(self, start: datetime, publish_after: float | None = None) -> None:
        self._start = start.astimezone(UTC)
        self._delay = None if publish_after is None else timedelta(seconds=publish_after)
        self._waiting: dict[tuple[Series, datetime, datetime], Statistics] = {}
        self._many = MANY_PUBLICATIONS

    def arrived(self, table: str, source: str, destination: str, written: int, now: int) -> None:
        dimensions = (("TableName", table), ("ReceivingRegion", destination))
        series = Series(source, "ReplicationLatency", "Milliseconds", 300, dimensions)
        self._put(series, (now - written) * 1000 / MICROSECONDS, now)

    def succeeded(self, region: str, table: str, operation: str, now: int) -> None:
        dimensions = (("TableName", table), ("Operation", operation))
        self._put(Series(region, "SuccessfulRequestLatency", "Milliseconds", 60, dimensions), 1.0, now)

    def failed(self, region: str, table: str, operation: str, now: int) -> None:
        dimensions = (("TableName", table), ("Operation", operation))
        self._put(Series(region, "SystemErrors", "Count", 60, dimensions), 1.0, now)

    def take_published(self, now: int) -> Iterator[Datapoint]:
        """What has become visible by now, each value once: several datapoints of a period are to be added up."""
        time = self._time(now)
        for place in [each for each in self._waiting if each[2] <= time]:
            series, starts, _ = place
            yield Datapoint(series, starts, self._waiting.pop(place))

    def _put(self, series: Series, value: float, now: int) -> None:
        time = self._time(now)
        period = timedelta(seconds=series.period)
        since_midnight = time - time.replace(hour=0, minute=0, second=0, microsecond=0)
        starts = time - since_midnight % period
        visible = starts + period if self._delay is None else time + self._delay
        self._add((series, starts, visible), Statistics(1, value, value, value))
        if len(self._waiting) > self._many:
            self._waiting = {place: values for place, values in self._waiting.items() if place[1] > time - RETENTION}
            for place in [each for each in self._waiting if each[1] < each[2] <= time]:
                self._add((*place[:2], place[1]), self._waiting.pop(place))
            self._many = max(MANY_PUBLICATIONS, 2 * len(self._waiting))

    def _add(self, place: tuple[Series, datetime, datetime], values: Statistics) -> None:
        waiting = self._waiting.get(place)
        self._waiting[place] = waiting + values if waiting else values

    def _time(self, now: int) -> datetime:
        return self._start + timedelta(microseconds=now)


def put_metric_data(datapoint: Datapoint) -> Request:
    series, values = datapoint.series, datapoint.values
    member = "MetricData.member.1"
    parameters = {
        "Action": "PutMetricData",
        "Version": "2010-08-01",
        "Namespace": "AWS/DynamoDB",
        f"{member}.MetricName": series.metric,
        f"{member}.Unit": series.unit,
        f"{member}.Timestamp": datapoint.starts.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{member}.StatisticValues.SampleCount": values.number,
        f"{member}.StatisticValues.Sum": values.total,
        f"{member}.StatisticValues.Minimum": values.least,
        f"{member}.StatisticValues.Maximum": values.most,
    }
    for number, (name, value) in enumerate(series.dimensions, start=1):
        parameters[f"{member}.Dimensions.member.{number}.Name"] = name
        parameters[f"{member}.Dimensions.member.{number}.Value"] = value
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Request(series.region, CLOUDWATCH, headers, urlencode(parameters).encode())
