"""The day that most tests of the checklist begin with."""

from collections.abc import Iterator

import pytest

from support.tests.checklist.simulated_day import INDEXED, Day
from support.tests.verdicts.histories import KEY, US


@pytest.fixture
def day() -> Iterator[Day]:
    day = Day()
    day.table.region(US).put(INDEXED, "partner A")
    day.table.agreement(KEY, 120)
    yield day
    day.target.end_scenario()
