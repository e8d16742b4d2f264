"""Worlds with faults that are switched on from the start."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.tests.simulator.simulated_world import World


@pytest.fixture
def broken() -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def open_world(*faults: str, **options: Any) -> World:
        worlds.append(World(faults=faults, **options))
        return worlds[-1]

    yield open_world
    for world in worlds:
        world.simulator.close()
