"""With its speed-ups moto answers as without them, whatever is asked; each is left out where moto is another."""

import json
import os
import re
from collections.abc import Iterator, Mapping
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
from support.tests.forked_pytest import run_pytest
from support.tests.simulator.simulated_world import NAME, STREAM, US
from support.tests.suite_runs import LEAN, ROOT


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
def test_the_features_are_green_with_all_speed_ups_left_out() -> None:
    short = ("--probes", "1", "--load-minutes", "0.1", "--polling", "0.5")
    run = run_pytest([*LEAN, "features/", "-q", "-p", "support.tests.without_speed_ups", *short], ROOT, os.environ)

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^\d{2,} passed in", run.stdout, re.MULTILINE), "some were skipped, or left out"


# Any table, any requests.


class Pair:
    """moto with its speed-ups and without them, which are asked the same and answer the same."""

    def __init__(self, *engines: MotoEngine) -> None:
        self._engines = engines

    def ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        asked = dynamodb_request(US, operation, {"TableName": NAME, **parameters})
        fast, plain = (each.send(asked) for each in self._engines)
        assert (fast.status, content(fast)) == (plain.status, content(plain)), asked.body
        records, plain_records = (each.take_records(US, NAME) for each in self._engines)
        assert records == plain_records, asked.body
        return fast.result

    def pages(self, operation: str, **parameters: Any) -> None:
        start: dict[str, Any] = {}
        for _ in range(50):
            answer = self.ask(operation, **parameters, **start)
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def content(response: Response) -> Any:
    found = json.loads(response.body)
    described = found.get("TableDescription") or found.get("Table") or {}
    for changing in ("CreationDateTime", "TableArn", "LatestStreamArn", "LatestStreamLabel"):
        described.pop(changing, None)
    return found


# Few different values, so that keys meet.
TEXTS = st.sampled_from(["a", "ab", "abc", "b", "b\U0010ffff", "é", "Z"]).map(lambda text: {"S": text})
NUMBERS = st.sampled_from(["1", "1.0", "2", "-3", "10", "1E1", "0.5"]).map(lambda text: {"N": text})
OF_EVERY_TYPE: dict[str, Any] = {
    "map": {"M": {"list": {"L": [{"S": "x"}, {"N": "1.50"}, {"M": {}}, {"B": "AP8="}]}, "empty": {"S": ""}}},
    "sets": {"M": {"SS": {"SS": ["a", "b"]}, "NS": {"NS": ["1", "2.0"]}, "BS": {"BS": ["AP8=", "AA=="]}}},
    "binary": {"B": "AP8="},
    "true": {"BOOL": True},
    "null": {"NULL": True},
    "list": {"L": []},
}
VALUES = {"S": TEXTS, "N": NUMBERS}
CONDITIONS = [
    "",
    *(f" AND #s {sign} :s" for sign in ("=", "<", "<=", ">", ">=")),
    " AND #s BETWEEN :s AND :t",
    " AND begins_with(#s, :s)",
]


def keys(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """A table with or without a sort key, and indexes of all kinds."""
    key = draw(st.sampled_from([keys("pk"), keys("pk", "sk")]))
    first = draw(st.sampled_from([keys("g"), keys("g", "h"), keys("g", "pk")]))
    projection = {"Projection": {"ProjectionType": draw(st.sampled_from(["KEYS_ONLY", "ALL"]))}}
    local = [{"IndexName": "Local", "KeySchema": keys("pk", "g"), **projection}]
    used = {"pk", "g", "h"} | {each["AttributeName"] for each in key}
    return {
        "KeySchema": key,
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": draw(st.sampled_from(["S", "N"]))} for name in sorted(used)
        ],
        "GlobalSecondaryIndexes": [
            {"IndexName": "First", "KeySchema": first, **projection},
            {"IndexName": "Second", "KeySchema": keys("h", "g"), **projection},
        ],
        **({"LocalSecondaryIndexes": local} if len(key) > 1 else {}),
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": STREAM,
    }


