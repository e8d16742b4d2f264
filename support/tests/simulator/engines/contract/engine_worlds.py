"""Both engines of the contract: moto in this process, and DynamoDB Local at an address."""

from collections.abc import Callable

from support.simulator.engines.endpoint_engine import EndpointEngine
from support.simulator.engines.engine import Engine
from support.simulator.engines.moto_engine import MotoEngine
from support.tests.simulator.simulated_world import AP, EU, US, World

OpenWorld = Callable[..., World]
REGIONS = (US, EU, AP)


def engine_at(address: str | None) -> Engine:
    urls = dict.fromkeys(REGIONS, str(address))
    return EndpointEngine(urls, MotoEngine()) if address else MotoEngine()
