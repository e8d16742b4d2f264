"""PartiQL does what the other operations do, or is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import EU, NAME, US, World

PRODUCTS = {"chair": 5, "table": 20, "tablecloth": 3}


@pytest.fixture
def world() -> Iterator[World]:
    """Three products of one partition, and an order of another."""
    with World(table={**WORKSHOP_TABLE, "TableName": NAME}) as world:
        for name, price in PRODUCTS.items():
            put(world, "shop", name, price={"N": str(price)}, GSI1PK={"S": "kind"}, GSI1SK={"S": name})
        put(world, "orders", "1", price={"N": "9"}, sizes={"M": {"deep": {"L": [{"N": "1"}]}}})
        world.settle()
        yield world


def put(world: World, partition: str, sort: str, **attributes: Any) -> None:
    world[US].put_item(TableName=NAME, Item={"PK": {"S": partition}, "SK": {"S": sort}, **attributes})


def found(world: World, where: str, *parameters: Any, table: str = NAME) -> list[str]:
    """The sort keys of what a SELECT finds."""
    statement = {"Statement": f'SELECT * FROM "{table}" WHERE {where}'}
    answer = world[US].execute_statement(**statement, **({"Parameters": list(parameters)} if parameters else {}))
    return sorted(item["SK"]["S"] for item in answer["Items"])


def refusal(world: World, statement: str, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        world[US].execute_statement(Statement=statement, **parameters)
    error = refused.value.response["Error"]
    assert "\n" not in error["Message"]
    return error["Code"], error["Message"]


def everything(world: World, region: str = US) -> set[str]:
    return {item["SK"]["S"] for item in world[region].scan(TableName=NAME)["Items"]}


@pytest.mark.parametrize(
    ("where", "sorts"),
    [
        ("PK = 'shop'", ["chair", "table", "tablecloth"]),
        ("PK='shop' AND SK='table'", ["table"]),
        ("'shop' = PK", ["chair", "table", "tablecloth"]),
        ("price>4 AND price<=9", ["1", "chair"]),
        ("price<>5 and PK='shop'", ["table", "tablecloth"]),
        ("price BETWEEN 4 AND 9", ["1", "chair"]),
        ("price IN [3, 9]", ["1", "tablecloth"]),
        ("SK IN ('chair', 'table')", ["chair", "table"]),
        ("PK = 'shop' AND begins_with(SK, 'tab')", ["table", "tablecloth"]),
        ("contains(SK, 'cloth')", ["tablecloth"]),
        ("sizes IS NOT MISSING", ["1"]),
        ("PK = 'shop' AND sizes IS MISSING AND NOT price = 5", ["table", "tablecloth"]),
        ("PK = 'orders' OR (PK = 'shop' AND price < 5)", ["1", "tablecloth"]),
        ("sizes.deep[0] = 1", ["1"]),
        ("size(SK) = 5", ["chair", "table"]),
        ("attribute_type(sizes, 'M')", ["1"]),
        ('"PK" = \'shop\' AND "price" >= 20', ["table"]),
        ("PK = 'shop' AND SK > 'chair' AND SK < 'tablecloth'", ["table"]),
    ],
)
def test_a_select_finds_what_its_condition_says(world: World, where: str, sorts: list[str]) -> None:
    assert found(world, where) == sorts


def test_parameters_stand_for_question_marks_in_their_order(world: World) -> None:
    assert found(world, "PK = ? AND price BETWEEN ? AND ?", {"S": "shop"}, {"N": "4"}, {"N": "9"}) == ["chair"]


def test_a_select_shows_the_columns_it_names(world: World) -> None:
    statement = f"SELECT SK, price, sizes.deep FROM \"{NAME}\" WHERE PK = 'orders' AND SK = '1'"
    (item,) = world[US].execute_statement(Statement=statement)["Items"]

    assert item == {"SK": {"S": "1"}, "price": {"N": "9"}, "deep": {"L": [{"N": "1"}]}}


def test_an_index_is_asked(world: World) -> None:
    assert found(world, "GSI1PK = 'kind' AND GSI1SK = 'table'", table=f'{NAME}"."GSI1') == ["table"]


def test_a_select_is_paged_through(world: World) -> None:
    asked: dict[str, Any] = {"Statement": f"SELECT * FROM \"{NAME}\" WHERE PK = 'shop'", "Limit": 1}
    seen = []
    while True:
        answer = world[US].execute_statement(**asked)
        seen += [item["SK"]["S"] for item in answer["Items"]]
        if "NextToken" not in answer:
            break
        asked["NextToken"] = answer["NextToken"]

    assert seen == ["chair", "table", "tablecloth"]


def test_values_of_all_kinds_are_inserted(world: World) -> None:
    value = "{'PK': 'shop', 'SK': 'it''s', 'n': -15, 'l': [1, 'a', true, null], 'm': {'a': {}}, 's': <<'x', 'y'>>}"
    world[US].execute_statement(Statement=f'INSERT INTO "{NAME}" VALUE {value}')
    world.settle()
    item = world[EU].get_item(TableName=NAME, Key={"PK": {"S": "shop"}, "SK": {"S": "it's"}})["Item"]

    assert item.pop("s")["SS"] in (["x", "y"], ["y", "x"])
    assert item["l"] == {"L": [{"N": "1"}, {"S": "a"}, {"BOOL": True}, {"NULL": True}]}
    assert (item["n"], item["m"]) == ({"N": "-15"}, {"M": {"a": {"M": {}}}})


def test_an_insert_of_what_is_there_is_refused_and_changes_nothing(world: World) -> None:
    insert = f"INSERT INTO \"{NAME}\" VALUE {{'PK': 'shop', 'SK': 'chair'}}"

    assert refusal(world, insert) == ("DuplicateItemException", "Duplicate primary key exists in table")
    assert found(world, "price = 5") == ["chair"]


def test_an_update_changes_the_one_item_and_returns_it(world: World) -> None:
    statement = (
        f"UPDATE \"{NAME}\" SET price = price + 2, note='new' REMOVE GSI1PK WHERE PK='shop' AND SK='chair' AND price=5"
        " RETURNING ALL NEW *"
    )
    (item,) = world[US].execute_statement(Statement=statement)["Items"]

    assert (item["price"], item["note"], "GSI1PK" in item) == ({"N": "7"}, {"S": "new"}, False)
    assert refusal(world, statement)[0] == "ConditionalCheckFailedException"


def test_an_update_of_what_is_not_there_creates_nothing(world: World) -> None:
    statement = f"UPDATE \"{NAME}\" SET price = 1 WHERE PK = 'shop' AND SK = 'bed'"

    assert refusal(world, statement)[0] == "ConditionalCheckFailedException"
    assert "bed" not in everything(world)


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM \"{NAME}\" WHERE PK = 'shop'",
        f'DELETE FROM "{NAME}"',
        f"DELETE FROM \"{NAME}\" WHERE PK = 'shop' AND SK > 'a'",
        f"DELETE FROM \"{NAME}\" WHERE PK = 'shop' OR SK = 'chair'",
        f"UPDATE \"{NAME}\" SET price = 0 WHERE PK = 'shop'",
    ],
)
def test_what_does_not_name_a_whole_key_writes_nothing(world: World, statement: str) -> None:
    message = "Where clause does not contain a mandatory equality on all key attributes"

    assert refusal(world, statement) == ("ValidationException", message)
    assert everything(world) == {*PRODUCTS, "1"}


def test_a_delete_deletes_one_item_everywhere(world: World) -> None:
    world[US].execute_statement(Statement=f"DELETE FROM \"{NAME}\" WHERE PK = 'shop' AND SK = 'chair'")
    world.settle()

    assert everything(world) == everything(world, EU) == {"table", "tablecloth", "1"}


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("SELECT COUNT(*) FROM orders", "from expected before '('"),
        ("SELECT * FROM orders ORDER BY PK", "the end expected before 'ORDER'"),
        ("SELECT * FROM orders WHERE PK LIKE 'a'", "is expected before 'LIKE'"),
        ("SELECT * FROM orders WHERE PK = ?", "Number of parameters in request and statement don't match"),
        ("DROP TABLE orders", "SELECT, INSERT, UPDATE or DELETE expected before 'DROP'"),
        ("SELECT * FROM orders WHERE PK = 'a' ; x", "unexpected ';'"),
        ("UPDATE orders SET a = set_add(a, <<1>>) WHERE PK = 'a'", "expected before '('"),
        ("SELECT * FROM orders WHERE PK = -'a'", "a value expected before '-'"),
        (
            "DELETE FROM orders WHERE PK = 'a' RETURNING OLD *",
            "ALL or MODIFIED, then OLD or NEW, expected before 'OLD'",
        ),
        ("", "SELECT, INSERT, UPDATE or DELETE expected at the end"),
    ],
)
def test_what_the_grammar_does_not_have_is_refused_in_one_line(world: World, statement: str, problem: str) -> None:
    code, message = refusal(world, statement or " ")

    assert code == "ValidationException"
    assert message.startswith("Statement wasn't well formed, can't be processed: ")
    assert problem in message
    assert message.endswith("contains, attribute_type and size")


def test_a_statement_about_no_table_is_refused(world: World) -> None:
    assert refusal(world, "SELECT * FROM nowhere")[0] == "ResourceNotFoundException"
    assert refusal(world, f'SELECT * FROM "{NAME}"."nowhere"')[1] == "The table does not have the specified index"


def chair(price: int, sort: str = "chair") -> dict[str, str]:
    return {"Statement": f"UPDATE \"{NAME}\" SET price = {price} WHERE PK = 'shop' AND SK = '{sort}'"}


def test_a_transaction_is_done_whole_or_not_at_all(world: World) -> None:
    insert = {"Statement": f"INSERT INTO \"{NAME}\" VALUE {{'PK': 'shop', 'SK': 'table'}}"}
    with pytest.raises(ClientError, match=r"TransactionCanceledException.*\[None, DuplicateItem\]"):
        world[US].execute_transaction(TransactStatements=[chair(1), insert])
    assert found(world, "SK = 'chair' AND price = 5") == ["chair"]
    world[US].execute_transaction(TransactStatements=[chair(1), chair(2, "table")])

    assert found(world, "price < 3") == ["chair", "table"]


def test_a_transaction_reads(world: World) -> None:
    reads = [{"Statement": f"SELECT SK FROM \"{NAME}\" WHERE PK='shop' AND SK='{name}'"} for name in ("chair", "bed")]

    answer = world[US].execute_transaction(TransactStatements=reads)["Responses"]
    assert answer == [{"Item": {"SK": {"S": "chair"}}}, {}]
    with pytest.raises(ClientError, match="can't be in one request"):
        world[US].execute_transaction(TransactStatements=[reads[0], chair(1)])


def test_a_batch_answers_each_statement_by_itself(world: World) -> None:
    answers = world[US].batch_execute_statement(Statements=[chair(1), chair(1, "bed"), {"Statement": "nonsense"}])

    codes = [answer.get("Error", {}).get("Code") for answer in answers["Responses"]]
    assert codes == [None, "ConditionalCheckFailed", "ValidationError"]
    assert found(world, "price = 1") == ["chair"]
