"""Every way of writing replicates."""

import pytest

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
INSERT = f"INSERT INTO \"{NAME}\" VALUE {{'id': 'a', 'v': 'new'}}"
UPDATE = f"UPDATE \"{NAME}\" SET v = 'new' WHERE id = 'a'"
DELETE = f"DELETE FROM \"{NAME}\" WHERE id = 'a'"
PARTIQL = {
    "ExecuteStatement": lambda dynamodb, text: dynamodb.execute_statement(Statement=text),
    "BatchExecuteStatement": lambda dynamodb, text: dynamodb.batch_execute_statement(Statements=[{"Statement": text}]),
    "ExecuteTransaction": lambda dynamodb, text: dynamodb.execute_transaction(TransactStatements=[{"Statement": text}]),
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


@pytest.mark.parametrize("way", PARTIQL)
def test_every_way_of_writing_partiql_replicates(world: World, way: str) -> None:
    PARTIQL[way](world[US], INSERT)
    world.settle()
    assert world.everywhere() == {"v": "new"}

    world.put(EU, v="old")
    world.settle()
    PARTIQL[way](world[US], UPDATE)
    world.settle()
    assert world.everywhere() == {"v": "new"}

    PARTIQL[way](world[US], DELETE)
    world.settle()
    assert world.everywhere() is None
