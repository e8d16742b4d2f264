"""With workers, the longest waits of a live run start at once, side by side."""

import os

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import Scenario

from support.targets.live_run.longest_first import expected_wait, longest_first
from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN, ROOT

MONITORING = "performance_monitoring.feature"
EXERCISE_3 = "exercise_3_conflict_resolution.feature"


def scenario(feature: str, beginning: str) -> Scenario:
    """A scenario of the features, by how its name begins."""
    scenarios = get_feature(str(ROOT / "features"), feature).scenarios
    (name,) = (name for name in scenarios if name.startswith(beginning))
    return scenarios[name].render({"source": "us-east-1", "destination": "eu-west-1"})


def test_what_cloudwatch_may_take_counts_in_full() -> None:
    errors = expected_wait(scenario(MONITORING, "The SystemErrors"), awaits_metrics=True)
    latency = expected_wait(scenario(MONITORING, "The latency from"), awaits_metrics=True)
    assert (latency, errors) == (600, 240)


def test_what_replication_is_allowed_does_not_count_and_the_times_of_the_partners_do() -> None:
    assert expected_wait(scenario(EXERCISE_3, "Ireland writes five seconds"), awaits_metrics=False) == 5


def waits(name: str) -> float:
    return float(name.rpartition("_")[2])


def test_each_worker_begins_with_one_of_the_longest_and_one_of_the_shortest_behind_it() -> None:
    items = ["a_1", "b_50", "c_0", "d_0", "e_2", "f_60"]
    assert longest_first(items, 2, waits) == ["f_60", "c_0", "b_50", "d_0", "e_2", "a_1"]


def test_fewer_tests_than_two_for_each_worker_are_dealt_out_by_xdist() -> None:
    assert longest_first(["a_1", "b_50", "c_0"], 2, waits) == ["b_50", "a_1", "c_0"]


def test_no_test_is_lost_or_doubled() -> None:
    items = [f"t{number}_{number % 7}" for number in range(40)]
    for workers in range(1, 20):
        assert sorted(longest_first(items, workers, waits)) == sorted(items)


CONFTEST = """
from support.targets.live_run.longest_first import longest_first

def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items[:] = longest_first(items, config.workerinput["workercount"], lambda item: item.callspec.params["wait"])
"""
TESTS = """
import pytest, time

@pytest.mark.parametrize("wait", [0] * 9 + [3] * 3)
def test_it(wait, worker_id):
    time.sleep(wait)
    print(f"waited {wait} in {worker_id}")
"""


@pytest.mark.slow
def test_xdist_starts_each_of_the_longest_in_a_worker_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    ran = run_pytest([*LEAN, "-n", "3", "--maxschedchunk=1", "-rP"], pytester.path, os.environ)
    assert {line for line in ran.stdout.splitlines() if line.startswith("waited 3")} == {
        f"waited 3 in gw{n}" for n in range(3)
    }
