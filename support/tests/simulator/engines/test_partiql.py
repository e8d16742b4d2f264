"""What moto itself can't do: two PartiQL statements (features/random_load sends them); all else is refused by name."""

import pytest

from support.tests.simulator.simulated_world import NAME, US, World

DELETE = f'DELETE FROM "{NAME}" WHERE "id" = ? RETURNING ALL OLD *'


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
    assert world.refusal("ExecuteStatement", Statement=statement, Parameters=[{"S": "a"}])[0] == "ValidationException"
    batch = [{"Statement": DELETE}]
    assert world.refusal("BatchExecuteStatement", Statements=batch)[0] == "ValidationException"
    assert world.refusal("ExecuteTransaction", TransactStatements=batch)[0] == "ValidationException"

    assert world.get(US) == {"v": "1"}


def test_an_operation_that_moto_has_not_is_refused_by_name(world: World) -> None:
    code, message = world.refusal("DescribeContributorInsights")

    assert (code, "DescribeContributorInsights" in message) == ("UnknownOperationException", True)
