"""Timing probes against the truth, which only a simulator knows: when a change was sent, how long it travelled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from threading import local

from support.benchmarks.bare import REGIONS
from support.benchmarks.measuring import CLOCK, Plan, middle, spread
from support.benchmarks.rows import Row
from support.benchmarks.simulator import item, key
from support.clock import MICROSECONDS, Clock, SimulatedClock, Task, WallClock
from support.page.workshop import TABLE, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE, Limits
from support.polling import PollPolicy
from support.simulator import Lag, Simulator
from support.verdicts.delays.timings import Sample, probe

HERE, THERE = REGIONS
LIMITS = Limits()
REAL_POLLING = 0.25
"""Seconds between two looks on a real clock. A look takes 1.5 ms of the interpreter, which all probes share: a hundred
of them that look every 0.1 s would ask for more than it has to give, and come late."""


@dataclass(frozen=True)
class WatchedLag(Lag):
    """The usual lag of a link, which also tells when each change was sent and how long it travels."""

    clock: Clock = field(default_factory=SimulatedClock)
    last: local = field(default_factory=local)
    """Of the thread that asks: a write is answered in the thread that makes it."""

    def sample(self, random: Random) -> int:
        """One travelling time in microseconds."""
        microseconds = super().sample(random)
        self.last.sent, self.last.lag = self.clock.elapsed(), microseconds / MICROSECONDS
        return microseconds


@dataclass(frozen=True)
class Timed:
    """A sample beside the truth: `sending` is how long the write took until the region had it; then came the lag."""

    sample: Sample
    sending: float
    lag: float
    every: float

    @property
    def error(self) -> float:
        """By how much the measured delay is off, in polling intervals.

        An interval begins when a look has been answered, so the two looks at its ends are counted with it: they take
        no time on the simulated clock.
        """
        off = abs(self.sample.delay - self.sending - self.lag)
        return off / (self.every + self.sample.looking)


@dataclass(frozen=True)
class Run:
    """Probes that ran side by side, and how many real seconds all of them took."""

    timed: Sequence[Timed]
    wall: float

    @property
    def slowest(self) -> float:
        """The longest delay that was measured."""
        return max(each.sample.delay for each in self.timed)

    @property
    def worst(self) -> float:
        """The worst error, in polling intervals."""
        return max(each.error for each in self.timed)


def rows(plan: Plan) -> list[Row]:
    """How long probes take side by side, and how far off they are."""
    simulated = time_probes(SimulatedClock(), plan.probes, LIMITS.polling)
    real = [time_probes(WallClock(), plan.probes, REAL_POLLING) for _ in range(plan.rounds)]
    walls, worst = [run.wall / run.slowest for run in real], [run.worst for run in real]
    lag = max(each.lag for each in simulated.timed)
    looking = 1000 * max(each.sample.looking for run in real for each in run.timed)
    side_by_side = f"{spread(walls)}; slowest probe {middle([run.slowest for run in real]):.2f} s, true lag {lag:.2f} s"
    error = f"error of a measured delay, {plan.probes} probes"
    interval, and_looks = "polling interval ({:g} s)", "and the two looks at its ends"
    return [
        Row(f"{plan.probes} timing probes, real clock", "the slowest probe", 1.2, "x", middle(walls), side_by_side),
        Row(f"{error}, simulated clock", interval.format(LIMITS.polling), 1.0, "", simulated.worst, "the worst one"),
        Row(
            f"{error}, real clock", f"{interval.format(REAL_POLLING)} {and_looks}", 1.0, "",
            middle(worst), f"the worst one; {spread(worst)}; looks took up to {looking:.0f} ms",
        ),
    ]  # fmt: skip


def time_probes(clock: Clock, number: int, every: float) -> Run:
    """Run probes side by side, each with an item of its own."""
    lag = WatchedLag(clock=clock)
    simulator = Simulator(clock, REGIONS, lag=lag)
    simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
    here, there = simulator.client("dynamodb", HERE), simulator.client("dynamodb", THERE)

    def timed(each: int) -> Task[Timed]:
        truth: list[float] = []

        def write() -> float:
            started = clock.elapsed()
            here.put_item(TableName=TABLE_NAME, Item=item(each))
            truth.extend((lag.last.sent - started, lag.last.lag))
            return started

        def arrived() -> bool:
            return "Item" in there.get_item(TableName=TABLE_NAME, Key=key(each), ConsistentRead=True)

        sample = yield from probe(
            HERE, THERE, write, arrived, PollPolicy(clock.elapsed, LIMITS.replication, every, backoff=0)
        )
        return Timed(sample, sending=truth[0], lag=truth[1], every=every)

    started = CLOCK.elapsed()
    results = clock.run(*(timed(each) for each in range(number)))
    wall = CLOCK.elapsed() - started
    simulator.close()
    return Run(results, wall)
