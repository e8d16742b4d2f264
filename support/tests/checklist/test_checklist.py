"""Each cause of the troubleshooting guide, on the workshop's table: named when it is the cause, and excluded else."""

from collections.abc import Iterator
from dataclasses import replace
from weakref import finalize

import pytest

from support.checklist.evidence import Cause, Known, Question
from support.checklist.probing import Probed, finding, remaining, report, run_checklist
from support.settings import read_settings
from support.table.region import Region
from support.targets.global_table import GlobalTable
from support.targets.simulated import SimulatedTarget
from support.tests.verdicts.histories import EU, KEY, US, order
from support.verdicts.convergence.judgement import DivergenceError
from support.verdicts.errors import TargetTroubleError
from support.verdicts.findings import Finding
from support.verdicts.health.problems import Description
from support.verdicts.history import History, Key

INDEXED = order(100, GSI1PK="ORDER#conflict-test", GSI1SK="DETAILS")


class Day:
    """A simulated day with the workshop's table, on which an order was written in us-east-1."""

    def __init__(self, *faults: str) -> None:
        self.target = SimulatedTarget(read_settings(fault=faults))
        finalize(self, self.target.end_scenario)
        context = self.target.start_scenario("a scenario")
        self.table, self.clock = context.global_table, context.clock
        self.found: list[Finding] = []
        self.table.tell = self.found.append

    def ask(self, region: str = EU, key: Key = KEY, **changes: object) -> list[Cause]:
        """The checklist for what should be as it was written last."""
        return self.table.checklist(replace(self.table.question(key, region), **changes))  # type: ignore[arg-type]

    def remains(self, region: str = EU, key: Key = KEY, **changes: object) -> list[str]:
        """The names of the causes that remain."""
        return [cause.name for cause in remaining(self.ask(region, key, **changes))]


@pytest.fixture
def day() -> Iterator[Day]:
    day = Day()
    day.table.region(US).put(INDEXED, "partner A")
    day.table.agreement(KEY, 120)
    yield day
    day.target.end_scenario()


def the(name: str, causes: list[Cause]) -> Cause:
    (cause,) = [cause for cause in causes if cause.name == name]
    return cause


def test_nothing_remains_of_an_item_that_is_where_it_should_be(day: Day) -> None:
    for region in (US, EU):
        causes = day.ask(region)
        assert {cause.state for cause in causes} == {"excluded"}
        assert all(cause.evidence for cause in causes)
    assert report(causes)[-1].startswith("  remaining: none that the page names; cure: ")


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


def test_by_hand_a_typo_is_found_among_the_partitions_keys(day: Day) -> None:
    regions = {name: day.table.region(name) for name in day.table.regions}
    (cause,) = remaining(run_checklist(regions, Question(Key(KEY.pk, KEY.sk.upper()), EU)))
    assert KEY.sk in cause.cure


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


def overwritten(day: Day, seconds: float, mine: str = "15:40", theirs: str = "15:41") -> list[Cause]:
    lost = day.table.region(US).update(KEY, {"total_amount": 150, "update_timestamp": mine}, "partner A")
    day.clock.wait(seconds)
    day.table.region(EU).update(KEY, {"total_amount": 200, "update_timestamp": theirs}, "partner B")
    day.table.agreement(KEY, 120)
    return day.ask(US, expected=(lost.left,))


def test_an_overwritten_update_is_named_with_the_write_that_won(day: Day) -> None:
    (cause,) = remaining(overwritten(day, 0.1))
    assert (cause.name, cause.evidence) == (
        "overwritten by a later write",
        "us-east-1 holds what the update of partner B left, written later, without having seen the update of "
        "partner A: the last writer wins the whole item",
    )


def test_the_winner_was_not_overwritten(day: Day) -> None:
    overwritten(day, 5)
    assert day.remains(US) == day.remains(EU) == []


@pytest.mark.parametrize(("seconds", "state"), [(0.001, "cannot be known"), (5, "excluded")])
def test_no_precision_is_claimed_for_writes_that_are_near_to_each_other(seconds: float, state: str, day: Day) -> None:
    assert the("timestamp precision", overwritten(day, seconds)).state == state


def test_a_time_in_the_item_that_is_ahead_is_named(day: Day) -> None:
    causes = overwritten(day, 5, mine="16:40")
    assert [cause.name for cause in remaining(causes)] == ["clock synchronization", "overwritten by a later write"]


def test_an_older_version_is_no_overwrite(day: Day) -> None:
    day.table.region(US).update(KEY, {"total_amount": 150}, "partner A")
    question = day.table.question(KEY, EU)
    assert the("overwritten by a later write", day.table.checklist(question)).state == "excluded"


def test_a_refused_write_is_named_as_throttling() -> None:
    day = Day("throttling=1")
    with pytest.raises(TargetTroubleError):
        day.table.region(US).put(INDEXED)
    causes = day.ask()
    assert the("throttling", causes).state == "remains"
    assert "ProvisionedThroughputExceeded" in the("throttling", causes).evidence
    assert the("wrong region", causes).state == the("wait longer", causes).state == "cannot be known"
    day.target.end_scenario()


def test_by_hand_nothing_is_claimed_that_only_a_history_can_tell(day: Day) -> None:
    regions = {name: day.table.region(name) for name in day.table.regions}
    causes = run_checklist(regions, Question(KEY, EU, scanned=None))
    assert [cause.name for cause in causes if cause.state == "cannot be known"] == [
        "stale view", "Scan instead of Query", "timestamp precision", "clock synchronization",
        "overwritten by a later write", "throttling",
    ]  # fmt: skip
    assert remaining(causes) == []


def test_it_only_reads_and_leaves_no_trace_in_the_history(day: Day) -> None:
    before, held = len(day.table.history), day.table.held(KEY)
    day.ask("ap-southeast-2")
    day.ask(key=Key(KEY.pk, "typo"))
    day.ask(index="GSI1", value="x")
    assert len(day.table.history) == before + 2
    assert day.table.held(KEY) == held


def test_its_finding_tells_the_evidence_of_every_cause(day: Day) -> None:
    causes = day.ask("ap-southeast-2")
    told = finding(Question(KEY, "ap-southeast-2"), causes)
    assert told == day.found[-1]
    assert told.title.endswith("in ap-southeast-2: wrong region remains")
    assert [name for name, _ in told.details] == [cause.name for cause in causes]
    assert len(causes) == 11


def late(table: GlobalTable, within: float) -> str:
    table.links.cut(US, EU)
    table.region(US).update(KEY, {"total_amount": 150})
    with pytest.raises(DivergenceError) as failure:
        table.agreement(KEY, within)
    return str(failure.value)


@pytest.mark.parametrize(("within", "cause"), [(60, "wait longer"), (130, "item not in the queried region")])
def test_a_failed_convergence_ends_with_the_checklist(within: float, cause: str, day: Day) -> None:
    *_, owed, head, last = late(day.table, within).splitlines()
    assert owed == "  us-east-1 owes eu-west-1 1 change"
    assert head.startswith("  checklist: 10 of 11 causes excluded: wrong region, typos in keys, ")
    assert last.startswith(f"    remaining: {cause}: us-east-1 has ")
    assert "; cure: " in last
    assert [each.title for each in day.found] == [f"checklist for {KEY} in eu-west-1: {cause} remains"]


def test_what_the_history_knows_of_an_item() -> None:
    assert Known.of(History(), KEY) == Known([], [], [])
