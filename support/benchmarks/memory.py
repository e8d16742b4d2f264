"""What requests leave in memory, beyond the items and what has a bound: nothing, however many there are."""

import gc
import resource
import sys
from dataclasses import dataclass
from unittest.mock import patch

from moto.core.model_instances import reset_model_data

from support.benchmarks.bare import REGIONS
from support.benchmarks.growth import Filled, filled, item, put, queries, read
from support.benchmarks.measuring import Plan
from support.benchmarks.rows import Row
from support.page.workshop import TABLE_NAME
from support.simulator.engines.moto_speed_ups import latest_records
from support.simulator.replication import versions

HERE, THERE = REGIONS
SECONDS_TO_ARRIVE = 3
BATCH = 25
IN_A_ROUND = 10
"""Requests, of which four are writes."""

FEW_ITEMS, FEW_REQUESTS, FEW_RECORDS = 400, 1000, 200
FULL_ITEMS, FULL_REQUESTS, PART = 100_000, 1_000_000, 250_000
"""Writes come in multiples of the records that a stream keeps: it is as full after each part as before."""

IN_A_MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024
"""Of what getrusage counts in."""


@dataclass(frozen=True)
class Memory:
    """Python's blocks of memory that are in use, and the most megabytes that the process has had until now."""

    blocks: int
    megabytes: float

    @classmethod
    def used(cls, one: Filled) -> "Memory":
        """What is in use when all has arrived, and all that can be let go is."""
        one.clock.wait(600)
        assert not one.simulator.owed(HERE, THERE), "not everything has been replicated"
        reset_model_data()
        gc.collect()
        return cls(sys.getallocatedblocks(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / IN_A_MEGABYTE)

    def __str__(self) -> str:
        return f"{self.blocks:,} blocks, {self.megabytes:,.0f} MB"


def row(plan: Plan) -> Row:
    """How many blocks of memory stay for each request, with bounds so low that all of them are reached."""
    few = (patch.object(latest_records, "RECORDS_KEPT", FEW_RECORDS), patch.object(versions, "MANY_TOMBSTONES", 10))
    with few[0], few[1], filled(FEW_ITEMS, REGIONS) as one:
        request(one, FEW_ITEMS, range(FEW_REQUESTS))
        before = Memory.used(one)
        request(one, FEW_ITEMS, range(FEW_REQUESTS, FEW_REQUESTS + plan.many_requests))
        after = Memory.used(one)
    return _row(plan.many_requests, [before, after], f"{FEW_ITEMS} items")


def full_row() -> Row:
    """The same with 100,000 items that were put by requests, a million requests, and the bounds that users have."""
    with filled(0) as one:
        _say("at the start", Memory.used(one))
        for first in range(0, FULL_ITEMS, BATCH):
            puts = [{"PutRequest": {"Item": item(number)}} for number in range(first, first + BATCH)]
            one.client.batch_write_item(RequestItems={TABLE_NAME: puts})
            one.clock.wait(SECONDS_TO_ARRIVE)
        _say(f"with {FULL_ITEMS:,} items in both regions", Memory.used(one))
        parts: list[Memory] = []
        for done in range(0, FULL_REQUESTS, PART):
            request(one, FULL_ITEMS, range(done, done + PART))
            parts.append(Memory.used(one))
            _say(f"after {done + PART:,} requests", parts[-1])
    return _row(FULL_REQUESTS - PART, parts, f"{FULL_ITEMS:,} items")


def request(one: Filled, items: int, numbers: range) -> None:
    """Make requests of all kinds, with these numbers; what was written arrives in the other region meanwhile."""
    all_queries = [*queries(items).values()]
    for number in numbers[::IN_A_ROUND]:
        spread, passing = number * 7919, items + number
        put(items, one.client, spread)
        key = item((spread + 1) % items, keys_only=True)
        values = {":value": {"S": f"value {number}"}}
        one.client.update_item(
            TableName=TABLE_NAME, Key=key, UpdateExpression="SET attribute_0 = :value", ExpressionAttributeValues=values
        )
        one.client.put_item(TableName=TABLE_NAME, Item=item(passing))
        one.clock.wait(SECONDS_TO_ARRIVE)
        one.client.delete_item(TableName=TABLE_NAME, Key=item(passing, keys_only=True))
        for each in range(3):
            read(items, one.client, spread + each)
            all_queries[each % 2](one.client, spread + each)
        one.clock.wait(SECONDS_TO_ARRIVE)


def _row(requests: int, parts: list[Memory], what: str) -> Row:
    stay = max(0.0, (parts[-1].blocks - parts[0].blocks) / requests)
    how = f"{what}; {requests:,} requests after the first ones: a put, update, put, delete, 3 reads, 3 queries by turns"
    peak = f"; {' to '.join(f'{each.megabytes:,.0f}' for each in (parts[0], parts[-1]))} MB at the most"
    return Row(f"memory that stays for a request, among {what}", "", 0.5, " blocks", stay, how + peak)


def _say(when: str, memory: Memory) -> None:
    print(f"{when}: {memory}", file=sys.stderr, flush=True)