def kinds(schema: Mapping[str, Any]) -> dict[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in schema["AttributeDefinitions"]}


@st.composite
def writes(draw: st.DrawFn, schema: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    values = {name: draw(VALUES[kind]) for name, kind in kinds(schema).items()}
    key = {each["AttributeName"]: values[each["AttributeName"]] for each in schema["KeySchema"]}
    others = {name: values[name] for name in ("g", "h") if draw(st.integers(0, 4))}
    item = {**key, **others, "v": draw(NUMBERS), **draw(st.sampled_from([{}, OF_EVERY_TYPE]))}
    name = draw(st.sampled_from(["g", "h"]))
    new = {"ExpressionAttributeValues": {":n": draw(VALUES[kinds(schema)[name]])}}
    update = {"Key": key, "UpdateExpression": f"SET {name} = :n", **new}
    must_exist = {"ConditionExpression": "attribute_exists(v)"}
    other = {**key, "pk": draw(VALUES[kinds(schema)["pk"]])}
    transaction = [
        {"Put": {"TableName": NAME, "Item": {**other, **others}}},
        {"Update": {"TableName": NAME, **update, **draw(st.sampled_from([{}, must_exist]))}},
    ]
    choices: list[tuple[str, dict[str, Any]]] = [
        *[("PutItem", {"Item": item})] * 4,
        ("PutItem", {"Item": item, **must_exist}),
        ("UpdateItem", update),
        ("UpdateItem", {"Key": key, "UpdateExpression": f"REMOVE {name}"}),
        ("DeleteItem", {"Key": key, **draw(st.sampled_from([{}, must_exist]))}),
        ("BatchWriteItem", {"RequestItems": {NAME: [{"PutRequest": {"Item": item}}]}}),
        ("TransactWriteItems", {"TransactItems": transaction}),
    ]
    chosen: tuple[str, dict[str, Any]] = draw(st.sampled_from(choices))
    return chosen


@st.composite
def queries(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, Any]:
    indexes = [*schema["GlobalSecondaryIndexes"], *schema.get("LocalSecondaryIndexes", [])]
    index = draw(st.sampled_from([None, *indexes]))
    hash_key, *range_key = [each["AttributeName"] for each in (index or schema)["KeySchema"]]
    names, values = {"#p": hash_key}, {":p": draw(VALUES[kinds(schema)[hash_key]])}
    condition = draw(st.sampled_from(CONDITIONS)) if range_key else ""
    if condition:
        names["#s"], kind = range_key[0], kinds(schema)[range_key[0]]
        assume(kind == "S" or "begins_with" not in condition)
        values |= {name: draw(VALUES[kind]) for name in (":s", ":t") if name in condition}
    if draw(st.booleans()):
        values[":v"] = draw(NUMBERS)
    return {
        **({"IndexName": index["IndexName"]} if index else {}),
        "KeyConditionExpression": f"#p = :p{condition}",
        **({"FilterExpression": "v = :v"} if ":v" in values else {}),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        **draw(st.sampled_from([{}, {"Limit": 1}, {"Limit": 2}, {"Limit": 3}])),
        **draw(st.sampled_from([{}, {"ScanIndexForward": False}])),
        **draw(st.sampled_from([{}, {"Select": "COUNT"}, {"ConsistentRead": True}])),
    }


@pytest.mark.slow
@given(st.data())
@settings(phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_a_table_answers_as_plain_moto_does(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    with closing(MotoEngine()) as engine, closing(MotoEngine(speed_ups=())) as plain:
        both = Pair(engine, plain)
        assert "TableDescription" in both.ask("CreateTable", **schema)
        for _ in range(data.draw(st.integers(1, 30))):
            operation, parameters = data.draw(writes(schema))
            both.ask(operation, **parameters)
        for _ in range(10):
            both.pages("Query", **data.draw(queries(schema)))
        for index in ({}, {"IndexName": "First"}, {"IndexName": "Second"}):
            both.pages("Scan", **index, **data.draw(st.sampled_from([{}, {"Limit": 2}])))
        both.ask("DescribeTable")
