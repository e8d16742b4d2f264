"""The simulator against the same work by hand on bare moto, among many items against few, and what stays in memory."""

import gc
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.model_instances import reset_model_data
from moto.server import ThreadedMotoServer

from support.benchmarks.bare import REGIONS, client, create_tables
from support.benchmarks.measuring import Plan, Row, ratio, seconds
from support.clock import SimulatedClock, WallClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.engines.moto_speed_ups import latest_records
from support.simulator.http.server import serve
from support.simulator.items import item_key
from support.simulator.replication import metrics, versions

HERE, THERE = REGIONS
BATCH, PIECE, SECONDS_TO_ARRIVE = 25, 10, 3.0
NAME = {"TableName": TABLE_NAME}


def item(number: int, keys_only: bool = False) -> dict[str, dict[str, str]]:
    texts = {"PK": f"CUSTOMER#{number // 10}", "SK": f"ORDER#{number:08}"}
    if not keys_only:
        texts |= {"GSI1PK": f"STATUS#{number // 10}", "GSI1SK": f"ORDER#{number:08}"}
        texts |= {f"attribute_{each}": f"value {number} {each}" for each in range(7)}
    return {name: {"S": text} for name, text in texts.items()}


def get(client: Any, number: int) -> None:
    found = client.get_item(**NAME, Key=item(number, keys_only=True), ConsistentRead=True)
    assert found.get("Item") == item(number), f"item {number} is not there as it was written"


def put(client: Any, number: int) -> None:
    client.put_item(**NAME, Item=item(number))


def put_many(client: Any, number: int) -> None:
    for first in range(0, number, BATCH):
        puts = [{"PutRequest": {"Item": item(each)}} for each in range(first, first + BATCH)]
        client.batch_write_item(RequestItems={TABLE_NAME: puts})


@dataclass(frozen=True)
class Filled:
    """A simulator with its clock, and a client of each region; the first has the items."""

    simulator: Simulator
    clock: SimulatedClock
    here: Any
    there: Any

    def arrive(self) -> None:
        self.clock.wait(SECONDS_TO_ARRIVE)
        assert not self.simulator.pending(HERE, THERE)

    def replicate(self, number: int) -> None:
        put_many(self.here, number)
        self.arrive()


@contextmanager
def filled(items: int = 0) -> Iterator[Filled]:
    clock, engine = SimulatedClock(), MotoEngine()
    with closing(Simulator(clock, REGIONS, engine=engine)) as simulator:
        simulator.create_global_table(TABLE)
        for image in map(item, range(items)):
            engine.write(HERE, TABLE_NAME, item_key(["PK", "SK"], image), image)
        yield Filled(simulator, clock, *(simulator.client("dynamodb", region) for region in REGIONS))


@contextmanager
def bare_moto(reset: bool = False) -> Iterator[None]:
    """While this is on, every client in this process is answered by bare moto: it is on for the work by hand alone."""
    mock = mock_aws()
    mock.start(reset=reset)
    try:
        yield
    finally:
        mock.stop(remove_data=False)


def rows(plan: Plan) -> list[Row]:
    single, bulk, growth = zip(*(_by_hand(plan) for _ in range(plan.rounds)), strict=True)
    return [
        Row("put in one region, read in the other", 1.0, "x", "the same put, put and get on bare moto", single),
        Row(f"{plan.writes:,} writes replicated in bulk", 0.8, "x", "writing them to both regions of bare moto", bulk),
        Row(f"cost of a write among {plan.writes:,}", 1.1, "x", f"that of one among {plan.few_writes}", growth),
        Row(f"the slowest of {', '.join(CALLS)} among {plan.items:,}", 1.3, "x", "that among 100", [_among(plan)]),
        Row("memory that stays for a request", 0.5, " blocks", "", [_memory(plan)]),
        Row("put and get over HTTP", 1.0, "x", "moto_server", [_over_http(plan) for _ in range(plan.rounds)]),
    ]


