"""A metric is held against the suite's own measurement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.verdicts.delays.latency import contradiction

MEASURED = [(0.6, 0.7), (0.9, 1.0), (1.3, 1.4)]


@pytest.mark.parametrize(("minimum", "maximum"), [(600, 1400), (100, 5000), (61, 61), (13_999, 20_000)])
def test_a_metric_of_the_same_order_of_magnitude_can_be_of_these_replications(minimum: float, maximum: float) -> None:
    assert contradiction(minimum, maximum, MEASURED) == ""


def test_seconds_instead_of_milliseconds_are_named_as_the_likely_reason() -> None:
    assert contradiction(0.6, 1.4, MEASURED) == (
        "between 0.6 and 1.4 ms, and the suite's fastest replication took more than 600 ms: "
        "the figures fit if they are seconds, so the unit is likely wrong"
    )


def test_microseconds_are_named_as_well() -> None:
    assert "microseconds, so the unit is likely wrong" in contradiction(600_000, 1_400_000, MEASURED)


def test_figures_that_fit_in_no_unit_are_of_something_else() -> None:
    assert "another direction or another table" in contradiction(14_001, 14_001, MEASURED)
    assert "another direction or another table" in contradiction(0.001, 0.01, MEASURED)


def test_a_first_look_that_hit_leaves_the_fastest_replication_open() -> None:
    assert contradiction(0.5, 0.5, [(0.0, 0.2)]) == ""


def test_nothing_measured_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="without a measured replication"):
        contradiction(600, 1400, [])


@given(st.floats(0.01, 100), st.floats(0.01, 1))
def test_a_metric_of_the_measured_replications_themselves_is_never_contradicted(delay: float, width: float) -> None:
    assert contradiction(1000 * delay, 1000 * delay, [(delay * (1 - width), delay)]) == ""
