"""What the features need of a target, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from support.clock import Clock
from support.page.workshop import Participant
from support.targets.global_table import GlobalTable


@dataclass(frozen=True)
class Scene:
    """What one scenario gets: a table, a clock, and a participant whose items nobody else touches."""

    global_table: GlobalTable
    clock: Clock
    participant: Participant


class Target(Protocol):
    """Something with a global table in it."""

    def open(self, scenario: str) -> Scene:
        """A scene for the scenario with this id; the next one is opened when this one is closed."""

    def close(self) -> None:
        """End the scene."""

    def leave(self) -> None:
        """Let go of the target: no scene will be opened any more."""
