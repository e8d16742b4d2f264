"""The interface between the features and a target, be it simulated or live."""

from dataclasses import dataclass
from typing import Protocol

from support.clock import Clock
from support.page.workshop import Participant
from support.targets.global_table import GlobalTable


@dataclass(frozen=True)
class ScenarioContext:
    """What one scenario works with: a table, a clock, and a participant with items of its own."""

    global_table: GlobalTable
    clock: Clock
    participant: Participant


class Target(Protocol):
    """A global table to run scenarios against."""

    def start_scenario(self, scenario: str) -> ScenarioContext:
        """The context of the scenario with this id. One scenario runs at a time in a process."""

    def end_scenario(self) -> None:
        """End the scenario that was started last."""

    def close(self) -> None:
        """Release what the target holds: no scenario follows."""
