"""Batches, transactions, statements and what is delivered twice: what is written to simulated tables, and recorded."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from support.table.calls import Endpoint
from support.table.region import Region
from support.table.wire import Intent
from support.tests.verdicts.histories import US
from support.tests.verdicts.test_judgement import judged
from support.tests.worlds import open_world
from support.verdicts.errors import ConditionFailedError, InconclusiveError
from support.verdicts.history import Action, History, Image, Key, Outcome, Write
from support.verdicts.judgement import State

ONE, TWO = Key("TEST#load-ada", "ITEM#1"), Key("TEST#load-ada", "ITEM#2")
RED: Image = {"colour": "red", "tags": {"new"}, "nothing": None}
THERE: Image = {"PK": ONE.pk, "SK": ONE.sk, "colour": "blue", "stock": 5}


@pytest.fixture
def region() -> Region:
    """A region of a simulated table that has one item, of which the history says nothing."""
    region = open_world().table.region(US)
    region.put(THERE)
    return region.with_history(History())


def writes(region: Region) -> list[Write]:
    return [each for each in region.history if isinstance(each, Write)]


def intent(action: Action, key: Key = ONE, by: str = "a client") -> Intent:
    return Intent(action, key, by, {} if action == "delete" else RED)


@pytest.mark.parametrize("api", ["batch", "transaction"])
def test_writes_of_two_items_are_recorded_each_without_what_they_replaced(region: Region, api: str) -> None:
    getattr(region, api)([intent("delete", by="first"), intent("put", TWO, by="second")])
    one, two = writes(region)
    put = {"PK": TWO.pk, "SK": TWO.sk, **RED}
    assert (region.get(ONE), region.get(TWO)) == (None, put)
    assert [(each.action, each.key, each.by, each.outcome, each.number) for each in (one, two)] == [
        ("delete", ONE, "first", Outcome.ACKNOWLEDGED, 1),
        ("put", TWO, "second", Outcome.ACKNOWLEDGED, 2),
    ]
    assert (one.new_image, two.new_image) == (None, put)
    assert not any(each.old_image or each.reports_old_image or not each.new_image_is_known for each in (one, two))


def test_what_an_update_in_a_transaction_left_is_not_known(region: Region) -> None:
    region.transaction([intent("update")])
    (write,) = writes(region)
    assert region.get(ONE) == {**THERE, **RED}
    assert (write.new_image, write.new_image_is_known) == (None, False)


@pytest.mark.parametrize(
    ("action", "key", "old_image", "new_image"),
    [("update", ONE, THERE, {**THERE, **RED}), ("delete", ONE, THERE, None), ("delete", TWO, None, None)],
)
def test_a_statement_tells_what_it_replaced(
    region: Region, action: Action, key: Key, old_image: Image | None, new_image: Image | None
) -> None:
    region.statement(intent(action, key))
    (write,) = writes(region)
    assert region.get(key) == new_image == write.new_image
    assert (write.outcome, write.old_image, write.reports_old_image) == (Outcome.ACKNOWLEDGED, old_image, True)


def test_a_statement_that_updates_no_item_is_refused_and_recorded_as_failed(region: Region) -> None:
    with pytest.raises(ConditionFailedError, match="ConditionalCheckFailed"):
        region.statement(intent("update", TWO))
    (write,) = writes(region)
    assert (write.outcome, write.new_image, write.new_image_is_known) == (Outcome.FAILED, None, False)
    assert region.get(TWO) is None


def delivered_twice(networked: bool) -> Region:
    """A region with an item, to which updates are delivered twice from now on; the second answer counts."""
    region = open_world().table.region(US)
    region.put(THERE)

    def twice(operation: Callable[..., Any]) -> Callable[..., Any]:
        return lambda **parameters: (operation(**parameters), operation(**parameters))[1]

    client: Any = region.caller.client
    doubled = SimpleNamespace(
        get_item=client.get_item,
        update_item=twice(client.update_item),
        execute_statement=twice(client.execute_statement),
    )
    caller = replace(region.caller, client=doubled, endpoint=Endpoint(US) if networked else None)
    return replace(region, caller=caller)


@pytest.mark.parametrize(("networked", "expected"), [(True, State.DONE), (False, State.WRONG)])
@pytest.mark.parametrize("send", ["write", "statement"])
def test_an_update_that_replaced_what_it_wrote_itself_is_a_repeat_where_there_is_a_network(
    send: str, networked: bool, expected: State
) -> None:
    region = delivered_twice(networked)
    getattr(region, send)(Intent("update", ONE, "a client", {"stock": 7}))
    assert judged(region.history.writes(ONE), {US: [(1, {**THERE, "stock": 7})]}).state is expected


def test_a_write_that_found_what_its_first_delivery_has_done_shows_nothing_of_the_table() -> None:
    with pytest.raises(InconclusiveError, match="delivered twice"):
        delivered_twice(networked=True).decrement(ONE, "stock", {"last_sold_in": US})
    with pytest.raises(InconclusiveError, match="delivered twice"):
        delivered_twice(networked=True).update(ONE, {"stock": 4}, provided={"stock": 5})
