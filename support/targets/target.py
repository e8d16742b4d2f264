"""What the features need of a target, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from support.clock import Clock
from support.page.workshop import Participant
from support.targets.global_table import GlobalTable


@dataclass(frozen=True)
class ScenarioContext:
    """What one scenario gets: a table, a clock, and a participant whose items nobody else touches."""

    global_table: GlobalTable
    clock: Clock
    participant: Participant


class Target(Protocol):
    """Something with a global table in it."""

    def start_scenario(self, scenario: str) -> ScenarioContext:
        """The context of the scenario with this id. One scenario runs at a time in a process."""

    def end_scenario(self) -> None:
        """End the scenario that was started last."""

    def close(self) -> None:
        """Release what the target holds: no scenario follows."""
