"""What is measured: the bracket of a probe, the figures of a direction, and the metric that is held against them."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.tests.verdicts.histories import EU, US
from support.verdicts.delays import FIGURES, NEVER, Delay, Sample, contradiction, probe, quantile, summarise


def arrived(*hits: float) -> list[Sample]:
    """Samples with these delays, and brackets of a tenth of a second."""
    return [Sample(US, EU, hit - 0.1, hit) for hit in hits]


def censored(gave_up: float = 120.0) -> Sample:
    return Sample(US, EU, gave_up, None, gave_up=gave_up)


class Replica:
    """Something that arrives a while after it was written, on a clock of its own; each request takes time too."""

    def __init__(self, lag: float, start: float = 0.0, writing: float = 0.0, looking: float = 0.0) -> None:
        self.clock = SimulatedClock()
        self.clock.wait(start)
        self.lag, self.writing, self.looking = lag, writing, looking
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


@given(
    lag=_seconds, start=_seconds, every=st.sampled_from([0.01, 0.1, 0.25, 1.0]),
    writing=st.sampled_from([0.0, 0.3]), looking=st.sampled_from([0.0, 0.02, 0.5]),
)  # fmt: skip
def test_the_true_delay_is_inside_the_bracket_which_is_no_wider_than_the_pause_and_what_the_answers_took(
    lag: float, start: float, every: float, writing: float, looking: float
) -> None:
    sample = Replica(lag, start, writing, looking).probed(every=every)
    assert sample.first_hit is not None
    low = sample.last_miss or 0.0
    assert low - 1e-6 <= lag <= sample.first_hit + 1e-6
    assert sample.first_hit - low <= every + sample.looking + sample.writing + 3e-6


@given(start=st.integers(0, 10**9), within=st.sampled_from([0.2, 3.0, 120.0]))
def test_a_probe_gives_up_whenever_it_started(start: int, within: float) -> None:
    sample = Replica(lag=1000, start=start / 1_000_000).probed(within=within, every=0.7)
    assert sample.gave_up == pytest.approx(within, abs=1e-5)


@pytest.mark.parametrize(
    ("lag", "writing", "looking", "sample"),
    [
        (0, 0.75, 0, Sample(US, EU, None, 0.75, writing=0.75)),
        (0.9, 0.25, 0.5, Sample(US, EU, 0.25, 1.5, writing=0.25, looking=1.0, paused=0.25)),
        (3.0, 0, 0, Sample(US, EU, 2.75, 3.0, paused=0.25)),
        (3.01, 0, 0, Sample(US, EU, 3.0, None, gave_up=3.0)),
    ],
    ids=["start before the write", "slow answers", "at the deadline", "after the deadline"],
)
def test_a_sample_tells_its_bracket_and_how_long_write_looks_and_pause_took(
    lag: float, writing: float, looking: float, sample: Sample
) -> None:
    assert Replica(lag, 0, writing, looking).probed(within=3.0, every=0.25) == sample
    assert sample.censored is (sample.delay == NEVER)


def test_figures_are_those_computed_by_hand() -> None:
    brackets = [(0.25, 0.5), (None, 1.75), (0.75, 1.0), (1.0, 1.25)]
    timing = summarise([Sample(US, EU, low, high) for low, high in brackets])
    assert [getattr(timing, name) for name in FIGURES] == [0.5, 1.75, 1.125, 1.0, 1.75, 1.75]
    assert (timing.direction, timing.probes, timing.censored) == (f"{US} to {EU}", 4, 0)
    assert (timing.gave_up, timing.p50_at_least, timing.widest) == (None, 0.25, 1.75)


def test_a_censored_sample_counts_as_the_slowest() -> None:
    timing = summarise([*arrived(*[0.5] * 18), censored(), *arrived(0.7)])
    assert (timing.probes, timing.censored, timing.gave_up) == (20, 1, 120.0)
    assert [getattr(timing, name) for name in FIGURES] == [0.5, None, None, 0.5, 0.7, None]


def test_rounding_never_moves_a_quantile_by_a_rank() -> None:
    for share, exact in ((0.5, Fraction(1, 2)), (0.95, Fraction(19, 20)), (0.99, Fraction(99, 100))):
        for count in range(1, 2001):
            assert quantile(range(1, count + 1), share) == math.ceil(exact * count)


@pytest.mark.parametrize(
    ("samples", "below", "above"),
    [
        (arrived(1.9, 1.99, 9.0), True, False),
        (arrived(2.0), False, False),
        (arrived(0.5, 2.1, 2.2), False, True),
        ([Sample(US, EU, 2.0, 2.1)], False, True),
        ([Sample(US, EU, 1.0, 3.0), Sample(US, EU, 1.5, 2.5)], False, False),
        ([censored(), censored(), *arrived(0.1)], False, True),
    ],
    ids=["below", "found at the limit", "above", "missed at the limit", "around the limit", "half of them censored"],
)
def test_usually_is_the_median_wherever_in_their_brackets_the_items_arrived(
    samples: list[Sample], below: bool, above: bool
) -> None:
    timing = summarise(samples, usual=2.0)
    assert (timing.usually_below, timing.usually_above) == (below, above)
    assert ("does not hold" in timing.title) is not below


@pytest.mark.parametrize(("simulated", "seconds"), [(True, "simulated seconds"), (False, "seconds")])
def test_the_finding_of_a_replication_tells_simulated_from_real_time(simulated: bool, seconds: str) -> None:
    delay = Delay.of(Sample(US, EU, 0.71, 0.84), simulated, 0.0123)
    assert delay.title == f"us-east-1 to eu-west-1: replicated after 0.84 {seconds}"
    assert dict(delay.details)["clock"] == seconds
    assert delay.sample == Sample(US, EU, 0.71, 0.84)


def test_the_finding_of_a_direction_has_its_figures_and_whether_the_page_s_claim_holds() -> None:
    timing = summarise(arrived(0.5, 0.6))
    assert "2 of 2 probes arrived; usually < 2 seconds holds" in timing.title
    counts = {"direction": "us-east-1 to eu-west-1", "probes": "2", "censored": "0", "bracket": "0.10 s"}
    seconds = zip(FIGURES, ("0.50 s", "0.60 s", "0.55 s", "0.50 s", "0.60 s", "0.60 s"), strict=True)
    assert dict(timing.details) == counts | dict(seconds)


def test_where_censored_samples_decide_a_figure_only_the_shortest_wait_is_known() -> None:
    timing = summarise([censored(120.0), censored(60.0)], usual=0.5)
    longer = {name: "not known" if name == "average" else "more than 60.00 s" for name in FIGURES}
    assert {**longer, "censored": "2", "bracket": "none"}.items() <= dict(timing.details).items()
    assert (timing.gave_up, timing.p50_at_least) == (60.0, 60.0)
    assert [getattr(timing, name) for name in FIGURES] == [None] * 6
    assert "0 of 2 probes arrived; usually < 0.5 seconds" in timing.title


@pytest.mark.parametrize(
    ("sample", "bracket"),
    [
        (Sample(US, EU, 0.9, 1.55, looking=0.4, paused=0.25), "0.65 s (0.25 s pause, 0.40 s looks, 0.00 s late)"),
        (Sample(US, EU, 1.0, 1.65, looking=0.1, paused=0.25), "0.65 s (0.25 s pause, 0.10 s looks, 0.30 s late)"),
    ],
    ids=["slow looks", "woken late"],
)
def test_a_bracket_that_is_wider_than_the_pause_says_what_else_it_consists_of(sample: Sample, bracket: str) -> None:
    assert summarise([sample]).bracket == bracket


MEASURED = [(0.6, 0.7), (0.9, 1.0), (1.3, 1.4)]
ONE_SECOND = [(1.0, 1.0)]


@pytest.mark.parametrize(
    ("minimum", "maximum", "measured"),
    [
        (100, 100, ONE_SECOND),
        (10_000, 10_000, ONE_SECOND),
        (0.5, 0.5, [(0.0, 0.2)]),
        (1, 5000, MEASURED),
    ],
    ids=["a tenth", "ten times", "a first look that hit", "a wide span"],
)
def test_a_metric_of_the_same_order_of_magnitude_can_be_of_these_replications(
    minimum: float, maximum: float, measured: list[tuple[float, float]]
) -> None:
    assert contradiction(minimum, maximum, measured) == ""


SECONDS, MICROSECONDS, OTHER = "if they are seconds", "if they are microseconds", "of another direction"


@pytest.mark.parametrize(
    ("minimum", "maximum", "measured", "suite", "likely"),
    [
        (1, 59, MEASURED, "fastest replication took more than 600 ms", SECONDS),
        (14_001, 20_000, MEASURED, "slowest replication took at most 1400 ms", OTHER),
        (0.0999, 0.0999, ONE_SECOND, "fastest replication", OTHER),
        (10.005, 10.005, ONE_SECOND, "fastest replication", OTHER),
        (100_000, 100_000, ONE_SECOND, "slowest replication", MICROSECONDS),
    ],
)
def test_a_metric_that_cannot_be_of_these_replications_says_which_unit_would_fit(
    minimum: float, maximum: float, measured: list[tuple[float, float]], suite: str, likely: str
) -> None:
    why = contradiction(minimum, maximum, measured)
    assert why.startswith(f"between {minimum:g} and {maximum:g} ms")
    assert suite in why
    assert likely in why


@given(st.floats(0.01, 100), st.floats(0.01, 1))
def test_a_metric_of_the_measured_replications_themselves_is_never_contradicted(delay: float, width: float) -> None:
    assert contradiction(1000 * delay, 1000 * delay, [(delay * (1 - width), delay)]) == ""
