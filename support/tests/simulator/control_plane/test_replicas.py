"""The control plane: DescribeTable and UpdateTable of a table with replicas."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.page.workshop import TABLE as WORKSHOP_TABLE
from support.tests.simulator.simulated_world import AP, EU, NAME, TABLE, US, World

BOTH_ACTIVE = {US: "ACTIVE", EU: "ACTIVE"}


def described(world: World, region: str) -> dict[str, Any]:
    table: dict[str, Any] = world[region].describe_table(TableName=NAME)["Table"]
    return table


def test_a_global_table_tells_its_version_its_consistency_and_its_replicas(world: World) -> None:
    world.add_replica(EU)

    for region in (US, EU):
        table = described(world, region)
        assert table["GlobalTableVersion"] == "2019.11.21"
        assert table["MultiRegionConsistency"] == "EVENTUAL"
        assert world.replicas(region) == BOTH_ACTIVE
        assert table["TableArn"].split(":")[3] == region


def test_the_stream_can_be_enabled_by_the_request_that_adds_the_replica(world: World) -> None:
    world[US].delete_table(TableName=NAME)
    world[US].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    world[US].update_table(
        TableName=NAME,
        StreamSpecification=TABLE["StreamSpecification"],
        ReplicaUpdates=[{"Create": {"RegionName": EU}}],
    )

    assert world.replicas(US) == {US: "ACTIVE", EU: "CREATING"}


def test_a_deleted_replica_takes_its_table_along_and_leaves_a_single_region_table(world: World) -> None:
    world.add_replica(EU)
    world.remove_replica(EU)

    assert world.replicas(US) == {}
    assert world[EU].list_tables()["TableNames"] == []
    world.put(US, v="alone")
    assert world.owed() == 0


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"create": US}, "Cannot add, delete, or update the local region"),
        ({"delete": US}, "Cannot add, delete, or update the local region"),
        (
            {"create": "mars-north-1"},
            "The simulator serves us-east-1, eu-west-1, ap-south-1",
        ),
        ({"create": EU}, "one or more replicas already existed as tables"),
        ({"delete": AP}, r"retry the request without these replicas: \[ap-south-1\]"),
    ],
)
def test_a_replica_update_that_cannot_be_is_refused(world: World, update: dict[str, str], message: str) -> None:
    world.add_replica(EU)
    with pytest.raises(ClientError, match=message) as refused:
        world.update_replicas(US, **update)

    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert world.replicas(US) == BOTH_ACTIVE


def test_a_protected_replica_is_not_deleted_and_still_replicates(world: World) -> None:
    world.add_replica(EU)
    world[EU].update_table(TableName=NAME, DeletionProtectionEnabled=True)
    with pytest.raises(ClientError):
        world.update_replicas(US, delete=EU)
    world.put(US, v="1")
    world.settle()

    assert world.replicas(US) == BOTH_ACTIVE
    assert world.get(EU) == {"v": "1"}


def test_time_to_live_is_the_same_in_every_replica(world: World) -> None:
    def setting(region: str) -> Any:
        return world[region].describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]

    enabled = {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    world[US].update_time_to_live(TableName=NAME, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    world.add_replica(EU)
    assert setting(EU) == enabled
    world[EU].update_time_to_live(TableName=NAME, TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"})
    assert setting(US)["TimeToLiveStatus"] == setting(EU)["TimeToLiveStatus"] == "DISABLED"


def test_a_replica_has_the_keys_the_indexes_and_the_capacity_of_the_table() -> None:
    with World(table={**WORKSHOP_TABLE, "TableName": NAME}) as world:
        tables = [described(world, region) for region in (US, EU)]

    for name in ("KeySchema", "AttributeDefinitions", "BillingModeSummary"):
        assert tables[0][name] == tables[1][name]
    units = [{**table["ProvisionedThroughput"], "NumberOfDecreasesToday": 0} for table in tables]
    assert units[0] == units[1]
    indexes = [
        [(each["IndexName"], each["KeySchema"], each["Projection"]) for each in table["GlobalSecondaryIndexes"]]
        for table in tables
    ]
    assert indexes[0] == indexes[1]


def test_capacity_and_indexes_are_changed_in_every_replica_but_not_the_protection(world: World) -> None:
    world.add_replica(EU)
    index = {
        "IndexName": "by-state",
        "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    answer = world[EU].update_table(
        TableName=NAME,
        AttributeDefinitions=[*TABLE["AttributeDefinitions"], {"AttributeName": "state", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
        DeletionProtectionEnabled=True,
    )["TableDescription"]

    assert {each["RegionName"] for each in answer["Replicas"]} == {US, EU}
    assert [each["IndexName"] for each in described(world, US)["GlobalSecondaryIndexes"]] == ["by-state"]
    assert [described(world, region)["DeletionProtectionEnabled"] for region in (US, EU)] == [False, True]
