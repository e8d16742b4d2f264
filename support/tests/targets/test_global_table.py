from collections.abc import Iterator
from decimal import Decimal
from weakref import finalize

import pytest

from support.clock import Clock
from support.settings import read_settings
from support.targets.global_table import GlobalTable
from support.targets.simulated import SimulatedTarget
from support.tests.verdicts.histories import EU, KEY, US, order
from support.verdicts.errors import DivergenceError, TargetTroubleError
from support.verdicts.history import Key, Outcome, Read, Write

ORDER = order(100)
NOWHERE = Key("USER#nobody", "PROFILE")


class OpenedTable:
    """The workshop's table on a simulated day, with faults."""

    def __init__(self, *faults: str) -> None:
        self.target = SimulatedTarget(read_settings(fault=faults))
        finalize(self, self.target.end_scenario)
        context = self.target.start_scenario("a scenario")
        self.table, self.clock = context.global_table, context.clock

    def only(self) -> Write | Read:
        """The one operation that was recorded."""
        (operation,) = self.table.history
        return operation


@pytest.fixture
def opened() -> Iterator[tuple[GlobalTable, Clock]]:
    """The table without faults, and its clock."""
    opened = OpenedTable()
    yield opened.table, opened.clock
    opened.target.end_scenario()


@pytest.fixture
def table(opened: tuple[GlobalTable, Clock]) -> GlobalTable:
    """The table without faults."""
    return opened[0]


def test_the_primary_region_comes_first(table: GlobalTable) -> None:
    assert table.regions == (US, EU)
    assert (table.others(US), table.others(EU)) == ((EU,), (US,))


def test_a_region_without_replica_is_named_with_those_that_have_one(table: GlobalTable) -> None:
    with pytest.raises(LookupError, match="no replica in 'eu-west-9', only in us-east-1, eu-west-1"):
        table.region("eu-west-9")


def test_a_put_of_a_new_item_replaces_nothing(table: GlobalTable) -> None:
    write = table.region(US).put(ORDER, "partner A")
    assert (write.action, write.replaced, write.left) == ("put", None, ORDER)
    assert (write.name, write.region, write.key, write.outcome) == (
        "the put of partner A", US, KEY, Outcome.ACKNOWLEDGED,
    )  # fmt: skip


def test_a_put_replaces_the_whole_item(table: GlobalTable) -> None:
    table.region(US).put({**ORDER, "note": "x"})
    write = table.region(US).put(ORDER)
    assert (write.replaced, write.left) == ({**ORDER, "note": "x"}, ORDER)
    assert table.region(US).get(KEY) == ORDER


def test_an_update_leaves_the_other_attributes(table: GlobalTable) -> None:
    table.region(US).put(ORDER)
    write = table.region(US).update(KEY, {"total_amount": 150, "note": "x"})
    assert (write.replaced, write.left) == (ORDER, order(150, note="x"))
    assert table.region(US).get(KEY) == write.left


def test_an_update_of_a_missing_item_creates_it(table: GlobalTable) -> None:
    write = table.region(EU).update(KEY, {"total_amount": 150})
    assert (write.replaced, write.left) == (None, {"PK": KEY.pk, "SK": KEY.sk, "total_amount": 150})
    assert table.region(EU).get(KEY) == write.left


def test_a_delete_leaves_nothing(table: GlobalTable) -> None:
    table.region(US).put(ORDER)
    write = table.region(US).delete(KEY)
    assert (write.action, write.replaced, write.left) == ("delete", ORDER, None)
    assert table.region(US).get(KEY) is None


def test_a_delete_of_a_missing_item_replaces_nothing(table: GlobalTable) -> None:
    write = table.region(US).delete(KEY)
    assert (write.replaced, write.left) == (None, None)


def test_all_kinds_of_values_come_back_as_they_were_sent(table: GlobalTable) -> None:
    values = {"map": {"a": [1, None, True]}, "set": {"x", "y"}, "fraction": Decimal("2.50"), "empty": "", "no": False}
    table.region(US).put({**ORDER, **values})
    found = table.region(US).get(KEY)
    assert found == {**ORDER, **values}
    assert found["no"] is False


@pytest.mark.parametrize("how", ["get", "query"])
def test_a_read_is_recorded_with_what_it_found(table: GlobalTable, how: str) -> None:
    region = table.region(US)
    region.put(ORDER)
    read = region.get if how == "get" else region.query
    assert (read(KEY), read(NOWHERE)) == (ORDER, None)
    assert [each.found for each in table.history.reads(KEY, US)] == [ORDER]
    assert [each.found for each in table.history.reads(NOWHERE, US)] == [None]
    assert table.history.reads(KEY, EU) == []


