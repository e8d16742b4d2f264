"""DescribeTable and UpdateTable of a table with replicas: states, settings, and what is refused (facts 1.4, 1.6, 2)."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.simulator.simulator import REPLICA_CREATION_SECONDS, REPLICA_DELETION_SECONDS
from support.tests.simulator.simulated_world import AP, EU, NAME, TABLE, US, World, item

BOTH_ACTIVE = {US: "ACTIVE", EU: "ACTIVE"}
CREATE_AP, DELETE_EU = {"Create": {"RegionName": AP}}, {"Delete": {"RegionName": EU}}


@pytest.fixture
def world() -> Iterator[World]:
    """A table in the first of three regions, that replicas may be added to."""
    with World(US, EU, AP, table=None) as world:
        world[US].create_table(**TABLE)
        yield world


def status(world: World, *regions: str) -> tuple[str, ...]:
    return tuple(world.described(region)["TableStatus"] for region in regions)


def test_a_replica_is_made_and_removed_and_leaves_a_table_of_one_region_with_its_stream(world: World) -> None:
    stream = world.described(US)["LatestStreamArn"]
    world.update_replicas(US, create=EU)
    assert (status(world, US, EU), world.replicas(US)) == (("UPDATING", "CREATING"), {US: "ACTIVE", EU: "CREATING"})
    world.clock.wait(REPLICA_CREATION_SECONDS)
    assert status(world, US, EU) == ("ACTIVE", "ACTIVE")
    for region in (US, EU):
        table = world.described(region)
        assert (table["GlobalTableVersion"], table["MultiRegionConsistency"]) == ("2019.11.21", "EVENTUAL")
        assert (table["TableArn"].split(":")[3], world.replicas(region)) == (region, BOTH_ACTIVE)
    world.update_replicas(US, delete=EU)
    assert (status(world, US, EU), world.replicas(US)) == (("UPDATING", "DELETING"), {US: "ACTIVE", EU: "DELETING"})
    world.clock.wait(REPLICA_DELETION_SECONDS)

    assert (status(world, US), world.replicas(US)) == (("ACTIVE",), {})
    assert world[EU].list_tables()["TableNames"] == []
    assert world.described(US)["LatestStreamArn"] == stream
    world.put(US, v="alone")
    assert world.pending() == 0


REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("PutItem", {"TableName": NAME, "Item": item("a")}),
    ("Scan", {"TableName": NAME}),
    ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": NAME, "Item": item("a")}}]}),
    ("BatchWriteItem", {"RequestItems": {NAME: [{"PutRequest": {"Item": item("a")}}]}}),
    ("ExecuteStatement", {"Statement": f'SELECT * FROM "{NAME}"'}),
]


@pytest.mark.parametrize("what", ["create", "delete"])
def test_a_replica_that_is_not_active_answers_no_reads_or_writes(world: World, what: str) -> None:
    if what == "delete":
        world.add_replica(EU)
    world.update_replicas(US, **{what: EU})

    codes = [world.refusal(operation, EU, **parameters)[0] for operation, parameters in REQUESTS]
    assert codes == ["ResourceNotFoundException"] * len(REQUESTS)


@pytest.mark.parametrize("region", [US, EU])
def test_a_table_that_changes_is_in_use_for_other_changes(world: World, region: str) -> None:
    world.update_replicas(US, create=EU)

    for operation, parameters in (
        ("UpdateTable", {"ReplicaUpdates": [CREATE_AP]}),
        ("DeleteTable", {}),
        ("UpdateTimeToLive", {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}),
    ):
        assert world.refusal(operation, region, TableName=NAME, **parameters)[0] == "ResourceInUseException"
    assert world.replicas(US) == {US: "ACTIVE", EU: "CREATING"}


def replica(action: str, region: str, **more: str) -> dict[str, Any]:
    return {"ReplicaUpdates": [{action: {"RegionName": region, **more}}]}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (replica("Create", US), "local region"),
        (replica("Create", "mars-north-1"), "mars-north-1 is not supported"),
        (replica("Create", EU), "already existed"),
        (replica("Delete", AP), "were not part of the global table"),
        ({"ReplicaUpdates": [{**CREATE_AP, **DELETE_EU}]}, "more than one"),
        # What is not known is never taken for another action: since August 2026 Disassociate keeps the tables.
        (replica("Disassociate", EU, DisassociationMode="WAIT_FOR_REPLICATION"), "no Disassociate of a replica"),
        ({**replica("Delete", EU), "BillingMode": "PAY_PER_REQUEST"}, "by a request of its own"),
        ({**replica("Create", AP), "MultiRegionConsistency": "STRONG"}, "leave out MultiRegionConsistency STRONG"),
        ({**replica("Create", AP), "GlobalTableWitnessUpdates": [CREATE_AP]}, "leave out GlobalTableWitnessUpdates"),
        ({"TableClass": "STANDARD_INFREQUENT_ACCESS"}, "no other TableClass than STANDARD"),
        ({"StreamSpecification": {"StreamEnabled": False}}, "Disabling the stream"),
        ({}, "At least one of"),
    ],
)
def test_an_update_that_cannot_be_is_refused_and_changes_nothing(
    world: World, parameters: dict[str, Any], message: str
) -> None:
    world.add_replica(EU)
    world.put(US, v="1")
    before = world.described(US)
    code, said = world.refusal("UpdateTable", TableName=NAME, **parameters)
    world.settle()

    assert (code, message in said) == ("ValidationException", True), said
    assert (world.described(US), world.replicas(EU)) == (before, BOTH_ACTIVE)
    assert world.get(EU) == {"v": "1"}
    assert world[AP].list_tables()["TableNames"] == []


def test_the_api_of_version_2017_is_answered_as_aws_answers_it(world: World) -> None:
    code, message = world.refusal("CreateGlobalTable", GlobalTableName=NAME, ReplicationGroup=[{"RegionName": US}])

    assert (code, "2017.11.29 is not supported" in message) == ("ValidationException", True)
    assert world.refusal("DescribeGlobalTable", GlobalTableName=NAME)[0] == "GlobalTableNotFoundException"
    assert world[US].list_global_tables()["GlobalTables"] == []


# Settings: which ones AWS keeps equal, and which one not (facts 2.5).


def test_a_protected_replica_is_not_deleted_and_still_replicates(world: World) -> None:
    world.add_replica(EU)
    world[EU].update_table(TableName=NAME, DeletionProtectionEnabled=True)
    assert [world.described(region)["DeletionProtectionEnabled"] for region in (US, EU)] == [False, True]
    assert world.refusal("UpdateTable", TableName=NAME, ReplicaUpdates=[DELETE_EU])[0] == "ValidationException"
    world.put(US, v="1")
    world.settle()

    assert (world.replicas(US), world.get(EU)) == (BOTH_ACTIVE, {"v": "1"})


# Replicas that come and go while changes are on their way.


def test_a_replica_added_while_changes_are_on_their_way_gets_them_all(world: World) -> None:
    world.add_replica(EU)
    world.simulator.slow_down(EU, US, 1000)
    world.put(EU, "late put, early delete", v="old")
    world.simulator.slow_down(EU, US, 1)
    world.delete(EU, "late put, early delete")
    world.put(US, "deleted", v="old")
    world.clock.wait(1)
    for ends in ((US, EU), (EU, US)):
        world.simulator.slow_down(*ends, 100)
    world.put(US, "only in us", v="1")
    world.put(EU, "only in eu", v="1")
    world.put(US, "in both", v="earlier")
    world.clock.wait(1)
    world.put(EU, "in both", v="later")
    world.delete(EU, "deleted")
    world.add_replica(AP)
    keys = ("only in us", "only in eu", "in both", "deleted", "late put, early delete")
    right = [{"v": "1"}, {"v": "1"}, {"v": "later"}, None, None]

    assert [world.get(AP, key) for key in keys] == right
    assert world.get(US, "deleted") == {"v": "old"}
    world.settle()
    assert [world.everywhere(key) for key in keys] == right


def test_what_a_removed_replica_still_owes_does_not_undo_a_later_write(world: World) -> None:
    world.add_replica(EU)
    world.simulator.slow_down(EU, US, 100)
    world.put(EU, v="last words")
    world.update_replicas(US, delete=EU)
    world.clock.wait(1)
    world.put(US, v="later")
    world.settle()

    assert world.get(US) == {"v": "later"}


def test_a_replica_that_comes_back_has_what_was_pending_when_it_left(world: World) -> None:
    world.add_replica(EU)
    world.simulator.slow_down(EU, US, 1000)
    world.put(EU, v="last words")
    world.update_replicas(US, delete=EU)
    world.clock.wait(REPLICA_DELETION_SECONDS)
    world.add_replica(EU)
    assert (world.get(US), world.get(EU)) == (None, {"v": "last words"})
    world.settle()

    assert world.get(US) == world.get(EU) == {"v": "last words"}


def test_a_second_global_table_of_the_same_name_is_refused() -> None:
    # DynamoDB would allow it; the simulator knows tables by their names, and says so.
    with World(US, EU, AP, "us-west-2", table=None) as world:
        for region in (US, AP):
            world[region].create_table(**TABLE)
        world.add_replica(EU)
        creation = [{"Create": {"RegionName": "us-west-2"}}]
        code, message = world.refusal("UpdateTable", AP, TableName=NAME, ReplicaUpdates=creation)

    assert (code, "one global table of a name" in message) == ("ValidationException", True)
