"""The states that a table goes through while replicas come and go, and what AWS was seen to refuse (facts 1.4, 2)."""

from typing import Any

import pytest

from support.simulator.simulator import REPLICA_CREATION_SECONDS, REPLICA_DELETION_SECONDS
from support.tests.simulator.control_plane.refusals import CREATE_AP, CREATE_EU, refusal, update
from support.tests.simulator.simulated_world import AP, EU, NAME, US, World, item


def status(world: World, region: str) -> str:
    found: str = world[region].describe_table(TableName=NAME)["Table"]["TableStatus"]
    return found


def test_the_table_is_updating_while_a_replica_is_made_and_while_one_is_removed(world: World) -> None:
    assert status(world, US) == "ACTIVE"
    world.update_replicas(US, create=EU)
    assert (status(world, US), status(world, EU)) == ("UPDATING", "CREATING")
    world.clock.wait(REPLICA_CREATION_SECONDS)
    assert (status(world, US), status(world, EU)) == ("ACTIVE", "ACTIVE")
    world.update_replicas(US, delete=EU)
    assert (status(world, US), status(world, EU)) == ("UPDATING", "DELETING")
    assert world.replicas(US) == {US: "ACTIVE", EU: "DELETING"}
    world.clock.wait(REPLICA_DELETION_SECONDS)
    assert status(world, US) == "ACTIVE"


@pytest.mark.parametrize("what", ["create", "delete"])
def test_a_replica_that_is_not_active_answers_no_reads_or_writes(world: World, what: str) -> None:
    if what == "delete":
        world.add_replica(EU)
    world.update_replicas(US, **{what: EU})

    for operation, parameters in (
        ("put_item", {"Item": item("a")}),
        ("get_item", {"Key": item("a")}),
        ("scan", {}),
    ):
        code, _ = refusal(world, operation, EU, TableName=NAME, **parameters)
        assert code == "ResourceNotFoundException"
    transaction = [{"Put": {"TableName": NAME, "Item": item("a")}}]
    assert refusal(world, "transact_write_items", EU, TransactItems=transaction)[0] == "ResourceNotFoundException"
    batch = {NAME: [{"PutRequest": {"Item": item("a")}}]}
    assert refusal(world, "batch_write_item", EU, RequestItems=batch)[0] == "ResourceNotFoundException"
    statement = f'SELECT * FROM "{NAME}"'
    assert refusal(world, "execute_statement", EU, Statement=statement)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("region", [US, EU])
def test_a_table_that_changes_is_in_use_for_other_changes(world: World, region: str) -> None:
    world.update_replicas(US, create=EU)

    for operation, parameters in (
        ("update_table", {"ReplicaUpdates": [CREATE_AP]}),
        ("update_table", {"BillingMode": "PAY_PER_REQUEST"}),
        ("delete_table", {}),
        ("update_time_to_live", {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}),
    ):
        code, message = refusal(world, operation, region, TableName=NAME, **parameters)
        assert code == "ResourceInUseException"
        assert message.startswith("Attempt to change a resource which is still in use: Table is being ")
    assert world.replicas(US) == {US: "ACTIVE", EU: "CREATING"}


@pytest.mark.parametrize(
    ("updates", "message"),
    [
        ([CREATE_EU, CREATE_AP], "Update table operation with more than one create or delete replica actions not"),
        ([{**CREATE_EU, "Delete": {"RegionName": AP}}], "Update table operation with more than one create or delete"),
        ([{}], "There are no actions specified in the Replica Update Action of the request."),
        ([{"Update": {"RegionName": EU}}], "one or more replicas were not part of the global table"),
        ([{"Update": {"RegionName": US}}], "Cannot add, delete, or update the local region through ReplicaUpdates."),
        ([{"Create": {"RegionName": EU, "KMSMasterKeyId": "k"}}], "no settings of a single replica: leave out KMSMas"),
        ([{"Create": {"RegionName": EU, "TableClassOverride": "STANDARD"}}], "leave out TableClassOverride"),
    ],
)
def test_replica_updates_that_cannot_be_are_refused(world: World, updates: list[dict[str, Any]], message: str) -> None:
    code, said = update(world, ReplicaUpdates=updates)

    assert (code, message in said) == ("ValidationException", True), said
    assert world.replicas(US) == {}
    assert world[EU].list_tables()["TableNames"] == []


MREC_ONLY = "the simulator has multi-Region eventual consistency (MREC, version 2019.11.21) only: leave out "


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ReplicaUpdates": [CREATE_EU], "MultiRegionConsistency": "STRONG"}, f"{MREC_ONLY}MultiRegionConsistency STR"),
        (
            {"ReplicaUpdates": [CREATE_EU], "GlobalTableWitnessUpdates": [CREATE_AP]},
            f"{MREC_ONLY}GlobalTableWitnessUpdates",
        ),
        ({"GlobalTableSettingsReplicationMode": "DISABLED"}, "the simulator has no other GlobalTableSettingsReplica"),
        ({"TableClass": "STANDARD_INFREQUENT_ACCESS"}, "the simulator has no other TableClass than STANDARD: leave"),
        ({"OnDemandThroughput": {"MaxReadRequestUnits": 5}}, "the simulator has no OnDemandThroughput: leave it out"),
        ({"SSESpecification": {"Enabled": True}}, "the simulator has no SSESpecification: leave it out"),
        ({}, "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "),
        ({"MultiRegionConsistency": "EVENTUAL", "BillingMode": "PROVISIONED"}, "Only Replica Create actions are"),
    ],
)
def test_what_the_simulator_does_not_do_is_refused(world: World, parameters: dict[str, Any], message: str) -> None:
    code, said = update(world, **parameters)

    assert (code, said[: len(message)]) == ("ValidationException", message)
    assert world.replicas(US) == {}


def test_the_api_of_version_2017_is_answered_as_aws_answers_it(world: World) -> None:
    group = [{"RegionName": region} for region in (US, EU)]
    code, message = refusal(world, "create_global_table", GlobalTableName=NAME, ReplicationGroup=group)
    assert code == "ValidationException"
    assert "global tables version 2017.11.29 is not supported" in message
    for operation, parameters in (
        ("describe_global_table", {}),
        ("describe_global_table_settings", {}),
        ("update_global_table", {"ReplicaUpdates": [CREATE_EU]}),
        ("update_global_table_settings", {"GlobalTableBillingMode": "PROVISIONED"}),
    ):
        code, _ = refusal(world, operation, GlobalTableName=NAME, **parameters)
        assert code == "GlobalTableNotFoundException"

    assert world[US].list_global_tables()["GlobalTables"] == []
