"""Worlds on both engines: moto in this process, and Amazon's DynamoDB Local over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from support.simulator.engines.endpoint_engine import check_compatibility
from support.simulator.engines.moto_engine import MotoEngine
from support.tests.simulator.dynamodb_local import dynamodb_local, endpoint_at
from support.tests.simulator.simulated_world import NAME, World


@pytest.fixture(scope="session", params=["moto", pytest.param("DynamoDB Local", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "moto":
        yield None
        return
    with dynamodb_local() as url:
        with closing(endpoint_at(url)) as engine:
            check_compatibility(engine, NAME)  # Every region is used before the first write.
        yield url


@pytest.fixture
def open_world(address: str | None) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def opened(**options: Any) -> World:
        worlds.append(World(engine=endpoint_at(address) if address else MotoEngine(), **options))
        return worlds[-1]

    yield opened
    for world in worlds:
        world.simulator.close()


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    return open_world()
