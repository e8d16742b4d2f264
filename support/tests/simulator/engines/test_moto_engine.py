"""The one module that reaches into moto: what it relies on, and what moto does otherwise than AWS."""

import inspect
import re
from binascii import crc32
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.cloudwatch.models import cloudwatch_backends
from moto.core import base_backend, utils
from moto.core.base_backend import AccountSpecificBackend
from moto.core.parse import JSONParser
from moto.core.request import Request as MotoRequest
from moto.core.responses import BaseResponse
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.models import DynamoDBStreamsBackend, dynamodbstreams_backends

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.simulator.engines.moto.bounded_stream import BoundedShard
from support.simulator.engines.moto.indexed_table import IndexedTable
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

SIMULATOR = Path(__file__).parents[3] / "simulator"


@pytest.mark.parametrize(
    ("thing", "name", "parameters"),
    [
        (MotoRequest, "from_primitives", ["method", "url", "headers", "body"]),
        (BaseResponse, "_dispatch", ["request"]),
        (BaseResponse, "get_region_from_url", ["request", "full_url"]),
        (BaseResponse, "get_current_account", []),
        (BaseResponse, "_authenticate_and_authorize_normal_action", ["resource"]),
        (Table, "put_item", ["item_attrs", "overwrite"]),
        (Table, "get_item", ["hash_key", "range_key"]),
        (Table, "delete_item", ["hash_key", "range_key"]),
        (Table, "all_items", []),
        (Item, "to_json", []),
        (Item, "size", []),
        (Item, "project", ["projection_expressions"]),
        (Table, "query", [*list(inspect.signature(IndexedTable.query).parameters)]),
        (Table, "scan", ["filters", "limit", "exclusive_start_key", "filter_expression", "index_name"]),
        (Table, "set_stream_specification", ["streams"]),
        (StreamShard, "add", ["old", "new"]),
        (StreamShard, "get", ["start", "quantity"]),
        (DynamoDBBackend, "update_item", ["table_name", "key"]),
        (DynamoDBBackend, "transact_write_items", ["transact_items"]),
        (DynamoDBStreamsBackend, "get_records", ["iterator_arn", "limit"]),
        (BaseResponse, "serialized", ["action_result"]),
        (JSONParser, "parse", ["request_dict"]),
        (DynamoType, "__init__", ["type_as_dict"]),
    ],
)
def test_moto_still_has_what_the_engine_calls(thing: type, name: str, parameters: list[str]) -> None:
    has = inspect.signature(getattr(thing, name)).parameters

    assert [each for each in parameters if each not in has] == []


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (Table.query, "self.all_items()"),  # replaced by the items of the answer
        (Table.scan, "self.all_items()"),
        (Table.query, "copy.deepcopy(results)"),  # made to cost nothing: nothing changes an item afterwards
        (Table.query, "result_size + result.size()) > RESULT_SIZE_LIMIT"),  # by which a page is cut off
        (Table.query, "len(results) == limit"),
        (DynamoDBBackend.transact_write_items, "copy.deepcopy("),  # replaced by undoing
        (DynamoDBBackend.update_item, "UpdateExpressionExecutor("),  # changes the item in place
        (AccountSpecificBackend.__getitem__, "self.backend(region_name, account_id=self.account_id)"),
        (StreamShard.add, "len(self.items) + self.starting_sequence_number"),  # by which trimming keeps the numbers
        (StreamShard.get, "[i.to_json() for i in self.items[start:end]]"),
        (DynamoHandler.call_action, 'self.body = getattr(self, "params", {})'),  # what the short way gives it
        (vars(DynamoHandler)["dynamodb_backend"].fget, "dynamodb_backends["),
        (BaseResponse.call_action, "method = getattr(self, action)"),
        (BaseResponse.call_action, "except ServiceException"),
        (BaseResponse.call_action, "except HTTPException"),
    ],
)
def test_moto_still_works_in_the_way_that_the_indexed_tables_build_on(function: Any, said: str) -> None:
    assert said in inspect.getsource(function)


