"""What moto does otherwise than AWS, and what it does as AWS does and the features rely on.

When a test of the first kind turns red, moto has got better: see what in the simulator was there because of it.
"""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item


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
