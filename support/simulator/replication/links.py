"""Links: what each region has to deliver to each other one, and when it gets there."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from statistics import median

from support.clock import MICROSECONDS
from support.simulator.items import ItemKey
from support.simulator.replication.versions import Change


@dataclass(frozen=True)
class Lag:
    """How long a change travels: a lognormal around `median` seconds, and `extra` seconds on top.

    With the default spread, 99.99% of the lags are between 0.3 and 2.1 seconds. `brackets`, where there are any, take
    the place of the lognormal: delays that were measured, each known to lie between two times in seconds.

    AWS: "typically within a second or less"; the workshop: 0.5 to 2 seconds; there is no SLA (facts 1.5).
    """

    median: float = 0.8
    spread: float = 0.25
    extra: float = 0.0
    brackets: tuple[tuple[float, float], ...] = ()

    @classmethod
    def measured(cls, brackets: Sequence[tuple[float, float]]) -> "Lag":
        return cls(round(median(high for _, high in brackets), 2), 0.0, brackets=tuple(brackets))

    def sample(self, random: Random) -> int:
        """One travelling time in microseconds."""
        if self.brackets:
            seconds = random.uniform(*random.choice(self.brackets))
        else:
            seconds = random.lognormvariate(math.log(self.median), self.spread) if self.median > 0 else 0.0
        return round((seconds + self.extra) * MICROSECONDS)


class Link:
    """An ordered pair of regions with the changes that are on their way.

    A link that is cut keeps what is pending. When it heals, what became due in the meantime travels anew.
    """

    def __init__(self, source: str, destination: str, lag: Lag, seed: str) -> None:
        self.source = source
        self.destination = destination
        self.lag = lag
        self.cut = False
        self._random = Random(f"{seed}/{source}>{destination}")
        self._numbers = count()
        self._pending: list[tuple[int, int, Change]] = []

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def pending(self) -> list[Change]:
        """What has not arrived yet, in the order of arrival."""
        return [change for _, _, change in sorted(self._pending, key=lambda entry: entry[:2])]

    def send(self, change: Change, now: int) -> None:
        """Put a change on its way (now: microseconds on the simulator's clock)."""
        heapq.heappush(self._pending, (now + self.lag.sample(self._random), next(self._numbers), change))

    def oldest(self) -> int | None:
        """When the oldest change that is pending was sent; None when nothing is pending."""
        return min((change.sent for _, _, change in self._pending), default=None)

    def next_due(self) -> int | None:
        """When the next change is due, be the link cut or not; None when nothing is pending."""
        return self._pending[0][0] if self._pending else None

    def next_due_of(self, table: str, key: ItemKey) -> int | None:
        """When the next change of one item is due, be the link cut or not; None when none is pending."""
        return min(
            (due for due, _, change in self._pending if (change.table, change.key) == (table, key)), default=None
        )

    def take(self) -> tuple[int, Change]:
        due, _, change = heapq.heappop(self._pending)
        return due, change

    def put_back(self, due: int, change: Change) -> None:
        """A change that could not be delivered is pending again, before all others of its time."""
        heapq.heappush(self._pending, (due, -next(self._numbers), change))

    def heal(self, now: int) -> None:
        """Let changes through again; those that should have been there by now are sent anew."""
        self.cut = False
        pending = sorted(self._pending)
        self._pending = []
        for due, number, change in pending:
            late = due <= now
            heapq.heappush(self._pending, (now + self.lag.sample(self._random) if late else due, number, change))

    def forget_table(self, table: str) -> None:
        self._pending = [entry for entry in self._pending if entry[2].table != table]
        heapq.heapify(self._pending)
