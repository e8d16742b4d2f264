"""How much of the specification a run covers: the whole of what its target can show, or a part."""

from dataclasses import dataclass

import pytest

from support.gherkin.collection import scenarios_key
from support.reporting.recording.recorder import Recorder

shown_before_key = pytest.StashKey[frozenset[str]]()
"""The scenarios that were left out because they were shown lately, by their node ids."""

FEATURE = ".feature::"


@dataclass(frozen=True)
class Extent:
    """How many scenarios were asked for, and were shown before and count, of how many. All 0: not known."""

    chosen: int = 0
    shown_before: int = 0
    total: int = 0

    @classmethod
    def of(cls, config: pytest.Config, recorder: Recorder) -> "Extent":
        chosen = {each for each in recorder.collected if FEATURE in each}
        before = config.stash.get(shown_before_key, frozenset()) - chosen
        return cls(len(chosen), len(before), config.stash.get(scenarios_key, 0))

    @property
    def part(self) -> str:
        """ "a part: 3 of 79"; empty for the whole."""
        known = self.chosen + self.shown_before
        before = f" ({self.shown_before} of them shown before)" if self.shown_before else ""
        return f"a part: {known} of {self.total}{before}" if 0 < known < self.total else ""
