"""What the report and a program learn of replication delays."""

import pytest

from support.clock import SimulatedClock
from support.tests.verdicts.delays.replica import Replica, arrived, censored
from support.tests.verdicts.histories import EU, US
from support.verdicts.delays.timings import NEVER, Replication, Sample, summarise
from support.verdicts.findings import Finding


def test_a_replication_is_timed_on_the_clock_of_its_target_and_in_real_time() -> None:
    clock = SimulatedClock()
    sample = Sample(US, EU, 0.7, 0.8)
    before = clock.real_elapsed()
    replication = Replication.timed(sample, clock, since=before - 5.0)
    assert (replication.sample, replication.simulated) == (sample, True)
    assert 5.0 <= replication.waited <= 5.0 + clock.real_elapsed() - before


@pytest.mark.parametrize(("simulated", "seconds"), [(True, "simulated seconds"), (False, "seconds")])
def test_the_finding_of_a_replication_tells_simulated_from_real_time(simulated: bool, seconds: str) -> None:
    assert Replication(Sample(US, EU, 0.71, 0.84), simulated, 0.0123).finding() == Finding(
        "delay",
        f"us-east-1 to eu-west-1: replicated after 0.84 {seconds}",
        (("bracket", "between 0.71 and 0.84 s"), ("clock", seconds), ("really waited", "0.012 s")),
        {
            "direction": "us-east-1 to eu-west-1",
            "simulated": simulated,
            "waited": 0.0123,
            "source": US,
            "destination": EU,
            "last_miss": 0.71,
            "first_hit": 0.84,
            "gave_up": None,
        },
    )


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (Sample(US, EU, None, 0.4), "between 0.00 and 0.40 s"),
        (Sample(US, EU, 0.3, 0.4), "between 0.30 and 0.40 s"),
        (censored(3.0), "not within 3.00 s"),
    ],
)
def test_a_bracket_reads_as_a_span_of_time(sample: Sample, words: str) -> None:
    assert sample.bracket == words


def test_the_finding_of_a_direction_has_its_figures_and_whether_the_page_s_claim_holds() -> None:
    assert summarise(arrived(0.5, 0.6)).finding(2.0) == Finding(
        "timing",
        "us-east-1 to eu-west-1: 2 of 2 probes arrived; usually < 2 seconds holds",
        (
            ("direction", "us-east-1 to eu-west-1"),
            ("probes", "2"),
            ("censored", "0"),
            ("fastest", "0.50 s"),
            ("slowest", "0.60 s"),
            ("average", "0.55 s"),
            ("p50", "0.50 s"),
            ("p95", "0.60 s"),
            ("p99", "0.60 s"),
            ("bracket", "0.10 s"),
        ),
        {
            "direction": "us-east-1 to eu-west-1",
            "probes": 2,
            "censored": 0,
            "gave_up": None,
            "usual": 2.0,
            "usually_below": True,
            "fastest": 0.5,
            "slowest": 0.6,
            "average": 0.55,
            "p50": 0.5,
            "p95": 0.6,
            "p99": 0.6,
        },
    )


def test_a_direction_in_which_nothing_arrived_has_no_figures() -> None:
    summary = summarise([censored(120.0), censored(60.0)])
    assert (
        summary.finding(0.5).title
        == "us-east-1 to eu-west-1: 0 of 2 probes arrived; usually < 0.5 seconds does not hold"
    )
    assert summary.figures() == {
        "direction": "us-east-1 to eu-west-1",
        "probes": "2",
        "censored": "2",
        "fastest": "> 60.00 s",
        "slowest": "> 60.00 s",
        "average": "not known",
        "p50": "> 60.00 s",
        "p95": "> 60.00 s",
        "p99": "> 60.00 s",
        "bracket": "none",
    }
    assert summary.values(0.5) == {
        "direction": "us-east-1 to eu-west-1",
        "probes": 2,
        "censored": 2,
        "gave_up": 60.0,
        "usual": 0.5,
        "usually_below": False,
        **dict.fromkeys(("fastest", "slowest", "average", "p50", "p95", "p99")),
    }


def test_of_censored_samples_no_average_is_claimed() -> None:
    summary = summarise([*arrived(0.5, 0.6), censored()])
    assert summary.figures()["average"] == "not known"
    assert summary.average == NEVER


def test_a_figure_is_said_to_be_longer_only_than_the_shortest_wait() -> None:
    summary = summarise([censored(10.0), censored(120.0), *arrived(0.5)])
    assert summary.figures()["p50"] == "> 10.00 s"


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
    assert bracket_of(Sample(US, EU, None, 0.3, paused=0.25)) == "0.30 s"
