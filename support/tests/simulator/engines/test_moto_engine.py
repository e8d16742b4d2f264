"""The one module that reaches into moto: what it relies on, and that it leaves nothing behind."""

import inspect
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.cloudwatch.models import cloudwatch_backends
from moto.core import base_backend, utils
from moto.core.base_backend import AccountSpecificBackend
from moto.core.parse import JSONParser
from moto.core.request import Request as MotoRequest
from moto.core.responses import BaseResponse
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.models import DynamoDBStreamsBackend, dynamodbstreams_backends

from support.simulator.engines.moto.bounded_stream import BoundedShard
from support.simulator.engines.moto.indexed_table import LARGEST_ITEM, IndexedTable
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import NAME, TABLE, US, World, item

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
        (Table, "_validate_item_types", ["item_attrs"]),
        (Table, "_validate_key_sizes", ["item_attrs"]),
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
        (LimitedSizeDict.__setitem__, f"> {LARGEST_ITEM}:"),  # what is checked once, and not at each attribute
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
