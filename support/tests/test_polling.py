import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy, Progress


def pauses(clock: SimulatedClock, policy: PollPolicy) -> list[float]:
    """All pauses of a wait that is never over before its time."""
    poll = policy.start()
    paused: list[float] = []
    while True:
        poll.look()
        if poll.over:
            return paused
        paused.append(poll.pause("something"))
        clock.wait(paused[-1])


def test_pauses_are_short_at_first_and_grow_with_the_time_waited() -> None:
    clock = SimulatedClock()
    paused = pauses(clock, PollPolicy(clock.elapsed, within=100, every=0.1))
    assert paused[0] == 0.1
    assert max(paused) == pytest.approx(0.05 * 100, rel=0.1)


def test_progress_says_what_is_awaited_and_for_how_long() -> None:
    clock = SimulatedClock()
    told: list[Progress] = []
    poll = PollPolicy(clock.elapsed, 10, 1, on_progress=told.append).start()
    clock.wait(2)
    poll.pause("the item in eu-west-1")
    assert told == [Progress("the item in eu-west-1", 2, 10)]


def test_a_look_is_too_late_only_if_it_was_sent_after_the_limit() -> None:
    clock = SimulatedClock()
    poll = PollPolicy(clock.elapsed, within=10, every=1).start()
    clock.wait(3)
    poll.look()
    clock.wait(70)  # the process stood still
    assert not poll.over
    poll.look()
    assert poll.over


def test_a_limit_of_zero_asks_for_what_the_first_look_finds() -> None:
    clock = SimulatedClock()
    poll = PollPolicy(clock.elapsed, within=0, every=1).start()
    clock.wait(5)
    assert poll.in_time()
