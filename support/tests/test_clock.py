import threading
import time as system_time
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clock import PAGE_DAY, Clock, SimulatedClock, Task, WallClock

both = pytest.mark.parametrize("clock", [WallClock(), SimulatedClock()], ids=["wall", "simulated"])


def note(clock: Clock, notes: list[str], name: str, *waits: float) -> Task[str]:
    for number, wait in enumerate(waits):
        notes.append(f"{name}{number} {clock.elapsed():.1f}")
        yield wait
    notes.append(f"{name} ends {clock.elapsed():.1f}")
    return name


def fail_after(seconds: float) -> Task[str]:
    yield seconds
    raise LookupError("nothing there")


def wait_long(ended: list[str]) -> Task[str]:
    try:
        yield 600
        return "done"
    finally:
        ended.append("ended")


def test_waiting_moves_the_simulated_clock_at_once() -> None:
    clock = SimulatedClock()
    started = system_time.monotonic()
    clock.wait(3600.25)
    assert (clock.elapsed(), clock.now()) == (3600.25, PAGE_DAY + timedelta(seconds=3600.25))
    assert clock.real_elapsed() < 10
    assert system_time.monotonic() - started < 10


@both
def test_a_wait_of_less_than_nothing_is_none(clock: Clock) -> None:
    before = clock.elapsed()
    clock.wait(-60)
    assert before <= clock.elapsed() < before + 10


@given(st.integers(0, 10**9), st.sampled_from([0.1, 0.2, 3.0, 60.0, 120.0]))
def test_a_wait_for_a_deadline_ends_at_it(start: int, within: float) -> None:
    clock = SimulatedClock()
    clock.wait(start / 1_000_000)
    started, turns = clock.elapsed(), 0
    while clock.elapsed() - started < within:
        clock.wait(within - (clock.elapsed() - started))
        turns += 1
        assert turns < 5, "time stands still just before the deadline"
    assert clock.elapsed() - started < within + 0.000_01


def test_tasks_wake_in_the_order_of_time() -> None:
    clock, notes = SimulatedClock(), list[str]()
    clock.run(note(clock, notes, "a", 2, 2), note(clock, notes, "b", 1, 2))
    assert notes == ["a0 0.0", "b0 0.0", "b1 1.0", "a1 2.0", "b ends 3.0", "a ends 4.0"]


def test_tasks_that_wake_at_one_moment_do_so_in_the_order_given() -> None:
    clock, notes = SimulatedClock(), list[str]()
    clock.run(*(note(clock, notes, name, 1, 1) for name in "cab"))
    assert [each[0] for each in notes] == ["c", "a", "b"] * 3


def test_a_task_that_lets_the_clock_run_makes_the_others_late_but_not_lost() -> None:
    clock, notes = SimulatedClock(), list[str]()

    def busy() -> Task[str]:
        yield 1
        clock.wait(10)
        return "busy"

    assert clock.run(busy(), note(clock, notes, "b", 2)) == ["busy", "b"]
    assert notes == ["b0 0.0", "b ends 11.0"]


def test_a_task_may_run_tasks_of_its_own() -> None:
    clock, notes = SimulatedClock(), list[str]()

    def outer() -> Task[str]:
        yield 1
        return "".join(clock.run(note(clock, notes, "a", 3), note(clock, notes, "b", 2)))

    assert clock.run(outer()) == ["ab"]
    assert clock.elapsed() == 4


@both
def test_results_come_in_the_order_of_the_tasks(clock: Clock) -> None:
    assert clock.run(note(clock, [], "slow", 0.05), note(clock, [], "fast", 0.0)) == ["slow", "fast"]


@both
def test_no_task_is_no_result(clock: Clock) -> None:
    assert clock.run() == []


@both
@pytest.mark.parametrize("others", [0, 1])
def test_an_error_in_a_task_comes_out_and_ends_the_others_and_their_threads(clock: Clock, others: int) -> None:
    ended, threads, started = list[str](), threading.active_count(), system_time.monotonic()
    with pytest.raises(LookupError, match="nothing there"):
        clock.run(*(wait_long(ended) for _ in range(others)), fail_after(0.02))
    assert len(ended) == others
    assert threading.active_count() <= threads
    assert system_time.monotonic() - started < 20, "nobody waits for the others to end by themselves"


def test_fifty_tasks_on_the_wall_clock_take_as_long_as_one() -> None:
    clock = WallClock()
    results = clock.run(*(note(clock, [], str(number), 0.2) for number in range(50)))
    assert results == [str(number) for number in range(50)]
    assert 0.2 <= clock.elapsed() < 5


@pytest.mark.parametrize(
    ("clock", "moments", "seconds"),
    [
        (SimulatedClock(), [time(15, 40), time(15, 40, 5), time(15, 30)], [600, 605, 0]),
        (SimulatedClock(), [time(15, 29, 59), time(0, 0, 1)], [86399, 30601]),  # of the next day
        (WallClock(), [time(15, 40, 5), time(15, 40), time(15, 40, 0, 100_000)], [5, 0, 0.1]),
        (WallClock(), [time(23, 59, 58), time(0, 0, 3)], [0, 5]),
    ],
)
def test_the_simulated_clock_waits_until_a_time_of_its_day_and_the_wall_clock_from_the_first_moment(
    clock: Clock, moments: list[time], seconds: list[float]
) -> None:
    assert clock.seconds_until(moments) == seconds


def test_the_wall_clock_tells_the_time_in_utc() -> None:
    assert abs(WallClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
