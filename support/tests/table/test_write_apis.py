"""The other ways of writing, to simulated tables: what is written, and what is recorded of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator, fault_named
from support.table.calls import Caller
from support.table.region import Region
from support.table.write_apis import Intent
from support.tests.verdicts.histories import US
from support.verdicts.errors import ConditionFailedError
from support.verdicts.history import Action, History, Image, Key, Outcome, Write

ONE, TWO = Key("TEST#load-ada", "ITEM#1"), Key("TEST#load-ada", "ITEM#2")
RED: Image = {"colour": "red", "tags": {"new"}, "nothing": None}
THERE: Image = {"PK": ONE.pk, "SK": ONE.sk, "colour": "blue", "size": "XL"}


@dataclass
class Written:
    """A region of a simulated table, and the record of what was written by other APIs."""

    region: Region
    history: History = field(default_factory=History)

    def write(self, api: str, *intents: Intent) -> list[Write]:
        """Write by an API; the records of the writes."""
        apis = self.region.apart(self.history).write_apis
        if api == "statement":
            apis.statement(*intents)
        else:
            {"batch": apis.batch, "transaction": apis.transaction}[api](intents)
        return self.writes

    @property
    def writes(self) -> list[Write]:
        """The records."""
        return [each for each in self.history if isinstance(each, Write)]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with closing(Simulator(SimulatedClock())) as simulator:
        simulator.create_global_table(TABLE)
        yield simulator


@pytest.fixture
def written(simulator: Simulator) -> Written:
    clock = SimulatedClock()
    caller = Caller(US, simulator.client("dynamodb", US), clock, {"TableName": TABLE_NAME})
    return Written(Region(US, TABLE_NAME, caller, History(), clock))


def intent(action: Action, key: Key = ONE, by: str = "a client") -> Intent:
    return Intent(action, key, by, {} if action == "delete" else RED)


@pytest.mark.parametrize("api", ["batch", "transaction"])
def test_puts_and_deletes_of_two_items_are_done_and_recorded_each(written: Written, api: str) -> None:
    written.region.put(THERE)
    one, two = written.write(api, intent("delete", by="first"), intent("put", TWO, by="second"))
    assert written.region.get(ONE) is None
    assert written.region.get(TWO) == {"PK": TWO.pk, "SK": TWO.sk, **RED}
    assert [(each.action, each.key, each.by, each.outcome, each.number) for each in (one, two)] == [
        ("delete", ONE, "first", Outcome.ACKNOWLEDGED, 1),
        ("put", TWO, "second", Outcome.ACKNOWLEDGED, 2),
    ]
    assert (one.left, two.left) == (None, {"PK": TWO.pk, "SK": TWO.sk, **RED})


@pytest.mark.parametrize("api", ["batch", "transaction"])
def test_a_batch_and_a_transaction_do_not_tell_what_they_replaced(written: Written, api: str) -> None:
    written.region.put(THERE)
    (write,) = written.write(api, intent("put"))
    assert (write.replaced, write.replaced_is_told, write.left_is_known) == (None, False, True)


def test_what_an_update_in_a_transaction_left_is_not_known(written: Written) -> None:
    written.region.put(THERE)
    (write,) = written.write("transaction", intent("update"))
    assert written.region.get(ONE) == {**THERE, **RED}
    assert (write.left, write.left_is_known) == (None, False)


def test_a_statement_tells_what_it_updated_and_what_it_left(written: Written) -> None:
    written.region.put(THERE)
    (write,) = written.write("statement", intent("update"))
    assert written.region.get(ONE) == {**THERE, **RED} == write.left
    assert (write.replaced, write.replaced_is_told, write.left_is_known) == (THERE, True, True)


def test_a_statement_tells_what_it_deleted(written: Written) -> None:
    written.region.put(THERE)
    (write,) = written.write("statement", intent("delete"))
    assert written.region.get(ONE) is None
    assert (write.replaced, write.replaced_is_told, write.left) == (THERE, True, None)


def test_a_statement_that_deletes_no_item_is_done_and_tells_that_there_was_none(written: Written) -> None:
    (write,) = written.write("statement", intent("delete"))
    assert (write.outcome, write.replaced, write.replaced_is_told) == (Outcome.ACKNOWLEDGED, None, True)


def test_a_statement_that_updates_no_item_is_refused_and_recorded_as_failed(written: Written) -> None:
    with pytest.raises(ConditionFailedError, match="us-east-1 refused execute_statement: ConditionalCheckFailed"):
        written.write("statement", intent("update"))
    (write,) = written.writes
    assert (write.outcome, write.left, write.left_is_known) == (Outcome.FAILED, None, False)
    assert written.region.get(ONE) is None


def test_a_write_that_was_sent_twice_is_recorded_so(simulator: Simulator, written: Written) -> None:
    simulator.faults.inject(fault_named("lost-answers=0.5"))
    for _ in range(10):
        written.write("transaction", intent("put"), intent("put", TWO, by="another"))
    assert {(each.attempts > 1, each.repeated) for each in written.writes} == {(True, True), (False, False)}


@pytest.mark.parametrize(
    ("api", "action", "problem"),
    [
        ("batch", "update", "a batch can put or delete an item, and not update it"),
        ("statement", "put", "a statement can update or delete an item, and not put it"),
    ],
)
def test_what_an_api_can_not_do_is_refused_before_it_is_sent(
    written: Written, api: str, action: Action, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        written.write(api, intent(action))
    assert written.writes == []
    assert written.region.get(ONE) is None
