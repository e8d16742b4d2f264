"""Whenever an experiment begins to have an effect, a scenario goes on only when replication is paused."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.clock import Clock
from support.experiments import LATEST_EFFECT
from support.housekeeping.experiments import Experiments
from support.page.workshop import TABLE_NAME
from support.simulator import Simulator
from support.simulator.http.server import serve
from support.table.calls import Caller
from support.targets.live import PausableLinks
from support.targets.live_run.order import CUT, DONE, ENDED, Barrier, Flags
from support.tests.http_clients import http_client
from support.tests.worlds import open_world, simulator_of
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import History

US, EU = "us-east-1", "eu-west-1"


@contextmanager
def paused(tmp_path: Path, seed: str, *faults: str) -> Iterator[tuple[PausableLinks, Simulator, Clock, Any]]:
    """The links of a table whose slowest change took a second, on a clock of its own, and the service behind it."""
    world = open_world(faults, seed=int(seed))
    table, clock, simulator = world.table, world.clock, simulator_of(world)
    with closing(simulator), serve(simulator) as server:
        client = http_client(server.url, US, "fis")
        experiments = Experiments(Caller("FIS", client, clock, {}), f"EXTsimulated-{TABLE_NAME}", "ada-1")
        barrier = Barrier(Flags(tmp_path, "ada-1"), "main", 0, 1, 1)
        links = PausableLinks(
            History(), 1.0, barrier=barrier, experiments=experiments, regions=list(map(table.region, table.regions)),
            clock=clock, pk="TEST#timing", on_progress=lambda _: None,
        )  # fmt: skip
        yield links, simulator, clock, client


def is_cut(simulator: Simulator) -> bool:
    return all(link.cut for link in simulator.replication.links())


@pytest.mark.parametrize("seed", [str(number) for number in range(6)])
def test_a_scenario_goes_on_when_nothing_is_delivered_any_more_and_not_before(tmp_path: Path, seed: str) -> None:
    with paused(tmp_path, seed) as (links, simulator, clock, _):
        links.pause()
        assert is_cut(simulator)
        assert clock.elapsed() <= LATEST_EFFECT + 30
        links.resume()
        assert not is_cut(simulator)


def test_a_pause_that_never_has_an_effect_is_no_verdict(tmp_path: Path) -> None:
    with (
        paused(tmp_path, "1", "cannot-be-cut") as (links, _, clock, _),
        pytest.raises(InconclusiveError, match="works"),
    ):
        links.pause()
    assert clock.elapsed() > LATEST_EFFECT


def test_an_experiment_that_has_ended_by_itself_is_no_verdict(tmp_path: Path) -> None:
    with paused(tmp_path, "1") as (links, _, clock, service):
        links.pause()
        clock.wait(3600)
        with pytest.raises(InconclusiveError, match="completed"):
            links.demand_paused()
        with pytest.raises(InconclusiveError, match="not ours to end"):
            links.resume()
        assert service.list_experiments()["experiments"][0]["state"]["status"] == "completed"


def test_a_scenario_that_fails_while_replication_is_paused_lets_it_go_on(tmp_path: Path) -> None:
    with paused(tmp_path, "1") as (links, simulator, _, _):
        links.pause()
        links.leave()
        assert not is_cut(simulator)


def barrier_of(folder: Path, number: int, workers: int = 2) -> Barrier:
    return Barrier(Flags(folder, "ada-1"), f"gw{number % workers}", number, 3, workers)


def test_scenarios_begin_together_and_those_of_the_next_pause_when_these_have_ended(tmp_path: Path) -> None:
    one, other, next_one = (barrier_of(tmp_path, number) for number in range(3))
    for worker in range(2):
        Flags(tmp_path, "ada-1").set(f"{DONE}-gw{worker}")
    one.reach(CUT)
    assert not one.all_can_begin()
    other.reach(CUT)
    assert one.all_can_begin()
    next_one.reach(CUT)
    one.reach(ENDED)
    assert not next_one.all_can_begin()
    other.reach(ENDED)
    assert next_one.all_can_begin()


def test_no_scenario_begins_while_a_worker_runs_others(tmp_path: Path) -> None:
    for number in range(2):
        barrier_of(tmp_path, number).reach(CUT)
    Flags(tmp_path, "ada-1").set(f"{DONE}-gw0")
    assert not barrier_of(tmp_path, 0).all_can_begin()


@pytest.mark.parametrize("words", [["crashed-gw1"], ["over-gw1"]], ids=["a worker died", "a worker has ended"])
def test_waiting_for_a_scenario_whose_worker_has_ended_is_inconclusive(tmp_path: Path, words: list[str]) -> None:
    for word in words:
        Flags(tmp_path, "ada-1").set(word)
    with pytest.raises(InconclusiveError, match="not all scenarios will come"):
        barrier_of(tmp_path, 0).demand_all_will_come()
