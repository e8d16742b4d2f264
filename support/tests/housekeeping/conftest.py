"""A guarded client of a simulated table."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE
from support.simulator import Simulator
from support.tests.housekeeping.guarded_table import Guarded


@pytest.fixture
def guarded() -> Iterator[Guarded]:
    with closing(Simulator(SimulatedClock())) as simulator:
        simulator.create_global_table(TABLE)
        yield Guarded(simulator)
