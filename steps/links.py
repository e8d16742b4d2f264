"""Replication itself, where the target lets us touch it: only the simulated one does."""

from pytest_bdd import given, parsers, when

from steps.words import TYPES
from steps.world import World


@given(parsers.parse("replication from {source:Region} to {destination:Region} takes {seconds:Duration}", TYPES))
def takes(world: World, source: str, destination: str, seconds: float) -> None:
    world.table.links.slow_down(source, destination, seconds)


@given(parsers.parse("replication from {source:Region} to {destination:Region} is cut", TYPES))
def cut_link(world: World, source: str, destination: str) -> None:
    world.table.links.cut(source, destination)


@given("replication between the regions is cut")
def cut_both(world: World) -> None:
    for region in world.table.regions:
        for other in world.table.others(region):
            world.table.links.cut(region, other)


@when("replication between the regions heals")
def heal_both(world: World) -> None:
    for region in world.table.regions:
        for other in world.table.others(region):
            world.table.links.heal(region, other)
