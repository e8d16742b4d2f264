"""The simulator against doing its work by hand: writing to every region, on moto without a simulator."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

from moto import mock_aws

from support.benchmarks.bare import REGIONS, create_tables
from support.benchmarks.measuring import Pieces, Plan, Strand, in_turns, middle, spread
from support.benchmarks.rows import Row
from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE
from support.simulator import Simulator

HERE, THERE = REGIONS
USUALLY_ENOUGH, LONG_ENOUGH = 2.0, 60.0
"""Simulated seconds after which most changes have arrived, and all of them."""

BATCH = 25
PIECE = 10


def rows(plan: Plan) -> list[Row]:
    """One item after another, and in bulk."""
    return [*_single_rows(plan), *_bulk_rows(plan)]


def item(number: int) -> dict[str, dict[str, str]]:
    """The page's global user, one of many, as DynamoDB's JSON has it."""
    name = f"ada-{number}"
    texts = {
        "PK": f"USER#global-user-{name}", "SK": "PROFILE",
        "GSI1PK": f"USER#{name}@global.com", "GSI1SK": "PROFILE",
        "user_id": f"global-user-{name}", "name": "Ada Global", "email": f"{name}@global.com",
        "region_created": HERE, "created_timestamp": "2025-08-11T15:30:00Z",
        "test_type": "global_replication", "workshop_session": "module3",
    }  # fmt: skip
    return {attribute: {"S": text} for attribute, text in texts.items()}


def key(number: int) -> dict[str, dict[str, str]]:
    """The key of an item."""
    return {name: value for name, value in item(number).items() if name in ("PK", "SK")}


@contextmanager
def simulated() -> Iterator[tuple[Simulator, SimulatedClock, Any, Any]]:
    """A simulator with the workshop's table, its clock, and a client for each region."""
    clock = SimulatedClock()
    simulator = Simulator(clock, REGIONS)
    simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
    try:
        yield simulator, clock, simulator.client("dynamodb", HERE), simulator.client("dynamodb", THERE)
    finally:
        simulator.close()


class ByHand:
    """Bare moto with the same table in both regions.

    While a mock is on, every client in this process is answered by it, too: it is on for the work by hand alone.
    """

    def __init__(self) -> None:
        self._mock = mock_aws()
        clients: dict[tuple[str, str], Any] = {}
        self._mock.start()
        create_tables(clients)
        self._mock.stop(remove_data=False)
        self.regions = [clients["dynamodb", region] for region in REGIONS]

    @contextmanager
    def setting(self) -> Iterator[None]:
        """The mock is on."""
        self._mock.start(reset=False)
        yield
        self._mock.stop(remove_data=False)

    def close(self) -> None:
        """Forget the tables."""
        self._mock.start(reset=False)
        self._mock.stop()


def _single_rows(plan: Plan) -> list[Row]:
    def measure(orders: int) -> list[float]:
        with closing(ByHand()) as hand, simulated() as (_, clock, here, there):
            return in_turns(
                Strand(put_and_get(orders, here, lambda _: clock.wait(LONG_ENOUGH), there)),
                Strand(
                    put_and_get(orders, hand.regions[0], partial(_put, hand.regions[1]), hand.regions[1]), hand.setting
                ),
            )

    measure(PIECE)
    costs = [measure(plan.orders) for _ in range(plan.pairs)]
    against_hand = [simulator / hand for simulator, hand in costs]
    simulator, hand = (1000 * middle(each) / plan.orders for each in zip(*costs, strict=True))
    how = f"{spread(against_hand)}; {simulator:.1f} ms, by hand {hand:.1f} ms"
    work = "put in one region, read in the other, replicated"
    return [Row(work, "the same put, put and get by hand on bare moto", 0.75, "x", middle(against_hand), how)]


def put_and_get(orders: int, here: Any, carry: Callable[[int], None], there: Any) -> Pieces:
    """Put an item, carry it to the other region, read it there; some of them in each piece."""

    def work(first: int) -> None:
        for number in range(first, first + PIECE):
            _put(here, number)
            carry(number)
            get(there, number)

    for first in range(0, orders, PIECE):
        yield partial(work, first)


