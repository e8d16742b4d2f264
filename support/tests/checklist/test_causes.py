"""Each cause of the troubleshooting guide, on the workshop's table: named when it is the cause, and excluded else."""

from dataclasses import replace
from typing import Any

import pytest

from support.checklist.causes import Cause, judged, remaining, wrong_region
from support.checklist.evidence import Answers, Question, gather
from support.tests.verdicts.histories import EU, KEY, US, order
from support.tests.worlds import open_world
from support.verdicts.errors import DivergenceError, TargetTroubleError, WrongImageError
from support.verdicts.history import Key

INDEXED = order(100, GSI1PK="ORDER#conflict-test", GSI1SK="DETAILS")


class Day:
    """A simulated day with the workshop's table, on which an order was written in us-east-1 if that is possible."""

    def __init__(self, *faults: str, writable: bool = True) -> None:
        world = open_world(faults)
        self.world, self.table, self.clock, self.found = world, world.table, world.clock, world.findings
        self.here, self.there = self.table.region(US), self.table.region(EU)
        if writable:
            self.here.put(INDEXED, "partner A")
            self.table.agreement(KEY, 120)

    def ask(self, region: str = EU, key: Key = KEY, **changes: Any) -> list[Cause]:
        """The checklist for what should be as it was written last."""
        return self.table.checklist(replace(self.table.question(key, region), **changes))

    def remains(self, region: str = EU, key: Key = KEY, **changes: Any) -> list[str]:
        """The names of the causes that remain."""
        return [cause.name for cause in remaining(self.ask(region, key, **changes))]


@pytest.fixture
def day() -> Day:
    return Day()


def the(name: str, causes: list[Cause]) -> Cause:
    (cause,) = [cause for cause in causes if cause.name == name]
    return cause


def test_nothing_remains_of_an_item_that_is_where_it_should_be(day: Day) -> None:
    for region in (US, EU):
        causes = day.ask(region)
        assert {cause.state for cause in causes} == {"excluded"}
        assert all(cause.evidence for cause in causes)


def test_by_hand_nothing_is_claimed_that_only_a_history_can_tell(day: Day) -> None:
    causes = judged(gather({US: day.here, EU: day.there}, Question(KEY, EU, scanned=None), None))
    assert [cause.name for cause in causes if cause.state == "cannot be known"] == [
        "stale view", "Scan instead of Query", "timestamp precision", "clock synchronization",
        "overwritten by a later write", "throttling",
    ]  # fmt: skip
    assert remaining(causes) == []


@pytest.mark.parametrize(
    ("replica", "table", "evidence", "cure"),
    [
        ("CREATING", "ACTIVE", f"{US} lists its replica in {EU} as CREATING", "wait until it is ACTIVE, or look in"),
        ("REGION_DISABLED", "ACTIVE", "as REGION_DISABLED", "enable the region"),
        ("ACTIVE", "ARCHIVED", f"the table in {EU} is ARCHIVED", "restore the table"),
    ],
)
def test_a_replica_that_is_not_active_is_the_wrong_region(
    day: Day, replica: str, table: str, evidence: str, cure: str
) -> None:
    here, there = day.here.describe(), day.there.describe()
    assert here
    assert there
    described = {US: replace(here, replicas={EU: replica}), EU: replace(there, status=table)}
    cause = wrong_region(Answers(Question(KEY, EU), None, described, {US: INDEXED, EU: None}))
    assert cause.state == "remains"
    assert evidence in cause.evidence
    assert cure in cause.cure


@pytest.mark.parametrize(
    ("deleted", "asked", "causes"),
    [
        (True, {}, []),
        (False, {"cached": [INDEXED]}, []),
        (False, {"cached": [None]}, ["stale view"]),
        (False, {"index": "GSI1", "value": "ORDER#conflict-test"}, []),
        (False, {"index": "GSI1", "value": "ORDER#Conflict-test", "expected": ()}, ["typos in keys"]),
        (True, {"scanned": True}, []),
    ],
)
def test_a_cause_remains_only_where_the_item_shows_it(
    deleted: bool, asked: dict[str, Any], causes: list[str], day: Day
) -> None:
    if deleted:
        day.here.delete(KEY)
        day.table.agreement(KEY, 120)
    assert day.remains(**asked) == causes


