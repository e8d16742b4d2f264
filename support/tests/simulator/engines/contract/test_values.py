"""Values and keys of all kinds come through on every engine."""

from typing import Any

import pytest

from support.tests.simulator.engines.contract.engine_worlds import OpenWorld
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

SETTLED = 5


def keyed(kind: str, **more: Any) -> dict[str, Any]:
    return {**TABLE, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": kind}], **more}


def image(world: World, region: str, key: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = world[region].get_item(TableName=NAME, Key={"id": key}).get("Item")
    return found


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
