import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from support.gherkin.specification import read_features
from support.page import claims
from support.page.claims import Claim, Outcomes, State, shown, state, tally
from support.page.page_claims import CLAIMS
from support.reporting.terminal.claims_table import ClaimsTable, as_csv, by_scenario, lines
from support.tests.reporting.project import ROOT, run

EXERCISE_2 = "features/exercise_2_write_replica_read_primary.feature"

PLAIN = Claim("A.1", "Exercise A", "It works", ("It works in the US", "It works in the EU"))
AGAINST = Claim("A.2", "Exercise A", "The item's time wins", ("It does not",), contradicted="AWS: it does not (page)")
UNKNOWN = Claim("A.3", "Exercise A", "To the millisecond", ("It does not",), undocumented="AWS does not say")
BY_HAND = Claim("A.4", "Exercise A", "Take a screenshot", untestable="a picture")
BARE = Claim("A.5", "Exercise A", "Nobody looks")
ALL = (PLAIN, AGAINST, UNKNOWN, BY_HAND, BARE)


def report(nodeid: str, when: str, outcome: str) -> pytest.TestReport:
    return pytest.TestReport(nodeid, ("", 1, ""), {}, outcome, None, when)  # type: ignore[arg-type]


def outcomes_of(*reports: pytest.TestReport) -> Outcomes:
    """What a run with these reports is summed up to."""
    table = ClaimsTable("simulated", printed=False, attached=False)
    for each in reports:
        table.pytest_runtest_logreport(each)
    return table.outcomes


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({}, State.NOT_RUN),
        ({"Another scenario": ["passed"]}, State.NOT_RUN),
        ({"It works in the US": []}, State.NOT_RUN),
        ({"It works in the US": ["skipped"]}, State.NOT_RUN),
        ({"It works in the US": ["skipped"], "It works in the EU": ["skipped", "skipped"]}, State.NOT_RUN),
        ({"It works in the US": ["passed"]}, State.HOLDS),
        ({"It works in the US": ["passed"], "It works in the EU": ["skipped"]}, State.HOLDS),
        ({"It works in the US": ["passed"], "It works in the EU": ["passed", "passed"]}, State.HOLDS),
        ({"It works in the US": ["failed"]}, State.FAILS),
        ({"It works in the US": ["broken"]}, State.FAILS),
        ({"It works in the US": ["passed"], "It works in the EU": ["passed", "failed"]}, State.FAILS),
        ({"It works in the US": ["broken"], "It works in the EU": ["skipped"]}, State.FAILS),
    ],
)
def test_the_state_is_what_the_scenarios_have_shown(outcomes: Outcomes, expected: State) -> None:
    assert state(PLAIN, outcomes) is expected
    assert shown(PLAIN, outcomes) is expected


@pytest.mark.parametrize(
    ("outcome", "instead"), [("passed", State.HOLDS), ("failed", State.FAILS), ("skipped", State.NOT_RUN)]
)
def test_what_the_documentation_says_stays_whatever_is_shown_instead(outcome: str, instead: State) -> None:
    outcomes = {"It does not": [outcome]}
    assert state(AGAINST, outcomes) is State.CONTRADICTED
    assert state(UNKNOWN, outcomes) is State.UNDOCUMENTED
    assert shown(AGAINST, outcomes) is shown(UNKNOWN, outcomes) is instead


def test_what_no_scenario_shows_is_no_pass() -> None:
    outcomes = {"": ["passed"], "Nobody looks": ["passed"]}
    assert state(BARE, outcomes) is State.NO_SCENARIO
    assert state(BY_HAND, outcomes) is State.UNTESTABLE


def test_the_tally_counts_each_row_and_what_was_not_run() -> None:
    assert tally(PLAIN, {"It works in the US": ["passed", "passed", "skipped"]}) == "1 not run, 2 passed, 1 skipped"
    assert tally(BARE, {}) == ""


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(claim.id for claim in CLAIMS).items() if count > 1] == []


def test_a_claim_has_one_reason_at_most_to_be_told_apart_from_the_run() -> None:
    for claim in CLAIMS:
        assert [claim.contradicted, claim.undocumented, claim.untestable].count("") >= 2, claim.id
        assert not (claim.untestable and claim.scenarios), claim.id
        assert len(set(claim.scenarios)) == len(claim.scenarios), claim.id


def test_a_contradiction_names_its_source() -> None:
    contradicted = [claim.id for claim in CLAIMS if claim.contradicted]
    assert contradicted == ["E3.4", "E3.6", "M.3"]
    assert all("https://docs.aws.amazon.com/" in claim.contradicted for claim in CLAIMS if claim.contradicted)


def test_every_scenario_that_a_claim_names_is_in_one_feature() -> None:
    features, problems = read_features(ROOT / "features")
    written = Counter(each.scenario.name for feature in features for each in feature.scenarios)
    assert not problems
    missing = {claim.id: [name for name in claim.scenarios if written[name] != 1] for claim in CLAIMS}
    assert {id_: names for id_, names in missing.items() if names} == {}