def test_no_wait_mends_an_image_that_no_write_has_left() -> None:
    day = Day("converts=numbers-to-texts", writable=False)
    day.here.put(INDEXED, "partner A")
    with pytest.raises(WrongImageError) as error:
        day.table.agreement(KEY, 120)
    assert error.value.suspect
    assert "remaining: none" in day.world.explain(error.value.suspect)


def test_a_delete_on_its_way_is_worth_waiting_for(day: Day) -> None:
    day.table.links.cut(US, EU)
    day.here.delete(KEY)
    assert (day.remains(), day.remains(US)) == (["wait longer"], [])


def test_an_index_that_does_not_follow_is_worth_waiting_for_two_minutes() -> None:
    day = Day("index-not-updated=eu-west-1")
    assert day.remains(index="GSI1", value="ORDER#conflict-test") == ["wait longer"]
    day.clock.wait(120)
    (cause,) = remaining(day.ask(index="GSI1", value="ORDER#conflict-test"))
    assert (cause.name, "IndexStatus of GSI1" in cause.cure) == ("GSI not populated", True)


def test_an_overwritten_update_is_named_with_the_write_that_won_and_the_winner_was_not_overwritten(day: Day) -> None:
    lost = day.here.update(KEY, {"total_amount": 150, "update_timestamp": "15:40"}, "partner A")
    day.clock.wait(0.1)
    day.there.update(KEY, {"total_amount": 200, "update_timestamp": "15:41"}, "partner B")
    day.table.agreement(KEY, 120)
    (cause,) = remaining(day.ask(US, expected=(lost.new_image,)))
    assert cause.name == "overwritten by a later write"
    assert "what the update of partner B left" in cause.evidence
    assert "without having seen the update of partner A" in cause.evidence
    assert day.remains(US) == day.remains(EU) == []


def test_an_older_version_is_no_overwrite(day: Day) -> None:
    day.here.update(KEY, {"total_amount": 150}, "partner A")
    assert the("overwritten by a later write", day.ask()).state == "excluded"


def test_a_refused_write_is_named_as_throttling_and_what_did_not_answer_is_unknown() -> None:
    day = Day("throttling=1", writable=False)
    with pytest.raises(TargetTroubleError):
        day.here.put(INDEXED)
    causes = day.ask()
    assert the("throttling", causes).state == "remains"
    assert "ProvisionedThroughputExceeded" in the("throttling", causes).evidence
    assert the("wrong region", causes).state == the("wait longer", causes).state == "cannot be known"


def test_it_only_reads_and_leaves_no_trace_in_the_history(day: Day) -> None:
    before, held = len(day.table.history), day.table.held(KEY)
    day.ask("ap-southeast-2")
    day.ask(key=Key(KEY.pk, "typo"))
    day.ask(index="GSI1", value="x")
    assert len(day.table.history) == before + 2
    assert day.table.held(KEY) == held


@pytest.mark.parametrize(("within", "cause"), [(60, "wait longer"), (130, "another version in the queried region")])
def test_a_failed_convergence_is_explained_by_the_checklist(within: float, cause: str, day: Day) -> None:
    day.table.links.cut(US, EU)
    day.here.update(KEY, {"total_amount": 150})
    with pytest.raises(DivergenceError) as failure:
        day.table.agreement(KEY, within)
    assert failure.value.suspect
    *_, pending, head, last = day.world.explain(failure.value.suspect).splitlines()
    assert "1 change is pending from us-east-1 to eu-west-1" in pending
    assert "checklist: 10 of 11 causes excluded: " in head
    assert f"remaining: {cause}: us-east-1 has " in last
    assert "; cure: " in last
    (found,) = day.found
    assert f"in eu-west-1: {cause} remains" in found.title
    assert len(found.details) == 11
