"""A live client does batches, transactions and PartiQL statements only if all that they write is the run's own."""

import re
from typing import Any

import pytest

from support.housekeeping.ownership import ForeignKeyError
from support.page.workshop import TABLE_NAME
from support.table.statements import delete_statement, update_statement
from support.tests.housekeeping.guarded_table import OWN, Guarded, wire
from support.verdicts.history import Key

OTHER = "USER#global-user-ada-3f9c1a-11bb22"
FOREIGN = "USER#global-user-grace-3f9c1b-00aa11"
SETTING: dict[str, Any] = {
    "UpdateExpression": "SET a = :a",
    "ExpressionAttributeValues": {":a": {"S": "b"}},
}


def batch(*pks: str, table: str = TABLE_NAME) -> dict[str, Any]:
    """Puts of these items, and a delete of the last one of them."""
    *put, deleted = pks
    puts = [{"PutRequest": {"Item": wire(pk)}} for pk in put]
    return {"RequestItems": {table: [*puts, {"DeleteRequest": {"Key": wire(deleted)}}]}}


def transaction(*pks: str, table: str = TABLE_NAME) -> dict[str, Any]:
    """A put, an update and a delete of these items."""
    put, updated, deleted = pks
    return {
        "TransactItems": [
            {"Put": {"TableName": TABLE_NAME, "Item": wire(put)}},
            {"Update": {"TableName": TABLE_NAME, "Key": wire(updated), **SETTING}},
            {"Delete": {"TableName": table, "Key": wire(deleted)}},
        ]
    }


def update(pk: str, table: str = TABLE_NAME) -> dict[str, Any]:
    return update_statement(table, Key(pk, "PROFILE"), {"a": "b"})


def delete(pk: str, table: str = TABLE_NAME) -> dict[str, Any]:
    return delete_statement(table, Key(pk, "PROFILE"))


def refuses(guarded: Guarded, operation: str, parameters: dict[str, Any], why: str) -> None:
    """See a request refused before an item is written or noted."""
    before = guarded.keys()
    with pytest.raises(ForeignKeyError, match=why):
        getattr(guarded.client, operation)(**parameters)
    assert (guarded.noted, guarded.keys()) == ([], before)


def test_items_of_the_run_s_own_are_written_by_a_batch_and_those_that_it_puts_are_noted(guarded: Guarded) -> None:
    guarded.client.batch_write_item(**batch(OWN, OTHER))
    assert guarded.keys() == {OWN}
    assert guarded.noted == [Key(OWN, "PROFILE")]


def test_items_of_the_run_s_own_are_written_by_a_transaction_and_those_that_may_be_new_are_noted(
    guarded: Guarded,
) -> None:
    deleted = f"{OWN}-deleted"
    guarded.client.transact_write_items(**transaction(OWN, OTHER, deleted))
    assert guarded.keys() == {OWN, OTHER}
    assert guarded.noted == [Key(OWN, "PROFILE"), Key(OTHER, "PROFILE")]


def test_an_item_of_the_run_s_own_is_written_by_a_statement_and_noted_if_it_is_updated(guarded: Guarded) -> None:
    guarded.free.put_item(TableName=TABLE_NAME, Item=wire(OWN))
    guarded.client.execute_statement(**update(OWN))
    assert guarded.noted == [Key(OWN, "PROFILE")]
    guarded.client.execute_statement(**delete(OWN))
    assert guarded.noted == [Key(OWN, "PROFILE")]
    assert guarded.keys() == set()


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("batch_write_item", batch(OWN, FOREIGN)),
        ("batch_write_item", batch(FOREIGN, OWN)),
        ("transact_write_items", transaction(OWN, OTHER, FOREIGN)),
        ("transact_write_items", transaction(OWN, FOREIGN, OTHER)),
        ("transact_write_items", transaction(FOREIGN, OWN, OTHER)),
        ("execute_statement", update(FOREIGN)),
        ("execute_statement", delete(FOREIGN)),
    ],
)
def test_a_foreign_item_among_own_ones_is_refused(guarded: Guarded, operation: str, parameters: dict[str, Any]) -> None:
    guarded.free.put_item(TableName=TABLE_NAME, Item=wire(FOREIGN))
    refuses(guarded, operation, parameters, f"{FOREIGN} / PROFILE is not an item of this run")


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        (
            "batch_write_item",
            {"RequestItems": batch(OTHER)["RequestItems"] | batch(OWN, table="other")["RequestItems"]},
        ),
        ("transact_write_items", transaction(OWN, OTHER, f"{OWN}-1", table="other")),
        ("execute_statement", update(OWN, table="other")),
        ("execute_statement", delete(OWN, table="other")),
    ],
)
def test_another_table_is_refused_inside_a_request_too(
    guarded: Guarded, operation: str, parameters: dict[str, Any]
) -> None:
    refuses(guarded, operation, parameters, "is for another table than demo-ecommerce-freetier: other")


