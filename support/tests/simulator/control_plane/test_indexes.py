"""An index is added and deleted in all regions of a global table or in none, and checked before anything is changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import Request, Response
from support.tests.simulator.control_plane.refusals import update
from support.tests.simulator.simulated_world import AP, EU, NAME, TABLE, US, World

EMAIL = {"AttributeName": "email", "AttributeType": "S"}
CITY = {"AttributeName": "city", "AttributeType": "S"}


def index(name: str, attribute: str = "email") -> dict[str, Any]:
    keys = [{"AttributeName": attribute, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def create(*indexes: dict[str, Any], definitions: Any = (EMAIL,)) -> dict[str, Any]:
    return {
        "AttributeDefinitions": list(definitions),
        "GlobalSecondaryIndexUpdates": [{"Create": each} for each in indexes],
    }


BY_EMAIL = create(index("by-email"))
DELETE = {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-email"}}]}


@pytest.fixture
def world() -> Iterator[World]:
    with World(US, EU) as world:
        yield world


def shown(world: World) -> list[Any]:
    tables = [world[region].describe_table(TableName=NAME)["Table"] for region in world.regions]
    return [
        (
            table.get("GlobalSecondaryIndexes", []),
            sorted(each["AttributeName"] for each in table["AttributeDefinitions"]),
        )
        for table in tables
    ]


def names(world: World) -> list[list[str]]:
    return [[each["IndexName"] for each in indexes] for indexes, _ in shown(world)]


def found(world: World, region: str) -> list[Any]:
    asked: dict[str, Any] = {
        "KeyConditionExpression": "email = :e",
        "ExpressionAttributeValues": {":e": {"S": "ada@example.org"}},
    }
    items: list[Any] = world[region].query(TableName=NAME, IndexName="by-email", **asked)["Items"]
    return [item["id"]["S"] for item in items]


def test_an_index_is_added_in_the_documented_way_in_all_regions_and_the_table_goes_on(world: World) -> None:
    world.put(US, "before", email="ada@example.org")
    world.settle()
    world[EU].update_table(TableName=NAME, **BY_EMAIL)
    assert [attributes for _, attributes in shown(world)] == [["email", "id"]] * 2
    world.put(EU, "after", email="ada@example.org")
    world.settle()

    assert [found(world, region) for region in (US, EU)] == [["after", "before"]] * 2
    assert world.everywhere("after") == {"email": "ada@example.org"}


def test_an_index_is_deleted_in_all_regions_with_the_definitions_that_it_alone_used(world: World) -> None:
    world[US].update_table(TableName=NAME, **BY_EMAIL)
    world[US].update_table(TableName=NAME, **create(index("by-city", "city"), definitions=[CITY]))
    world[EU].update_table(TableName=NAME, **DELETE)

    assert names(world) == [["by-city"]] * 2
    assert [attributes for _, attributes in shown(world)] == [["city", "id"]] * 2


def test_a_new_replica_has_the_indexes(world: World) -> None:
    world[US].update_table(TableName=NAME, **BY_EMAIL)
    world.remove_replica(EU)
    world.add_replica(EU)

    assert names(world) == [["by-email"]] * 2


PROVISIONED = {**index("new"), "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        (BY_EMAIL, "ValidationException", "already exists: by-email"),
        (create(index("a"), index("b")), "LimitExceededException", "Only 1 online index"),
        (
            {
                **create(index("a")),
                "GlobalSecondaryIndexUpdates": [{"Create": index("a")}, *DELETE["GlobalSecondaryIndexUpdates"]],
            },
            "LimitExceededException",
            "Only 1 online index",
        ),
        (create(index("new", "city")), "ValidationException", "key attributes are not defined"),
        (create(index("new"), definitions=[]), "ValidationException", "key attributes are not defined"),
        (create(index("new"), definitions=[EMAIL, CITY]), "ValidationException", "are not used"),
        (
            create(index("new"), definitions=[{**EMAIL, "AttributeType": "N"}]),
            "ValidationException",
            "defined with another type",
        ),
        (create(PROVISIONED), "ValidationException", "ProvisionedThroughput should not be specified"),
        (
            create({**index("new"), "KeySchema": [{"AttributeName": "email", "KeyType": "RANGE"}]}),
            "ValidationException",
            "No Hash Key",
        ),
        (
            {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "missing"}}]},
            "ResourceNotFoundException",
            "missing not found",
        ),
        (
            {"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "missing"}}]},
            "ResourceNotFoundException",
            "missing not found",
        ),
        ({"GlobalSecondaryIndexUpdates": [{"Rename": {"IndexName": "by-email"}}]}, "ValidationException", "no Rename"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(
    world: World, parameters: dict[str, Any], code: str, message: str
) -> None:
    world[US].update_table(TableName=NAME, **BY_EMAIL)
    before = shown(world)
    for region in (US, EU):
        refusal = update(world, region, **parameters)
        assert (refusal[0], message in refusal[1]) == (code, True), refusal

    assert shown(world) == before
    world.put(US, v="1")
    world.settle()
    assert world.everywhere() == {"v": "1"}


class Refusing(MotoEngine):
    """moto that refuses to change tables in one region, or fails at it."""

    region, failing = "", False

    def send(self, request: Request) -> Response:
        if request.operation == "UpdateTable" and request.region == self.region:
            if self.failing:
                raise TypeError
            return Response.error("LimitExceededException", "not now")
        return super().send(request)


@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("parameters", [DELETE, create(index("by-city", "city"), definitions=[CITY])])
def test_what_one_region_does_not_do_is_taken_back_in_the_others(parameters: dict[str, Any], failing: bool) -> None:
    engine = Refusing()
    with World(US, EU, AP, engine=engine) as world:
        world[US].update_table(TableName=NAME, **BY_EMAIL)
        world.put(EU, email="ada@example.org")
        world.settle()
        before = shown(world)
        engine.region, engine.failing = AP, failing
        code, _ = update(world, **parameters)

        assert code == ("InternalServerError" if failing else "LimitExceededException")
        assert shown(world) == before
        assert [found(world, region) for region in (US, EU, AP)] == [["a"]] * 3


def test_indexes_and_replicas_are_changed_by_requests_of_their_own(world: World) -> None:
    code, message = update(world, ReplicaUpdates=[{"Delete": {"RegionName": EU}}], **BY_EMAIL)

    assert (code, "by a request of its own" in message) == ("ValidationException", True)
    assert (names(world), world.replicas(US)) == ([[], []], {US: "ACTIVE", EU: "ACTIVE"})


@pytest.mark.parametrize("action", ["Disassociate", "Archive"])
def test_an_action_that_is_not_known_is_refused_by_name_and_deletes_nothing(world: World, action: str) -> None:
    world.put(US, v="1")
    world.settle()
    settings = {"RegionName": US, "DisassociationMode": "WAIT_FOR_REPLICATION"}
    for region in (US, EU):
        code, message = update(world, region, ReplicaUpdates=[{action: settings}])
        assert (code, f"no {action} of a replica" in message) == ("ValidationException", True)
    world.clock.wait(100)

    assert world.replicas(US) == {US: "ACTIVE", EU: "ACTIVE"}
    assert world.everywhere() == {"v": "1"}
    assert world[US].describe_table(TableName=NAME)["Table"]["AttributeDefinitions"] == TABLE["AttributeDefinitions"]
