"""The short way through moto's handler gives what the long way does."""

from binascii import crc32
from dataclasses import replace
from typing import Any

import pytest

from support.simulator.messages import dynamodb_request
from support.tests.simulator.engines.plain_moto import NAME as RANDOM
from support.tests.simulator.engines.plain_moto import US, pair
from support.tests.simulator.simulated_world import NAME, World, item

SCHEMA = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "BillingMode": "PAY_PER_REQUEST",
}
KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}


@pytest.mark.parametrize(("size", "taken"), [(405_000, True), (405_001, False)])
def test_an_item_is_as_large_as_moto_lets_it_be(size: int, taken: bool) -> None:
    item = {**KEY, "v": {"S": "x" * (size - len("pkask" + "bv"))}}
    with pair(SCHEMA) as both:
        assert both.ask("PutItem", Item=item).ok is taken
        assert both.ask("BatchWriteItem", RequestItems={RANDOM: [{"PutRequest": {"Item": item}}]}).ok is taken


@pytest.mark.parametrize(
    "item",
    [
        {"pk": {"S": "a"}},
        {"pk": {"N": "1"}, "sk": {"S": "b"}},
        {"pk": {"S": "a"}, "sk": {"N": "1"}},
        {"pk": {"S": "a"}, "sk": {"S": "b" * 1025}},
        {"pk": {"S": "a" * 2049}, "sk": {"S": "b"}},
        {**KEY, "v": {"N": "one"}},
        {**KEY, "v": {"N": "1e127"}},
    ],
)
def test_a_put_is_refused_as_plain_moto_refuses_it(item: dict[str, Any]) -> None:
    with pair(SCHEMA) as both:
        assert not both.ask("PutItem", Item=item).ok


def test_a_put_under_conditions_is_done_as_plain_moto_does_it() -> None:
    new = {"ConditionExpression": "attribute_not_exists(pk)"}
    with pair(SCHEMA) as both:
        assert [both.ask("PutItem", Item=KEY, **new).ok for _ in range(2)] == [True, False]
        assert not both.ask("PutItem", Item=KEY, Expected={"pk": {"Exists": False}}).ok
        both.ask("PutItem", Item=KEY, Expected={})
        both.ask("PutItem", Item=KEY, ConditionExpression="")


@pytest.mark.parametrize(
    "settings_of_table",
    [
        {},
        {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "one"}, "TableClass": "STANDARD"},
        {"Tags": [{"Key": "a", "Value": "b"}], "DeletionProtectionEnabled": False},
        {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}},
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}},
    ],
)
def test_a_table_is_described_as_plain_moto_describes_it(settings_of_table: dict[str, Any]) -> None:
    named, ttl = {"TableName": "other"}, {"Enabled": True, "AttributeName": "expires"}
    with pair(SCHEMA) as both:
        both.ask("CreateTable", **{**SCHEMA, **named, **settings_of_table})
        both.ask("UpdateTimeToLive", **named, TimeToLiveSpecification=ttl)
        both.ask("DescribeTimeToLive", **named)
        both.ask("UpdateTable", **named, DeletionProtectionEnabled=False)
        both.ask("DescribeTable", **named)
        made = [
            engine.send(dynamodb_request(US, "DescribeTable", named)).result for engine in (both.engine, both.plain)
        ]
        both.ask("DeleteTable", **named)
        both.ask("DescribeTable", **named)

    ours, plain = (each["Table"]["CreationDateTime"] for each in made)
    assert round(ours, 3) == ours == pytest.approx(plain, abs=60)


@pytest.mark.parametrize("blob", ['{"B": "AP8="}', '{"B" :"AP8="}', '{"\\u0042": "AP8="}', '{"BS": ["AP8="]}'])
def test_a_blob_is_known_and_a_null_is_absent_however_they_are_written(world: World, blob: str) -> None:
    asked = dynamodb_request(US, "PutItem", {})
    put = f'{{"TableName": "{NAME}", "ConditionExpression": null, "Item": {{"id": {{"S": "a"}}, "v": {blob}}}}}'
    assert world.simulator.router.answer(replace(asked, body=put.encode())).ok

    got = world[US].get_item(TableName=NAME, Key=item("a"))["Item"]
    assert got == {**item("a"), "v": {"BS": [b"\x00\xff"]} if "BS" in blob else {"B": b"\x00\xff"}}


def test_an_answer_has_a_checksum_and_a_number(world: World) -> None:
    put = world.simulator.router.answer(dynamodb_request(US, "PutItem", {"TableName": NAME, "Item": item("a")}))
    refused = world.simulator._engine.send(dynamodb_request(US, "PutItem", {"TableName": "none", "Item": item("a")}))
    assert (put.status, refused.status) == (200, 400)
    for answer in (put, refused):
        assert answer.headers["x-amz-crc32"] == str(crc32(answer.body))
        assert len(answer.headers["x-amzn-requestid"]) == 52
        assert answer.headers["Content-Type"].startswith("application/")


def test_another_form_than_json_is_refused(world: World) -> None:
    asked = dynamodb_request(US, "ListTables", {})
    form = replace(asked, headers={**asked.headers, "Content-Type": "application/x-www-form-urlencoded"})
    assert "UnknownOperationException" in world.simulator.router.answer(form).result["__type"]
