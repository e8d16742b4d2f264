"""What the terminal says at the end of a run."""

import os
from collections.abc import Sequence

import pytest

from support.reporting.terminal.summary import Scenario, recorded_findings, summary
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT
from support.verdicts.findings import Finding

CONFTEST = """
import pytest
from support.verdicts.findings import Findings
from support.reporting.terminal.summary import record_findings

pytest_plugins = ["support.reporting.plugin"]

@pytest.fixture
def findings(request):
    found = Findings()
    yield found
    record_findings(found, request.node)
"""

TESTS = """
from support.verdicts.findings import Finding
from pytest_bdd import scenarios, then

scenarios("race.feature")

@then("partner B has won")
def _(findings):
    findings.add(Finding("conflict", "B won, because it wrote last"))

def test_quick(findings):
    findings.add(Finding("timing", "us to eu: 0.8 s on average", (("n", "20"), ("average", "0.8 s"))))
    findings.add(Finding("delay", "replicated within 0.8 s"))
    assert False

def test_another_race(findings):
    findings.add(Finding("conflict", "A won"))

def test_nothing(findings): ...
"""

FEATURE = """
Feature: Conflicts

  Scenario Outline: Partner B writes <seconds> s later
    Then partner B has won

    Examples:
      | seconds |
      | 5       |
"""

EXPECTED = """\
test_another_race: A won
Partner B writes 5 s later: B won, because it wrote last

test_quick:
  us to eu: 0.8 s on average
     n  average
    20    0.8 s"""


def timing(title: str, *details: tuple[str, str]) -> Finding:
    return Finding("timing", title, details)


def teardown(node_id: str) -> pytest.TestReport:
    properties = [("scenario", node_id.split("::")[1]), ("findings", "[]")]
    return pytest.TestReport(node_id, ("", 0, ""), {}, "passed", None, "teardown", user_properties=properties)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_race=TESTS)
    pytester.makefile(".feature", race=FEATURE)
    return pytester


def run(project: pytest.Pytester, *options: str) -> list[str]:
    """The lines that a run prints."""
    return run_pytest([*LEAN, *options], project.path, os.environ).stdout.splitlines()


def findings_in(lines: Sequence[str]) -> str:
    """The text between the heading of the section and the next heading."""
    [start] = [number for number, line in enumerate(lines) if line.startswith("=") and " findings " in line]
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("="))
    return "\n".join(lines[start + 1 : end])


@pytest.mark.parametrize("options", [["-q"], pytest.param(["-n2"], marks=pytest.mark.slow)], ids=str)
def test_conflicts_and_timings_are_printed_in_the_order_of_the_tests(
    project: pytest.Pytester, options: list[str]
) -> None:
    assert findings_in(run(project, *options)) == EXPECTED


@pytest.mark.slow
def test_a_run_that_found_neither_prints_no_section(project: pytest.Pytester) -> None:
    assert not [line for line in run(project, "-k", "nothing") if "findings" in line]


@pytest.mark.slow
def test_junit_keeps_the_findings_of_a_test(project: pytest.Pytester) -> None:
    run(project, "-k", "writes", "--junitxml=junit.xml")
    xml = (project.path / "junit.xml").read_text()
    assert '<property name="scenario" value="Partner B writes 5 s later" />' in xml
    assert "B won, because it wrote last" in xml


def test_reports_are_read_by_node_id_not_as_they_arrive() -> None:
    arrived = [teardown("b.feature::B"), teardown("a.feature::Z"), teardown("a.feature::A")]
    assert [scenario.name for scenario in recorded_findings(arrived)] == ["A", "Z", "B"]


def test_directions_with_the_same_figures_are_rows_of_one_table() -> None:
    there = timing("us-east-1 to eu-west-1", ("direction", "us to eu"), ("average", "0.84 s"), ("p99", "1.2 s"))
    back = timing("eu-west-1 to us-east-1", ("direction", "eu to us"), ("average", "0.9 s"), ("p99", "11.2 s"))
    assert summary([Scenario("Probes", [there, back])]) == [
        "Probes:",
        "  us-east-1 to eu-west-1",
        "  eu-west-1 to us-east-1",
        "    direction  average     p99",
        "     us to eu   0.84 s   1.2 s",
        "     eu to us    0.9 s  11.2 s",
    ]


def test_directions_with_different_figures_have_tables_of_their_own() -> None:
    there, back = timing("there", ("n", "20")), timing("back", ("n", "20"), ("missing", "1"))
    assert summary([Scenario("Probes", [there, back])]) == [
        "Probes:",
        "  there",
        "     n",
        "    20",
        "  back",
        "     n  missing",
        "    20        1",
    ]


def test_a_timing_without_figures_is_its_sentence() -> None:
    assert summary([Scenario("Probes", [timing("nothing arrived")])]) == ["Probes:", "  nothing arrived"]


def test_delays_and_notes_are_left_to_the_report() -> None:
    assert summary([Scenario("Probes", [Finding("delay", "0.8 s"), Finding("note", "seen")])]) == []


def conflict(ruling: str = "decided", kind: str = "conflict") -> Finding:
    winner = {"winner": 2, "winner_by": "partner B", "winner_region": "eu-west-1"}
    values = {"ruling": ruling, "kind": kind, "undecidable": False, **winner}
    return Finding("conflict", "partner B won, because it wrote last", values=values)


def test_conflicts_are_rows_of_one_table_without_their_sentences() -> None:
    found = [Scenario("A short name", [conflict()]), Scenario("A name", [conflict(kind="sequential overwrite")])]
    assert summary(found) == [
        "scenario      winner     region     why",
        "A short name  partner B  eu-west-1  written last (conflict)",
        "A name        partner B  eu-west-1  written last (overwrite)",
    ]


def test_the_sentence_is_told_where_the_verdict_is_not_as_predicted() -> None:
    assert summary([Scenario("A", [conflict("wrong")])])[1:] == [
        "A         partner B  eu-west-1  WRONG, see below",
        "",
        "A: partner B won, because it wrote last",
    ]


def test_each_sentence_is_told_if_asked_for() -> None:
    assert "A: partner B won, because it wrote last" in summary([Scenario("A", [conflict()])], verbose=True)
