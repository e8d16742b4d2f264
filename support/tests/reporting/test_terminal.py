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
from support.verdicts.conflicts import Conflict, Contention
from support.verdicts.delays import Sample, summarise
from support.verdicts.findings import Note
from pytest_bdd import scenarios, then

scenarios("race.feature")

def conflict(ruling="decided", kind="conflict"):
    winner = {"winner": 2, "winner_by": "partner B", "winner_name": "B", "winner_region": "eu-west-1"}
    return Conflict(ruling=ruling, kind=kind, because="it wrote last", loser_names=["A"], **winner)

def timing(source, destination, *delays):
    samples = [Sample(source, destination, 0.4, each, gave_up=None if each else 3.0) for each in delays]
    return summarise(samples)

@then("partner B has won")
def _(findings):
    findings.append(conflict())

def test_quick(findings):
    findings.append(timing("us", "eu", 0.5, 0.8))
    findings.append(timing("eu", "us", 11.2, None))
    findings.append(Note("left to the report"))
    assert False

def test_another_race(findings):
    findings.append(conflict(kind="sequential overwrite"))

def test_strange_race(findings):
    findings.append(conflict("wrong"))

def test_nothing(findings): ...

@pytest.mark.parametrize("asked", [False, True])
def test_contended(findings, asked):
    for _ in range(2):
        findings.append(Contention([1, 2], "conflict", "A and B"))
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
    assert "B won over A: it wrote last" in xml


@pytest.mark.slow
def test_workers_tell_the_same(project: Path) -> None:
    assert findings_of(project, "-n2") == findings_of(project, "-q")


@pytest.mark.slow
def test_each_sentence_is_told_if_asked_for(project: Path) -> None:
    assert "later: B won over A" in findings_of(project, "-v", "-k", "writes")
