"""Worlds on both engines: moto in this process, and Amazon's DynamoDB Local over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.simulator.engines.compatibility import check_compatibility
from support.simulator.engines.endpoint_engine import EndpointEngine
from support.tests.simulator.dynamodb_local import dynamodb_local
from support.tests.simulator.engines.contract.engine_worlds import OpenWorld, engine_at
from support.tests.simulator.simulated_world import NAME, World


@pytest.fixture(scope="session", params=["moto", pytest.param("DynamoDB Local", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "moto":
        yield None
        return
    with dynamodb_local() as url:
        engine = engine_at(url)
        assert isinstance(engine, EndpointEngine)
        check_compatibility(engine, NAME)
        yield url


@pytest.fixture
def open_world(address: str | None) -> Iterator[OpenWorld]:
    worlds: list[World] = []

    def opened(*regions: str, **options: Any) -> World:
        worlds.append(World(*regions, engine=engine_at(address), **options))
        return worlds[-1]

    yield opened
    for world in worlds:
        world.simulator.close()


@pytest.fixture
def world(open_world: OpenWorld) -> World:
    return open_world()
