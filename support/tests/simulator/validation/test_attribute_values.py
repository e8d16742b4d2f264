"""Values that DynamoDB cannot hold, and index keys of a wrong type, are refused in its words; nothing is written."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.tests.simulator.simulated_world import NAME, TABLE, US, World, item
from support.tests.simulator.validation.refusals import nothing_was_written, refusal

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
