"""Polling: how long to wait for something, how often to look, and whom to notify meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

BACKOFF = 0.05
"""The share of the time waited so far that the next pause may take: a wait of minutes needs no look every 0.1 s."""


@dataclass(frozen=True)
class Progress:
    """What is awaited and what there is so far, in words; how long it has been awaited, and may be, in seconds."""

    awaited: str
    waited: float
    within: float


def no_progress(_: Progress) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class PollPolicy:
    """How long to wait at most and the pause between two looks, in seconds of the clock that tells `elapsed`.

    Pauses grow to `backoff` of the time waited: 0 keeps them as they are, so that the error of a measured delay does
    not grow with it.
    """

    elapsed: Callable[[], float]
    within: float
    every: float
    backoff: float = BACKOFF
    on_progress: Callable[[Progress], None] = no_progress

    def start(self) -> "Poll":
        """Start polling now."""
        return Poll(self, self.elapsed())


@dataclass(frozen=True)
class Poll:
    """Polling that has begun: `started` is in seconds of the policy's clock."""

    policy: PollPolicy
    started: float

    @property
    def waited(self) -> float:
        """Seconds since polling began."""
        return self.policy.elapsed() - self.started

    @property
    def over(self) -> bool:
        """Whether the policy's limit has been reached."""
        return self.waited >= self.policy.within

    def pause(self, awaited: str) -> float:
        """The seconds to pause until the next look; `on_progress` is called with what is awaited."""
        waited = self.waited
        self.policy.on_progress(Progress(awaited, waited, self.policy.within))
        left = self.policy.within - waited
        return min(max(self.policy.every, waited * self.policy.backoff), max(left, 0.0))
