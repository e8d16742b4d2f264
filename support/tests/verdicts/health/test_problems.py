"""What a table must be like, on real tables of the simulator that are not."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TIME_TO_LIVE_ATTRIBUTE
from support.simulator import Simulator
from support.verdicts.health.problems import Description, describe, notes, problems, unequal_settings
from support.verdicts.health.states import REPLICA_CURES, TABLE_CURES, UNKNOWN, replica_problem, table_problem

HERE, THERE = "us-east-1", "eu-west-1"
NAME = TABLE["TableName"]


class World:
    """A simulator, and what its regions tell of the workshop's table."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.simulator = Simulator(self.clock)
        self.clients = {region: self.simulator.client("dynamodb", region) for region in (HERE, THERE)}

    def described(self) -> dict[str, Description | None]:
        found: dict[str, Description | None] = {}
        for region, client in self.clients.items():
            if NAME not in client.list_tables()["TableNames"]:
                found[region] = None
                continue
            table = client.describe_table(TableName=NAME)["Table"]
            found[region] = describe(
                region, table, client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
            )
        return found

    def changed(self, region: str, **changes: object) -> dict[str, Description | None]:
        """The workshop's global table, but one region tells something else of it."""
        self.simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
        described = self.described()
        changed = described[region]
        assert changed is not None
        return {**described, region: replace(changed, **changes)}  # type: ignore[arg-type]

    def says(self) -> str:
        return "\n".join(map(str, problems(self.described())))


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.simulator.close()


def test_the_workshops_table_with_its_replica_has_no_problem(world: World) -> None:
    world.simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
    assert world.says() == ""


def test_the_workshops_own_template_has_no_replica_and_says_so(world: World) -> None:
    world.clients[HERE].create_table(**TABLE)
    assert "eu-west-1 has no such table" in world.says()
    assert "us-east-1 has no replica in eu-west-1: replica missing; cure: add the replica" in world.says()


def test_two_tables_of_one_name_are_no_global_table(world: World) -> None:
    for client in world.clients.values():
        client.create_table(**TABLE)
    assert "us-east-1 has no replica in eu-west-1: replica missing" in world.says()
    assert "eu-west-1 has no replica in us-east-1: replica missing" in world.says()


def test_a_replica_that_is_being_created_is_not_taken_for_one(world: World) -> None:
    world.clients[HERE].create_table(**TABLE)
    world.clients[HERE].update_table(TableName=NAME, ReplicaUpdates=[{"Create": {"RegionName": THERE}}])
    assert "us-east-1 lists its replica in eu-west-1 as CREATING; cure: wait until it is ACTIVE" in world.says()
    world.clock.wait(60)
    assert world.says() == ""


@pytest.mark.parametrize("setting", ["KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "TimeToLive"])
def test_a_setting_that_differs_is_named_with_both_values(world: World, setting: str) -> None:
    world.simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
    there = world.described()[THERE]
    assert there is not None
    (problem,) = problems({**world.described(), THERE: replace(there, settings={**there.settings, setting: "another"})})
    assert problem.text.startswith(f"{setting} differs: ")
    assert "another in eu-west-1" in problem.text


def test_a_table_without_a_stream_cannot_replicate(world: World) -> None:
    world.clients[HERE].create_table(**{name: value for name, value in TABLE.items() if name != "StreamSpecification"})
    assert "us-east-1 has no stream; cure: enable a stream with NEW_AND_OLD_IMAGES" in world.says()


def enum(name: str) -> set[str]:
    """The values that the installed API model knows."""
    model = boto3.session.Session("a", "b", region_name=HERE).client("dynamodb").meta.service_model
    return set(vars(model.shape_for(name))["_shape_model"]["enum"])


def test_every_status_of_a_replica_in_the_api_model_has_a_cure() -> None:
    assert set(REPLICA_CURES) == enum("ReplicaStatus") - {"ACTIVE"}


def test_every_status_of_a_table_in_the_api_model_has_a_cure() -> None:
    assert set(TABLE_CURES) == enum("TableStatus") - {"ACTIVE"}


@pytest.mark.parametrize("status", sorted(REPLICA_CURES))
def test_a_replica_that_is_not_active_is_told_with_what_aws_says_of_it(status: str) -> None:
    problem = replica_problem(HERE, THERE, status, "a sentence of AWS's")
    assert str(problem).startswith(f"{HERE} lists its replica in {THERE} as {status} (a sentence of AWS's); cure: ")
    assert str(problem).endswith(REPLICA_CURES[status])


@pytest.mark.parametrize("status", sorted(TABLE_CURES))
def test_a_table_that_is_not_active_is_told_with_its_cure(status: str) -> None:
    assert (
        str(table_problem(HERE, status)) == f"the table in {HERE} is {status}, not ACTIVE; cure: {TABLE_CURES[status]}"
    )


def test_a_status_that_aws_has_added_since_is_no_reason_to_go_on() -> None:
    for problem in (replica_problem(HERE, THERE, "SLEEPING"), table_problem(HERE, "SLEEPING")):
        assert problem is not None
        assert problem.cure == UNKNOWN


def test_active_is_no_problem() -> None:
    assert (table_problem(HERE, "ACTIVE"), replica_problem(HERE, THERE, "ACTIVE")) == (None, None)


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_without_all_images_is_a_note_and_no_problem(world: World, view: str) -> None:
    described = world.changed(HERE, stream=view)
    assert problems(described) == []
    assert f"us-east-1 has a stream of {view}: replication does not depend on what it shows" in notes(described)


def test_the_legacy_version_is_told_instead_of_a_missing_replica(world: World) -> None:
    (problem,) = problems(world.changed(HERE, version="2017.11.29", replicas={}))
    assert "us-east-1 says that the global table is of version 2017.11.29" in problem.text
    assert problem.cure.startswith("upgrade it to 2019.11.21")


def test_strong_consistency_is_refused_for_what_the_page_claims(world: World) -> None:
    (problem,) = problems(world.changed(THERE, consistency="STRONG"))
    assert problem.text.startswith("eu-west-1 says that MultiRegionConsistency is STRONG: ")
    assert "ReplicatedWriteConflictException" in problem.text


def test_settings_may_differ_where_aws_leaves_them_to_the_owners_of_the_replicas(world: World) -> None:
    there = world.changed(HERE, mode="DISABLED")[THERE]
    assert there is not None
    here = replace(there, region=HERE, mode="DISABLED", replicas={THERE: "ACTIVE"})
    own = replace(there, settings={**there.settings, "BillingMode": "PAY_PER_REQUEST", "KeySchema": "another"})
    described = {HERE: here, THERE: own}
    assert [each.text.partition(" differs")[0] for each in problems(described)] == ["KeySchema"]
    assert [each.partition(" differs")[0] for each in notes(described) if "may where" in each] == ["BillingMode"]
    assert unequal_settings(described, ["BillingMode"]) == []


def test_a_replica_of_another_account_is_told_as_such(world: World) -> None:
    described = {**world.changed(HERE, foreign=(THERE,)), THERE: None}
    assert "eu-west-1 has no such table in this account: the replica there belongs to another" in str(
        problems(described)[0]
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"table_class": "STANDARD_INFREQUENT_ACCESS"}, "has the class STANDARD_INFREQUENT_ACCESS: requests cost more"),
        ({"key": "arn:aws:kms:us-east-1:1:key/2"}, "has a KMS key, which the role has to be allowed to use there"),
    ],
)
def test_what_may_surprise_is_a_note(world: World, change: dict[str, str], says: str) -> None:
    described = world.changed(HERE, **change)
    assert problems(described) == []
    assert any(says in note for note in notes(described))
