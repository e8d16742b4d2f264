"""What the table records of its operations, and when it takes an agreement for final."""

import math
from itertools import pairwise
from typing import Any

import pytest

from support.targets.global_table import GlobalTable
from support.targets.live import SETTLING_CEILING, SETTLING_FLOOR, LiveLinks
from support.tests.verdicts.histories import EU, KEY, US, order, put
from support.tests.worlds import open_world
from support.verdicts.errors import DivergenceError, TargetTroubleError
from support.verdicts.history import History, Key, Outcome

ORDER = order(100)
NOWHERE = Key("USER#nobody", "PROFILE")


@pytest.fixture
def table(request: pytest.FixtureRequest) -> GlobalTable:
    """A simulated day, with the settings that are the fixture's parameter."""
    return open_world(**getattr(request, "param", {})).table


def with_settings(**settings: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("table", [settings], indirect=True)


def test_a_region_without_replica_is_named_with_those_that_have_one(table: GlobalTable) -> None:
    assert (table.regions, table.others(US), table.others(EU)) == ((US, EU), (EU,), (US,))
    with pytest.raises(LookupError, match="no replica in 'eu-west-9', only in us-east-1, eu-west-1"):
        table.region("eu-west-9")


def test_each_write_is_recorded_with_what_it_replaced_and_left(table: GlobalTable) -> None:
    region = table.region(US)
    created = region.put({**ORDER, "note": "x"}, "partner A")
    assert (created.name, created.region, created.key, created.outcome) == (
        "the put of partner A", US, KEY, Outcome.ACKNOWLEDGED,
    )  # fmt: skip
    writes = [
        created, region.put(ORDER), region.update(KEY, {"total_amount": 150, "note": "x"}), region.delete(KEY),
        region.delete(KEY), region.update(KEY, {"total_amount": 150}),
    ]  # fmt: skip
    images = [
        None, {**ORDER, "note": "x"}, ORDER, order(150, note="x"), None, None,
        {"PK": KEY.pk, "SK": KEY.sk, "total_amount": 150},
    ]  # fmt: skip
    assert [(each.old_image, each.new_image) for each in writes] == list(pairwise(images))
    assert region.get(KEY) == images[-1]


@with_settings(faults=("slow-answers=2",))
def test_every_operation_is_recorded_in_order_with_its_times_and_what_it_found(table: GlobalTable) -> None:
    region = table.region(US)
    table.clock.wait(5)
    written = region.put(ORDER)
    assert [read(key) for read in (region.get, region.query) for key in (KEY, NOWHERE)] == [ORDER, None, ORDER, None]
    operations = list(table.history)
    assert operations[0] is written
    assert [(each.invoked, each.answered) for each in operations] == [(5, 7), (7, 9), (9, 11), (11, 13), (13, 15)]
    assert [f"{each.at:%H:%M:%S}" for each in operations[:2]] == ["15:30:05", "15:30:07"]
    numbers = [each.number for each in operations]
    assert numbers == sorted(set(numbers))
    assert [each.found for each in table.history.reads(KEY, US)] == [ORDER, ORDER]
    assert [each.found for each in table.history.reads(NOWHERE, US)] == [None, None]
    assert table.history.reads(KEY, EU) == []


@with_settings(faults=("throttling=1",))
def test_a_write_that_was_refused_is_recorded_as_failed_and_is_no_version(table: GlobalTable) -> None:
    with pytest.raises(TargetTroubleError, match="19 times"):
        table.region(US).put(ORDER)
    (operation,) = table.history
    assert (operation.outcome, operation.attempts) == (Outcome.FAILED, 19)
    assert table.history.writes(KEY) == []


@with_settings(faults=("errors=1",))
@pytest.mark.parametrize("action", ["put", "update", "delete"])
def test_what_had_no_answer_is_recorded_as_unknown(table: GlobalTable, action: str) -> None:
    region = table.region(US)
    parameters: dict[str, list[Any]] = {"put": [ORDER], "update": [KEY, {"a": 1}], "delete": [KEY]}
    with pytest.raises(TargetTroubleError, match="it may have been done"):
        getattr(region, action)(*parameters[action])
    (write,) = table.history.writes(KEY)
    assert (write.outcome, write.action, write.new_image_is_known) == (Outcome.UNKNOWN, action, action != "update")
    assert write.new_image == (ORDER if action == "put" else None)
    with pytest.raises(TargetTroubleError):
        region.get(KEY)
    (read,) = table.history.reads(KEY, US)
    assert (read.outcome, read.found) == (Outcome.UNKNOWN, None)


@with_settings(replication_timeout=3)
def test_the_run_s_own_limit_cuts_a_wait_short(table: GlobalTable) -> None:
    table.links.cut(US, EU)
    table.region(US).put(ORDER)
    with pytest.raises(DivergenceError, match="not yet after 3"):
        table.agreement(KEY, within=60)
    assert table.clock.elapsed() == pytest.approx(3)


def test_an_index_is_read_page_by_page(table: GlobalTable) -> None:
    for number in range(5):
        item = {**ORDER, "SK": f"ORDER#{number}", "GSI1PK": "ORDERS", "GSI1SK": str(number)}
        table.region(US).put(item)
    pages = table.region(US).query_index("GSI1", "ORDERS", page_size=2)
    assert max(len(page) for page in pages) == 2
    assert [entry["SK"] for page in pages for entry in page] == [f"ORDER#{number}" for number in range(5)]
    assert table.region(US).query_index("GSI1", "NOTHING") == [[]]


def test_an_item_found_at_the_first_look_is_no_delay(table: GlobalTable) -> None:
    table.links = links = LiveLinks(table.history)
    table.region(US).put(ORDER)
    table.clock.wait(60)
    table.agreement(KEY, 60)
    assert links.slowest == 0
    table.region(EU).put(ORDER | {"status": "paid"})
    table.agreement(KEY, 60)
    assert 0.3 < links.slowest < 3


def test_the_settling_time_of_a_live_table_follows_the_slowest_delay_of_the_run() -> None:
    links = LiveLinks(History())
    for delay, seconds in ((0.1, SETTLING_FLOOR), (2.0, 6.0), (1.0, 6.0), (50.0, SETTLING_CEILING)):
        links.note_delay(0.0, delay)
        assert links.settling == seconds


@pytest.mark.parametrize(("writes", "agreed_for", "seconds"), [(2, 0, 0.25), (2, 2.9, 0.1), (2, 3, 0), (1, 0, 0)])
def test_a_live_agreement_about_several_writes_is_looked_at_again_until_the_settling_time_is_over(
    writes: int, agreed_for: float, seconds: float
) -> None:
    history = History()
    for number in range(writes):
        history.add(put(US, number, order(100 + number)))
    assert LiveLinks(history, slowest=1.0).next_look([KEY], [US, EU], agreed_for) == pytest.approx(seconds)


def test_a_simulated_agreement_is_final_when_no_change_of_the_item_is_pending_for_the_looked_at_regions(
    table: GlobalTable,
) -> None:
    links = table.links
    links.slow_down(US, EU, 3)
    table.region(US).put(order(100))
    assert links.next_look([KEY], [US, EU], 0) == pytest.approx(3)
    assert links.next_look([KEY], [US], 0) == 0
    links.cut(US, EU)
    assert links.next_look([KEY], [EU], 0) == math.inf
    links.heal(US, EU)
    table.clock.wait(3)
    assert links.next_look([KEY], [EU], 0) == 0
