"""The only place where time passes: a wall clock for real targets, a clock of its own for the simulated one."""

import heapq
import time as system_time
from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, CancelledError, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import UTC, datetime, time, timedelta
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")

Task = Generator[float, None, Result]
"""Something that takes time: it yields the seconds it waits for, and returns its result."""

PAGE_DAY = datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
"""When the simulated day starts: the creation time in the page's first item."""

MICROSECONDS = 1_000_000


class Clock(ABC):
    """Tells the time of a target, waits in it, and runs tasks side by side."""

    simulated = False
    pace = 1.0
    """Its seconds in one of the machine's: more for tests of what would take minutes."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._started = _seconds()

    def now(self) -> datetime:
        """The time of day, in UTC, as the machine had it when the clock was made: one that is set meanwhile is not."""
        return self._began + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        """Seconds since the clock was made, never running backwards."""
        return self.real_elapsed()

    def real_elapsed(self) -> float:
        """Real seconds since the clock was made, on a simulated clock too; those in which the machine slept as well."""
        return (_seconds() - self._started) * self.pace

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Let this many seconds pass."""

    @abstractmethod
    def seconds_until(self, moments: Sequence[time]) -> list[float]:
        """How long to wait from now until each of these times of day."""

    @abstractmethod
    def run(self, *tasks: Task[Result]) -> list[Result]:
        """Run the tasks side by side; their results, in the order of the tasks. If one raises, the others end too."""


class WallClock(Clock):
    """Real time. Tasks run in threads of their own."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._stop = Event()

    def wait(self, seconds: float) -> None:
        """Sleep. Raises CancelledError when the tasks that run side by side are to end."""
        if self._sleep(seconds, self._stop):
            raise CancelledError

    def seconds_until(self, moments: Sequence[time]) -> list[float]:
        """The distances between the moments: 15:40 of the page's day is past, so the first one is now.

        The first one is that from which all the others are soonest reached, be it past midnight.
        """
        return min(([_between(first, moment) for moment in moments] for first in moments), key=max)

    def run(self, *tasks: Task[Result]) -> list[Result]:
        """One thread for each task, so that a hundred take about as long as the slowest one."""
        if len(tasks) == 1:
            return [self._drive(tasks[0], self._stop)]
        before, self._stop = self._stop, Event()
        try:
            with ThreadPoolExecutor(max_workers=max(1, len(tasks))) as threads:
                running = [threads.submit(self._drive, task, self._stop) for task in tasks]
                try:
                    ended, _ = wait_for(running, return_when=FIRST_EXCEPTION)
                finally:
                    self._stop.set()
                return [each.result() for each in running if each in ended]
        finally:
            self._stop = before

    def _drive(self, task: Task[Result], stop: Event) -> Result:
        try:
            while not stop.is_set():
                self._sleep(next(task), stop)
        except StopIteration as end:
            result: Result = end.value
            return result
        finally:
            task.close()
        raise CancelledError

    def _sleep(self, seconds: float, stop: Event) -> bool:
        return stop.wait(max(0.0, seconds) / self.pace)


class SimulatedClock(Clock):
    """A clock that moves only when asked to wait, in whole microseconds, so that every run sees the same times."""

    simulated = True

    def __init__(self) -> None:
        super().__init__(PAGE_DAY)
        self._elapsed = 0

    def elapsed(self) -> float:
        return self._elapsed / MICROSECONDS

    def wait(self, seconds: float) -> None:
        self._advance_to(self._elapsed + _microseconds(seconds))

    def seconds_until(self, moments: Sequence[time]) -> list[float]:
        """The distances from now; a time of day that is past means the next day."""
        return [_between(self.now().time(), moment) for moment in moments]

    def run(self, *tasks: Task[Result]) -> list[Result]:
        """Wake the tasks in the order of the times that they wait for; those of one moment in the order given."""
        results: dict[int, Result] = {}
        queue = [(self._elapsed, number) for number in range(len(tasks))]
        try:
            while queue:
                wake, number = heapq.heappop(queue)
                self._advance_to(wake)
                try:
                    seconds = next(tasks[number])
                except StopIteration as end:
                    results[number] = end.value
                else:
                    heapq.heappush(queue, (self._elapsed + _microseconds(seconds), number))
        finally:
            for task in tasks:
                task.close()
        return [results[number] for number in range(len(tasks))]

    def _advance_to(self, elapsed: int) -> None:
        # A task may have made the clock run past the time that another one waits for: that one is late then.
        self._elapsed = max(self._elapsed, elapsed)


def _seconds() -> float:
    """Of a clock that is never set, and that goes on while the machine sleeps (on Linux time.monotonic stops then)."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(system_time, name):
            return system_time.clock_gettime(getattr(system_time, name))
    return system_time.monotonic()


def _microseconds(seconds: float) -> int:
    # A wait for what rounding has left of a deadline has to end: each wait moves the clock.
    return max(1, round(seconds * MICROSECONDS)) if seconds > 0 else 0


def _between(earlier: time, later: time) -> float:
    day = PAGE_DAY.date()
    distance = datetime.combine(day, later) - datetime.combine(day, earlier)
    return (distance % timedelta(days=1)).total_seconds()
