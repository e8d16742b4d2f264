"""A metric is held against the suite's own measurement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.verdicts.delays.latency import contradiction

MEASURED = [(0.6, 0.7), (0.9, 1.0), (1.3, 1.4)]


@pytest.mark.parametrize(("minimum", "maximum"), [(600, 1400), (100, 5000), (61, 61), (13_999, 20_000)])
def test_a_metric_of_the_same_order_of_magnitude_can_be_of_these_replications(minimum: float, maximum: float) -> None:
    assert contradiction(minimum, maximum, MEASURED) == ""


ONE_SECOND = [(1.0, 1.0)]


@pytest.mark.parametrize(("minimum", "maximum"), [(100, 100), (10_000, 10_000)])
def test_a_metric_that_is_ten_times_faster_or_slower_can_still_be_of_these_replications(
    minimum: float, maximum: float
) -> None:
    assert contradiction(minimum, maximum, ONE_SECOND) == ""


SECONDS = "the figures fit if they are seconds, so the unit is likely wrong"
MICROSECONDS = "the figures fit if they are microseconds, so the unit is likely wrong"
NO_UNIT = "likely the metric of another direction or another table, or no measurement at all"


@pytest.mark.parametrize(
    ("minimum", "maximum", "suite", "likely"),
    [
        (0.6, 1.4, "fastest replication took more than 1000 ms", SECONDS),
        (0.1, 0.1, "fastest replication took more than 1000 ms", SECONDS),
        (0.0999, 0.0999, "fastest replication took more than 1000 ms", NO_UNIT),
        (10, 10, "fastest replication took more than 1000 ms", SECONDS),
        (10.005, 10.005, "fastest replication took more than 1000 ms", NO_UNIT),
        (600_000, 1_400_000, "slowest replication took at most 1000 ms", MICROSECONDS),
        (100_000, 100_000, "slowest replication took at most 1000 ms", MICROSECONDS),
        (99_950, 99_950, "slowest replication took at most 1000 ms", NO_UNIT),
        (10_000_000, 10_000_000, "slowest replication took at most 1000 ms", MICROSECONDS),
        (10_005_000, 10_005_000, "slowest replication took at most 1000 ms", NO_UNIT),
    ],
)
def test_a_metric_that_cannot_be_of_these_replications_says_which_unit_would_fit(
    minimum: float, maximum: float, suite: str, likely: str
) -> None:
    shown = f"between {minimum:g} and {maximum:g} ms"
    assert contradiction(minimum, maximum, ONE_SECOND) == f"{shown}, and the suite's {suite}: {likely}"


def test_a_metric_is_held_against_the_fastest_and_the_slowest_replication() -> None:
    assert contradiction(1, 59, MEASURED).startswith(
        "between 1 and 59 ms, and the suite's fastest replication took more than 600 ms"
    )
    assert contradiction(14_001, 20_000, MEASURED).startswith(
        "between 14001 and 20000 ms, and the suite's slowest replication took at most 1400 ms"
    )


def test_a_first_look_that_hit_leaves_the_fastest_replication_open() -> None:
    assert contradiction(0.5, 0.5, [(0.0, 0.2)]) == ""


def test_nothing_measured_is_no_comparison() -> None:
    with pytest.raises(ValueError, match=r"^without a measured replication a metric can't be compared$"):
        contradiction(600, 1400, [])


@given(st.floats(0.01, 100), st.floats(0.01, 1))
def test_a_metric_of_the_measured_replications_themselves_is_never_contradicted(delay: float, width: float) -> None:
    assert contradiction(1000 * delay, 1000 * delay, [(delay * (1 - width), delay)]) == ""
