"""What steps work with, on a simulated table, for tests of a few steps or of a load."""

from collections.abc import Sequence
from typing import Any

from steps.world import World
from support.settings import read_settings
from support.simulator import Simulator
from support.targets.simulated import SimulatedTarget


def open_world(faults: Sequence[str] = (), seed: int = 1, scenario: str = "a scenario", **options: str) -> World:
    settings = read_settings(fault=faults, seed=str(seed), **options)
    table, participant = SimulatedTarget(settings).start_scenario(scenario)
    return World(table, table.clock, participant, settings.limits, [])


def simulator_of(world: World) -> Simulator:
    links: Any = world.table.links
    found: Simulator = links.simulator
    return found
