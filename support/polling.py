"""Polling: how long to wait for something, how often to look, and whom to notify meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

BACKOFF = 0.05
"""The share of the time waited so far that the next pause may take: a wait of minutes needs no look every 0.1 s."""

MICROSECOND = 1e-6
"""What adding up seconds may be wrong by."""


@dataclass(frozen=True)
class Progress:
    """What is awaited and what there is so far, in words; how long it has been awaited, and may be, in seconds."""

    awaited: str
    waited: float
    within: float


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
    on_progress: Callable[[Progress], None] = lambda _: None

    def start(self) -> "Poll":
        return Poll(self, self.elapsed())


@dataclass
class Poll:
    """Polling that has begun, at `started` seconds of the policy's clock.

    `sent` is when the look at hand was sent, `missed` when the last one in vain was, in seconds since then.

    A limit is held against looks, not against time that passed: the process may have stood still. What the look at hand
    missed is too late only if it was sent when the limit was `over`; what it found is in time only if it was answered
    `in_time`. A look that was sent before the limit and answered after it proves neither.
    """

    policy: PollPolicy
    started: float
    sent: float = 0.0
    missed: float = 0.0

    @property
    def waited(self) -> float:
        return self.policy.elapsed() - self.started

    def look(self) -> None:
        self.sent = self.waited

    @property
    def over(self) -> bool:
        """Whether the look at hand was sent when the limit had been reached."""
        return self.sent >= self.policy.within

    def in_time(self, before: float = 0.0) -> bool:
        """Whether the limit has not passed by now, counted from so many seconds before polling began.

        A limit of 0 asks for what is there at the first look.
        """
        return before + self.waited <= self.policy.within + MICROSECOND or not self.policy.within

    def doubt(self) -> str:
        """Why it can't be told whether what was found came in time."""
        looks = f"no look was answered between {self.missed:.2f} and {self.waited:.2f} s"
        return f"{looks}, so whether it took more than {self.policy.within:g} s can't be told"

    def pause(self, awaited: str) -> float:
        """The seconds to pause until the next look; `on_progress` is called with what is awaited."""
        waited, self.missed = self.waited, self.sent
        self.policy.on_progress(Progress(awaited, waited, self.policy.within))
        left = self.policy.within - waited
        return min(max(self.policy.every, waited * self.policy.backoff), max(left, 0.0))
