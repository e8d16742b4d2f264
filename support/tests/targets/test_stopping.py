"""A live run that is stopped by a signal stops, and removes its items: with workers too, and when it is sent twice."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.clock import WallClock
from support.simulator import Lag, fault_named
from support.simulator.messages import Request, Response
from support.tests.served import EU, US, Served, finished, served, telling, until
from support.tests.suite_runs import PYTEST

pytestmark = pytest.mark.slow

FEATURE = "features/exercise_1_write_primary_read_replica.feature"
FOREVER = Lag(median=0, extra=3000)
"""Each scenario waits for its item when the signal comes, and none arrives while a removal is under way."""


def alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def at_work(server: Served, workers: int) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A run that waits for an item in each of its processes, and its workers."""
    running = server.start(FEATURE, "-n", str(workers), "-m", "not simulated_only")
    until(lambda: len(server.items(US)) >= max(1, workers))
    started = [process for _, process in server.journals()]
    assert len(started) == max(1, workers)
    try:
        yield running, started
    finally:
        running.kill()
        for each in filter(alive, started):
            os.kill(each, signal.SIGKILL)


@pytest.mark.parametrize(
    ("number", "workers", "group"),
    [
        (signal.SIGINT, 0, False),
        (signal.SIGTERM, 2, False),
        (signal.SIGHUP, 2, True),  # as a terminal does that is closed: twice, and to all processes
    ],
)
def test_a_signal_ends_the_run_and_removes_its_items(number: signal.Signals, workers: int, group: bool) -> None:
    with served(lag=FOREVER) as server, at_work(server, workers) as (running, started):
        for _ in range(1 + group):
            os.killpg(running.pid, number) if group else running.send_signal(number)
        printed, _ = running.communicate(timeout=300)
        assert running.returncode == 2, printed
        assert f"{max(1, workers)} items removed from table" in printed
        assert f"\n{number.name}: the run ends" in printed
        assert f" Interrupted: by {number.name}; not all scenarios were run " in printed
        assert "KeyboardInterrupt" not in printed
        assert server.items(US) == server.items(EU) == []
        assert not any(map(alive, started))


def test_a_second_signal_ends_the_removal_and_says_what_is_left() -> None:
    refused: list[Request] = []

    def busy(request: Request, _: Response) -> Response:
        refused.append(request)
        return Response.error("ProvisionedThroughputExceededException", "busy")

    with served(lag=FOREVER) as server, at_work(server, 2) as (running, started):
        (run,) = {run for run, _ in server.journals()}
        answer_again = telling(server, "DeleteItem", busy)
        running.send_signal(signal.SIGTERM)
        until(lambda: len(refused) > 2)
        WallClock().wait(0.6)
        running.send_signal(signal.SIGTERM)
        printed, _ = running.communicate(timeout=300)
        assert running.returncode == 2
        assert f"interrupted; 2 items of run {run} are left in table" in printed
        assert "python -m support.housekeeping --delete removes them" in printed
        assert not any(map(alive, started))
        answer_again()
        swept = finished([PYTEST[0], "-m", "support.housekeeping", "--delete"], server.environment, server.root)
        assert swept.has("2 items removed from table"), swept.lines
        assert server.items(US) == server.items(EU) == []


def test_workers_do_not_outlive_a_run_that_was_killed() -> None:
    with served(lag=FOREVER) as server, at_work(server, 2) as (running, started):
        running.kill()
        running.communicate()
        until(lambda: not any(map(alive, started)), within=60)


def test_a_run_that_is_stopped_before_its_first_test_says_so_in_one_line() -> None:
    with served() as server:
        server.simulator.faults.inject(fault_named("slow-answers=1"))
        running = server.start(FEATURE)
        until(lambda: bool(server.requests))
        running.send_signal(signal.SIGTERM)
        printed, _ = running.communicate(timeout=300)
        assert printed.strip().splitlines()[-1] == "interrupted by SIGTERM before anything was run"
        assert "Traceback" not in printed
        assert running.returncode == 2
        server.simulator.faults.take_back("slow-answers")
