"""What the checker of a random workload says of a history: which rules it breaks, each with its proof."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a history can break."""

    WHOLE_IMAGES = "an image was shown that no write left"
    NO_STEP_BACK = "a region showed an older version after a newer one"
    OWN_WRITES = "a region did not show its own write"
    DELETED = "a deleted item came back, though it was not written again"
    CONVERGENCE = "the regions do not hold the same last version in the end"


@dataclass(frozen=True)
class Anomaly:
    """A rule that the history breaks, and the sentence that proves it; `at` is when it showed (seconds).

    `operations` are the numbers of the operations that the proof needs.
    """

    rule: Rule
    at: float
    operations: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class WorkloadVerdict:
    """All anomalies of a history, those with the fewest operations first, and of these the earliest.

    `delivered_twice` is how many writes a network is known to have delivered twice: the order of the history is not
    the whole one then.
    """

    writes: int
    reads: int
    anomalies: tuple[Anomaly, ...]
    delivered_twice: int = 0

    @property
    def valid(self) -> bool:
        return not self.anomalies

    def against(self, *rules: Rule) -> str:
        """The shortest counter-example against one of these rules; empty if there is none."""
        found = [each for each in self.anomalies if each.rule in rules]
        more = f" ({len(found) - 1} more like this)" if len(found) > 1 else ""
        return f"{found[0].rule}: {found[0].sentence}{more}" if found else ""
