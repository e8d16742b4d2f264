"""The replication timeline and the timing plot: what is drawn of what."""

import re
from dataclasses import replace

import pytest

from support.reporting.pictures.time_axis import TimeAxis
from support.reporting.pictures.timeline import timeline
from support.reporting.pictures.timing_plot import timing_plot
from support.tests.reporting.records import BASE, IDENTITY, conflict, look, made, timed
from support.tests.verdicts.histories import EU, US, put
from support.verdicts.findings import Finding


def labels(svg: str) -> list[str]:
    """The texts of a picture."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_nothing_happened_nothing_is_drawn() -> None:
    assert timeline(made()) == ""
    assert timing_plot(made()) == ""


def test_the_timeline_has_a_lane_for_each_region_and_names_the_writers() -> None:
    shown = " ".join(labels(timeline(conflict())))
    for words in ("us-east-1", "eu-west-1", "Ireland", "partner A (150)", "partner B (120)"):
        assert words in shown


def test_the_timeline_explains_the_marks_it_uses_and_no_others() -> None:
    shown = " ".join(labels(timeline(made(put(US, 0, BASE), look(EU, 1, None), look(EU, 2, BASE)))))
    assert "read: absent" in shown
    assert "read: current" in shown
    assert "arrival" in shown
    assert "read: stale" not in shown


def test_the_timeline_shows_the_time_of_day_and_says_that_it_is_simulated() -> None:
    shown = labels(timeline(conflict()))
    assert "15:30:00.0" in shown
    assert "time of day (UTC, simulated)" in shown


def test_a_long_pause_is_left_out_and_said_to_be() -> None:
    assert "10 min" in " ".join(labels(timeline(conflict())))


def test_the_same_record_gives_the_same_picture() -> None:
    record = conflict()
    assert timeline(record) == timeline(record)


def test_moments_keep_their_order_and_pauses_take_no_room() -> None:
    axis = TimeAxis([0, 1, 600, 601])
    places = [axis.position(at) for at in (0, 0.5, 1, 600, 600.5, 601)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == pytest.approx(1)
    assert [seconds for _, seconds in axis.pauses()] == [599]


def test_a_single_moment_has_a_place() -> None:
    assert 0 <= TimeAxis([5.0]).position(5.0) <= 1


def test_the_plot_tells_the_direction_how_many_and_how_many_are_censored() -> None:
    shown = labels(timing_plot(timed(0.5, 0.9, None)))
    assert f"{US} to {EU}: n = 3, 1 censored" in shown
    assert "the page's 2 seconds" in shown


def test_the_plot_has_the_distribution_and_the_empirical_curve() -> None:
    shown = " ".join(labels(timing_plot(timed(0.5, 0.9))))
    assert "Distribution" in shown
    assert "Empirical curve" in shown


def test_items_that_never_arrive_can_be_plotted() -> None:
    assert f"{US} to {EU}: n = 2, 2 censored" in labels(timing_plot(timed(None, None)))


def test_a_delay_of_any_length_is_inside_the_plot() -> None:
    assert "40" in labels(timing_plot(timed(0.5, 45.0)))


def test_a_scenario_without_probes_has_no_plot() -> None:
    record = made(put(US, 0, BASE), findings=[Finding("note", "seen")], identity=replace(IDENTITY, line=1))
    assert timing_plot(record) == ""
