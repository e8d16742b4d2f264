"""A pytest plugin that leaves all speed-ups of moto out: `-p support.tests.without_speed_ups`."""

from typing import Any

import pytest

from support.simulator import Simulator
from support.simulator.engines.moto_engine import MotoEngine
from support.targets.simulated import simulator_key


def pytest_configure(config: pytest.Config) -> None:
    config.stash[simulator_key] = _plain_simulator


def _plain_simulator(*arguments: Any, **options: Any) -> Simulator:
    return Simulator(*arguments, **{**options, "engine": MotoEngine(speed_ups=())})
