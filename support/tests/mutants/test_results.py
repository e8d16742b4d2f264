"""What speaks against the suite, from runs made by hand."""

import json
from pathlib import Path

import pytest

from support.gherkin.tags import declared_tags
from support.mutants.results import MutantResult, Proof
from support.mutants.running import ROOT, Run
from support.reporting.scenario_result import ScenarioResult
from support.simulator import Fault, fault_named
from support.simulator.faults import FAULTS

MUTANT = fault_named("loses-an-attribute")
EQUIVALENT = fault_named("delivers-twice")
MESSAGE = "eu-west-1 shows no email"


def ended(status: str, tag: str = "exercise_1", message: str = "") -> ScenarioResult:
    how = {"status": "broken", "inconclusive": True} if status == "inconclusive" else {"status": status}
    return ScenarioResult(node_id="a", title="A", tags=(tag,), message=message, **how)


HEALTHY = Run(1, (ended("passed"),))


def result(status: str, tag: str = "exercise_1", message: str = MESSAGE, mutant: Fault = MUTANT) -> MutantResult:
    return MutantResult(mutant, Run(1, (ended(status, tag, message),)))


def test_each_fault_is_about_scenarios_that_a_tag_selects() -> None:
    assert {tag for each in FAULTS.values() for tag in each.subjects} <= declared_tags(ROOT / "pyproject.toml")


def test_a_scenario_about_the_rule_has_to_notice_a_mutant_if_one_was_run() -> None:
    noticed = result("failed", tag="monitoring")
    passed = result("passed").run.scenarios
    both = MutantResult(MUTANT, Run(1, (*noticed.run.scenarios, *passed)))
    assert both.problem == "only scenarios about something else notice it, none of exercise_1"
    assert noticed.problem == ""


@pytest.mark.parametrize(
    ("red", "says"),
    [
        (result("failed"), ""),
        (result("passed"), "no scenario notices it"),
        (result("inconclusive"), "no scenario notices it"),
        (result("broken"), f"A breaks instead of coming to a verdict: {MESSAGE}"),
        (result("broken", mutant=EQUIVALENT), f"A breaks instead of coming to a verdict: {MESSAGE}"),
        (
            result("failed", message="3 pages expected\n  in eu-west-1"),
            "the message of A names no region in its first line: 3 pages expected",
        ),
        (
            result("failed", message="us-east-1 shows\n  an <Image object at 0x7f>"),
            "the message of A shows Python ( at 0x) instead of words: us-east-1 shows",
        ),
        (result("passed", mutant=EQUIVALENT), ""),
        (result("failed", mutant=EQUIVALENT), "it is called equivalent, and is killed by A"),
        (MutantResult(MUTANT, Run(1, (), "no such option")), "the features could not be run: no such option"),
    ],
)
def test_a_mutant_speaks_against_the_suite_unless_a_scenario_about_its_rule_kills_it(
    red: MutantResult, says: str
) -> None:
    assert red.problem == says
    assert Proof([red], [HEALTHY]).problems(whole=False) == ([f"{red.mutant.name}: {says}"] if says else [])


def test_a_scenario_that_kills_nothing_is_named_when_all_mutants_were_run() -> None:
    proof = Proof([result("passed", mutant=EQUIVALENT)], [HEALTHY])
    assert proof.problems(whole=True) == ["a kills no mutant"]


@pytest.mark.parametrize(
    ("right", "says"),
    [
        *(
            (Run(7, (ended(status, message="too late"),)), "A is red on a right table: too late")
            for status in ("failed", "inconclusive", "broken")
        ),
        (Run(7, (), "no such option"), "the features could not be run: no such option"),
    ],
)
def test_a_right_table_that_is_red_or_could_not_be_tested_is_named_with_the_seed(right: Run, says: str) -> None:
    assert Proof([], [right]).problems(whole=False) == [f"seed 7: {says}"]


def test_the_file_has_the_table_of_scenarios_and_mutants(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "mutants.json"
    Proof([result("failed"), result("broken"), result("inconclusive")], [HEALTHY]).write(path)
    content = json.loads(path.read_text())
    assert content["schema"] == 1
    assert [each["status"] for each in content["mutants"]] == ["killed", "survived", "survived"]
    told = [{"scenario": "a", "message": MESSAGE}]
    assert [each["killed_by"] for each in content["mutants"]] == [told, [], []]
    assert [each["broken"] for each in content["mutants"]] == [[], told, []]
    assert [each["inconclusive"] for each in content["mutants"]] == [[], [], told]
    assert content["scenarios"] == [{"node_id": "a", "title": "A", "kills": [MUTANT.name]}]
    assert content["healthy_seeds"] == {"runs": 1, "red": 0}
