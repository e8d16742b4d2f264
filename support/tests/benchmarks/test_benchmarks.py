"""The benchmarks measure what they say, and say when a bound does not hold."""

import pytest

from support.benchmarks import __main__ as benchmarks
from support.benchmarks import measuring, simulator
from support.benchmarks.measuring import Row

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("figures", "holds"), [([1.0], True), ([2.004], True), ([2.01], False), ([1.0, 1.5, 9.0], True)]
)
def test_a_bound_holds_for_the_median_as_it_is_printed(figures: list[float], holds: bool) -> None:
    row = Row("some work", 2.0, "x", "other work", figures)

    assert row.holds is holds
    assert ("does not hold" not in str(row)) is holds


def test_works_take_turns() -> None:
    order: list[str] = []
    measuring.ratio(lambda piece: order.append(f"a{piece}"), lambda piece: order.append(f"b{piece}"), 2)

    assert order == ["a0", "b0", "a1", "b1"]


def test_a_suite_that_fails_is_not_measured() -> None:
    with pytest.raises(SystemExit, match="exit status 4"):
        benchmarks.main(["--quick", "--features", "features/there_is_no_such.feature"])


def test_the_simulator_is_measured_row_by_row() -> None:
    rows = simulator.rows(measuring.QUICK)

    assert len(rows) == 6
    assert all(figure > 0 for row in rows if row.unit == "x" for figure in row.figures)
