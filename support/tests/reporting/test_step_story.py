"""What the report tells under a step: writes, reads with what they found, and how much time passed on both clocks."""

from collections.abc import Sequence

from support.clock import SimulatedClock, WallClock
from support.reporting.recording.scenario_record import RecordingContext
from support.reporting.recording.step_story import StepStory
from support.tests.reporting.records import BASE, A, look
from support.tests.verdicts.histories import EU, US, put, write
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
    return [line.title for line in story.lines(RecordingContext(history, clock))]


def test_a_step_that_did_nothing_tells_nothing() -> None:
    assert told(before=[put(US, 0, BASE)]) == []


def test_a_write_is_told_with_partner_region_and_time() -> None:
    base = put(US, 0, BASE)
    assert told(write(US, 600, BASE, A, "A"), before=[base]) == [
        "update of partner A in us-east-1 at 15:40:00.000 UTC: acknowledged"
    ]


def test_reads_tell_what_they_found_one_after_the_other() -> None:
    looks = [look(EU, 1, None), look(EU, 2, None), look(EU, 3, BASE)]
    assert told(*looks, before=[put(US, 0, BASE)]) == [
        "read USER#global-user-ada / ORDER#conflict-test in eu-west-1: absent 2 times, then current"
    ]


def test_each_region_has_a_line_of_its_own() -> None:
    lines = told(look(EU, 1, None), look(US, 1, BASE), before=[put(US, 0, BASE)])
    assert [line.rpartition(" in ")[2] for line in lines] == ["eu-west-1: absent", "us-east-1: current"]


def test_many_writes_are_counted() -> None:
    assert told(*(put(US, number, BASE) for number in range(9))) == ["wrote 9 items in us-east-1: 9 acknowledged"]


def test_a_wait_is_told_in_simulated_and_in_real_time() -> None:
    [line] = told(waits=41.2)
    assert line.startswith("waited: simulated 41.2 s, real ")
    assert line.endswith(" ms")


def test_on_a_real_clock_the_duration_of_the_step_says_it() -> None:
    opened = RecordingContext(History(), WallClock())
    assert list(StepStory(opened).lines(opened)) == []


def test_a_table_that_is_opened_in_the_step_is_followed_from_its_beginning() -> None:
    history, clock = History(), SimulatedClock()
    history.add(put(US, 0, BASE))
    clock.wait(2)
    lines = [line.title for line in StepStory(None).lines(RecordingContext(history, clock))]
    assert len(lines) == 2
    assert lines[1].startswith("waited: simulated 2.0 s")
