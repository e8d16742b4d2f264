"""What most tests of the simulator begin with: a table in two regions, and a server of it."""

from collections.abc import Iterator

import pytest

from support.simulator.http.server import Server, serve
from support.tests.simulator.simulated_world import World


@pytest.fixture
def world() -> Iterator[World]:
    """The table "orders" in us-east-1 and eu-west-1, on a simulated clock."""
    with World() as world:
        yield world


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serve(world.simulator) as server:
        yield server
