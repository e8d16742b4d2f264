"""What the tests of the control plane begin with: a table that replicas may be added to."""

from collections.abc import Iterator

import pytest

from support.tests.simulator.simulated_world import AP, EU, TABLE, US, World


@pytest.fixture
def world() -> Iterator[World]:
    with World(US, EU, AP, table=None) as world:
        world[US].create_table(**TABLE)
        yield world
