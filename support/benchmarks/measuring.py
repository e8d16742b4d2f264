"""Measuring: works that are compared take turns, so that a busy machine slows all of them down alike."""

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from support.clock import WallClock

ROOT = Path(__file__).parents[2]
CLOCK = WallClock()
NEVER = 10**9


Pieces = Iterator[Callable[[], object]]


@dataclass(frozen=True)
class Strand:
    """Work in pieces. Only the pieces are timed, not how they are got ready, nor entering the `setting` they run in."""

    pieces: Pieces
    setting: Callable[[], AbstractContextManager[object]] = nullcontext


class NotMeasuredError(Exception):
    """Work that was to be measured has failed: the reason, in one line."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: `seconds` is how long the suite's rounds may go on after the first `rounds`."""

    rounds: int = 3
    seconds: float = 60.0
    pairs: int = 2
    orders: int = 400
    writes: int = 10_000
    pieces: int = 40
    few_writes: int = 100
    probes: int = 100
    items: int = 50_000
    items_over_http: int = 5_000
    calls: int = 200
    many_requests: int = 3_000


QUICK = Plan(
    rounds=1, seconds=0.0, pairs=1, orders=20, writes=200, pieces=2, few_writes=25, probes=5,
    items=100, items_over_http=50, calls=10, many_requests=500,
)  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a process cost, in seconds, from its start to its exit; `user` is CPU time outside the kernel."""

    wall: float
    user: float


def in_turns(*strands: Strand) -> list[float]:
    """How long each strand takes in all. They advance piece by piece: A B A B, not A A B B."""
    with _no_full_collections():
        return _in_turns(strands)


@contextmanager
def _no_full_collections() -> Iterator[None]:
    # One takes half a second here, and would be charged to the strand that happens to run. Young objects are collected.
    gc.collect()
    usual = gc.get_threshold()
    gc.set_threshold(*usual[:2], NEVER)
    yield
    gc.set_threshold(*usual)


def _in_turns(strands: Sequence[Strand]) -> list[float]:
    totals = [0.0] * len(strands)
    for pieces in zip(*(strand.pieces for strand in strands), strict=True):
        for number, (strand, piece) in enumerate(zip(strands, pieces, strict=True)):
            with strand.setting():
                started = CLOCK.elapsed()
                piece()
                totals[number] += CLOCK.elapsed() - started
    return totals


def ratios(of: Sequence[float], to: Sequence[float]) -> list[float]:
    """The ratio in each round."""
    return [one / other for one, other in zip(of, to, strict=True)]


def middle(figures: Sequence[float]) -> float:
    """The figure that stands for all rounds."""
    return median(figures)


def spread(figures: Sequence[float]) -> str:
    """How far the rounds lie apart, in words."""
    return f"median of {len(figures)}: {min(figures):.2f} to {max(figures):.2f}"


def python(*arguments: str) -> Cost:
    """Run this Python in the project's root. Raises NotMeasuredError unless it exits with 0."""
    ignored = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")  # without its cache Python compiles the suite each time it starts
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ignored)}
    command = [sys.executable, *arguments]
    started, before = CLOCK.elapsed(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    cost = Cost(CLOCK.elapsed() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    if done.returncode != 0:
        last = (done.stdout.strip().splitlines() or ["it said nothing"])[-1]
        raise NotMeasuredError(f"python {' '.join(arguments)} ended with {done.returncode}: {last}")
    return cost
