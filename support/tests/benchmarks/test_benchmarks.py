"""The benchmarks measure what they say, and say when a bound does not hold."""

import pytest

from support.benchmarks import __main__ as benchmarks
from support.benchmarks.measuring import Row

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("figures", "holds"), [([1.0], True), ([2.004], True), ([2.01], False), ([1.0, 1.5, 9.0], True)]
)
def test_a_bound_holds_for_the_median_as_it_is_printed(figures: list[float], holds: bool) -> None:
    row = Row("some work", 2.0, "x", "other work", figures)

    assert row.holds is holds
    assert ("does not hold" not in str(row)) is holds


def test_a_suite_that_fails_is_not_measured() -> None:
    with pytest.raises(SystemExit, match="exit status 4"):
        benchmarks.main(["--quick", "--features", "features/there_is_no_such.feature"])
