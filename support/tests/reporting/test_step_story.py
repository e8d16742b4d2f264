"""What the report tells under a step: writes, reads with what they found, and how much time passed on both clocks."""

from collections.abc import Sequence

import pytest

from support.clock import SimulatedClock, WallClock
from support.reporting.recording.operations import RecordingContext, StepStory
from support.tests.reporting.records import BASE, A, look
from support.tests.verdicts.histories import EU, KEY, US, put, write
from support.verdicts.history import History, Read, Write


def told(*during: Write | Read, before: Sequence[Write | Read] = (), waits: float = 0.0) -> list[str]:
    """The lines of a step in which this happened, after that."""
    history, clock = History(), SimulatedClock()
    for operation in before:
        history.add(operation)
    story = StepStory(RecordingContext(history, clock))
    for operation in during:
        history.add(operation)
    clock.wait(waits)
    return list(story.lines(RecordingContext(history, clock)))


BEFORE = put(US, 0, BASE)


@pytest.mark.parametrize(
    ("during", "lines"),
    [
        ([write(US, 600, BASE, A, "A")], ["update of partner A in us-east-1 at 15:40:00.000 UTC: acknowledged"]),
        (
            [look(EU, 1, None), look(EU, 2, None), look(EU, 3, BASE), look(US, 1, BASE)],
            [f"read {KEY} in eu-west-1: absent 2 times, then current", f"read {KEY} in us-east-1: current"],
        ),
        ([put(US, number, BASE) for number in range(5)], ["wrote 5 items in us-east-1: 5 acknowledged"]),
    ],
    ids=["a write", "reads", "many writes"],
)
def test_writes_and_reads_of_the_step_are_told(during: list[Write | Read], lines: list[str]) -> None:
    assert told(*during, before=[BEFORE]) == lines


def test_a_wait_is_told_in_simulated_and_in_real_time() -> None:
    [line] = told(waits=41.2)
    assert line.startswith("waited: simulated 41.2 s, real ")


def test_on_a_real_clock_the_duration_of_the_step_says_it() -> None:
    opened = RecordingContext(History(), WallClock())
    assert list(StepStory(opened).lines(opened)) == []


def test_a_table_that_is_opened_in_the_step_is_followed_from_its_beginning() -> None:
    history, clock = History(), SimulatedClock()
    history.add(BEFORE)
    clock.wait(2)
    _, waited = StepStory(None).lines(RecordingContext(history, clock))
    assert waited.startswith("waited: simulated 2.0 s")
