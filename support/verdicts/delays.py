"""Replication delays: each a bracket between the last look that missed and the first that hit.

One process writes and looks, on one monotonic clock, so no two clocks have to agree. The start is taken before the
write, as the page says. A probe that has not arrived in time is kept as a censored sample: it took longer than that.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support.clock import Task
from support.page.workshop import Limits
from support.polling import Poll, PollPolicy
from support.verdicts.findings import Details, Finding
from support.verdicts.history import Key

NEVER = math.inf
FIGURES = ("fastest", "slowest", "average", "p50", "p95", "p99")
WIDE = 1.2
"""A bracket so many times as wide as the pause between two looks needs an explanation: the machine was late, say."""


@dataclass(frozen=True)
class Sample:
    """One timed replication; all times in seconds since the start that was noted before the write.

    `last_miss` is None when the first look already hit; `first_hit` is None for a censored sample, whose `gave_up`
    tells until when the item was awaited. `writing` is how long the write took, `looking` how long the two looks did,
    `paused` the pause that was meant to lie between them: the rest of the bracket is what the machine was late. Whether
    an item that was found had arrived within the limit can't be told unless `in_time`.
    """

    source: str
    destination: str
    last_miss: float | None
    first_hit: float | None
    gave_up: float | None = None
    writing: float = 0.0
    looking: float = 0.0
    key: Key | None = None
    paused: float = 0.0
    in_time: bool = True

    @property
    def censored(self) -> bool:
        return self.first_hit is None

    @property
    def delay(self) -> float:
        """The page's "end time - start time": the upper end of the bracket; never for a censored sample."""
        return NEVER if self.first_hit is None else self.first_hit

    @property
    def width(self) -> float:
        """That of the bracket; 0 for a censored sample."""
        return 0.0 if self.first_hit is None else self.first_hit - (self.last_miss or 0.0)

    @property
    def direction(self) -> str:
        """Source and destination, as in "us-east-1 to eu-west-1"."""
        return f"{self.source} to {self.destination}"

    def values(self) -> dict[str, Any]:
        names = ("source", "destination", "last_miss", "first_hit", "gave_up")
        return {name: getattr(self, name) for name in names}

    @property
    def bracket(self) -> str:
        if self.first_hit is None:
            return f"not within {self.gave_up:.2f} s"
        return f"between {self.last_miss or 0:.2f} and {self.first_hit:.2f} s"


@dataclass(frozen=True)
class Delay(Finding):
    """A timed replication: the fields of its sample, and the real seconds that passed meanwhile."""

    direction: str
    simulated: bool
    waited: float
    source: str
    destination: str
    last_miss: float | None
    first_hit: float | None
    gave_up: float | None = None

    @classmethod
    def of(cls, sample: Sample, simulated: bool, waited: float) -> "Delay":
        return cls(sample.direction, simulated, waited, **sample.values())

    @property
    def sample(self) -> Sample:
        return Sample(self.source, self.destination, self.last_miss, self.first_hit, self.gave_up)

    @property
    def title(self) -> str:
        """Simulated and real time are told apart."""
        return f"{self.direction}: replicated after {self.sample.delay:.2f} {self._clock}"

    @property
    def details(self) -> Details:
        return ("bracket", self.sample.bracket), ("clock", self._clock), ("really waited", f"{self.waited:.3f} s")

    @property
    def _clock(self) -> str:
        return "simulated seconds" if self.simulated else "seconds"


@dataclass(frozen=True)
class Arrivals(Finding):
    """When each item of a direction arrived: `samples` are the values of theirs."""

    direction: str
    samples: Sequence[Mapping[str, Any]]

    @property
    def title(self) -> str:
        return f"{self.direction}: when each item arrived"

    @property
    def details(self) -> Details:
        return [(f"item {number}", Sample(**each).bracket) for number, each in enumerate(self.samples, start=1)]


@dataclass(frozen=True)
class Timing(Finding):
    """The figures of one direction, in seconds, held against the page's "usually", which is the median's.

    All are of the upper ends of the brackets but `p50_at_least`, the median of the lower ones. None: a censored sample
    decides the figure, which is longer than `gave_up`, the shortest time for which one was awaited; of the average
    nothing is known then. `widest` is the width of the widest bracket, `bracket` what it consists of.
    """

    direction: str
    source: str
    destination: str
    probes: int
    censored: int
    gave_up: float | None
    usual: float
    fastest: float | None
    slowest: float | None
    average: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    p50_at_least: float
    usually_below: bool
    widest: float
    bracket: str

    @property
    def usually_above(self) -> bool:
        """The page's "usually" does not hold, wherever in their brackets the items arrived."""
        return self.p50_at_least >= self.usual

    @property
    def title(self) -> str:
        holds = "holds" if self.usually_below else "does not hold"
        arrived = f"{self.probes - self.censored} of {self.probes} probes arrived"
        return f"{self.direction}: {arrived}; usually < {self.usual:g} seconds {holds}"

    @property
    def details(self) -> Details:
        counts = [("direction", self.direction), ("probes", str(self.probes)), ("censored", str(self.censored))]
        return [*counts, *((name, self.in_words(name)) for name in FIGURES), ("bracket", self.bracket)]

    def in_words(self, figure: str) -> str:
        return seconds(getattr(self, figure), None if figure == "average" else self.gave_up)