def test_every_table_of_a_simulator_is_indexed_and_every_stream_bounded(world: World) -> None:
    engine = world.simulator._engine
    assert isinstance(engine, MotoEngine)
    world[US].create_table(**{**TABLE, "TableName": "another"})
    backup = world[US].create_backup(TableName="another", BackupName="one")["BackupDetails"]["BackupArn"]
    world[US].restore_table_from_backup(TargetTableName="restored", BackupArn=backup)
    tables = dynamodb_backends[engine.account][US].tables.values()

    assert [table.name for table in tables if isinstance(table, IndexedTable)] == [NAME, "another", "restored"]
    assert [type(table.stream_shard) for table in tables if table.stream_shard] == [BoundedShard] * 2


def test_moto_still_asks_what_the_engine_has_put_in_place_of_its_sessions() -> None:
    assert inspect.getsource(base_backend.AccountSpecificBackend).count("Session()") == 1
    assert inspect.getsource(utils).count("Session()") == 1
    assert inspect.getsource(utils).count("create_loader()") == 1


def test_a_region_that_is_none_is_refused(world: World) -> None:
    request = dynamodb_request("mars-1", "ListTables", {})
    assert "the simulator does not serve mars-1" in world.simulator.router.answer(request).result["message"]


def test_moto_still_holds_what_the_engine_reads(world: World) -> None:
    world.put(US, v="1")
    engine = world.simulator._engine
    assert isinstance(engine, MotoEngine)
    table = dynamodb_backends[engine.account][US].tables[NAME]

    assert (table.hash_key_attr, table.range_key_attr) == ("id", None)
    assert isinstance(table.latest_stream_label, str)
    assert table.stream_shard is not None
    (write,) = table.stream_shard.items
    assert (write.old, write.new) == (None, item("a", v="1"))  # type: ignore[attr-defined]
    assert issubclass(DynamoHandler, BaseResponse)


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


def test_nothing_else_in_the_simulator_imports_moto() -> None:
    reaching = {
        "moto/" if module.parent.name == "moto" else module.name
        for module in SIMULATOR.rglob("*.py")
        if re.search(r"^\s*(from|import) moto", module.read_text(), re.M)
    }

    assert reaching == {"moto_engine.py", "moto/"}


def test_nothing_is_left_in_moto_after_closing() -> None:
    every: tuple[Any, ...] = (dynamodb_backends, dynamodbstreams_backends, cloudwatch_backends)
    before = [set(backends) for backends in every]
    with World() as world:
        world.put(US, v="1")
        world.records(US)
        world.client(US, "cloudwatch").list_metrics()
        assert any(set(backends) - known for backends, known in zip(every, before, strict=True))

    assert [set(backends) - known for backends, known in zip(every, before, strict=True)] == [set()] * 3


def test_closing_twice_is_harmless() -> None:
    with World() as world:
        world.simulator.close()


def test_the_simulator_patches_nobody_elses_boto3() -> None:
    with mock_aws(), World() as world:
        bare = boto3.client("dynamodb", US, aws_access_key_id="x", aws_secret_access_key="x")
        bare.create_table(**{**TABLE, "TableName": "bare"})
        world.put(US, v="1")

        assert bare.list_tables()["TableNames"] == ["bare"]
        assert world[US].list_tables()["TableNames"] == [NAME]


# What moto does otherwise than AWS. When one of these turns red, moto has got better: see what in the simulator was
# there because of it.


def test_bare_moto_accepts_replicas_and_ignores_them() -> None:
    with mock_aws():
        us, eu = (boto3.client("dynamodb", each, aws_access_key_id="x", aws_secret_access_key="x") for each in (US, EU))
        us.create_table(**TABLE)
        us.update_table(TableName=NAME, ReplicaUpdates=[{"Create": {"RegionName": EU}}])

        assert not {"Replicas", "GlobalTableVersion", "MultiRegionConsistency"} & set(
            us.describe_table(TableName=NAME)["Table"]
        )
        assert eu.list_tables()["TableNames"] == []


