"""A simulated day on which the checklist is asked, with the workshop's table and an order in us-east-1."""

from dataclasses import replace
from weakref import finalize

from support.checklist.evidence import Cause
from support.checklist.probing import remaining
from support.settings import read_settings
from support.targets.simulated import SimulatedTarget
from support.tests.verdicts.histories import EU, KEY, order
from support.verdicts.findings import Finding
from support.verdicts.history import Key

INDEXED = order(100, GSI1PK="ORDER#conflict-test", GSI1SK="DETAILS")


class Day:
    """A simulated day with the workshop's table, on which an order was written in us-east-1."""

    def __init__(self, *faults: str) -> None:
        self.target = SimulatedTarget(read_settings(fault=faults))
        finalize(self, self.target.end_scenario)
        context = self.target.start_scenario("a scenario")
        self.table, self.clock = context.global_table, context.clock
        self.found: list[Finding] = []
        self.table.tell = self.found.append

    def ask(self, region: str = EU, key: Key = KEY, **changes: object) -> list[Cause]:
        """The checklist for what should be as it was written last."""
        return self.table.checklist(replace(self.table.question(key, region), **changes))  # type: ignore[arg-type]

    def remains(self, region: str = EU, key: Key = KEY, **changes: object) -> list[str]:
        """The names of the causes that remain."""
        return [cause.name for cause in remaining(self.ask(region, key, **changes))]


def the(name: str, causes: list[Cause]) -> Cause:
    (cause,) = [cause for cause in causes if cause.name == name]
    return cause
