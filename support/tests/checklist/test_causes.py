"""Each cause of the troubleshooting guide, on the workshop's table: named when it is the cause, and excluded else."""

from dataclasses import replace

import pytest

from support.checklist.evidence import Question
from support.checklist.probing import Probed, remaining, run_checklist
from support.table.region import Region
from support.tests.checklist.simulated_day import INDEXED, Day
from support.tests.verdicts.histories import EU, KEY, US, order
from support.verdicts.health.problems import Description
from support.verdicts.history import Key


def test_a_region_without_replica_is_the_wrong_one(day: Day) -> None:
    (cause,) = remaining(day.ask("ap-southeast-2"))
    assert str(cause) == (
        "wrong region: us-east-1 and eu-west-1 have the item, ap-southeast-2 is not among its replicas: "
        "replica missing; cure: look in us-east-1 or eu-west-1, or add a replica in ap-southeast-2 with UpdateTable"
    )


@pytest.mark.parametrize(("status", "says"), [("CREATING", "as CREATING"), ("", "replica missing")])
def test_a_replica_that_is_not_active_is_the_wrong_region(status: str, says: str, day: Day) -> None:
    class Elsewhere:
        """A region that lists eu-west-1 otherwise."""

        def __init__(self, region: Region) -> None:
            self.peek, self.keys_of, self.query_index = region.peek, region.keys_of, region.query_index
            self._described = region.describe()

        def describe(self) -> Description | None:
            assert self._described is not None
            return replace(self._described, replicas={EU: status} if status else {})

    regions: dict[str, Probed] = {US: Elsewhere(day.table.region(US)), EU: day.table.region(EU)}
    (cause,) = remaining(run_checklist(regions, Question(KEY, EU)))
    assert (cause.name, says in cause.evidence) == ("wrong region", True)


@pytest.mark.parametrize(
    "typo",
    [
        Key(KEY.pk, KEY.sk.upper()),
        Key(KEY.pk, KEY.sk.replace("-", "_")),
        Key(KEY.pk.replace("global-", "global"), KEY.sk),
        Key(KEY.pk.lower(), KEY.sk),
    ],
)
def test_a_typo_is_named_with_the_key_that_was_meant(typo: Key, day: Day) -> None:
    (cause,) = remaining(day.ask(key=typo))
    assert (cause.name, cause.cure) == (
        "typos in keys", f'use PK "{KEY.pk}" and SK "{KEY.sk}": an exact match is required',
    )  # fmt: skip


def test_a_key_like_no_other_may_be_a_typo_too(day: Day) -> None:
    (cause,) = remaining(day.ask(key=Key(KEY.pk, "PROFILE")))
    assert (cause.name, "nor another item like it" in cause.evidence) == ("typos in keys", True)


def test_an_item_that_was_deleted_is_no_typo(day: Day) -> None:
    day.table.region(US).delete(KEY)
    day.table.agreement(KEY, 120)
    assert day.remains() == []


def test_a_cached_answer_is_compared_with_what_the_region_holds_now(day: Day) -> None:
    assert day.remains(cached=[INDEXED]) == []
    for cached in (None, order(99)):
        assert day.remains(cached=[cached]) == ["stale view"]


def test_for_two_minutes_waiting_may_help(day: Day) -> None:
    day.table.links.cut(US, EU)
    day.table.region(US).update(KEY, {"total_amount": 150})
    day.clock.wait(119)
    (cause,) = remaining(day.ask())
    assert cause.name == "wait longer"
    assert "us-east-1 has another version than eu-west-1" in cause.evidence
    assert day.remains(US) == []


def test_after_two_minutes_the_region_does_not_have_it(day: Day) -> None:
    day.table.links.cut(US, EU)
    new = Key(KEY.pk, "PROFILE")
    day.table.region(US).put({"PK": new.pk, "SK": new.sk})
    assert remaining(day.ask(key=new))[0].evidence.startswith("us-east-1 has the item, eu-west-1 not yet after")
    day.clock.wait(120)
    (cause,) = remaining(day.ask(key=new))
    assert (cause.name, cause.evidence) == (
        "item not in the queried region", "us-east-1 has the item, eu-west-1 does not, after 120 s",
    )  # fmt: skip


def test_a_delete_on_its_way_is_worth_waiting_for(day: Day) -> None:
    day.table.links.cut(US, EU)
    day.table.region(US).delete(KEY)
    assert day.remains() == ["wait longer"]


def test_an_item_without_the_keys_of_the_index_is_not_in_it(day: Day) -> None:
    day.table.region(US).put(order(100, GSI1PK="ORDER#conflict-test"))
    day.table.agreement(KEY, 120)
    (cause,) = remaining(day.ask(index="GSI1", value="ORDER#conflict-test"))
    assert cause.name == "GSI not populated"
    assert "has no GSI1SK" in cause.evidence


def test_an_item_with_the_keys_of_the_index_is_in_it(day: Day) -> None:
    assert day.remains(index="GSI1", value="ORDER#conflict-test") == []


def test_another_value_of_the_index_is_a_typo(day: Day) -> None:
    (cause,) = remaining(day.ask(index="GSI1", value="ORDER#Conflict-test", expected=()))
    assert (cause.name, '"ORDER#conflict-test"' in cause.cure) == ("typos in keys", True)


def test_an_index_that_does_not_follow_is_worth_waiting_for_two_minutes() -> None:
    day = Day("index-not-updated=eu-west-1")
    day.table.region(US).put(INDEXED)
    day.table.agreement(KEY, 60)
    assert day.remains(index="GSI1", value="ORDER#conflict-test") == ["wait longer"]
    day.clock.wait(120)
    (cause,) = remaining(day.ask(index="GSI1", value="ORDER#conflict-test"))
    assert (cause.name, "IndexStatus of GSI1" in cause.cure) == ("GSI not populated", True)
    day.target.end_scenario()


def test_a_scan_is_named_where_a_query_would_have_found_the_item(day: Day) -> None:
    assert day.remains(scanned=True) == ["Scan instead of Query"]
    day.table.region(US).delete(KEY)
    day.table.agreement(KEY, 120)
    assert day.remains(scanned=True) == []
