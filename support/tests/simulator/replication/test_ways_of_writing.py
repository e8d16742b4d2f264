"""Every way of writing replicates."""

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.simulated_world import EU, NAME, US, World, item

STATEMENTS = {
    "UPDATE": f'UPDATE "{NAME}" SET v = ? WHERE "id" = ? RETURNING ALL OLD *',
    "DELETE": f'DELETE FROM "{NAME}" WHERE "id" = ? RETURNING ALL OLD *',
}


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
