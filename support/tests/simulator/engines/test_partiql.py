"""What moto itself can't do: two PartiQL statements (features/random_load sends them); all else is refused by name."""

import pytest
from botocore.exceptions import ClientError

from support.tests.simulator.simulated_world import NAME, US, World

UPDATE = f'UPDATE "{NAME}" SET v = ? WHERE "id" = ? RETURNING ALL OLD *'
DELETE = f'DELETE FROM "{NAME}" WHERE "id" = ? RETURNING ALL OLD *'
VALUES = [{"S": "new"}, {"S": "a"}]


def test_an_update_by_statement_creates_no_item(world: World) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        world[US].execute_statement(Statement=UPDATE, Parameters=VALUES)

    assert world.get(US) is None


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT * FROM {NAME}",
        f"UPDATE {NAME} SET v = 'new' WHERE id = 'a'",
        f"DELETE FROM {NAME} WHERE v = ?",
        "",
    ],
)
def test_all_other_statements_are_refused(world: World, statement: str) -> None:
    world.put(US, v="1")
    assert world.refusal("ExecuteStatement", Statement=statement, Parameters=VALUES[1:])[0] == "ValidationException"
    batch = [{"Statement": DELETE}]
    assert world.refusal("BatchExecuteStatement", Statements=batch)[0] == "ValidationException"
    assert world.refusal("ExecuteTransaction", TransactStatements=batch)[0] == "ValidationException"

    assert world.get(US) == {"v": "1"}


def test_an_operation_that_moto_has_not_is_refused_by_name(world: World) -> None:
    code, message = world.refusal("DescribeContributorInsights")

    assert (code, "DescribeContributorInsights" in message) == ("UnknownOperationException", True)
