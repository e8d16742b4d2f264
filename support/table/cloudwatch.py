"""What CloudWatch tells of a global table, read as AWS publishes it, by the same code from every target (facts 3.1).

ReplicationLatency stands in the region that a change comes from. No datapoint means "not available", never 0: AWS warns
that a latency of 0 means that replication has stalled. Of error counts no datapoint means that none happened, where
SuccessfulRequestLatency shows that the operation's metrics arrive at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from support.clock import Clock
from support.table.calls import Caller

NAMESPACE = "AWS/DynamoDB"
LATENCY_PERIOD = 300
REQUEST_PERIOD = 60
LOOK_BACK = timedelta(hours=1)
MOST_SKEW = timedelta(minutes=1)
"""A clock of this machine that is off by more than this is not the one to name a span of time by."""


@dataclass(frozen=True)
class Latency:
    """One datapoint of ReplicationLatency, in its `unit` (AWS: Milliseconds), over the five minutes from `starts`."""

    starts: datetime
    average: float
    minimum: float
    maximum: float
    unit: str = "Milliseconds"

    def __str__(self) -> str:
        return f"average {self.average:g}, minimum {self.minimum:g}, maximum {self.maximum:g} {self.unit}"

    @property
    def stalled(self) -> bool:
        """Whether a figure is exactly 0, which AWS says a stalled replication shows."""
        return 0 in (self.average, self.minimum, self.maximum)


@dataclass(eq=False)
class CloudWatch:
    """The metrics of one table in its regions; `skew` is by how much this machine's clock is behind the service's."""

    table: str
    callers: Mapping[str, Caller]
    clock: Clock
    skew: timedelta = timedelta(0)

    def latency(self, source: str, destination: str, table: str = "", since: datetime | None = None) -> Latency | None:
        """The latest datapoint of a direction, of what was written `since` if that is said; None: not available."""
        dimensions = {"TableName": table or self.table, "ReceivingRegion": destination}
        statistics = ["Average", "Minimum", "Maximum"]
        points = self._statistics(source, "ReplicationLatency", dimensions, LATENCY_PERIOD, statistics)
        if since:  # an earlier one would be of other writers' items
            first = since + self.skew - timedelta(seconds=LATENCY_PERIOD) - MOST_SKEW
            points = [point for point in points if point["Timestamp"] > first]
        if not points:
            return None
        latest = max(points, key=lambda point: point["Timestamp"])  # they come in no order
        figures = (latest["Average"], latest["Minimum"], latest["Maximum"])
        return Latency(latest["Timestamp"], *figures, latest.get("Unit", "None"))

    def system_errors(self, region: str, operation: str) -> int:
        """How often an operation ended with status 500 within the last hour, as far as it has been published."""
        return self._sum(region, operation, "SystemErrors", "Sum")

    def successful_requests(self, region: str, operation: str) -> int:
        """How often it succeeded; 0 as long as nothing of it has been published."""
        return self._sum(region, operation, "SuccessfulRequestLatency", "SampleCount")

    def _sum(self, region: str, operation: str, metric: str, statistic: str) -> int:
        dimensions = {"TableName": self.table, "Operation": operation}
        points = self._statistics(region, metric, dimensions, REQUEST_PERIOD, [statistic])
        return int(sum(point[statistic] for point in points))

    def publishes(self, region: str, metric: str) -> bool:
        return bool(self._ask("list_metrics", region, metric, {"TableName": self.table})["Metrics"])

    def _statistics(
        self, region: str, metric: str, dimensions: Mapping[str, str], period: int, statistics: list[str]
    ) -> list[Mapping[str, Any]]:
        now = self.clock.now() + self.skew
        answer = self._ask(
            "get_metric_statistics", region, metric, dimensions,
            StartTime=now - LOOK_BACK, EndTime=now + MOST_SKEW, Period=period, Statistics=statistics,
        )  # fmt: skip
        if self._is_skewed(answer, now):
            return self._statistics(region, metric, dimensions, period, statistics)
        points: list[Mapping[str, Any]] = answer["Datapoints"]
        return points

    def _ask(
        self, operation: str, region: str, metric: str, dimensions: Mapping[str, str], **more: Any
    ) -> Mapping[str, Any]:
        named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        asked = {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": named, **more}
        return self.callers[region].call(operation, **asked).answer

    def _is_skewed(self, answer: Mapping[str, Any], now: datetime) -> bool:
        """Whether the service, by its own Date, is at another time than `now`; from then on its time counts."""
        date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if self.clock.simulated or not date:
            return False
        off = parsedate_to_datetime(date) - now
        if abs(off) <= MOST_SKEW:
            return False
        self.skew += off
        return True
