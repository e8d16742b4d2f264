"""What a live run costs: requests and capacity units by region, and dollars at AWS's list price.

The prices are a snapshot, taken from AWS's documentation when this was written, not from the account: those of
us-east-1, on demand, table class STANDARD. Other regions differ (some are a tenth dearer, some more), and free tiers,
discounts and provisioned tables are left out. PRICING has today's prices.
"""

import json
from collections.abc import Iterable, Mapping
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


Cost = Mapping[str, Consumed]
"""What was consumed, by region."""


def cost_of(table: GlobalTable) -> Cost:
    consumed = {}
    for name in table.regions:
        tally, metrics = table.region(name).caller.tally, table.cloudwatch.callers[name].tally.calls
        consumed[name] = Consumed(tally.calls + tally.again.total(), tally.read_units, tally.write_units, metrics)
    return consumed


def added(parts: Iterable[Consumed]) -> Consumed:
    return Consumed(*map(sum, zip(*parts, strict=True)))


def in_all(texts: Iterable[str]) -> Cost:
    """The sum of costs that came from other processes, as JSON."""
    costs = [json.loads(text) for text in texts]
    regions = dict.fromkeys(region for cost in costs for region in cost)
    return {region: added(Consumed(*cost[region]) for cost in costs if region in cost) for region in regions}


def dollars(cost: Cost) -> float:
    """At list price: each write counts once in every region."""
    total = added(cost.values())
    units = total.reads * READ_UNITS + total.writes * len(cost) * WRITE_UNITS
    return (units + total.metrics * METRIC_REQUESTS) / MILLION


def lines(cost: Cost, *, priced: bool) -> list[str]:
    """The requests and units of each region, and the price: a rehearsal has none."""
    writes = added(cost.values()).writes
    told = [
        f"{region}: {own.requests} requests, {own.reads:g} read units, {own.writes:g} write units and "
        f"{writes - own.writes:g} replicated ones, {own.metrics} requests of CloudWatch"
        for region, own in cost.items()
    ]
    return [*told, f"{in_dollars(dollars(cost))} at {price_list()}"] if priced else told


def estimate(probes: int) -> str:
    """What a run of all features is likely to consume in its two regions, the removal of its items included.

    From runs against the simulator with the usual lag (2026-11-25, 26): 3,300 reads, 340 writes and 205 removals
    with 20 probes; an item in a transaction counts as two writes, as AWS counts it. Slow replication is looked at more
    often; CloudWatch is asked until it has published what it measured.
    """
    reads, writes, metrics = 3_000 + 16 * probes, 390 + 8 * probes, 50
    price = in_dollars(dollars({"one": Consumed(0, reads, writes, metrics), "other": Consumed()}))
    return (
        f"a run of all features with {probes} probes costs about {price}: {reads} read units, "
        f"{writes} write units, each in both regions, and {metrics} requests of CloudWatch, at {price_list()}"
    )


def price_of_pause() -> str:
    """What pausing replication takes: ten of the usual minutes a step of exercise 3 waits, five AWS may take."""
    usual, most = (f"{minutes} minutes (${minutes * ACTION_MINUTE:.2f})" for minutes in (17, MINUTES))
    return (
        f"when all other scenarios have ended, replication of the whole table is paused once for as many scenarios as "
        f"there are workers, for about {usual}, {most} at most, at AWS's list price for FIS"
    )


def in_dollars(amount: float) -> str:
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.5f}"


def price_list() -> str:
    return (
        f"on-demand list price (us-east-1 since {PRICED}: ${WRITE_UNITS:g} for a million writes, ${READ_UNITS:g} for a "
        f"million reads, other regions differ: see {PRICING})"
    )