def _bulk_rows(plan: Plan) -> list[Row]:
    def measure() -> list[float]:
        with closing(ByHand()) as hand, simulated() as (simulator, clock, here, there):
            many, both, few = in_turns(
                Strand(replicate(simulator, clock, here, plan.writes, plan.pieces)),
                Strand(copy(hand.regions, plan.writes, plan.pieces), hand.setting),
                Strand(replicate_few(plan.few_writes, 2 * plan.pieces)),
            )
            get(there, plan.writes - 1)
            return [many / plan.writes, both / plan.writes, few / plan.few_writes / plan.pieces / 2]

    costs = [measure() for _ in range(plan.pairs)]
    against_hand, growth = [many / hand for many, hand, _ in costs], [many / few for many, _, few in costs]
    many, hand, few = (1000 * middle(each) for each in zip(*costs, strict=True))
    bulk = Row(
        f"{plan.writes:,} writes replicated in bulk", "writing them to both regions by hand on bare moto", 0.65, "x",
        middle(against_hand), f"{spread(against_hand)}; {many:.2f} ms a write, by hand {hand:.2f} ms",
    )  # fmt: skip
    cost = Row(
        f"cost of a write among {plan.writes:,}", f"that of one among {plan.few_writes}", 1.1, "x",
        middle(growth), f"{spread(growth)}; {few:.2f} ms among {plan.few_writes}",
    )  # fmt: skip
    return [bulk, cost]


def replicate(simulator: Simulator, clock: SimulatedClock, here: Any, writes: int, pieces: int) -> Pieces:
    """Write everything in one region, then let time pass until all of it has arrived in the other."""
    for batches in _batches(writes, pieces):
        yield partial(_write, here, batches)

    def arrive(seconds: float) -> None:
        clock.wait(seconds)
        simulator.owed(HERE, THERE)

    for _ in range(pieces - 1):
        yield partial(arrive, USUALLY_ENOUGH / pieces)
    yield partial(arrive, LONG_ENOUGH)
    assert not simulator.owed(HERE, THERE), "not everything has been replicated"


def copy(regions: Iterable[Any], writes: int, pieces: int) -> Pieces:
    """Write everything in one region, then in the other."""
    for region in regions:
        for batches in _batches(writes, pieces):
            yield partial(_write, region, batches)


def replicate_few(writes: int, times: int) -> Pieces:
    """Write and replicate a little, each time with a new simulator."""
    (batches,) = _batches(writes, pieces=1)
    for _ in range(times):
        with simulated() as (simulator, clock, here, _):

            def work(simulator: Simulator = simulator, clock: SimulatedClock = clock, here: Any = here) -> None:
                _write(here, batches)
                clock.wait(LONG_ENOUGH)
                assert not simulator.owed(HERE, THERE), "not everything has been replicated"

            yield work


def get(client: Any, number: int) -> None:
    """Read an item, which must be there."""
    answer = client.get_item(TableName=TABLE_NAME, Key=key(number), ConsistentRead=True)
    assert answer.get("Item") == item(number), f"item {number} has not arrived as it was written"


def _put(client: Any, number: int) -> None:
    client.put_item(TableName=TABLE_NAME, Item=item(number))


def _write(region: Any, batches: Iterable[dict[str, Any]]) -> None:
    for batch in batches:
        region.batch_write_item(RequestItems=batch)


def _batches(writes: int, pieces: int) -> list[list[dict[str, Any]]]:
    """The writes as requests, in equal pieces."""
    puts = [{"PutRequest": {"Item": item(number)}} for number in range(writes)]
    batches = [{TABLE_NAME: puts[first : first + BATCH]} for first in range(0, writes, BATCH)]
    share = len(batches) // pieces
    return [batches[first : first + share] for first in range(0, len(batches), share)]
