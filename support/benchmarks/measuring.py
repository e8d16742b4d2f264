"""Measuring: works that are compared take turns, so that a busy machine slows all of them down alike."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from timeit import timeit

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    writes: int = 10_000
    few_writes: int = 100
    items: int = 50_000
    calls: int = 400
    requests: int = 3_000


QUICK = Plan(rounds=1, writes=100, few_writes=25, items=100, calls=10, requests=100)


@dataclass(frozen=True)
class Row:
    """The figures of some rounds and their bound, both in `unit`; `against` says what they are a multiple of."""

    work: str
    at_most: float
    unit: str
    against: str
    figures: Sequence[float]

    @property
    def holds(self) -> bool:
        return round(median(self.figures), 2) <= self.at_most

    def __str__(self) -> str:
        spread = f"{min(self.figures):.2f} to {max(self.figures):.2f}"
        measured = f"{median(self.figures):.2f}{self.unit} ({spread})"
        bound = f"at most {self.at_most:g}{self.unit} {self.against}".rstrip()
        return f"| {self.work} | {bound} | {measured} | {'holds' if self.holds else 'does not hold'} |"


def seconds(work: Callable[[], object]) -> float:
    return timeit(work, number=1)  # without a garbage collection, which would be charged to whatever runs then


def ratio(
    work: Callable[[int], object],
    other: Callable[[int], object],
    pieces: int,
    setting: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> float:
    """How much longer a work takes than another one, which runs in a setting; they advance piece by piece."""
    one = two = 0.0
    for piece in range(pieces):
        one += seconds(partial(work, piece))
        with setting():
            two += seconds(partial(other, piece))
    return one / two


def python(*arguments: str) -> float:
    """Run this Python in the project's root: seconds from start to exit. Raises CalledProcessError unless it is 0."""
    ignored = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")  # without its cache Python compiles the suite each time it starts
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ignored)}
    command = [sys.executable, *arguments]
    return seconds(
        lambda: subprocess.run(command, cwd=ROOT, env=environment, text=True, check=True, capture_output=True)
    )
