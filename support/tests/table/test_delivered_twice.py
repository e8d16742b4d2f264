"""What a network delivers twice is a repeat and no wrong image; without a network it is the table's doing."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator
from support.table.calls import Caller, Endpoint
from support.table.region import Region
from support.tests.verdicts.histories import US
from support.verdicts.convergence.judgement import State, Views, judge
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import History, Image, Key

ITEM: Image = {"PK": "PRODUCT#eu-product-ada", "SK": "DETAILS", "stock": 5}
KEY = Key.of(ITEM)


class Twice:
    """A client of a simulated table whose writes are all delivered twice; the second answer counts."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def called(**parameters: Any) -> Any:
            if operation.endswith("_item") and operation != "get_item":
                call(**parameters)
            return call(**parameters)

        return called


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    made = Simulator(SimulatedClock())
    made.create_global_table(TABLE)
    yield made
    made.close()


def region(simulator: Simulator, history: History, endpoint: Endpoint | None = None) -> Region:
    """The region with such a client, and the item in it."""
    clock, always = SimulatedClock(), {"TableName": TABLE_NAME}
    client = simulator.client("dynamodb", US)
    Region(US, TABLE_NAME, Caller(US, client, clock, always), history, clock).put(ITEM)
    return Region(US, TABLE_NAME, Caller(US, Twice(client), clock, always, endpoint=endpoint), history, clock)


def state(history: History, shown: Image) -> State:
    views = Views()
    views.add(US, shown, 1.0, 1.0)
    return judge(history.writes(KEY), views).state


@pytest.mark.parametrize(("endpoint", "expected"), [(Endpoint(US), State.DONE), (None, State.WRONG)])
def test_an_update_that_replaced_what_it_wrote_itself(
    simulator: Simulator, endpoint: Endpoint | None, expected: State
) -> None:
    history = History()
    region(simulator, history, endpoint).update(KEY, {"stock": 7})
    assert state(history, {**ITEM, "stock": 7}) is expected


def test_a_piece_that_was_taken_off_twice_shows_nothing_of_the_table(simulator: Simulator) -> None:
    with pytest.raises(InconclusiveError, match="delivered twice"):
        region(simulator, History(), Endpoint(US)).take_one(KEY, "stock", {"last_sold_in": US})


def test_a_condition_that_the_first_delivery_has_spoilt_shows_nothing_of_the_table(simulator: Simulator) -> None:
    with pytest.raises(InconclusiveError, match="delivered twice"):
        region(simulator, History(), Endpoint(US)).update(KEY, {"stock": 4}, provided={"stock": 5})
