"""Replications that take a known time, and samples of them."""

import math

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.tests.verdicts.histories import EU, US
from support.verdicts.delays.timings import Sample, probe


def arrived(*hits: float) -> list[Sample]:
    """Samples with these delays, and brackets of a tenth of a second."""
    return [Sample(US, EU, hit - 0.1, hit) for hit in hits]


def censored(gave_up: float = 120.0) -> Sample:
    """A sample that was given up."""
    return Sample(US, EU, gave_up, None, gave_up=gave_up)


class Replica:
    """Something that arrives a while after it was written, on a clock of its own; each request takes time too."""

    def __init__(self, lag: float, start: float = 0.0, writing: float = 0.0, looking: float = 0.0) -> None:
        self.clock = SimulatedClock()
        self.clock.wait(start)
        self.lag, self.writing, self.looking = lag, writing, looking
        self.started = self.clock.elapsed()
        self.written = math.inf

    def write(self) -> float:
        self.written = self.clock.elapsed()
        self.clock.wait(self.writing)
        return self.written

    def shows(self) -> bool:
        self.clock.wait(self.looking / 2)
        there = self.clock.elapsed() >= self.written + self.lag
        self.clock.wait(self.looking / 2)
        return there

    def probed(self, within: float = 120.0, every: float = 0.1) -> Sample:
        task = probe(US, EU, self.write, self.shows, PollPolicy(self.clock.elapsed, within, every, backoff=0))
        (sample,) = self.clock.run(task)
        return sample