def test_every_operation_is_recorded_in_order_with_its_times() -> None:
    opened = OpenedTable("slow-answers=2")
    region = opened.table.region(US)
    region.put(ORDER)
    region.get(KEY)
    region.query(KEY)
    region.delete(KEY)
    operations = list(opened.table.history)
    assert [(each.invoked, each.answered) for each in operations] == [(0, 2), (2, 4), (4, 6), (6, 8)]
    assert [f"{each.at:%H:%M:%S}" for each in operations] == ["15:30:00", "15:30:02", "15:30:04", "15:30:06"]
    numbers = [each.number for each in operations]
    assert numbers == sorted(set(numbers))


def test_a_write_that_was_refused_is_recorded_as_failed_and_is_no_version() -> None:
    opened = OpenedTable("throttling=1")
    with pytest.raises(TargetTroubleError, match="19 times"):
        opened.table.region(US).put(ORDER)
    operation = opened.only()
    assert (operation.outcome, operation.attempts) == (Outcome.FAILED, 19)
    assert opened.table.history.writes(KEY) == []


@pytest.mark.parametrize("action", ["put", "update", "delete"])
def test_a_write_without_an_answer_is_recorded_as_unknown(action: str) -> None:
    opened = OpenedTable("errors=1")
    region = opened.table.region(US)
    with pytest.raises(TargetTroubleError, match="it may have been done"):
        {"put": lambda: region.put(ORDER), "update": lambda: region.update(KEY, {"a": 1}),
         "delete": lambda: region.delete(KEY)}[action]()  # fmt: skip
    (write,) = opened.table.history.writes(KEY)
    assert (write.outcome, write.action, write.left_is_known) == (Outcome.UNKNOWN, action, action != "update")
    assert write.left == (ORDER if action == "put" else None)


def test_a_read_without_an_answer_is_recorded_and_is_trouble() -> None:
    opened = OpenedTable("errors=1")
    with pytest.raises(TargetTroubleError):
        opened.table.region(US).get(KEY)
    operation = opened.only()
    assert isinstance(operation, Read)
    assert (operation.outcome, operation.attempts, operation.found) == (Outcome.UNKNOWN, 19, None)


def test_a_later_write_is_a_task(opened: tuple[GlobalTable, Clock]) -> None:
    table, clock = opened
    (write,) = clock.run(table.region(US).put_later(ORDER, wait=5))
    assert (write.invoked, write.left) == (5, ORDER)


def test_held_is_what_each_region_has_now(table: GlobalTable) -> None:
    table.region(EU).put(ORDER)
    assert table.held(KEY) == {US: None, EU: ORDER}


def test_agreement_waits_until_the_item_has_arrived(table: GlobalTable) -> None:
    table.region(US).put(ORDER)
    agreement = table.agreement(KEY, within=60)
    assert (agreement.image, set(agreement.views.looks)) == (ORDER, {US, EU})
    assert 0 < agreement.waited < 10
    assert table.held(KEY) == {US: ORDER, EU: ORDER}


def test_agreement_may_be_asked_of_some_regions(table: GlobalTable) -> None:
    table.region(US).put(ORDER)
    agreement = table.agreement(KEY, within=0, regions=[US])
    assert (agreement.waited, list(agreement.views.looks)) == (0, [US])


def test_no_agreement_says_what_is_owed(table: GlobalTable) -> None:
    table.links.cut(US, EU)
    table.region(US).put(ORDER)
    with pytest.raises(DivergenceError, match="1 change is pending from us-east-1 to eu-west-1"):
        table.agreement(KEY, within=60)


def test_an_index_is_read_page_by_page(table: GlobalTable) -> None:
    for number in range(5):
        item = {**ORDER, "SK": f"ORDER#{number}", "GSI1PK": "ORDERS", "GSI1SK": str(number)}
        table.region(US).put(item)
    pages = table.region(US).query_index("GSI1", "ORDERS", page_size=2)
    assert max(len(page) for page in pages) == 2
    assert [entry["SK"] for page in pages for entry in page] == [f"ORDER#{number}" for number in range(5)]
    assert table.region(US).query_index("GSI1", "NOTHING") == [[]]


def test_all_of_a_small_index_is_one_page(table: GlobalTable) -> None:
    table.region(US).put({**ORDER, "GSI1PK": "ORDERS", "GSI1SK": "1"})
    ((entry,),) = table.region(US).query_index("GSI1", "ORDERS")
    assert set(entry) == {"PK", "SK", "GSI1PK", "GSI1SK"}
