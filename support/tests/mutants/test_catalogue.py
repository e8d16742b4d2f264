"""The catalogue of mutants as a reader finds it."""

import pytest

from support.clock import SimulatedClock
from support.gherkin.tags import declared_tags
from support.mutants.catalogue import MUTANTS, mutant_named
from support.mutants.mutant import Mutant
from support.mutants.running import ROOT, wrong_simulator
from support.page.workshop import TABLE


def test_there_are_fifty_mutants_at_least_each_with_a_name_of_its_own() -> None:
    assert len({each.name for each in MUTANTS}) == len(MUTANTS) >= 50


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_mutant_says_in_a_sentence_what_is_wrong_and_which_scenarios_are_about_it(mutant: Mutant) -> None:
    assert mutant.says.endswith(".")
    assert mutant.rule
    assert mutant.subjects
    assert set(mutant.subjects) <= declared_tags(ROOT / "pyproject.toml")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_mutant_finds_the_seam_that_it_is_applied_at(mutant: Mutant) -> None:
    simulator = wrong_simulator(mutant.name, SimulatedClock(), ("us-east-1", "eu-west-1"), "1")
    simulator.create_global_table(TABLE)
    simulator.close()


def test_an_unknown_name_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(
        LookupError, match="there is no mutant 'loses-all': perhaps 'loses-all-changes' was meant; --list "
    ):
        mutant_named("loses-all")