KEY = [{"S": OWN}, {"S": "PROFILE"}]
DELETE = delete(OWN)["Statement"]
STATEMENTS: list[tuple[str, list[dict[str, str]]]] = [
    (f'SELECT * FROM "{TABLE_NAME}"', []),
    (f'SELECT * FROM "{TABLE_NAME}" WHERE "PK" = ? AND "SK" = ?', KEY),
    (f"INSERT INTO \"{TABLE_NAME}\" VALUE {{'PK': ?, 'SK': ?}}", KEY),
    (f'DELETE FROM "{TABLE_NAME}" WHERE "PK" = ? AND "SK" = ?', KEY),
    (f'DELETE FROM "{TABLE_NAME}" WHERE "PK" = \'{FOREIGN}\' AND "SK" = ? RETURNING ALL OLD *', KEY),
    (DELETE.replace(" RETURNING", ' OR "PK" = ? RETURNING'), [{"S": FOREIGN}, *KEY]),
    (DELETE.replace("WHERE", 'WHERE "size" = ? AND'), [{"S": "XL"}, *KEY]),
    (f"{DELETE}; {DELETE}", [*KEY, *KEY]),
    (f"{DELETE} ", KEY),
    (DELETE, [*KEY, *KEY]),
    (DELETE, KEY[:1]),
    (DELETE, []),
    ("", []),
]


@pytest.mark.parametrize(("statement", "parameters"), STATEMENTS, ids=range(len(STATEMENTS)))
def test_any_other_statement_is_refused(guarded: Guarded, statement: str, parameters: list[dict[str, str]]) -> None:
    guarded.free.put_item(TableName=TABLE_NAME, Item=wire(OWN))
    why = re.escape(f"ExecuteStatement is for an update or a delete of one item: {statement}")
    refuses(guarded, "execute_statement", {"Statement": statement, "Parameters": parameters}, why)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("put_item", {"TableName": TABLE_NAME, "Item": [OWN]}),
        ("put_item", {"TableName": TABLE_NAME, "Item": {"PK": OWN, "SK": "PROFILE"}}),
        ("batch_write_item", {"RequestItems": [TABLE_NAME]}),
        ("batch_write_item", {"RequestItems": {TABLE_NAME: [OWN]}}),
        ("batch_write_item", {"RequestItems": {TABLE_NAME: None}}),
        ("transact_write_items", {"TransactItems": None}),
        ("transact_write_items", {"TransactItems": [{"Put": TABLE_NAME}]}),
        ("execute_statement", {"Statement": None}),
        ("execute_statement", {**delete(OWN), "Parameters": [OWN, "PROFILE"]}),
        ("execute_statement", {**delete(OWN), "Parameters": [{"N": "1"}, {"N": "2"}]}),
        ("execute_statement", {**delete(OWN), "Parameters": 2}),
    ],
)
def test_parameters_that_do_not_say_what_is_written_are_refused(
    guarded: Guarded, operation: str, parameters: dict[str, Any]
) -> None:
    refuses(guarded, operation, parameters, "has parameters that do not say what it writes")
