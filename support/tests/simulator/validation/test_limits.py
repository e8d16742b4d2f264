"""The service's limits: what DynamoDB refuses is refused, in its words, and nothing is written."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

INDEXED: dict[str, Any] = {
    **TABLE,
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "owner", "AttributeType": "S"},
        {"AttributeName": "rank", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-owner",
            "KeySchema": [
                {"AttributeName": "owner", "KeyType": "HASH"},
                {"AttributeName": "rank", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
KEY = item("a")


@pytest.fixture
def world() -> Iterator[World]:
    with World(table=INDEXED) as world:
        yield world


def refusal(world: World, operation: str, **parameters: Any) -> tuple[str, str]:
    """The code and the message of the refusal of a request, as it is sent and without a check of boto3's."""
    response = world.simulator.router.answer(dynamodb_request(US, operation, parameters))
    assert response.status == 400, response.body
    message = response.result["message"]
    assert "\n" not in message
    return response.result["__type"].rpartition("#")[2], message


def nothing_was_written(world: World) -> bool:
    world.settle()
    return all(world[region].scan(TableName=NAME)["Count"] == 0 for region in (US, EU))


VALUES = {
    "39 digits": ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
    "39 digits, deep": ({"L": [{"M": {"a": {"N": "1" * 39}}}]}, "Attempting to store more than 38 significant digits"),
    "39 digits in a set": ({"NS": ["1", "1" * 39]}, "Attempting to store more than 38 significant digits"),
    "too large": ({"N": "1e126"}, "Number overflow. Attempting to store a number with magnitude larger than"),
    "too small": ({"N": "-1e-131"}, "Number underflow. Attempting to store a number with magnitude smaller than"),
    "no number": ({"N": "1_000"}, "The parameter cannot be converted to a numeric value: 1_000"),
    "infinite": ({"N": "Infinity"}, "The parameter cannot be converted to a numeric value: Infinity"),
    "equal numbers": ({"NS": ["1", "1.0"]}, "invalid: Input collection [1, 1.0] contains duplicates."),
    "equal strings": ({"SS": ["a", "a"]}, "invalid: Input collection [a, a] contains duplicates."),
    "empty set": ({"SS": []}, "invalid: An string set  may not be empty"),
    "no type": ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    "unknown type": ({"Q": "1"}, "Supplied AttributeValue is empty, must contain exactly one"),
    "two types": ({"S": "1", "N": "1"}, "Supplied AttributeValue has more than one datatypes set"),
    "null that is none": ({"NULL": False}, "Null attribute value types must have the value of true"),
}
READABLE = ("1" * 38, "-9.9e125", "1e-130", "0." + "0" * 50, "1" * 38 + "0" * 60, "+5", ".5", "5.")


@pytest.mark.parametrize("case", VALUES)
@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"])
def test_a_value_that_dynamodb_cannot_hold_is_refused(world: World, case: str, operation: str) -> None:
    value, message = VALUES[case]
    put = {"Item": {**KEY, "value": value}}
    update = {"UpdateExpression": "SET #v = :v", "ExpressionAttributeNames": {"#v": "value"}}
    asked: dict[str, dict[str, Any]] = {
        "PutItem": {"TableName": NAME, **put},
        "UpdateItem": {"TableName": NAME, "Key": KEY, **update, "ExpressionAttributeValues": {":v": value}},
        "BatchWriteItem": {"RequestItems": {NAME: [{"PutRequest": put}]}},
        "TransactWriteItems": {"TransactItems": [{"Put": {"TableName": NAME, **put}}]},
    }
    code, said = refusal(world, operation, **asked[operation])

    assert (code, message in said) == ("ValidationException", True), said
    assert nothing_was_written(world)


@pytest.mark.parametrize("number", READABLE)
def test_a_number_within_the_range_is_taken(world: World, number: str) -> None:
    world[US].put_item(TableName=NAME, Item={**KEY, "value": {"N": number}})

    assert "value" in world[US].get_item(TableName=NAME, Key=KEY)["Item"]


