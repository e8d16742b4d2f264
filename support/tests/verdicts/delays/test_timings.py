"""What is measured: the bracket of a probe, and the figures of a direction."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.polling import PollPolicy, Progress
from support.tests.verdicts.delays.replica import Replica, arrived, censored
from support.tests.verdicts.histories import AP, EU, US
from support.verdicts.delays.timings import NEVER, Sample, Summary, probe, quantile, summarise

_seconds = st.integers(0, 5_000_000).map(lambda number: number / 1_000_000)


@given(lag=_seconds, start=_seconds, every=st.sampled_from([0.01, 0.1, 0.25, 1.0]))
@settings(derandomize=True, deadline=None, max_examples=200, database=None)
def test_the_true_delay_is_inside_the_bracket_and_the_bracket_no_wider_than_a_pause(
    lag: float, start: float, every: float
) -> None:
    sample = Replica(lag, start).probed(every=every)
    assert sample.first_hit is not None
    low = sample.last_miss or 0.0
    assert low - 1e-6 <= lag <= sample.first_hit + 1e-6
    assert sample.first_hit - low <= every + 2e-6
    assert abs(sample.delay - lag) <= every + 2e-6


@given(lag=_seconds, writing=st.sampled_from([0.0, 0.3]), looking=st.sampled_from([0.02, 0.5]))
@settings(derandomize=True, deadline=None, max_examples=100, database=None)
def test_slow_answers_widen_the_bracket_by_as_much_as_they_took(lag: float, writing: float, looking: float) -> None:
    sample = Replica(lag, writing=writing, looking=looking).probed()
    assert sample.first_hit is not None
    assert (sample.last_miss or 0.0) - 1e-6 <= lag <= sample.first_hit + 1e-6
    assert sample.first_hit - (sample.last_miss or 0.0) <= 0.1 + sample.looking + sample.writing + 3e-6


def test_what_is_there_at_the_first_look_has_no_miss() -> None:
    assert Replica(lag=0).probed() == Sample(US, EU, None, 0.0)


def test_a_sample_tells_how_long_write_looks_and_pause_took() -> None:
    sample = Replica(lag=0.9, writing=0.25, looking=0.5).probed(every=0.25)
    assert sample == Sample(US, EU, 0.25, 1.5, None, writing=0.25, looking=1.0, paused=0.25)


def test_what_is_awaited_is_reported_while_it_is() -> None:
    reported: list[Progress] = []
    replica = Replica(lag=0.5)
    policy = PollPolicy(replica.clock.elapsed, within=1.0, every=0.5, on_progress=reported.append)
    replica.clock.run(probe(US, EU, replica.write, replica.shows, policy))
    assert reported == [Progress("an item of us-east-1 in eu-west-1: not there yet", 0.0, 1.0)]


def test_the_start_is_taken_before_the_write() -> None:
    assert Replica(lag=0, writing=0.7).probed().delay == pytest.approx(0.7)


def test_what_arrives_at_the_deadline_has_arrived() -> None:
    assert not Replica(lag=3.0).probed(within=3.0).censored


def test_what_arrives_after_the_deadline_is_a_censored_sample() -> None:
    sample = Replica(lag=3.01).probed(within=3.0)
    assert sample == Sample(US, EU, 3.0, None, gave_up=3.0)
    assert (sample.censored, sample.delay) == (True, NEVER)


@given(start=st.integers(0, 10**9), within=st.sampled_from([0.2, 3.0, 120.0]))
@settings(derandomize=True, deadline=None, max_examples=50, database=None)
def test_a_probe_gives_up_whenever_it_started(start: int, within: float) -> None:
    sample = Replica(lag=1000, start=start / 1_000_000).probed(within=within, every=0.7)
    assert sample.gave_up == pytest.approx(within, abs=1e-5)


def test_figures_are_those_computed_by_hand() -> None:
    brackets = [(0.25, 0.5), (None, 1.75), (0.75, 1.0), (1.0, 1.25)]
    assert summarise([Sample(US, EU, low, high, looking=0.5, paused=1.0) for low, high in brackets]) == Summary(
        US, EU, count=4, censored=0, gave_up=0.0, fastest=0.5, slowest=1.75, average=1.125,
        p50=1.0, p95=1.75, p99=1.75, widest=1.75, p50_at_least=0.25, shares=(1.0, 0.5, 0.25),
    )  # fmt: skip


def test_if_nothing_arrived_no_figure_is_known() -> None:
    assert summarise([censored(120.0), censored(60.0)]) == Summary(
        US, EU, count=2, censored=2, gave_up=60.0, fastest=NEVER, slowest=NEVER, average=NEVER,
        p50=NEVER, p95=NEVER, p99=NEVER, widest=0.0, p50_at_least=60.0, shares=(0.0, 0.0, 0.0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "of_twenty", "of_hundred", "of_101"), [(0.5, 10, 50, 51), (0.95, 19, 95, 96), (0.99, 20, 99, 100)]
)
def test_quantiles_are_nearest_ranks(share: float, of_twenty: int, of_hundred: int, of_101: int) -> None:
    assert quantile(range(1, 21), share) == of_twenty
    assert quantile(range(1, 101), share) == of_hundred
    assert quantile(range(1, 102), share) == of_101
    assert quantile([7], share) == 7


def test_rounding_never_moves_a_quantile_by_a_rank() -> None:
    for share, exact in ((0.5, Fraction(1, 2)), (0.95, Fraction(19, 20)), (0.99, Fraction(99, 100))):
        for count in range(1, 2001):
            assert quantile(range(1, count + 1), share) == math.ceil(exact * count)


def test_a_censored_sample_counts_as_the_slowest() -> None:
    summary = summarise([*arrived(*[0.5] * 18), censored(), *arrived(0.7)])
    assert (summary.count, summary.censored, summary.p50, summary.p95) == (20, 1, 0.5, 0.7)
    assert (summary.p99, summary.slowest) == (NEVER, NEVER)
    assert summary.figures()["p99"] == summary.figures()["slowest"] == "> 120.00 s"


@pytest.mark.parametrize(
    "samples", [[], [*arrived(1.0), Sample(EU, US, None, 1.0)], [*arrived(1.0), Sample(US, AP, 0, 1)]]
)
def test_figures_of_no_sample_or_of_several_directions_are_refused(samples: list[Sample]) -> None:
    with pytest.raises(ValueError, match=r"^figures need the samples of one direction, not of [02]$"):
        summarise(samples)


@pytest.mark.parametrize(("hits", "usually"), [((1.9, 1.99, 9.0), True), ((0.5, 2.0, 2.1), False)])
def test_usually_is_the_median_and_less(hits: tuple[float, ...], usually: bool) -> None:
    summary = summarise(arrived(*hits))
    assert summary.is_usually_below(2.0) is usually
    assert ("does not hold" in summary.finding(2.0).title) is not usually


def test_half_the_samples_censored_is_never_usually_fast() -> None:
    assert not summarise([*arrived(0.1), censored(), censored()]).is_usually_below(100_000)


def test_a_bracket_around_the_limit_says_neither_that_it_holds_nor_that_it_does_not() -> None:
    wide = summarise([Sample(US, EU, 1.0, 3.0), Sample(US, EU, 1.5, 2.5)])
    assert (wide.is_usually_below(2), wide.is_usually_above(2)) == (False, False)


@pytest.mark.parametrize(("delay", "below", "above"), [(1.9, True, False), (2.0, False, False), (2.1, False, True)])
def test_narrow_brackets_say_which(delay: float, below: bool, above: bool) -> None:
    narrow = summarise([Sample(US, EU, delay - 0.1, delay)])
    assert (narrow.is_usually_below(2), narrow.is_usually_above(2)) == (below, above)


def test_a_median_that_was_missed_at_the_limit_is_above_it() -> None:
    assert summarise([Sample(US, EU, 2.0, 2.1)]).is_usually_above(2.0)


def test_items_that_did_not_arrive_took_at_least_as_long_as_they_were_awaited() -> None:
    assert summarise([censored(120), censored(120), Sample(US, EU, 0.1, 0.2)]).is_usually_above(2)