def images(world: World) -> list[dict[str, Any] | None]:
    return [record["dynamodb"].get("NewImage") for record in world.records(US)]


def test_moto_tells_of_an_item_created_by_an_update_twice(world: World) -> None:
    world.set(US, v="1")

    assert images(world) == [item("a"), item("a", v="1")]


def test_moto_tells_of_a_put_that_changes_nothing(world: World) -> None:
    # A stream of AWS has no record of it, so that nothing would be replicated.
    world.put(US, v="1")
    world.put(US, v="1")

    assert images(world) == [item("a", v="1")] * 2


def test_moto_tells_nothing_of_a_delete_that_deletes_nothing(world: World) -> None:
    world.delete(US)

    assert images(world) == []


def test_bare_moto_says_us_east_1_in_the_stream_records_of_every_region_and_encodes_binary_keys_twice() -> None:
    with mock_aws():
        # moto does not know the hosts with an account's number in them.
        session, plain = boto3.session.Session("x", "x"), Config(account_id_endpoint_mode="disabled")
        eu, streams = session.client("dynamodb", EU), session.client("dynamodbstreams", EU, config=plain)
        eu.create_table(**{**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "B"}]})
        eu.put_item(TableName=NAME, Item={"id": {"B": b"\xff"}})
        arn = eu.describe_table(TableName=NAME)["Table"]["LatestStreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        place: Any = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        (record,) = streams.get_records(ShardIterator=streams.get_shard_iterator(**place)["ShardIterator"])["Records"]

        assert record["awsRegion"] == US
        assert record["dynamodb"]["Keys"]["id"]["B"] == b"/w=="


def test_bare_moto_cannot_write_when_a_stream_was_disabled_nor_enable_one_again() -> None:
    with mock_aws():
        us = boto3.client("dynamodb", US, aws_access_key_id="x", aws_secret_access_key="x")
        us.create_table(**TABLE)
        us.update_table(TableName=NAME, StreamSpecification={"StreamEnabled": False})
        with pytest.raises(KeyError):
            us.put_item(TableName=NAME, Item=item("a"))
        with pytest.raises(ClientError, match="Cannot enable stream"):
            us.update_table(TableName=NAME, StreamSpecification=TABLE["StreamSpecification"])


# What moto does as AWS does, and the features rely on.


@pytest.fixture
def indexed() -> Iterator[World]:
    with World(table={**WORKSHOP_TABLE, "TableName": NAME}) as world:
        for number in range(5):
            keys = {"PK": str(number), "SK": "s", "GSI1PK": "p", "GSI1SK": f"s{number}", "price": "1"}
            world[US].put_item(TableName=NAME, Item={name: {"S": value} for name, value in keys.items()})
        yield world


def by_index(world: World, **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = world[US].query(
        TableName=NAME,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
        **parameters,
    )
    return answer


def test_an_index_of_keys_only_has_nothing_but_keys(indexed: World) -> None:
    assert set(by_index(indexed)["Items"][0]) == {"PK", "SK", "GSI1PK", "GSI1SK"}


def test_an_index_has_no_consistent_reads(indexed: World) -> None:
    with pytest.raises(ClientError, match="Consistent reads are not supported on global secondary indexes"):
        by_index(indexed, ConsistentRead=True)


def test_an_item_without_the_keys_of_an_index_is_not_in_it(indexed: World) -> None:
    indexed[US].put_item(TableName=NAME, Item={"PK": {"S": "9"}, "SK": {"S": "s"}, "GSI1PK": {"S": "p"}})

    assert by_index(indexed)["Count"] == 5


def test_an_index_is_paged_through_without_loss_or_repetition(indexed: World) -> None:
    found, page = [], by_index(indexed, Limit=2)
    found += page["Items"]
    while "LastEvaluatedKey" in page:
        page = by_index(indexed, Limit=2, ExclusiveStartKey=page["LastEvaluatedKey"])
        found += page["Items"]

    assert [each["GSI1SK"]["S"] for each in found] == ["s0", "s1", "s2", "s3", "s4"]
