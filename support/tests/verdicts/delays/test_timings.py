import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.tests.verdicts.histories import AP, EU, US
from support.verdicts.delays.timings import NEVER, Sample, probe, quantile, summarise


def arrived(*hits: float) -> list[Sample]:
    return [Sample(US, EU, hit - 0.1, hit) for hit in hits]


def censored(gave_up: float = 120.0) -> Sample:
    return Sample(US, EU, gave_up, None, gave_up=gave_up)


class Replica:
    """Something that arrives a while after it was written, on a clock of its own; each request takes time too."""

    def __init__(self, lag: float, start: float = 0.0, writing: float = 0.0, looking: float = 0.0) -> None:
        self.clock = SimulatedClock()
        self.clock.wait(start)
        self.lag, self.writing, self.looking = lag, writing, looking
        self.started = self.clock.elapsed()
        self.written = math.inf

    def write(self) -> float:
        self.written = self.clock.elapsed()
        self.clock.wait(self.writing)
        return self.written

    def shows(self) -> bool:
        self.clock.wait(self.looking / 2)
        there = self.clock.elapsed() >= self.written + self.lag
        self.clock.wait(self.looking / 2)
        return there

    def probed(self, within: float = 120.0, every: float = 0.1) -> Sample:
        task = probe(US, EU, self.write, self.shows, PollPolicy(self.clock.elapsed, within, every, backoff=0))
        (sample,) = self.clock.run(task)
        return sample


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
    sample = Replica(lag=0).probed()
    assert (sample.last_miss, sample.first_hit, sample.bracket) == (None, 0.0, "between 0.00 and 0.00 s")


def test_the_start_is_taken_before_the_write() -> None:
    assert Replica(lag=0, writing=0.7).probed().delay == pytest.approx(0.7)


def test_what_arrives_at_the_deadline_has_arrived() -> None:
    assert not Replica(lag=3.0).probed(within=3.0).censored


def test_what_arrives_after_the_deadline_is_a_censored_sample() -> None:
    sample = Replica(lag=3.01).probed(within=3.0)
    assert (sample.censored, sample.gave_up, sample.delay) == (True, 3.0, NEVER)
    assert sample.bracket == "not within 3.00 s"


@given(start=st.integers(0, 10**9), within=st.sampled_from([0.2, 3.0, 120.0]))
@settings(derandomize=True, deadline=None, max_examples=50, database=None)
def test_a_probe_gives_up_whenever_it_started(start: int, within: float) -> None:
    sample = Replica(lag=1000, start=start / 1_000_000).probed(within=within, every=0.7)
    assert sample.gave_up == pytest.approx(within, abs=1e-5)


def test_figures_are_those_computed_by_hand() -> None:
    summary = summarise(arrived(0.4, 1.6, 0.8, 1.2))
    assert (summary.count, summary.censored) == (4, 0)
    assert (summary.fastest, summary.slowest, summary.average) == (0.4, 1.6, 1.0)
    assert (summary.p50, summary.p95, summary.p99) == (0.8, 1.6, 1.6)


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


def test_of_censored_samples_no_average_is_claimed() -> None:
    summary = summarise([*arrived(0.5, 0.6), censored()])
    assert summary.figures()["average"] == "not known"
    assert summary.average == NEVER


def test_a_figure_is_said_to_be_longer_only_than_the_shortest_wait() -> None:
    summary = summarise([censored(10.0), censored(120.0), *arrived(0.5)])
    assert summary.figures()["p50"] == "> 10.00 s"


def test_if_nothing_arrived_there_is_no_fastest() -> None:
    figures = summarise([censored(), censored()]).figures()
    assert (figures["fastest"], figures["p50"], figures["censored"]) == ("> 120.00 s", "> 120.00 s", "2")


@pytest.mark.parametrize(
    "samples", [[], [*arrived(1.0), Sample(EU, US, None, 1.0)], [*arrived(1.0), Sample(US, AP, 0, 1)]]
)
def test_figures_of_no_sample_or_of_several_directions_are_refused(samples: list[Sample]) -> None:
    with pytest.raises(ValueError, match="samples of one direction"):
        summarise(samples)


@pytest.mark.parametrize(("hits", "usually"), [((1.9, 1.99, 9.0), True), ((0.5, 2.0, 2.1), False)])
def test_usually_is_the_median_and_less(hits: tuple[float, ...], usually: bool) -> None:
    summary = summarise(arrived(*hits))
    assert summary.is_usually_below(2.0) is usually
    assert ("does not hold" in summary.finding(2.0).title) is not usually


def test_half_the_samples_censored_is_never_usually_fast() -> None:
    assert not summarise([*arrived(0.1), censored(), censored()]).is_usually_below(100_000)


def test_the_finding_says_how_many_arrived_and_whether_the_page_s_claim_holds() -> None:
    finding = summarise([*arrived(0.5, 0.6), censored()]).finding(2.0)
    assert finding.title == "us-east-1 to eu-west-1: 2 of 3 probes arrived; usually < 2 seconds holds"
    assert dict(finding.details)["probes"] == "3"


def test_a_bracket_around_the_limit_says_neither_that_it_holds_nor_that_it_does_not() -> None:
    wide = summarise([Sample(US, EU, 1.0, 3.0), Sample(US, EU, 1.5, 2.5)])
    assert (wide.is_usually_below(2), wide.is_usually_above(2)) == (False, False)


@pytest.mark.parametrize(("delay", "below", "above"), [(1.9, True, False), (2.0, False, False), (2.1, False, True)])
def test_narrow_brackets_say_which(delay: float, below: bool, above: bool) -> None:
    narrow = summarise([Sample(US, EU, delay - 0.1, delay)])
    assert (narrow.is_usually_below(2), narrow.is_usually_above(2)) == (below, above)


def test_items_that_did_not_arrive_took_at_least_as_long_as_they_were_awaited() -> None:
    assert summarise([censored(120), censored(120), Sample(US, EU, 0.1, 0.2)]).is_usually_above(2)


def bracket_of(sample: Sample) -> str:
    return summarise([sample]).figures()["bracket"]


def test_a_bracket_that_is_wider_than_the_pause_says_what_else_it_consists_of() -> None:
    slow_looks = Replica(lag=1.0, looking=0.2).probed(every=0.25)
    assert bracket_of(slow_looks) == "0.65 s (0.25 s pause, 0.40 s looks, 0.00 s late)"
    woken_late = Sample(US, EU, 1.0, 1.65, looking=0.1, paused=0.25)
    assert bracket_of(woken_late) == "0.65 s (0.25 s pause, 0.10 s looks, 0.30 s late)"


def test_a_bracket_that_is_a_pause_wide_needs_no_explanation() -> None:
    assert bracket_of(Replica(lag=1.0).probed(every=0.25)) == "0.25 s"
    assert bracket_of(Sample(US, EU, None, 0.4, looking=0.2)) == "0.40 s"
