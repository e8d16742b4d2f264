"""Replication itself, where the target lets us touch it: only the simulated one does."""

from pytest_bdd import given, when

from steps.words import sentence
from support.targets.global_table import GlobalTable


@given(sentence("replication from {source:Region} to {destination:Region} takes {seconds:Duration}"))
def takes(global_table: GlobalTable, source: str, destination: str, seconds: float) -> None:
    global_table.links.slow_down(source, destination, seconds)


@given(sentence("replication from {source:Region} to {destination:Region} is cut"))
def cut_link(global_table: GlobalTable, source: str, destination: str) -> None:
    global_table.links.cut(source, destination)


@given("replication between the regions is cut")
def cut_both(global_table: GlobalTable) -> None:
    for region in global_table.regions:
        for other in global_table.others(region):
            global_table.links.cut(region, other)


@when("replication between the regions heals")
def heal_both(global_table: GlobalTable) -> None:
    for region in global_table.regions:
        for other in global_table.others(region):
            global_table.links.heal(region, other)
