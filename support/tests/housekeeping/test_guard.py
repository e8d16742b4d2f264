"""A live client refuses all but reads and writes of the run's own items, whatever it is asked for."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from support.clock import SimulatedClock
from support.housekeeping.guard import ForeignKeyError, Owner, guard
from support.page.workshop import KEY_PREFIXES, TABLE, TABLE_NAME
from support.simulator import Simulator
from support.table.wire import delete_statement, update_statement
from support.verdicts.history import Key

OWN, OTHER, FOREIGN = (f"USER#global-user-{name}" for name in ("ada-3f9c1a-00aa", "ada-3f9c1a-11bb", "eve-3f9c1b-00aa"))


class Guarded:
    """A guarded client of a simulated table, and the keys that were noted."""

    def __init__(self, simulator: Simulator) -> None:
        simulator.create_global_table(TABLE)
        self.noted: list[Key] = []
        self.keys_when_noted: list[set[str]] = []
        self.free: Any = simulator.client("dynamodb", "us-east-1")
        self.client: Any = guard(simulator.client("dynamodb", "us-east-1"), TABLE_NAME, Owner("ada-3f9c1a"), self._note)

    def _note(self, key: Key) -> None:
        self.noted.append(key)
        self.keys_when_noted.append(self.keys())

    def keys(self) -> set[str]:
        """The partition keys in the table."""
        return {item["PK"]["S"] for item in self.free.scan(TableName=TABLE_NAME)["Items"]}

    def refuses(self, operation: str, parameters: Any, why: str) -> None:
        """See a request refused before an item is written or noted."""
        before = self.keys()
        with pytest.raises(ForeignKeyError, match=why):
            getattr(self.client, operation)(**parameters)
        assert (self.noted, self.keys()) == ([], before)


@pytest.fixture
def guarded() -> Iterator[Guarded]:
    with closing(Simulator(SimulatedClock())) as simulator:
        yield Guarded(simulator)


def wire(pk: str) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": "PROFILE"}}


def noted(*pks: str) -> list[Key]:
    return [Key(pk, "PROFILE") for pk in pks]


def batch(*pks: str, table: str = TABLE_NAME) -> dict[str, Any]:
    """Puts of these items, and a delete of the last one of them."""
    *put, deleted = pks
    puts = [{"PutRequest": {"Item": wire(pk)}} for pk in put]
    return {"RequestItems": {table: [*puts, {"DeleteRequest": {"Key": wire(deleted)}}]}}


def transaction(put: str, updated: str, deleted: str, table: str = TABLE_NAME) -> dict[str, Any]:
    setting = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "b"}}}
    return {
        "TransactItems": [
            {"Put": {"TableName": TABLE_NAME, "Item": wire(put)}},
            {"Update": {"TableName": TABLE_NAME, "Key": wire(updated), **setting}},
            {"Delete": {"TableName": table, "Key": wire(deleted)}},
        ]
    }


def update(pk: str, table: str = TABLE_NAME) -> dict[str, Any]:
    return update_statement(table, Key(pk, "PROFILE"), {"a": "b"})


def delete(pk: str, table: str = TABLE_NAME) -> dict[str, Any]:
    return delete_statement(table, Key(pk, "PROFILE"))


@pytest.mark.parametrize("prefix", KEY_PREFIXES)
def test_an_item_of_the_run_s_own_is_noted_and_then_written(guarded: Guarded, prefix: str) -> None:
    pk = f"{prefix}ada-3f9c1a-00aa11"
    guarded.client.put_item(TableName=TABLE_NAME, Item=wire(pk))
    assert (guarded.noted, guarded.keys_when_noted, guarded.keys()) == (noted(pk), [set()], {pk})


@pytest.mark.parametrize(
    "pk",
    [
        "USER#global-user-ada",
        "USER#global-user-ada-3f9c1b-00aa11",
        "USER#global-user-ada-3f9c1a",
        "user#global-user-ada-3f9c1a-00aa11",
        "ORDER#ada-3f9c1a-00aa11",
    ],
)
@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_any_other_item_is_left_alone(guarded: Guarded, operation: str, pk: str) -> None:
    parameters = {"Item": wire(pk)} if operation == "put_item" else {"Key": wire(pk)}
    guarded.refuses(operation, {"TableName": TABLE_NAME, **parameters}, "is not an item of this run")


@pytest.mark.parametrize(
    ("operation", "parameters", "created"),
    [
        ("delete_item", {"TableName": TABLE_NAME, "Key": wire(OWN)}, []),
        ("batch_write_item", batch(OWN, OTHER), [OWN]),
        ("transact_write_items", transaction(OWN, OTHER, f"{OWN}-deleted"), [OWN, OTHER]),
        ("execute_statement", update(OWN), [OWN]),
        ("execute_statement", delete(OWN), []),
    ],
)
def test_own_items_are_written_and_those_that_may_be_new_are_noted(
    guarded: Guarded, operation: str, parameters: dict[str, Any], created: list[str]
) -> None:
    if operation == "execute_statement":
        guarded.free.put_item(TableName=TABLE_NAME, Item=wire(OWN))
    getattr(guarded.client, operation)(**parameters)
    assert (guarded.keys(), guarded.noted) == (set(created), noted(*created))


KEY = [{"S": OWN}, {"S": "PROFILE"}]
DELETE = delete(OWN)["Statement"]
REFUSED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "is nothing that this suite does to a live table": [
        ("scan", {"TableName": TABLE_NAME}),
        ("delete_table", {"TableName": TABLE_NAME}),
        ("batch_execute_statement", {"Statements": [delete(OWN)]}),
        ("execute_transaction", {"TransactStatements": [delete(OWN)]}),
    ],
    f"{FOREIGN} / PROFILE is not an item of this run": [
        ("batch_write_item", batch(OWN, FOREIGN)),
        ("transact_write_items", transaction(OWN, OTHER, FOREIGN)),
        ("transact_write_items", transaction(FOREIGN, OWN, OTHER)),
        ("execute_statement", update(FOREIGN)),
        ("execute_statement", delete(FOREIGN)),
    ],
    "is for another table than demo-ecommerce-freetier: other": [
        ("put_item", {"TableName": "other", "Item": wire(OWN)}),
        ("batch_write_item", batch(OWN, OTHER, table="other")),
        ("transact_write_items", transaction(OWN, OTHER, f"{OWN}-1", table="other")),
        ("execute_statement", update(OWN, table="other")),
        ("execute_statement", delete(OWN, table="other")),
    ],
    "ExecuteStatement is for an update or a delete of one item: ": [
        ("execute_statement", {"Statement": statement, "Parameters": parameters})
        for statement, parameters in (
            (f'SELECT * FROM "{TABLE_NAME}" WHERE "PK" = ? AND "SK" = ?', KEY),
            (f"INSERT INTO \"{TABLE_NAME}\" VALUE {{'PK': ?, 'SK': ?}}", KEY),
            (f'DELETE FROM "{TABLE_NAME}" WHERE "PK" = \'{FOREIGN}\' AND "SK" = ? RETURNING ALL OLD *', KEY),
            (DELETE.replace(" RETURNING", ' OR "PK" = ? RETURNING'), [{"S": FOREIGN}, *KEY]),
            (DELETE.replace("WHERE", 'WHERE "size" = ? AND'), [{"S": "XL"}, *KEY]),
            (f"{DELETE}; {DELETE}", [*KEY, *KEY]),
            (DELETE, [*KEY, *KEY]),
            (DELETE, KEY[:1]),
        )
    ],
    "has parameters that do not say what it writes": [
        ("put_item", {"TableName": TABLE_NAME, "Item": {"PK": OWN, "SK": "PROFILE"}}),
        ("batch_write_item", {"RequestItems": {TABLE_NAME: None}}),
        ("execute_statement", {**delete(OWN), "Parameters": [{"N": "1"}, {"N": "2"}]}),
    ],
}


@pytest.mark.parametrize(
    ("operation", "parameters", "why"),
    [(*request, why) for why, requests in REFUSED.items() for request in requests],
)
def test_all_else_is_refused_before_anything_is_written(
    guarded: Guarded, operation: str, parameters: dict[str, Any], why: str
) -> None:
    for pk in (OWN, FOREIGN):
        guarded.free.put_item(TableName=TABLE_NAME, Item=wire(pk))
    guarded.refuses(operation, parameters, why)