def seconds(value: float | None, gave_up: float | None = None) -> str:
    """A delay in words; None stands for one that is longer than `gave_up`, if that is known."""
    if value is None:
        return "not known" if gave_up is None else f"more than {gave_up:.2f} s"
    return f"{value:.2f} s"


def _made_of(sample: Sample) -> str:
    """Of what a bracket consists, if it is clearly wider than the pause between two looks."""
    if not sample.paused or sample.width <= WIDE * sample.paused:
        return ""
    late = max(0.0, sample.width - sample.paused - sample.looking)
    return f" ({sample.paused:.2f} s pause, {sample.looking:.2f} s looks, {late:.2f} s late)"


def summarise(samples: Sequence[Sample], usual: float = Limits.usual_delay) -> Timing:
    """The figures of samples of one direction. Raises ValueError for none, or for more than one direction."""
    directions = {sample.direction for sample in samples}
    if len(directions) != 1:
        raise ValueError(f"figures need the samples of one direction, not of {len(directions)}")
    delays = sorted(sample.delay for sample in samples)
    p50, p95, p99 = (quantile(delays, share) for share in (0.50, 0.95, 0.99))
    figures = (delays[0], delays[-1], sum(delays) / len(delays), p50, p95, p99)
    widest = max(samples, key=lambda sample: sample.width)
    arrived = [sample for sample in samples if not sample.censored]
    return Timing(
        directions.pop(),
        widest.source,
        widest.destination,
        len(samples),
        len(samples) - len(arrived),
        min((sample.gave_up for sample in samples if sample.gave_up is not None), default=None),
        usual,
        **{name: None if each == NEVER else each for name, each in zip(FIGURES, figures, strict=True)},
        p50_at_least=quantile(sorted(sample.gave_up or sample.last_miss or 0.0 for sample in samples), 0.50),
        usually_below=p50 < usual,
        widest=widest.width,
        bracket=f"{widest.width:.2f} s{_made_of(widest)}" if arrived else "none",
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def probe(
    source: str,
    destination: str,
    write: Callable[[], float],
    arrived: Callable[[], bool],
    policy: PollPolicy,
) -> Task[Sample]:
    """A task: write in one region and look in the other until it is there.

    `write` gives the time on the clock of `policy` when what it wrote was sent, which may have taken some attempts.
    """
    poll = Poll(policy, write())
    writing = poll.waited
    last_miss: float | None = None
    previous = pause = 0.0
    while True:
        poll.look()
        hit = arrived()
        seen = poll.waited
        took = seen - poll.sent
        if hit:
            in_time = poll.in_time()
            return Sample(
                source, destination, last_miss, seen, None, writing, previous + took, paused=pause, in_time=in_time
            )
        if poll.over:
            return Sample(source, destination, poll.sent, None, gave_up=poll.sent)
        last_miss, previous = poll.sent, took
        pause = poll.pause(f"an item of {source} in {destination}: not there yet")
        yield pause


FACTOR = 10
"""An order of magnitude: other writers' delays differ by a factor of two or three (facts 8), units by a thousand."""


def contradiction(minimum: float, maximum: float, measured: Sequence[tuple[float, float]]) -> str:
    """Why a datapoint of ReplicationLatency, in milliseconds, can't be of these replications; empty if it can.

    `measured` are brackets in seconds, one at least. The two need not be equal: the metric does not know the client's
    way, its datapoint covers five minutes, and others may write to a live table. But the suite's own replications are
    of the same kind, in the same direction, at about the same time.
    """
    fastest, slowest = 1000 * min(low for low, _ in measured), 1000 * max(high for _, high in measured)
    if minimum > FACTOR * slowest:
        own = f"slowest replication took at most {slowest:.0f} ms"
    elif maximum * FACTOR < fastest:
        own = f"fastest replication took more than {fastest:.0f} ms"
    else:
        return ""
    likely = "likely the metric of another direction or another table, or no measurement at all"
    for factor, unit in ((1 / 1000, "microseconds"), (1000, "seconds")):
        if fastest / FACTOR <= factor * maximum and factor * minimum <= FACTOR * slowest:
            likely = f"the figures fit if they are {unit}, so the unit is likely wrong"
    return f"between {minimum:g} and {maximum:g} ms, and the suite's {own}: {likely}"
