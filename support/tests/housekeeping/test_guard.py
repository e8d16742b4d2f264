"""A live client refuses all but reads and writes of the run's own items, whatever it is asked for."""

from typing import Any

import pytest

from support.housekeeping.guard import READS, WRITES
from support.housekeeping.ownership import ForeignKeyError
from support.page.workshop import KEY_PREFIXES, TABLE_NAME
from support.tests.housekeeping.guarded_table import OWN, Guarded, wire
from support.verdicts.history import Key


@pytest.mark.parametrize("prefix", KEY_PREFIXES)
def test_an_item_of_the_run_s_own_is_written_and_noted_first(guarded: Guarded, prefix: str) -> None:
    pk = f"{prefix}ada-3f9c1a-00aa11"
    guarded.client.put_item(TableName=TABLE_NAME, Item=wire(pk))
    assert guarded.noted == [Key(pk, "PROFILE")]
    assert guarded.keys() == {pk}


@pytest.mark.parametrize(
    "pk",
    [
        "USER#global-user-ada",
        "USER#global-user-ada-3f9c1b-00aa11",
        "USER#global-user-ada-3f9c1a",
        "user#global-user-ada-3f9c1a-00aa11",
        "ORDER#ada-3f9c1a-00aa11",
        "xUSER#global-user-ada-3f9c1a-00aa11",
        "",
    ],
)
@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_any_other_item_is_left_alone(guarded: Guarded, operation: str, pk: str) -> None:
    parameters = {"Item": wire(pk)} if operation == "put_item" else {"Key": wire(pk)}
    with pytest.raises(ForeignKeyError, match="is not an item of this run"):
        getattr(guarded.client, operation)(TableName=TABLE_NAME, **parameters)
    assert (guarded.noted, guarded.keys()) == ([], set())


def test_an_item_is_noted_even_if_the_write_is_refused(guarded: Guarded) -> None:
    condition = {"ConditionExpression": "attribute_exists(PK)"}
    with pytest.raises(guarded.client.exceptions.ConditionalCheckFailedException):
        guarded.client.put_item(TableName=TABLE_NAME, Item=wire(OWN), **condition)
    assert guarded.noted == [Key(OWN, "PROFILE")]


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("scan", {}),
        ("delete_table", {}),
        ("update_table", {"BillingMode": "PAY_PER_REQUEST"}),
        ("batch_execute_statement", {"Statements": [{"Statement": f'SELECT * FROM "{TABLE_NAME}"'}]}),
        ("execute_transaction", {"TransactStatements": [{"Statement": f'SELECT * FROM "{TABLE_NAME}"'}]}),
        ("batch_get_item", {"RequestItems": {TABLE_NAME: {"Keys": [wire(OWN)]}}}),
        ("list_tables", {}),
    ],
)
def test_nothing_else_is_done_to_a_live_table(guarded: Guarded, operation: str, parameters: dict[str, Any]) -> None:
    name = {"TableName": TABLE_NAME} if operation in ("scan", "delete_table", "update_table") else {}
    with pytest.raises(ForeignKeyError):
        getattr(guarded.client, operation)(**name, **parameters)


def test_another_table_is_not_touched(guarded: Guarded) -> None:
    with pytest.raises(ForeignKeyError, match="is for another table than demo-ecommerce-freetier: other"):
        guarded.client.put_item(TableName="other", Item=wire(OWN))


def test_reads_are_free(guarded: Guarded) -> None:
    guarded.client.get_item(TableName=TABLE_NAME, Key=wire("USER#global-user-somebody"))
    guarded.client.describe_table(TableName=TABLE_NAME)
    assert not set(READS) & set(WRITES)
    assert guarded.noted == []
