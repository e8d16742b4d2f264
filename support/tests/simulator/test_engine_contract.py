"""What a global table does is the same on every engine: moto in this process, and Amazon's DynamoDB Local over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.clock import WallClock
from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.simulator.engines.compatibility import check_compatibility
from support.simulator.engines.engine import Engine
from support.simulator.engines.http_engine import HttpEngine
from support.simulator.engines.moto_engine import MotoEngine
from support.tests.simulator.dynamodb_local import dynamodb_local
from support.tests.simulator.simulated_world import AP, EU, NAME, STREAM, TABLE, US, World, item

SETTLED = 5
OpenWorld = Callable[..., World]
REGIONS = (US, EU, AP)


def engine_at(address: str | None) -> Engine:
    """DynamoDB Local, or moto where there is no address."""
    return HttpEngine(address, REGIONS, MotoEngine(), WallClock()) if address else MotoEngine()


@pytest.fixture(scope="module", params=["moto", "DynamoDB Local"])
def address(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "moto":
        yield None
        return
    with dynamodb_local() as url:
        check_compatibility(engine_at(url), url, REGIONS, NAME)
        yield url


@pytest.fixture
def open_world(address: str | None) -> Iterator[OpenWorld]:
    worlds: list[World] = []

    def opened(*regions: str, **options: Any) -> World:
        worlds.append(World(*regions, engine=engine_at(address), **options))
        return worlds[-1]

    yield opened
    for world in worlds:
        world.simulator.close()


@pytest.fixture
def world(open_world: OpenWorld) -> World:
    return open_world()


def keyed(kind: str, **more: Any) -> dict[str, Any]:
    """A table whose key is of another type than a string."""
    return {**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": kind}], **more}


def image(world: World, region: str, key: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = world[region].get_item(TableName=NAME, Key={"id": key}).get("Item")
    return found


# Every way of writing replicates.


def test_a_put_an_update_and_a_delete_replicate(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    assert world.everywhere() == {"v": "1"}
    world.set(EU, w="2")
    world.clock.wait(SETTLED)
    assert world.everywhere() == {"v": "1", "w": "2"}
    world.delete(US)
    world.clock.wait(SETTLED)
    assert world.everywhere() is None


def test_an_update_that_creates_an_item_replicates(world: World) -> None:
    world.set(EU, v="1")
    world.clock.wait(SETTLED)

    assert world.everywhere() == {"v": "1"}


def test_a_batch_replicates(world: World) -> None:
    world.put(US, "old", v="1")
    puts = [{"PutRequest": {"Item": item(str(number), v="1")}} for number in range(24)]
    world[US].batch_write_item(RequestItems={NAME: [*puts, {"DeleteRequest": {"Key": item("old")}}]})
    world.clock.wait(SETTLED)

    assert [world.everywhere(str(number)) for number in range(24)] == [{"v": "1"}] * 24
    assert world.everywhere("old") is None


def test_a_transaction_replicates(world: World) -> None:
    world.put(US, "old", v="1")
    update = {
        "TableName": NAME,
        "Key": item("b"),
        "UpdateExpression": "SET v = :v",
        "ExpressionAttributeValues": {":v": {"S": "2"}},
    }
    put = {"TableName": NAME, "Item": item("a", v="1")}
    delete = {"TableName": NAME, "Key": item("old")}
    world[US].transact_write_items(TransactItems=[{"Put": put}, {"Update": update}, {"Delete": delete}])
    world.clock.wait(SETTLED)

    assert [world.everywhere(key) for key in ("a", "b", "old")] == [{"v": "1"}, {"v": "2"}, None]


def test_a_transaction_that_fails_replicates_nothing(world: World) -> None:
    put = {"TableName": NAME, "Item": item("a", v="1")}
    check = {"TableName": NAME, "Key": item("b"), "ConditionExpression": "attribute_exists(id)"}
    with pytest.raises(ClientError, match="TransactionCanceled"):
        world[US].transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": check}])
    world.clock.wait(SETTLED)

    assert world.everywhere("a") is None


def test_partiql_replicates(world: World) -> None:
    insert = f"INSERT INTO \"{NAME}\" VALUE {{'id': 'a', 'v': '1'}}"
    if refusal_of_partiql(world, insert) == "UnknownOperationException":
        pytest.skip("this engine has no PartiQL (DynamoDB Local before 1.13)")
    world.clock.wait(SETTLED)

    assert world.everywhere() == {"v": "1"}


def refusal_of_partiql(world: World, statement: str) -> str | None:
    try:
        world[US].execute_statement(Statement=statement)
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        return code
    return None


def test_a_put_that_changes_nothing_leaves_the_other_region_alone(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.put(US, v="1")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.owed()) == ({"v": "1"}, 0)


# What arrives is not taken for a write of the region's own.


def test_what_has_arrived_is_not_sent_back(world: World) -> None:
    for number in range(5):
        world.put(US, v=str(number))
        world.clock.wait(0.5)
    world.clock.wait(SETTLED)
    world.put(EU, "other", v="1")
    world.clock.wait(SETTLED)
    world.delete(EU, "other")
    world.clock.wait(SETTLED)
    world.get(US)

    assert (world.everywhere(), world.everywhere("other"), world.owed()) == ({"v": "4"}, None, 0)


def test_a_write_after_an_arrival_is_the_regions_own(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.put(EU, v="2")
    world.clock.wait(SETTLED)
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.put(EU, v="2")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.owed()) == ({"v": "2"}, 0)


# Last writer wins.


@pytest.mark.parametrize(("first", "last"), [(US, EU), (EU, US)])
def test_of_two_conflicting_updates_the_later_one_is_kept_whole(world: World, first: str, last: str) -> None:
    world.put(US, price="1", stock="1")
    world.clock.wait(SETTLED)
    world.set(first, price="2")
    world.clock.wait(0.5)
    world.set(last, stock="0")
    world.clock.wait(SETTLED)

    assert world.everywhere() == {"price": "1", "stock": "0"}


def test_a_later_delete_wins_over_an_update_and_a_later_put_over_a_delete(world: World) -> None:
    for key in ("deleted", "put"):
        world.put(US, key, v="1")
    world.clock.wait(SETTLED)
    world.set(US, "deleted", v="2")
    world.delete(US, "put")
    world.clock.wait(0.5)
    world.delete(EU, "deleted")
    world.put(EU, "put", v="3")
    world.clock.wait(SETTLED)

    assert (world.everywhere("deleted"), world.everywhere("put")) == (None, {"v": "3"})


def test_a_late_put_does_not_bring_a_deleted_item_back(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.simulator.cut(US, EU)
    world.put(US, v="late")
    world.clock.wait(SETTLED)
    world.delete(EU)
    world.clock.wait(SETTLED)
    world.simulator.heal(US, EU)
    world.clock.wait(SETTLED)

    assert world.everywhere() is None


def test_a_condition_sees_the_image_of_its_own_region(world: World) -> None:
    world.simulator.cut(US, EU)
    world.put(US, v="1")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        world[US].put_item(TableName=NAME, Item=item("a", v="2"), ConditionExpression="attribute_not_exists(id)")
    world.clock.wait(0.5)
    world[EU].put_item(TableName=NAME, Item=item("a", v="3"), ConditionExpression="attribute_not_exists(id)")
    world.simulator.heal(US, EU)
    world.clock.wait(SETTLED)

    assert world.everywhere() == {"v": "3"}


# Values and keys of all kinds come through.


VALUES = {
    "text": {"S": "Grüße 🌍"},
    "number": {"N": "123456789012345678901234567890.12345678"},
    "small": {"N": "0.001"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "raw": {"B": b"\x00\xff"},
    "names": {"SS": ["a", "b"]},
    "sizes": {"NS": ["1", "2.5"]},
    "blobs": {"BS": [b"\x00", b"\x01"]},
    "list": {"L": [{"N": "1"}, {"M": {"deep": {"SS": ["x"]}}}]},
    "map": {"M": {"a": {"L": []}, "b": {"M": {}}}},
}


def ordered(found: Any) -> Any:
    """An image with its sets in order."""
    if isinstance(found, dict):
        return {name: sorted(each) if name in ("SS", "NS", "BS") else ordered(each) for name, each in found.items()}
    return [ordered(each) for each in found] if isinstance(found, list) else found


def test_values_of_every_type_arrive_as_they_were_written(world: World) -> None:
    world[US].put_item(TableName=NAME, Item={**item("a"), **VALUES})
    world.clock.wait(SETTLED)

    assert ordered(image(world, EU, {"S": "a"})) == {**item("a"), **VALUES}


def test_what_arrives_is_known_again_however_numbers_and_sets_are_written(world: World) -> None:
    values = {"n": {"N": "1.50"}, "set": {"NS": ["3", "1.0", "2e1"]}, "in": {"L": [{"N": "0.00"}]}}
    world[US].put_item(TableName=NAME, Item={**item("a"), **values})
    world.clock.wait(SETTLED)
    world.put(EU, "other")
    world.clock.wait(SETTLED)

    assert (world.everywhere("other"), world.owed()) == ({}, 0)


def test_sets_change_by_their_elements(world: World) -> None:
    world[US].put_item(TableName=NAME, Item={**item("a"), "set": {"SS": ["a", "b"]}})
    world.clock.wait(SETTLED)
    change = {"UpdateExpression": "ADD #s :s", "ExpressionAttributeNames": {"#s": "set"}}
    world[EU].update_item(TableName=NAME, Key=item("a"), **change, ExpressionAttributeValues={":s": {"SS": ["c", "a"]}})
    world.clock.wait(SETTLED)

    assert ordered(image(world, US, {"S": "a"})) == {**item("a"), "set": {"SS": ["a", "b", "c"]}}


@pytest.mark.parametrize(
    ("kind", "key", "same_key"),
    [("B", b"\x00\xff", b"\x00\xff"), ("N", "1.50", "1.5"), ("N", "1E2", "100"), ("S", "a:b|c", "a:b|c")],
)
def test_keys_of_every_type_replicate(open_world: OpenWorld, kind: str, key: Any, same_key: Any) -> None:
    world = open_world(table=keyed(kind))
    world[US].put_item(TableName=NAME, Item={"id": {kind: key}, "v": {"S": "1"}})
    world.clock.wait(SETTLED)
    assert (image(world, EU, {kind: same_key}) or {})["v"] == {"S": "1"}
    world[EU].delete_item(TableName=NAME, Key={"id": {kind: same_key}})
    world.clock.wait(SETTLED)

    assert image(world, US, {kind: key}) is None


def test_a_conflict_on_a_number_is_one_however_it_is_written(open_world: OpenWorld) -> None:
    world = open_world(table=keyed("N"))
    world[US].put_item(TableName=NAME, Item={"id": {"N": "1.0"}, "v": {"S": "us"}})
    world.clock.wait(0.5)
    world[EU].put_item(TableName=NAME, Item={"id": {"N": "1"}, "v": {"S": "eu"}})
    world.clock.wait(SETTLED)

    assert [(image(world, region, {"N": "1"}) or {})["v"] for region in (US, EU)] == [{"S": "eu"}] * 2


def test_an_item_of_nearly_400_kb_arrives(world: World) -> None:
    world.put(US, v="x" * 399_000)
    world.clock.wait(SETTLED)

    assert len((world.get(EU) or {})["v"]) == 399_000


def test_more_writes_than_a_page_of_a_stream_holds_arrive(world: World) -> None:
    for start in range(0, 1100, 25):
        puts = [{"PutRequest": {"Item": item(f"{number}", v="x")}} for number in range(start, start + 25)]
        world[US].batch_write_item(RequestItems={NAME: puts})
    world.clock.wait(SETTLED)
    answer = world[EU].scan(TableName=NAME, Select="COUNT")

    assert (answer["Count"], world.owed()) == (1100, 0)


# Tables.


def by_index(world: World, region: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world[region].query(
        TableName=WORKSHOP_TABLE["TableName"],
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
    )["Items"]
    return found


def test_the_indexes_of_the_other_region_find_what_arrived(open_world: OpenWorld) -> None:
    world = open_world(table=WORKSHOP_TABLE)
    keys = {name: {"S": value} for name, value in {"PK": "a", "SK": "s", "GSI1PK": "p", "GSI1SK": "g"}.items()}
    world[US].put_item(TableName=WORKSHOP_TABLE["TableName"], Item={**keys, "name": {"S": "not projected"}})
    world.clock.wait(SETTLED)

    assert by_index(world, EU) == [keys]


def test_a_stale_index_is_shown_and_leaves_no_trace(open_world: OpenWorld) -> None:
    world = open_world(table=WORKSHOP_TABLE, faults=[f"index-not-updated={EU}"])
    keys = {name: {"S": value} for name, value in {"PK": "a", "SK": "s", "GSI1PK": "p", "GSI1SK": "g"}.items()}
    world[US].put_item(TableName=WORKSHOP_TABLE["TableName"], Item=keys)
    world.clock.wait(SETTLED)

    assert (by_index(world, EU), by_index(world, US), world.owed()) == ([], [keys], 0)
    assert world[EU].get_item(TableName=WORKSHOP_TABLE["TableName"], Key={n: keys[n] for n in ("PK", "SK")})["Item"]


def test_a_replica_is_described_and_gets_what_was_there(open_world: OpenWorld) -> None:
    world = open_world(table=None)
    world[US].create_table(**TABLE)
    world.put(US, v="before")
    world.update_replicas(US, create=EU)
    assert world.replicas(US) == {US: "ACTIVE", EU: "CREATING"}
    world.put(US, "b", v="meanwhile")
    world.clock.wait(70)

    assert world.replicas(EU) == {US: "ACTIVE", EU: "ACTIVE"}
    assert (world.everywhere(), world.everywhere("b"), world.owed()) == ({"v": "before"}, {"v": "meanwhile"}, 0)


def test_a_table_without_a_stream_gets_one_with_its_replica(open_world: OpenWorld) -> None:
    world = open_world(table=None)
    world[US].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    world.put(US, v="before")
    world.update_replicas(US, create=EU)
    world.clock.wait(70)
    world.put(US, "b", v="after")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b")) == ({"v": "before"}, {"v": "after"})


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_with_fewer_images_replicates_all_the_same(open_world: OpenWorld, view: str) -> None:
    world = open_world(table={**TABLE, "StreamSpecification": {**STREAM, "StreamViewType": view}})
    world.put(US, v="1")
    world.clock.wait(SETTLED)
    world.set(EU, w="2")
    world.clock.wait(SETTLED)
    world.put(US, "b", v="1")
    world.clock.wait(SETTLED)
    world.delete(EU, "b")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.everywhere("b"), world.owed()) == ({"v": "1", "w": "2"}, None, 0)


def test_a_table_that_is_made_again_begins_anew(world: World) -> None:
    world.put(US, v="old")
    world.clock.wait(SETTLED)
    for region in (US, EU):
        world[region].delete_table(TableName=NAME)
    world.simulator.create_global_table(TABLE)
    assert world.everywhere() is None
    world.put(EU, v="new")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.owed()) == ({"v": "new"}, 0)


def test_the_time_to_live_is_that_of_the_source(open_world: OpenWorld) -> None:
    world = open_world(table=None)
    world.simulator.create_global_table(TABLE, "ttl")

    settings = [world[region].describe_time_to_live(TableName=NAME)["TimeToLiveDescription"] for region in (US, EU)]
    assert settings == [{"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}] * 2


def test_arns_name_the_region_that_was_asked_and_can_be_asked_with(world: World) -> None:
    world.put(EU, v="arn:aws:dynamodb:ddblocal:000000000000:table/orders")
    table = world[EU].describe_table(TableName=NAME)["Table"]
    assert [table[name].split(":")[3] for name in ("TableArn", "LatestStreamArn")] == [EU, EU]
    (record,) = world.records(EU)

    assert record["dynamodb"]["NewImage"]["v"] == {"S": "arn:aws:dynamodb:ddblocal:000000000000:table/orders"}
    assert world.get(EU) == {"v": "arn:aws:dynamodb:ddblocal:000000000000:table/orders"}


def test_metrics_are_served(world: World) -> None:
    world.put(US, v="1")
    world.clock.wait(600)
    metrics = world.client(US, "cloudwatch").list_metrics(Namespace="AWS/DynamoDB")["Metrics"]

    assert {metric["MetricName"] for metric in metrics} == {"ReplicationLatency"}


def test_three_regions_agree(open_world: OpenWorld) -> None:
    world = open_world(*REGIONS)
    world.put(AP, v="1")
    world.clock.wait(0.5)
    world.put(US, v="2")
    world.clock.wait(SETTLED)

    assert (world.everywhere(), world.owed()) == ({"v": "2"}, 0)


def test_nothing_is_left_in_the_engine(address: str | None, open_world: OpenWorld) -> None:
    for _ in range(2):
        world = open_world()
        world.put(US, v="1")
        world.simulator.close()

    with World(table=None, engine=engine_at(address)) as after:
        assert [after[region].list_tables()["TableNames"] for region in (US, EU)] == [[], []]
