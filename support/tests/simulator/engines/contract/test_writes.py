"""What is written replicates in the same way on every engine: moto in this process, and DynamoDB Local over HTTP."""

import pytest

from support.tests.simulator.simulated_world import EU, NAME, US, World, item

SETTLED = 5


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
