"""The checklist as a whole: what it asks, what it claims by hand, and where it is shown."""

import pytest

from support.checklist.evidence import Known, Question
from support.checklist.probing import finding, remaining, report, run_checklist
from support.targets.global_table import GlobalTable
from support.tests.checklist.simulated_day import Day
from support.tests.verdicts.histories import EU, KEY, US
from support.verdicts.errors import DivergenceError
from support.verdicts.history import History, Key


def test_nothing_remains_of_an_item_that_is_where_it_should_be(day: Day) -> None:
    for region in (US, EU):
        causes = day.ask(region)
        assert {cause.state for cause in causes} == {"excluded"}
        assert all(cause.evidence for cause in causes)
    assert report(causes)[-1].startswith("  remaining: none that the page names; cure: ")


def test_by_hand_a_typo_is_found_among_the_partitions_keys(day: Day) -> None:
    regions = {name: day.table.region(name) for name in day.table.regions}
    (cause,) = remaining(run_checklist(regions, Question(Key(KEY.pk, KEY.sk.upper()), EU)))
    assert KEY.sk in cause.cure


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
    assert owed == "  1 change is pending from us-east-1 to eu-west-1"
    assert head.startswith("  checklist: 10 of 11 causes excluded: wrong region, typos in keys, ")
    assert last.startswith(f"    remaining: {cause}: us-east-1 has ")
    assert "; cure: " in last
    assert [each.title for each in day.found] == [f"checklist for {KEY} in eu-west-1: {cause} remains"]


def test_what_the_history_knows_of_an_item() -> None:
    assert Known.of(History(), KEY) == Known([], [], [])
