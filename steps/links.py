"""Replication itself, as far as the target lets it be touched."""

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
    world.table.links.pause()


@when("replication between the regions heals", target_fixture="healed")
def heal_both(world: World) -> float:
    return world.table.links.resume()
