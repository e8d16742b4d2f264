"""`-p support.tests.quick_clock`: a live run for which five seconds pass in one, as they do for the table it asks."""

import pytest

from support.clock import WallClock


class QuickClock(WallClock):
    pace = 5.0


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    WallClock.pace = QuickClock.pace
