"""What a live run costs: requests and capacity units by region, and dollars at AWS's list price.

The prices are a snapshot, taken from AWS's documentation when this was written, not from the account: those of
us-east-1, on demand, table class STANDARD. Other regions differ (some are a tenth dearer, some more), and free tiers,
discounts and provisioned tables are left out. PRICING has today's prices.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from support.experiments import MINUTES
from support.targets.global_table import GlobalTable

PRICING = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
PRICED = "2024-11-01"
"""Since when the prices hold: that day AWS halved them, and made a replicated write as dear as any other."""

WRITE_UNITS = 0.625
"""Dollars for a million write request units. A write is paid for in every region, as a replicated one."""
READ_UNITS = 0.125
"""Dollars for a million read request units."""
ACTION_MINUTE = 0.1
"""Dollars for a minute of an experiment with one action (https://aws.amazon.com/fis/pricing/, read 2026-11-29)."""
METRIC_REQUESTS = 10.0
"""Dollars for a million requests to CloudWatch; the first million a month are free."""

MILLION = 1_000_000


class Consumed(NamedTuple):
    """What was asked of one region: requests of DynamoDB, their capacity units, and requests of CloudWatch."""

    requests: float = 0
    reads: float = 0
    writes: float = 0
    metrics: float = 0

    @classmethod
    def sum(cls, parts: Iterable["Consumed"]) -> "Consumed":
        return cls(*map(sum, zip(*parts, strict=True)))


@dataclass(frozen=True)
class Cost:
    """What was consumed, by region."""

    regions: Mapping[str, Consumed]

    @property
    def total(self) -> Consumed:
        return Consumed.sum(self.regions.values())

    @property
    def dollars(self) -> float:
        """At list price: each write counts once in every region."""
        total = self.total
        units = total.reads * READ_UNITS + total.writes * len(self.regions) * WRITE_UNITS
        return (units + total.metrics * METRIC_REQUESTS) / MILLION

    def lines(self, *, priced: bool = True) -> list[str]:
        """The requests and units of each region, and the price: a rehearsal has none."""
        price = [f"{in_dollars(self.dollars)} at {price_list()}"] if priced else []
        return [*(self._line(region) for region in self.regions), *price]

    def _line(self, region: str) -> str:
        own = self.regions[region]
        replicated = self.total.writes - own.writes
        return (
            f"{region}: {own.requests} requests, {own.reads:g} read units, {own.writes:g} write units and "
            f"{replicated:g} replicated ones, {own.metrics} requests of CloudWatch"
        )

    def to_json(self) -> str:
        """For another process."""
        return json.dumps(self.regions)

    @classmethod
    def from_json(cls, text: str) -> "Cost":
        return cls({region: Consumed(*values) for region, values in json.loads(text).items()})


def cost_of(table: GlobalTable) -> Cost:
    consumed = {}
    for name in table.regions:
        tally, metrics = table.region(name).caller.tally, table.cloudwatch.callers[name].tally.calls
        consumed[name] = Consumed(tally.calls + tally.again.total(), tally.read_units, tally.write_units, metrics)
    return Cost(consumed)


def estimate(probes: int) -> str:
    """What a run of all features is likely to consume in its two regions, the removal of its items included.

    From runs against the simulator with the usual lag (2026-11-25, 26): 3,300 reads, 340 writes and 205 removals
    with 20 probes; an item in a transaction counts as two writes, as AWS counts it. Slow replication is looked at more
    often; CloudWatch is asked until it has published what it measured.
    """
    reads, writes, metrics = 3_000 + 16 * probes, 390 + 8 * probes, 50
    cost = Cost({"one": Consumed(0, reads, writes, metrics), "other": Consumed()})
    return (
        f"a run of all features with {probes} probes costs about {in_dollars(cost.dollars)}: {reads} read units, "
        f"{writes} write units, each in both regions, and {metrics} requests of CloudWatch, at {price_list()}"
    )


def price_of_pause() -> str:
    """What pausing replication takes: ten of the usual minutes a step of exercise 3 waits, five AWS may take."""
    usual, most = (f"{minutes} minutes (${minutes * ACTION_MINUTE:.2f})" for minutes in (17, MINUTES))
    return (
        f"when all other scenarios have ended, replication of the whole table is paused once for as many scenarios as "
        f"there are workers, for about {usual}, {most} at most, at AWS's list price for FIS"
    )


def in_all(costs: Iterable[Cost]) -> Cost:
    parts: dict[str, list[Consumed]] = {}
    for cost in costs:
        for region, consumed in cost.regions.items():
            parts.setdefault(region, []).append(consumed)
    return Cost({region: Consumed.sum(each) for region, each in parts.items()})


def in_dollars(amount: float) -> str:
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.5f}"


def price_list() -> str:
    return (
        f"on-demand list price (us-east-1 since {PRICED}: ${WRITE_UNITS:g} for a million writes, ${READ_UNITS:g} for a "
        f"million reads, other regions differ: see {PRICING})"
    )
