"""Worlds on both engines: moto in this process, and Amazon's DynamoDB Local over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from support.simulator.engines.moto_engine import MotoEngine
from support.tests.simulator.dynamodb_local import dynamodb_local_in_use, endpoint_at
from support.tests.simulator.simulated_world import World


@pytest.fixture(scope="session", params=["moto", pytest.param("DynamoDB Local", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "moto":
        yield None
        return
    with dynamodb_local_in_use() as url:
        yield url


@pytest.fixture
def open_world(address: str | None) -> Iterator[Callable[..., World]]:
    with ExitStack() as worlds:

        def opened(**options: Any) -> World:
            return worlds.enter_context(World(engine=endpoint_at(address) if address else MotoEngine(), **options))

        yield opened


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    return open_world()