def test_the_claims_are_plain_data() -> None:
    source = Path(claims.__file__).read_text()
    assert not [name for name in ("pytest", "allure", "boto") if f"import {name}" in source or f"from {name}" in source]


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([("setup", "passed"), ("call", "passed"), ("teardown", "passed")], ["passed"]),
        ([("setup", "passed"), ("call", "failed"), ("teardown", "passed")], ["failed"]),
        ([("setup", "failed"), ("teardown", "passed")], ["broken"]),
        ([("setup", "passed"), ("call", "passed"), ("teardown", "failed")], ["broken"]),
        ([("setup", "passed"), ("call", "failed"), ("teardown", "failed")], ["failed"]),
        ([("setup", "skipped"), ("teardown", "passed")], ["skipped"]),
        ([("setup", "passed"), ("call", "skipped"), ("teardown", "passed")], ["skipped"]),
        ([("???", "failed")], ["failed"]),
    ],
)
def test_an_outcome_is_taken_from_all_phases_of_a_test(reports: list[tuple[str, str]], outcome: list[str]) -> None:
    assert outcomes_of(*(report("features/a.feature::It", when, what) for when, what in reports)) == {"It": outcome}


def test_a_test_that_only_began_has_no_outcome() -> None:
    assert outcomes_of(report("features/a.feature::It", "setup", "passed")) == {}


def test_all_rows_of_an_outline_count_under_the_name_that_is_written() -> None:
    runs = [
        ("features/a.feature::<second> wins[us-eu]", "passed"),
        ("features/a.feature::<second> wins[eu-us]", "failed"),
        ("support/tests/test_it.py::test_it", "passed"),
    ]
    assert by_scenario(runs)["<second> wins"] == ["passed", "failed"]
    assert "test_it" not in by_scenario(runs)


def test_the_lines_show_each_claim_and_then_the_sources() -> None:
    outcomes = {"It works in the US": ["passed"], "It works in the EU": ["skipped"], "It does not": ["failed"]}
    assert lines(ALL, outcomes) == [
        "claim  section     the page says         state                              scenarios",
        "A.1    Exercise A  It works              holds                              "
        "1 passed, 1 skipped: It works in the US and 1 more",
        "A.2    Exercise A  The item's time wins  contradicted by AWS documentation  1 failed: It does not",
        "A.3    Exercise A  To the millisecond    not documented by AWS              1 failed: It does not",
        "A.4    Exercise A  Take a screenshot     not testable by API",
        "A.5    Exercise A  Nobody looks          no scenario",
        "",
        "5 claims, 1 holds, 1 no scenario, 1 contradicted by AWS documentation, 1 not documented by AWS, "
        "1 not testable by API",
        "A.2: AWS: it does not (page)",
        "A.3: AWS does not say",
        "A.4: a picture",
    ]


def test_the_attachment_shortens_nothing() -> None:
    rows = list(csv.DictReader(as_csv(ALL, {"It does not": ["passed"]}).splitlines()))
    assert rows[1] == {
        "claim": "A.2",
        "section": "Exercise A",
        "the page says": "The item's time wins",
        "state": "contradicted by AWS documentation",
        "scenarios": "It does not",
        "how they went": "1 passed",
        "what they show": "holds",
        "source or reason": "AWS: it does not (page)",
    }
    assert rows[0]["scenarios"] == "It works in the US; It works in the EU"
    assert [row["what they show"] for row in rows] == ["not run", "holds", "holds", "", "no scenario"]


def test_claims_are_printed_when_asked_for() -> None:
    printed = run(ROOT, EXERCISE_2, "--claims", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    assert "claims of the page, simulated" in printed
    [product] = [line for line in printed.splitlines() if line.startswith("E2.3 ")]
    assert "  holds  " in product
    assert product.endswith("1 passed: The product is an exact copy from the EU")
    [user] = [line for line in printed.splitlines() if line.startswith("E1.8 ")]
    assert "  not run  " in user


def test_the_report_has_the_table_once_from_all_workers(tmp_path: Path) -> None:
    printed = run(ROOT, EXERCISE_2, "-n1", "-q", f"--alluredir={tmp_path}", "-p", "no:cacheprovider")
    assert "claims of the page" not in printed
    [found] = tmp_path.glob("*-globals.json")
    [attachment] = json.loads(found.read_text())["attachments"]
    assert (attachment["name"], attachment["type"]) == ("Claims of the page, simulated", "text/csv")
    rows = list(csv.DictReader((tmp_path / attachment["source"]).read_text().splitlines()))
    assert [row["claim"] for row in rows] == [claim.id for claim in CLAIMS]
    assert {row["state"] for row in rows if row["claim"] in ("E2.1", "E2.2", "E2.3")} == {"holds"}
