"""What the terminal says at the end of a run."""

import os
import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

TESTS = """
import pytest
from support.verdicts.findings import Finding
from pytest_bdd import scenarios, then

scenarios("race.feature")

def conflict(ruling="decided", kind="conflict"):
    winner = {"winner": 2, "winner_by": "partner B", "winner_region": "eu-west-1"}
    values = {"ruling": ruling, "kind": kind, "undecidable": False, **winner}
    return Finding("conflict", "B won, because it wrote last", values=values)

@then("partner B has won")
def _(findings):
    findings.append(conflict())

def test_quick(findings):
    findings.append(Finding("timing", "us to eu", (("way", "us to eu"), ("average", "0.8 s"))))
    findings.append(Finding("timing", "eu to us", (("way", "eu to us"), ("average", "11.2 s"))))
    findings.append(Finding("timing", "again", (("n", "20"), ("missing", "1"))))
    findings.append(Finding("delay", "left to the report"))
    assert False

def test_slow(findings):
    findings.append(Finding("timing", "nothing arrived"))

def test_another_race(findings):
    findings.append(conflict(kind="sequential overwrite"))

def test_strange_race(findings):
    findings.append(conflict("wrong"))

def test_nothing(findings): ...

@pytest.mark.parametrize("asked", [False, True])
def test_contended(findings, asked):
    for _ in range(2):
        findings.append(Finding("note", "a conflict: neither had seen the other", (), {"contenders": [1, 2]}))
    if asked:
        findings.append(conflict())
"""

FEATURE = """
Feature: Conflicts

  Scenario Outline: Partner B writes <seconds> s later
    Then partner B has won

    Examples:
      | seconds |
      | 5       |
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["support.reporting.plugin"]')
    (tmp_path / "test_race.py").write_text(TESTS)
    (tmp_path / "race.feature").write_text(FEATURE)
    return tmp_path


def findings_of(project: Path, *options: str) -> str:
    """What a run prints below the heading of the findings."""
    printed = run_pytest([*LEAN, *options], project, {**os.environ, "PYTHONPATH": str(ROOT)}).stdout
    return re.sub("=+", "=", printed).partition("= findings =\n")[2].partition("\n=")[0] + "\n"


def test_conflicts_and_timings_are_printed_in_the_order_of_the_tests_and_kept_for_junit(
    project: Path, snapshot: SnapshotAssertion
) -> None:
    assert findings_of(project, "-q", "--junitxml=junit.xml") == snapshot
    xml = (project / "junit.xml").read_text()
    assert '<property name="scenario" value="Partner B writes 5 s later" />' in xml
    assert "B won, because it wrote last" in xml


@pytest.mark.slow
def test_workers_tell_the_same(project: Path) -> None:
    assert findings_of(project, "-n2") == findings_of(project, "-q")


@pytest.mark.slow
def test_each_sentence_is_told_if_asked_for(project: Path) -> None:
    assert "later: B won" in findings_of(project, "-v", "-k", "writes")
