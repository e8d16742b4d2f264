"""Replicas and tables that come and go while changes are on their way."""

from collections.abc import Iterator

import pytest

from support.tests.simulator.simulated_world import AP, EU, NAME, TABLE, US, World


@pytest.fixture
def world() -> Iterator[World]:
    """A table in the first two of three regions."""
    with World(US, EU, AP, table=None) as world:
        world[US].create_table(**TABLE)
        world.add_replica(EU)
        yield world


def test_a_replica_added_while_changes_are_on_their_way_gets_them_all(world: World) -> None:
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
    keys = ("only in us", "only in eu", "in both", "deleted")

    assert [world.get(AP, key) for key in keys] == [{"v": "1"}, {"v": "1"}, {"v": "later"}, None]
    assert world.get(US, "deleted") == {"v": "old"}
    world.settle()
    assert [world.everywhere(key) for key in keys] == [{"v": "1"}, {"v": "1"}, {"v": "later"}, None]


def test_a_late_older_put_does_not_bring_a_deleted_item_back_in_a_new_replica(world: World) -> None:
    world.simulator.slow_down(EU, US, 1000)
    world.put(EU, v="late")
    world.simulator.slow_down(EU, US, 1)
    world.delete(EU)
    world.clock.wait(1)
    world.add_replica(AP)

    assert world.everywhere() is None
    world.settle()
    assert world.everywhere() is None


def test_what_a_removed_replica_still_owes_does_not_undo_a_later_write(world: World) -> None:
    world.simulator.slow_down(EU, US, 100)
    world.put(EU, v="last words")
    world.update_replicas(US, delete=EU)
    world.clock.wait(1)
    world.put(US, v="later")
    world.settle()

    assert world.get(US) == {"v": "later"}


def test_a_replica_that_comes_back_has_what_it_owed_when_it_left(world: World) -> None:
    world.simulator.slow_down(EU, US, 1000)
    world.put(EU, v="last words")
    world.remove_replica(EU)
    world.add_replica(EU)
    assert (world.get(US), world.get(EU)) == (None, {"v": "last words"})
    world.settle()

    assert world.get(US) == world.get(EU) == {"v": "last words"}


def test_a_table_that_is_deleted_everywhere_and_created_again_starts_empty_and_replicates(world: World) -> None:
    world.put(US, v="of the first table")
    world.put(EU, "b", v="of the first table")
    for region in (US, EU):
        world[region].delete_table(TableName=NAME)
    world[EU].create_table(**TABLE)
    world.add_replica(US, source=EU)
    assert (world.get(US), world.get(US, "b")) == (None, None)
    world.put(US, v="new")
    world.settle()

    assert (world.get(US), world.get(EU), world.owed()) == ({"v": "new"}, {"v": "new"}, 0)


def test_a_second_global_table_of_the_same_name_is_refused() -> None:
    # DynamoDB would allow it; the simulator knows tables by their names, and says so.
    with World(US, EU, AP, "us-west-2", table=None) as world:
        for region in (US, AP):
            world[region].create_table(**TABLE)
        world.add_replica(EU)
        creation = [{"Create": {"RegionName": "us-west-2"}}]
        code, message = world.refusal("UpdateTable", AP, TableName=NAME, ReplicaUpdates=creation)

    assert (code, "one global table of a name" in message) == ("ValidationException", True)
