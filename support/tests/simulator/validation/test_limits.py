"""The limits of requests: what DynamoDB refuses is refused, in its words, and nothing is written."""

from typing import Any

import pytest

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import NAME, TABLE, World, item
from support.tests.simulator.validation.refusals import nothing_was_written, refusal

KEY = item("a")


def puts(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": {**item(str(each)), **more}}} for each in range(number)]


def test_a_batch_of_more_than_25_writes_is_refused(world: World) -> None:
    assert "less than or equal to 25" in refusal(world, "BatchWriteItem", RequestItems={NAME: puts(26)})[1]
    world.simulator.create_global_table({**TABLE, "TableName": "other"})
    both = {NAME: puts(13), "other": puts(13)}
    assert refusal(world, "BatchWriteItem", RequestItems=both)[1].startswith("Too many items requested")

    assert nothing_was_written(world)


def test_a_batch_of_more_than_100_reads_is_refused(world: World) -> None:
    keys = [item(str(each)) for each in range(101)]

    assert "less than or equal to 100" in refusal(world, "BatchGetItem", RequestItems={NAME: {"Keys": keys}})[1]


@pytest.mark.parametrize(
    "writes",
    [
        [{"PutRequest": {"Item": KEY}}, {"PutRequest": {"Item": {**KEY, "v": {"S": "2"}}}}],
        [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}],
        [{"DeleteRequest": {"Key": KEY}}, {"DeleteRequest": {"Key": KEY}}],
    ],
)
def test_one_item_twice_in_a_batch_is_refused(world: World, writes: list[Any]) -> None:
    assert refusal(world, "BatchWriteItem", RequestItems={NAME: writes}) == (
        "ValidationException",
        "Provided list of item keys contains duplicates",
    )
    assert nothing_was_written(world)


def test_one_key_twice_in_a_batch_of_reads_is_refused_however_it_is_written() -> None:
    numbers = {**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}]}
    with World(table=numbers) as world:
        keys = [{"id": {"N": "1"}}, {"id": {"N": "1.0"}}]

        assert "duplicates" in refusal(world, "BatchGetItem", RequestItems={NAME: {"Keys": keys}})[1]


def test_a_transaction_of_more_than_4_mb_is_refused(world: World) -> None:
    large = {"v": {"S": "x" * 390_000}}
    entries = [{"Put": {"TableName": NAME, "Item": {**item(str(each)), **large}}} for each in range(11)]

    assert (
        "Aggregate size of the items in the transaction exceeds 4 MB"
        in refusal(world, "TransactWriteItems", TransactItems=entries)[1]
    )
    assert nothing_was_written(world)


@pytest.mark.parametrize("operation", ["TransactWriteItems", "TransactGetItems"])
def test_one_item_twice_in_a_transaction_is_refused(world: World, operation: str) -> None:
    action = "Delete" if operation == "TransactWriteItems" else "Get"

    assert refusal(world, operation, TransactItems=[{action: {"TableName": NAME, "Key": KEY}}] * 2)[1] == (
        "Transaction request cannot include multiple operations on one item"
    )


@pytest.mark.parametrize("key", [{"id": {"N": "1"}}, {}, {**KEY, "v": {"S": "1"}}, {"other": {"S": "1"}}])
@pytest.mark.parametrize("operation", ["GetItem", "DeleteItem", "UpdateItem"])
def test_what_is_no_key_of_the_table_is_refused(world: World, operation: str, key: dict[str, Any]) -> None:
    assert refusal(world, operation, TableName=NAME, Key=key)[1] == "The provided key element does not match the schema"


def test_a_key_condition_of_a_wrong_type_is_refused() -> None:
    with World(table={**WORKSHOP_TABLE, "TableName": NAME}) as world:
        for condition in ("PK = :v", "PK = :p AND begins_with(SK, :v)", "PK = :p AND SK BETWEEN :p AND :v"):
            values = {":p": {"S": "p"}, ":v": {"N": "1"}}
            used = {name: value for name, value in values.items() if name in condition}
            asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": used}
            message = "One or more parameter values were invalid: Condition parameter type does not match schema type"
            assert refusal(world, "Query", TableName=NAME, **asked) == ("ValidationException", message)


MISSING = "failed to satisfy constraint: Member must"
SHAPES: list[tuple[str, dict[str, Any], str]] = [
    ("PutItem", {}, f"2 validation errors detected: Value null at 'tableName' {MISSING} not be null; Value null at"),
    ("Scan", {"TableName": NAME, "Limit": 0}, f"Value '0' at 'limit' {MISSING} have value greater than or equal to 1"),
    ("Scan", {"TableName": NAME, "Select": "SOME"}, f"Value 'SOME' at 'select' {MISSING} satisfy enum value set: ["),
    (
        "UpdateTable",
        {"TableName": NAME, "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "OLD"}},
        "Value 'OLD' at 'streamSpecification.streamViewType' failed to satisfy constraint",
    ),
    ("Scan", {"TableName": "ab"}, f"Value 'ab' at 'tableName' {MISSING} have length greater than or equal to 3"),
    ("Scan", {"TableName": "a b c"}, f"{MISSING} satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ("TransactWriteItems", {"TransactItems": []}, f"at 'transactItems' {MISSING} have length greater than or equal"),
    ("BatchWriteItem", {"RequestItems": {NAME: []}}, "at 'requestItems.orders.member' failed to satisfy constraint"),
    (
        "Scan",
        {
            "TableName": NAME,
            "FilterExpression": "v = :v",
            "ExpressionAttributeValues": {":v": KEY["id"], ":w": {"S": ""}},
        },
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
    ),
]


@pytest.mark.parametrize(("operation", "parameters", "message"), SHAPES)
def test_parameters_that_the_service_would_not_take_are_refused(
    world: World, operation: str, parameters: dict[str, Any], message: str
) -> None:
    code, said = refusal(world, operation, **parameters)

    assert (code, message in said) == ("ValidationException", True), said


def test_an_operation_that_the_simulator_does_not_have_is_refused_by_name(world: World) -> None:
    code, message = refusal(world, "DescribeContributorInsights", TableName=NAME)

    assert (code, message) == (
        "UnknownOperationException",
        "the simulator has no operation 'DescribeContributorInsights'",
    )
