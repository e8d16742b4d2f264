"""Live runs that pause replication: once for all that need it, when all others have ended; never left paused."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from support.experiments import AT_WORK
from support.page.scenarios import read_scenarios
from support.simulator import Lag
from support.simulator.messages import Response
from support.tests.served import EU, US, Served, finished, served, until
from support.tests.suite_runs import ROOT

FEATURE = "features/region_lost.feature"
OTHER = "features/exercise_1_write_primary_read_replica.feature"
PAUSING = ("--experiments", "-q", "-p", "no:allure_pytest")
NAMED = "overwritten and named"


def paused(server: Served) -> bool:
    return any(link.cut for link in server.simulator.replication.links())


def at_work(server: Served) -> list[str]:
    listed = server.client(US, "fis").list_experiments()["experiments"]
    return [each["id"] for each in listed if each["state"]["status"] in AT_WORK]


def starts(server: Served) -> list[int]:
    """How many requests of DynamoDB had come, for each start of an experiment that will be asked for."""
    asked: list[int] = []
    answer = server.simulator.experiment

    def listening(region: str, method: str, path: str, parameters: Mapping[str, Any]) -> Response:
        if method == "POST":
            asked.append(len(server.requests))
        return answer(region, method, path, parameters)

    server.simulator.experiment = listening  # type: ignore[method-assign]
    return asked


def writes_of(server: Served, part: str) -> list[int]:
    """The places of the writes among all requests that have this in their body."""
    found = [request.operation == "PutItem" and part.encode() in request.body for request in server.requests]
    return [place for place, matches in enumerate(found) if matches]


@pytest.mark.slow
def test_scenarios_share_one_pause_which_begins_when_all_others_have_ended() -> None:
    with served(lag=Lag(median=0.05), latest_effect=3) as server:
        asked = starts(server)
        ran = server.run(FEATURE, OTHER, *PAUSING, "-n", "2", "-k", "overwritten or falls or match")
        experiments = server.client(US, "fis").list_experiments()["experiments"]
        left = server.items(US) + server.items(EU)
        requests = writes_of(server, "PROFILE")
    assert (ran.code, left) == (0, []), ran.lines
    assert [each["state"]["status"] for each in experiments] == ["stopped"]
    assert len(asked) == 2  # by two scenarios, in two workers
    assert requests
    assert max(requests) < min(asked)


@pytest.mark.slow
def test_a_run_that_is_stopped_while_it_pauses_replication_lets_it_go_on() -> None:
    with served(lag=Lag(median=0.05), latest_effect=1) as server:
        running = start(server)
        running.send_signal(signal.SIGTERM)
        output, _ = running.communicate(timeout=60)
        assert at_work(server) == [], output
        assert not paused(server)
        assert server.items(US) + server.items(EU) == []


@pytest.mark.slow
def test_what_a_killed_run_has_paused_goes_on_by_housekeeping() -> None:
    with served(lag=Lag(median=0.05), latest_effect=1) as server:
        running = start(server)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
        assert len(at_work(server)) == 1
        swept = finished([sys.executable, "-m", "support.housekeeping", "--delete"], server.environment, server.root)
        assert (at_work(server), paused(server)) == ([], False), swept.lines
        assert server.items(US) + server.items(EU) == []


@pytest.mark.slow
def test_a_worker_that_dies_leaves_nothing_paused() -> None:
    with served(lag=Lag(median=0.05), latest_effect=1) as server:
        running = start(server, "-n", "2", "-k", "overwritten or falls")
        os.kill(min(process for _, process in server.journals()), signal.SIGKILL)
        output, _ = running.communicate(timeout=120)
        assert (at_work(server), paused(server)) == ([], False), output
        assert running.returncode != 0


def start(server: Served, *options: str) -> subprocess.Popen[str]:
    """A run that has paused replication."""
    running = server.start(FEATURE, *PAUSING, *(options or ("-n", "0", "-k", NAMED)))
    until(lambda: paused(server))
    return running


def test_one_pause_has_a_worker_for_each_scenario_that_needs_it(pytestconfig: pytest.Config) -> None:
    conftest: Any = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    pausing = [each for each in read_scenarios() if "@experiment" in {tag.name for tag in each.tags}]
    assert 0 < sum(len(each.rows) for each in pausing) <= conftest.WORKERS_OF_PAUSE
