"""The ledger of facts about AWS, and what refers to it."""

from datetime import date
from pathlib import Path

import pytest

from support.page import facts
from support.simulator.faults import FAULTS

CODE = Path("steps/some.py")
TITLES = {title for each in facts.facts() for title in each.shown_by}
PARTS = (
    "exercise", "scenario", "troubleshooting", "performance monitoring", "DynamoDB API", "PartiQL", "BatchWriteItem",
    "design",
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("# as facts 9.9 have it", 'there is no fact "9.9"'),
        ("# which is an assumption", "an assumption without an id"),
        ("# which is assumption A99", 'there is no fact "A99"'),
    ],
)
def test_a_reference_to_nothing_is_named_with_its_line(line: str, says: str) -> None:
    [(path, number, text, _)] = facts.problems(TITLES, {CODE: f"fine\n# facts 1.1, assumption A1\n{line}\n"})
    assert (path, number, text) == (CODE, 3, says)


def test_a_scenario_that_is_gone_is_named_where_the_ledger_names_it() -> None:
    [(path, _, text, _)] = facts.problems(TITLES - {"The time inside the item does not decide"}, {})
    assert (path, text) == (facts.FILE, 'fact 1.1: there is no scenario "The time inside the item does not decide"')


def test_a_fact_is_proven_by_a_run_on_aws_that_shows_all_of_its_scenarios() -> None:
    fact = next(each for each in facts.facts() if each.id == "1.1")
    days = dict.fromkeys(fact.shown_by, "2026-12-01")
    assert facts.proven(fact, days) == "2026-12-01"
    assert facts.proven(fact, dict(list(days.items())[1:])) == ""
    assert list(facts.lines({}))[-1].endswith(f"0 of {len(facts.facts())}")


def test_what_was_read_long_ago_is_listed_and_nothing_else() -> None:
    oldest = min(each.read for each in facts.facts())
    assert facts.stale(oldest, 0) == []
    assert len(facts.stale(date(2030, 1, 1), 180)) == len(facts.facts())


def test_each_fault_breaks_a_fact_or_a_line_of_the_page() -> None:
    loose = [kind.name for kind in FAULTS.values()
             if not facts.REFERENCE.search(kind.rule) and not kind.rule.startswith(PARTS)]  # fmt: skip
    assert loose == []


def test_the_table_for_readers_is_made_from_the_ledger() -> None:
    assert facts.TABLE.read_text(encoding="utf-8") == facts.table()
