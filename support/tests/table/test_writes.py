"""Batches, transactions, statements and what is delivered twice: what is written to simulated tables, and recorded."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator
from support.table.calls import Caller, Endpoint
from support.table.region import Region
from support.table.wire import Intent
from support.tests.verdicts.convergence.test_judgement import judged
from support.tests.verdicts.histories import US
from support.verdicts.convergence.judgement import State
from support.verdicts.errors import ConditionFailedError, InconclusiveError
from support.verdicts.history import Action, History, Image, Key, Outcome, Write

ONE, TWO = Key("TEST#load-ada", "ITEM#1"), Key("TEST#load-ada", "ITEM#2")
RED: Image = {"colour": "red", "tags": {"new"}, "nothing": None}
THERE: Image = {"PK": ONE.pk, "SK": ONE.sk, "colour": "blue", "stock": 5}


@dataclass
class Written:
    """A region of a simulated table with one item, and the record of what was written by other APIs."""

    region: Region
    history: History = field(default_factory=History)

    def write(self, api: str, *intents: Intent) -> list[Write]:
        """Write by an API; the records of the writes."""
        send = getattr(self.region.apart(self.history), api)
        send(*intents) if api == "statement" else send(intents)
        return self.writes

    @property
    def writes(self) -> list[Write]:
        return [each for each in self.history if isinstance(each, Write)]


def region_of(client: Any, history: History, endpoint: Endpoint | None = None) -> Region:
    clock = SimulatedClock()
    caller = Caller(US, client, clock, {"TableName": TABLE_NAME}, endpoint=endpoint)
    return Region(US, TABLE_NAME, caller, history, clock)


@pytest.fixture
def client() -> Iterator[Any]:
    with closing(Simulator(SimulatedClock())) as simulator:
        simulator.create_global_table(TABLE)
        yield simulator.client("dynamodb", US)


@pytest.fixture
def written(client: Any) -> Written:
    written = Written(region_of(client, History()))
    written.region.put(THERE)
    return written


def intent(action: Action, key: Key = ONE, by: str = "a client") -> Intent:
    return Intent(action, key, by, {} if action == "delete" else RED)


@pytest.mark.parametrize("api", ["batch", "transaction"])
def test_writes_of_two_items_are_recorded_each_without_what_they_replaced(written: Written, api: str) -> None:
    one, two = written.write(api, intent("delete", by="first"), intent("put", TWO, by="second"))
    put = {"PK": TWO.pk, "SK": TWO.sk, **RED}
    assert (written.region.get(ONE), written.region.get(TWO)) == (None, put)
    assert [(each.action, each.key, each.by, each.outcome, each.number) for each in (one, two)] == [
        ("delete", ONE, "first", Outcome.ACKNOWLEDGED, 1),
        ("put", TWO, "second", Outcome.ACKNOWLEDGED, 2),
    ]
    assert (one.left, two.left) == (None, put)
    assert not any(each.replaced or each.replaced_is_told or not each.left_is_known for each in (one, two))


def test_what_an_update_in_a_transaction_left_is_not_known(written: Written) -> None:
    (write,) = written.write("transaction", intent("update"))
    assert written.region.get(ONE) == {**THERE, **RED}
    assert (write.left, write.left_is_known) == (None, False)


@pytest.mark.parametrize(
    ("action", "key", "replaced", "left"),
    [("update", ONE, THERE, {**THERE, **RED}), ("delete", ONE, THERE, None), ("delete", TWO, None, None)],
)
def test_a_statement_tells_what_it_replaced(
    written: Written, action: Action, key: Key, replaced: Image | None, left: Image | None
) -> None:
    (write,) = written.write("statement", intent(action, key))
    assert written.region.get(key) == left == write.left
    assert (write.outcome, write.replaced, write.replaced_is_told) == (Outcome.ACKNOWLEDGED, replaced, True)


def test_a_statement_that_updates_no_item_is_refused_and_recorded_as_failed(written: Written) -> None:
    with pytest.raises(ConditionFailedError, match="us-east-1 refused execute_statement: ConditionalCheckFailed"):
        written.write("statement", intent("update", TWO))
    (write,) = written.writes
    assert (write.outcome, write.left, write.left_is_known) == (Outcome.FAILED, None, False)


class Twice:
    """A client of a simulated table whose writes are all delivered twice; the second answer counts."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def called(**parameters: Any) -> Any:
            if operation == "update_item":
                call(**parameters)
            return call(**parameters)

        return called


def delivered_twice(client: Any, history: History, endpoint: Endpoint | None) -> Region:
    """A region with such a client, and an item in it."""
    region_of(client, history).put(THERE)
    return region_of(Twice(client), history, endpoint)


@pytest.mark.parametrize(("endpoint", "expected"), [(Endpoint(US), State.DONE), (None, State.WRONG)])
def test_an_update_that_replaced_what_it_wrote_itself_is_a_repeat_where_there_is_a_network(
    client: Any, endpoint: Endpoint | None, expected: State
) -> None:
    history = History()
    delivered_twice(client, history, endpoint).update(ONE, {"stock": 7})
    assert judged(history.writes(ONE), {US: [(1, {**THERE, "stock": 7})]}).state is expected


def test_a_write_that_found_what_its_first_delivery_has_done_shows_nothing_of_the_table(client: Any) -> None:
    with pytest.raises(InconclusiveError, match="delivered twice"):
        delivered_twice(client, History(), Endpoint(US)).take_one(ONE, "stock", {"last_sold_in": US})
    with pytest.raises(InconclusiveError, match="delivered twice"):
        delivered_twice(client, History(), Endpoint(US)).update(ONE, {"stock": 4}, provided={"stock": 5})