@pytest.mark.parametrize("value", [{"S": 5}, {"N": 5}, {"BOOL": "true"}, {"L": {}}, {"M": []}, {"B": "?"}, "a"])
def test_json_of_another_type_is_refused(world: World, value: Any) -> None:
    code, _ = refusal(world, "PutItem", TableName=NAME, Item={**KEY, "value": value})

    assert code == "SerializationException"


def test_a_value_deeper_than_32_levels_is_refused(world: World) -> None:
    value: dict[str, Any] = {"S": "deep"}
    for _ in range(33):
        value = {"L": [value]}

    assert "Nesting Levels" in refusal(world, "PutItem", TableName=NAME, Item={**KEY, "value": value})[1]


NUMBERS: dict[str, Any] = {
    "number": {"N": "5"},
    "deep": {"M": {"numbers": {"L": [{"N": "5"}]}}},
    "listed": {"L": []},
}
INDEX_KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "type of the partition key": ({"owner": {"N": "5"}}, "Index Key owner Expected: S Actual: N IndexName: by-owner"),
    "type of the sort key": ({"owner": {"S": "a"}, "rank": {"S": "5"}}, "Index Key rank Expected: N Actual: S"),
    "null": ({"owner": {"NULL": True}}, "Type mismatch for Index Key owner Expected: S Actual: NULL"),
    "empty": ({"owner": {"S": ""}}, "cannot contain an empty string value. IndexName: by-owner, IndexKey: owner"),
}


@pytest.mark.parametrize("case", INDEX_KEYS)
@pytest.mark.parametrize("operation", ["PutItem", "BatchWriteItem", "TransactWriteItems"])
def test_an_index_key_of_a_wrong_type_is_refused_and_the_index_still_answers(
    world: World, case: str, operation: str
) -> None:
    keys, message = INDEX_KEYS[case]
    put = {"Item": {**KEY, **keys}}
    asked: dict[str, dict[str, Any]] = {
        "PutItem": {"TableName": NAME, **put},
        "BatchWriteItem": {"RequestItems": {NAME: [{"PutRequest": put}]}},
        "TransactWriteItems": {"TransactItems": [{"Put": {"TableName": NAME, **put}}]},
    }

    assert message in refusal(world, operation, **asked[operation])[1]
    assert nothing_was_written(world)
    assert world[US].scan(TableName=NAME, IndexName="by-owner")["Count"] == 0


@pytest.mark.parametrize(
    "expression",
    [
        "SET #o = :v",
        "set note = #n, #o = if_not_exists(#o, :v) REMOVE other",
        "SET #o = #n",
        "SET #o = deep.numbers[0]",
        "SET #o = list_append(listed, listed)",
    ],
)
def test_an_update_that_gives_an_index_key_a_wrong_type_is_refused(world: World, expression: str) -> None:
    world[US].put_item(TableName=NAME, Item={**KEY, **NUMBERS})
    names = {name: each for name, each in {"#o": "owner", "#n": "number"}.items() if name in expression}
    values = {"ExpressionAttributeValues": {":v": {"N": "5"}}} if ":v" in expression else {}
    asked = {"UpdateExpression": expression, "ExpressionAttributeNames": names, **values}
    code, message = refusal(world, "UpdateItem", TableName=NAME, Key=KEY, **asked)

    assert code == "ValidationException"
    assert message == "The update expression attempted to update the secondary index key to unsupported type"
    assert "owner" not in world[US].get_item(TableName=NAME, Key=KEY)["Item"]


@pytest.mark.parametrize("expression", ["SET #o = :v, #n = :n", "SET #o = if_not_exists(#o, :v), #n = #n + :n"])
def test_an_update_that_gives_an_index_key_its_type_is_done(world: World, expression: str) -> None:
    world[US].put_item(TableName=NAME, Item={**KEY, **NUMBERS})
    world[US].update_item(
        TableName=NAME,
        Key=KEY,
        UpdateExpression=expression,
        ExpressionAttributeNames={"#o": "owner", "#n": "number"},
        ExpressionAttributeValues={":v": {"S": "ada"}, ":n": {"N": "1"}},
    )

    assert world[US].get_item(TableName=NAME, Key=KEY)["Item"]["owner"] == {"S": "ada"}


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