def _by_hand(plan: Plan) -> tuple[float, float, float]:
    with bare_moto(reset=True):
        create_tables()
        here, there = (client("dynamodb", region) for region in REGIONS)
    with filled() as one:

        def replicated(number: int) -> None:
            put(one.here, number)
            one.arrive()
            get(one.there, number)

        def twice(number: int) -> None:
            put(here, number)
            put_and_get(there, number)

        ratio(replicated, twice, PIECE, bare_moto)
        single = ratio(replicated, twice, plan.calls, bare_moto)
    with filled() as one:
        many = seconds(partial(one.replicate, plan.writes))
    with bare_moto():
        by_hand = sum(seconds(partial(put_many, each, plan.writes)) for each in (here, there))
    few = 0.0
    for _ in range(PIECE):
        with filled() as one:
            few += seconds(partial(one.replicate, plan.few_writes)) / PIECE
    return single, many / by_hand, many / plan.writes / (few / plan.few_writes)


def _query(client: Any, number: int, key: str, **index: str) -> None:
    values = {":key": item(number - number % 10)[key]}
    found = client.query(**NAME, **index, KeyConditionExpression=f"{key} = :key", ExpressionAttributeValues=values)
    assert found["Count"] == 10, found["Count"]


CALLS: Mapping[str, Callable[[Any, int], None]] = {
    "query": lambda client, number: _query(client, number, "PK"),
    "query of an index": lambda client, number: _query(client, number, "GSI1PK", IndexName="GSI1"),
    "put": put,
    "get": get,
    "transaction": lambda client, number: client.transact_write_items(
        TransactItems=[{"Put": {**NAME, "Item": item(number)}}]
    ),
}


def _over_http(plan: Plan) -> float:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    other = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    with bare_moto(reset=True):  # what was there before is gone
        other.start()
    try:
        with closing(Simulator(WallClock(), REGIONS)) as simulator, serve(simulator) as ours:
            urls = ours.url, "http://{}:{}".format(*other.get_host_and_port())
            sdk = boto3.session.Session("x", "x", region_name=HERE)
            clients = [sdk.client("dynamodb", endpoint_url=url) for url in urls]
            for each in clients:
                each.create_table(**TABLE)
            return ratio(partial(put_and_get, clients[0]), partial(put_and_get, clients[1]), plan.calls)
    finally:
        other.stop()


def put_and_get(client: Any, number: int) -> None:
    put(client, number)
    get(client, number)


def scattered(call: Callable[[Any, int], None], one: Filled, items: int) -> Callable[[int], None]:
    return lambda number: call(one.here, number * 7919 % items)


def _among(plan: Plan) -> float:
    with filled(plan.items) as large, filled(100) as small:
        pairs = [(scattered(call, large, plan.items), scattered(call, small, 100)) for call in CALLS.values()]
        return max(median(ratio(*pair, plan.calls) for _ in range(plan.rounds)) for pair in pairs)


def _memory(plan: Plan) -> float:
    """Blocks of memory that stay for each request, with bounds so low that all of them are reached."""
    with (
        patch.object(latest_records, "RECORDS_KEPT", 10),
        patch.object(versions, "MANY_TOMBSTONES", 10),
        patch.multiple(metrics, MANY_PUBLICATIONS=10, RETENTION=metrics.RETENTION / 9000),  # ten minutes
        filled(400) as one,
    ):
        before = _blocks(one, range(plan.requests))
        return max(0.0, (_blocks(one, range(plan.requests, 2 * plan.requests)) - before) / plan.requests)


def _blocks(one: Filled, numbers: range) -> int:
    for number in numbers[::10]:
        put(one.here, 400 + number)
        one.arrive()
        one.here.delete_item(**NAME, Key=item(400 + number, keys_only=True))
        for call in CALLS.values():
            scattered(call, one, 400)(number)
        one.arrive()
    reset_model_data()
    gc.collect()
    return sys.getallocatedblocks()
