"""A time axis that leaves out long pauses: a scenario may wait ten minutes between two seconds that matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PAUSE = 10.0
"""Seconds without any operation that are cut out."""

LEAST = 0.15
"""The least share of the axis for a stretch of time, however short it is."""

GAP = 0.08
"""The share of the axis that a pause which was cut out takes."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time without a long pause, in seconds, and where it lies on the axis (0 to 1)."""

    begin: float
    end: float
    left: float
    right: float

    def position(self, at: float) -> float:
        if self.end == self.begin:
            return (self.left + self.right) / 2
        return self.left + (at - self.begin) / (self.end - self.begin) * (self.right - self.left)


class TimeAxis:
    """Places moments on an axis from 0 to 1."""

    def __init__(self, moments: Sequence[float]) -> None:
        ordered = sorted(set(moments))
        cuts = [number for number, (one, other) in enumerate(pairwise(ordered), 1) if other - one > PAUSE]
        parts = [ordered[begin:end] for begin, end in pairwise([0, *cuts, len(ordered)])]
        total = sum(part[-1] - part[0] for part in parts) or 1.0
        shares = [max(LEAST, (part[-1] - part[0]) / total) for part in parts]
        room = max(1 - GAP * len(cuts), 0.4)
        self.stretches: list[Stretch] = []
        left = 0.0
        for part, share in zip(parts, shares, strict=True):
            width = share / sum(shares) * room
            self.stretches.append(Stretch(part[0], part[-1], left, left + width))
            left += width + GAP

    def position(self, at: float) -> float:
        """Where a moment is; one within a pause is at its beginning."""
        stretch = next((each for each in reversed(self.stretches) if each.begin <= at), self.stretches[0])
        return stretch.position(min(max(at, stretch.begin), stretch.end))

    def pauses(self) -> list[tuple[float, float]]:
        """For each pause that was cut out, the middle of its gap on the axis, and its seconds."""
        pairs = pairwise(self.stretches)
        return [((one.right + other.left) / 2, other.begin - one.end) for one, other in pairs]


def in_words(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
