"""An index is added and deleted in all regions of a global table or in none, and checked before anything is changed."""

from typing import Any

import pytest

from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import Request, Response, dynamodb_request
from support.tests.simulator.simulated_world import AP, EU, NAME, US, World

EMAIL = {"AttributeName": "email", "AttributeType": "S"}
CITY = {"AttributeName": "city", "AttributeType": "S"}


def index(name: str, attribute: str = "email") -> dict[str, Any]:
    keys = [{"AttributeName": attribute, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def create(*indexes: dict[str, Any], definitions: Any = (EMAIL,)) -> dict[str, Any]:
    return {"AttributeDefinitions": list(definitions), **updates(*({"Create": each} for each in indexes))}


def updates(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"GlobalSecondaryIndexUpdates": list(actions)}


BY_EMAIL = create(index("by-email"))
BY_CITY = create(index("by-city", "city"), definitions=[CITY])
DELETE = updates({"Delete": {"IndexName": "by-email"}})


def shown(world: World) -> list[tuple[list[Any], list[str]]]:
    """The indexes, and the attributes that are defined, of each region."""
    tables = [world.described(region) for region in world.regions]
    defined = [sorted(each["AttributeName"] for each in table["AttributeDefinitions"]) for table in tables]
    return [(table.get("GlobalSecondaryIndexes", []), names) for table, names in zip(tables, defined, strict=True)]


def test_an_index_is_deleted_in_all_regions_with_the_definitions_that_it_alone_used(world: World) -> None:
    world[US].update_table(TableName=NAME, **BY_EMAIL)
    world[US].update_table(TableName=NAME, **BY_CITY)
    world[EU].update_table(TableName=NAME, **DELETE)

    assert [[each["IndexName"] for each in indexes] for indexes, _ in shown(world)] == [["by-city"]] * 2
    assert [attributes for _, attributes in shown(world)] == [["city", "id"]] * 2


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        (BY_EMAIL, "ValidationException", "already exists"),
        (create(index("a"), index("b")), "LimitExceededException", "Only 1 online index"),
        (create(index("new", "city")), "ValidationException", "key attributes are not defined"),
        (create(index("new"), definitions=[EMAIL, CITY]), "ValidationException", "are not used"),
        (create(index("new"), definitions=[{**EMAIL, "AttributeType": "N"}]), "ValidationException", "another type"),
        (updates({"Delete": {"IndexName": "missing"}}), "ResourceNotFoundException", "missing not found"),
        (updates({"Rename": {"IndexName": "by-email"}}), "ValidationException", "no Rename"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(
    world: World, parameters: dict[str, Any], code: str, message: str
) -> None:
    world[US].update_table(TableName=NAME, **BY_EMAIL)
    before = shown(world)
    refusal = world.refusal("UpdateTable", EU, TableName=NAME, **parameters)
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
@pytest.mark.parametrize("parameters", [DELETE, BY_CITY])
def test_what_one_region_does_not_do_is_taken_back_in_the_others(parameters: dict[str, Any], failing: bool) -> None:
    engine = Refusing()
    with World(US, EU, AP, engine=engine) as world:
        world[US].update_table(TableName=NAME, **BY_EMAIL)
        world.put(EU, email="ada@example.org")
        world.settle()
        before = shown(world)
        engine.region, engine.failing = AP, failing
        change = dynamodb_request(US, "UpdateTable", {"TableName": NAME, **parameters})
        assert world.simulator.router.answer(change).status == (500 if failing else 400)

        assert shown(world) == before
        values = {":e": {"S": "ada@example.org"}}
        asked = {"KeyConditionExpression": "email = :e", "ExpressionAttributeValues": values}
        found = [world[region].query(TableName=NAME, IndexName="by-email", **asked) for region in world.regions]
        assert [each["Count"] for each in found] == [1, 1, 1]
