"""Every way of writing replicates."""

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.simulated_world import EU, NAME, US, World, item

PUTS = {
    "PutItem": lambda dynamodb: dynamodb.put_item(TableName=NAME, Item=item("a", v="new")),
    "UpdateItem": lambda dynamodb: dynamodb.update_item(
        TableName=NAME,
        Key=item("a"),
        UpdateExpression="SET v = :v REMOVE w",
        ExpressionAttributeValues={":v": {"S": "new"}},
    ),
    "BatchWriteItem": lambda dynamodb: dynamodb.batch_write_item(
        RequestItems={NAME: [{"PutRequest": {"Item": item("a", v="new")}}]}
    ),
    "TransactWriteItems": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": NAME, "Item": item("a", v="new")}}]
    ),
    "TransactWriteItems, Update": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": NAME,
                    "Key": item("a"),
                    "UpdateExpression": "SET v = :v REMOVE w",
                    "ExpressionAttributeValues": {":v": {"S": "new"}},
                }
            }
        ]
    ),
}
STATEMENTS = {
    "UPDATE": f'UPDATE "{NAME}" SET v = ? WHERE "id" = ? RETURNING ALL OLD *',
    "DELETE": f'DELETE FROM "{NAME}" WHERE "id" = ? RETURNING ALL OLD *',
}
DELETES = {
    "DeleteItem": lambda dynamodb: dynamodb.delete_item(TableName=NAME, Key=item("a")),
    "BatchWriteItem": lambda dynamodb: dynamodb.batch_write_item(
        RequestItems={NAME: [{"DeleteRequest": {"Key": item("a")}}]}
    ),
    "TransactWriteItems": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[{"Delete": {"TableName": NAME, "Key": item("a")}}]
    ),
}


@pytest.mark.parametrize("way", PUTS)
@pytest.mark.parametrize("there_before", [False, True])
def test_every_way_of_putting_replicates(world: World, way: str, there_before: bool) -> None:
    if there_before:
        world.put(EU, v="old", w="old")
        world.settle()
    PUTS[way](world[US])

    assert world.owed() == 1
    world.settle()
    assert world.everywhere() == {"v": "new"}


@pytest.mark.parametrize("way", DELETES)
def test_every_way_of_deleting_replicates(world: World, way: str) -> None:
    world.put(EU, v="old")
    world.settle()
    DELETES[way](world[US])

    world.clock.wait(0.999999)
    assert world.get(EU) == {"v": "old"}
    world.settle()
    assert world.everywhere() is None


def test_the_two_statements_replicate_and_return_the_item_before(world: World) -> None:
    world.put(EU, v="old", w="kept")
    world.settle()
    parameters = [{"S": "new"}, {"S": "a"}]
    updated = world[US].execute_statement(Statement=STATEMENTS["UPDATE"], Parameters=parameters)
    world.settle()
    assert updated["Items"] == [item("a", v="old", w="kept")]
    assert world.everywhere() == {"v": "new", "w": "kept"}

    deleted = world[EU].execute_statement(Statement=STATEMENTS["DELETE"], Parameters=parameters[1:])
    world.settle()
    assert deleted["Items"] == [item("a", v="new", w="kept")]
    assert world.everywhere() is None
    assert world[EU].execute_statement(Statement=STATEMENTS["DELETE"], Parameters=parameters[1:])["Items"] == []


def test_an_update_by_statement_creates_no_item(world: World) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        world[US].execute_statement(Statement=STATEMENTS["UPDATE"], Parameters=[{"S": "new"}, {"S": "a"}])

    assert world.get(US) is None


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT * FROM {NAME}",
        f"INSERT INTO {NAME} VALUE {{'id': 'a'}}",
        f"UPDATE {NAME} SET v = 'new' WHERE id = 'a'",
        f"DELETE FROM {NAME}",
        f"DELETE FROM {NAME} WHERE v = ?",
        "DROP TABLE orders",
        "",
    ],
)
def test_all_other_statements_are_refused_by_name_on_moto(world: World, statement: str) -> None:
    world.put(US, v="1")
    with pytest.raises(ClientError, match="ValidationException"):
        world.client(US)._make_api_call("ExecuteStatement", {"Statement": statement or " ", "Parameters": [{"S": "a"}]})
    for operation, parameters in (
        ("BatchExecuteStatement", "Statements"),
        ("ExecuteTransaction", "TransactStatements"),
    ):
        with pytest.raises(ClientError, match=f"no PartiQL for {operation}"):
            world.client(US)._make_api_call(operation, {parameters: [{"Statement": STATEMENTS["DELETE"]}]})

    assert world.get(US) == {"v": "1"}
