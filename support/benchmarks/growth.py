"""What grows with a table: the cost of a request among many items."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

from support.benchmarks.bare import REGIONS
from support.benchmarks.measuring import Pieces, Plan, Strand, in_turns, middle, spread
from support.benchmarks.rows import Row
from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.items import item_key

HERE = REGIONS[0]
IN_A_PARTITION = 10
PIECE = 10

Call = Callable[[Any, int], object]
"""Makes the call with this number at a client."""


def item(number: int, keys_only: bool = False) -> dict[str, dict[str, str]]:
    """An order, one of ten of its customer."""
    customer = number // IN_A_PARTITION
    texts = {"PK": f"CUSTOMER#{customer}", "SK": f"ORDER#{number:08}"}
    if not keys_only:
        texts |= {"GSI1PK": f"STATUS#{customer}", "GSI1SK": f"ORDER#{number:08}"}
        texts |= {f"attribute_{each}": f"value {number} {each}" for each in range(7)}
    return {name: {"S": text} for name, text in texts.items()}


def queries(items: int) -> Mapping[str, Call]:
    """A query of a table with so many items, and one of its index, each of one partition."""
    partitions = max(1, items // IN_A_PARTITION)

    def query(client: Any, number: int) -> None:
        values = {":key": {"S": f"CUSTOMER#{number % partitions}"}}
        found = client.query(
            TableName=TABLE_NAME, KeyConditionExpression="PK = :key", ExpressionAttributeValues=values
        )  # fmt: skip
        assert found["Count"] == min(items, IN_A_PARTITION), found["Count"]

    def query_index(client: Any, number: int) -> None:
        values = {":key": {"S": f"STATUS#{number % partitions}"}}
        found = client.query(
            TableName=TABLE_NAME, IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :key", ExpressionAttributeValues=values,
        )  # fmt: skip
        assert found["Count"] == min(items, IN_A_PARTITION), found["Count"]

    return {"query": query, "query of an index": query_index}


def put(items: int, client: Any, number: int) -> None:
    """Put one of the items again."""
    client.put_item(TableName=TABLE_NAME, Item=item(number % items))


def transaction(items: int, client: Any, number: int) -> None:
    """Put one of the items again, in a transaction."""
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE_NAME, "Item": item(number % items)}}])


def read(items: int, client: Any, number: int) -> None:
    """Read one of the items."""
    assert "Item" in client.get_item(TableName=TABLE_NAME, Key=item(number % items, keys_only=True))


def calls(items: int) -> Mapping[str, Call]:
    """What is measured in a table with so many items."""
    return {
        **queries(items),
        "put": partial(put, items),
        "get": partial(read, items),
        "transaction of one put": partial(transaction, items),
    }


@dataclass(frozen=True)
class Filled:
    """A simulator with items in one region, and a client of it."""

    simulator: Simulator
    clock: SimulatedClock
    client: Any


@contextmanager
def filled(items: int, regions: Iterable[str] = (HERE,)) -> Iterator[Filled]:
    """A table with so many items in some regions, put there as deliveries are: that is quicker than requests."""
    clock, engine = SimulatedClock(), MotoEngine()
    with closing(Simulator(clock, REGIONS, engine=engine)) as simulator:
        simulator.create_global_table(TABLE)
        for region, number in product(regions, range(items)):
            image = item(number)
            engine.write(region, TABLE_NAME, item_key(["PK", "SK"], image), image)
        yield Filled(simulator, clock, simulator.client("dynamodb", HERE))


def rows(plan: Plan) -> list[Row]:
    """Requests among many items against those among few."""
    few = plan.few_writes
    with filled(plan.items) as large, filled(few) as small:
        costs = {
            work: [_costs(plan, large, small, work, few) for _ in range(plan.pairs)]
            for work in calls(few)
        }  # fmt: skip
    return [_row(plan, work, measured) for work, measured in costs.items()]


def _costs(plan: Plan, large: Filled, small: Filled, work: str, few: int) -> list[float]:
    return in_turns(
        Strand(_pieces(large.client, calls(plan.items)[work], plan.calls)),
        Strand(_pieces(small.client, calls(few)[work], plan.calls)),
    )


def _row(plan: Plan, work: str, measured: list[list[float]]) -> Row:
    each = [large / small for large, small in measured]
    many, few = (1000 * middle(costs) / plan.calls for costs in zip(*measured, strict=True))
    how = f"{spread(each)}; {many:.2f} ms, among {plan.few_writes} {few:.2f} ms"
    return Row(f"{work}, among {plan.items:,} items", f"that among {plan.few_writes}", 1.3, "x", middle(each), how)


def _pieces(client: Any, call: Call, number: int) -> Pieces:
    def work(first: int) -> None:
        for each in range(first, first + PIECE):
            call(client, each * 7919)  # spread over the partitions

    for first in range(0, number, PIECE):
        yield partial(work, first)
