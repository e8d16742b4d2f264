"""With its speed-ups moto answers as without them, whatever is asked; each is left out where moto is another."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from moto.dynamodb.models.table import Table

from support.simulator.engines import moto_speed_ups
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.engines.moto_speed_ups import short_way
from support.simulator.messages import Response, dynamodb_request
from support.tests.simulator.simulated_world import NAME, TABLE, US
from support.tests.suite_runs import pytest_run


@pytest.fixture
def anew() -> Iterator[None]:
    moto_speed_ups.available.cache_clear()
    yield
    moto_speed_ups.available.cache_clear()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("other", "speed_up"),
    [
        ((short_way, "camelcase_to_underscores", None), "short_way"),
        ((Table, "all_items", lambda self: [*self.items.values()][:0]), "partitions"),
        ((moto_speed_ups, "NAMES", (*moto_speed_ups.NAMES, "missing")), "missing"),
        ((moto_speed_ups, "NAMES", moto_speed_ups.NAMES), ""),
    ],
    ids=["the short way fails", "another answer", "no such module", "the moto that is installed"],
)
def test_a_speed_up_steps_back_alone_and_in_one_line_where_moto_is_another(
    other: tuple[Any, str, Any], speed_up: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = list(moto_speed_ups.NAMES)
    monkeypatch.setattr(*other)
    used = [each.__module__.rpartition(".")[2] for each in moto_speed_ups.available(MotoEngine)]
    said = capsys.readouterr().err.splitlines()

    assert used == [each for each in usual if each != speed_up]
    assert [f"the speed-up {speed_up} expects, which is left out" in line for line in said] == [True] * bool(speed_up)


@pytest.mark.slow
def test_features_are_green_with_all_speed_ups_left_out() -> None:
    without = ("-p", "support.tests.without_speed_ups", "--load-minutes", "0.1")
    ran = pytest_run("features/", "-q", "-m", "exercise_4 or scenario_2 or workload", *without)

    assert ran.code == 0, ran.lines


# Any table, any requests: two engines are asked the same, and answer the same.


def ask(engines: Sequence[MotoEngine], operation: str, **parameters: Any) -> dict[str, Any]:
    asked = dynamodb_request(US, operation, {"TableName": NAME, **parameters})
    fast, plain = (each.send(asked) for each in engines)
    assert (fast.status, content(fast)) == (plain.status, content(plain)), asked.body
    records, plain_records = (each.take_records(US, NAME) for each in engines)
    assert records == plain_records, asked.body
    return fast.result


def read_pages(engines: Sequence[MotoEngine], operation: str, **parameters: Any) -> None:
    start: dict[str, Any] = {}
    for _ in range(50):
        last = ask(engines, operation, **parameters, **start).get("LastEvaluatedKey")
        if not last:
            return
        start = {"ExclusiveStartKey": last}


def content(response: Response) -> Any:
    found = json.loads(response.body)
    described = found.get("TableDescription") or found.get("Table") or {}
    for changing in ("CreationDateTime", "TableArn", "LatestStreamArn", "LatestStreamLabel"):
        described.pop(changing, None)
    return found


Value = dict[str, Any]
Keys = Mapping[str, Sequence[str]]
"""The key attributes of the indexes by their names, and under "" those of the table."""

# Few different values, so that keys meet.
TEXTS = st.sampled_from(["a", "ab", "abc", "b", "b\U0010ffff", "é", "Z"]).map(lambda text: {"S": text})
NUMBERS = st.sampled_from(["1", "1.0", "2", "-3", "10", "1E1", "0.5"]).map(lambda text: {"N": text})
OF_EVERY_TYPE: Value = {
    "list": {"L": [{"S": ""}, {"N": "1.50"}, {"M": {}}, {"L": []}, {"B": "AP8="}, {"BOOL": True}, {"NULL": True}]},
    "sets": {"M": {"SS": {"SS": ["a", "b"]}, "NS": {"NS": ["1", "2.0"]}, "BS": {"BS": ["AP8=", "AA=="]}}},
}
CONDITIONS = [
    "",
    *(f" AND #s {sign} :s" for sign in ("=", "<", "<=", ">", ">=")),
    " AND #s BETWEEN :s AND :t",
    " AND begins_with(#s, :s)",
]
KEYS = st.builds(
    lambda table, first: {**table, "First": first, "Second": ("h", "g")},
    st.sampled_from([{"": ("pk",)}, {"": ("pk", "sk"), "Local": ("pk", "g")}]),
    st.sampled_from([("g",), ("g", "h"), ("g", "pk")]),
)


def creation(keys: Keys, kind: str, projection: str) -> dict[str, Any]:
    def schema(names: Sequence[str]) -> list[dict[str, str]]:
        return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]

    def indexes(*names: str) -> list[dict[str, Any]]:
        known = {name: {"IndexName": name, "KeySchema": schema(keys[name])} for name in names if name in keys}
        return [{**each, "Projection": {"ProjectionType": projection}} for each in known.values()]

    used = sorted({name for names in keys.values() for name in names})
    return {
        **TABLE,
        "KeySchema": schema(keys[""]),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name in used],
        "GlobalSecondaryIndexes": indexes("First", "Second"),
        **({"LocalSecondaryIndexes": indexes("Local")} if "Local" in keys else {}),
    }


@st.composite
def writes(draw: st.DrawFn, keys: Keys, values: st.SearchStrategy[Value]) -> tuple[str, dict[str, Any]]:
    key = {name: draw(values) for name in keys[""]}
    others = {name: draw(values) for name in ("g", "h") if draw(st.integers(0, 4))}
    item = {**key, **others, "v": draw(NUMBERS), **draw(st.sampled_from([{}, OF_EVERY_TYPE]))}
    name = draw(st.sampled_from(["g", "h"]))
    update = {"UpdateExpression": f"SET {name} = :n", "ExpressionAttributeValues": {":n": draw(values)}}
    conditions = ("attribute_exists(v)", "attribute_not_exists(v)")
    condition = draw(st.sampled_from([{}, *({"ConditionExpression": each} for each in conditions)]))
    transaction = [
        {"Put": {"TableName": NAME, "Item": {**key, **others, "pk": draw(values)}}},
        {"Update": {"TableName": NAME, "Key": key, **update, **condition}},
    ]
    choices: list[tuple[str, dict[str, Any]]] = [
        *[("PutItem", {"Item": item})] * 4,
        ("PutItem", {"Item": item, **condition}),
        ("UpdateItem", {"Key": key, **update}),
        ("UpdateItem", {"Key": key, "UpdateExpression": f"REMOVE {name}"}),
        ("DeleteItem", {"Key": key, **condition}),
        ("BatchWriteItem", {"RequestItems": {NAME: [{"PutRequest": {"Item": item}}]}}),
        ("TransactWriteItems", {"TransactItems": transaction}),
    ]
    chosen: tuple[str, dict[str, Any]] = draw(st.sampled_from(choices))
    return chosen


@st.composite
def queries(draw: st.DrawFn, keys: Keys, values: st.SearchStrategy[Value]) -> dict[str, Any]:
    index = draw(st.sampled_from(sorted(keys)))
    names = dict(zip(("#p", "#s"), keys[index], strict=False))
    condition = draw(st.sampled_from(CONDITIONS)) if "#s" in names else ""
    used = {name: draw(values) for name in (":p", ":s", ":t") if name in f":p{condition}"}
    assume("S" in used[":p"] or "begins_with" not in condition)
    filtered = draw(st.sampled_from([{}, {"FilterExpression": "v = :v"}]))
    return {
        **({"IndexName": index} if index else {}),
        "KeyConditionExpression": f"#p = :p{condition}",
        "ExpressionAttributeNames": {name: names[name] for name in names if name in f"#p{condition}"},
        "ExpressionAttributeValues": {**used, **({":v": draw(NUMBERS)} if filtered else {})},
        **filtered,
        **draw(st.sampled_from([{}, {"Limit": 1}, {"Limit": 2}, {"Limit": 3}])),
        **draw(st.sampled_from([{}, {"ScanIndexForward": False}])),
        **draw(st.sampled_from([{}, {"Select": "COUNT"}, {"ConsistentRead": True}])),
    }


# A third of the usual examples, for each is many requests.
@pytest.mark.slow
@given(st.data(), KEYS, st.sampled_from("SN"), st.sampled_from(["KEYS_ONLY", "ALL"]))
@settings(
    max_examples=settings().max_examples // 8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_a_table_answers_as_plain_moto_does(data: st.DataObject, keys: Keys, kind: str, projection: str) -> None:
    values = {"S": TEXTS, "N": NUMBERS}[kind]
    with closing(MotoEngine()) as engine, closing(MotoEngine(speed_ups=())) as plain:
        both = (engine, plain)
        assert "TableDescription" in ask(both, "CreateTable", **creation(keys, kind, projection))
        for operation, parameters in data.draw(st.lists(writes(keys, values), min_size=10, max_size=30)):
            ask(both, operation, **parameters)
        for query in data.draw(st.lists(queries(keys, values), min_size=10, max_size=10)):
            read_pages(both, "Query", **query)
        for index in ({}, {"IndexName": "First"}, {"IndexName": "Second"}):
            read_pages(both, "Scan", **index, **data.draw(st.sampled_from([{}, {"Limit": 2}])))
        ask(both, "DescribeTable")
