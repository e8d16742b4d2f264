"""What a live run is waiting for: one line that is rewritten on a terminal, a line now and then elsewhere."""

import sys
from threading import Lock
from typing import Any

import pytest

from support.clock import WallClock
from support.waiting import Progress

FIRST_LINE = 2.0
"""Nobody needs to be told of a wait that is shorter than this, in seconds."""

BETWEEN_LINES = 0.5
SPARSE = (10, 30, 60, 120, 240, 480)
"""After how many seconds of a wait a log gets a line."""


class ProgressLine:
    """Writes to the terminal past pytest's capturing. Threads may tell it; a wait that ends is forgotten."""

    def __init__(self, config: pytest.Config) -> None:
        self._terminal: Any = config.pluginmanager.get_plugin("terminalreporter")
        self._capture: Any = config.pluginmanager.get_plugin("capturemanager")
        self._clock = WallClock()
        self._lock = Lock()
        self._shown_at = float("-inf")
        self._told: set[int] = set()
        self._on_line = False

    def tell(self, progress: Progress) -> None:
        """Something is being waited for."""
        with self._lock:
            if self._terminal and self._terminal.isatty:
                self._rewrite(progress)
            else:
                self._write_now_and_then(progress)

    def end(self) -> None:
        """The scenario is over: what comes next starts anew."""
        with self._lock:
            if self._on_line:
                self._terminal.rewrite("", erase=True)
            self._on_line = False
            self._told.clear()

    def _rewrite(self, progress: Progress) -> None:
        now = self._clock.elapsed()
        if progress.waited < FIRST_LINE or now - self._shown_at < BETWEEN_LINES:
            return
        if not self._on_line:
            self._terminal.ensure_newline()
        width = self._terminal._tw.fullwidth - 1  # not public, and the only one who knows
        self._terminal.rewrite(_line(progress)[:width], erase=True)
        self._shown_at, self._on_line = now, True

    def _write_now_and_then(self, progress: Progress) -> None:
        due = [seconds for seconds in SPARSE if seconds <= progress.waited and seconds not in self._told]
        if not due:
            return
        self._told.update(due)
        if self._terminal:
            self._terminal.ensure_newline()
            self._terminal.write_line(_line(progress))
        elif self._capture:
            # A worker of xdist has no terminal of its own, but its standard error is that of the whole run.
            with self._capture.global_and_fixture_disabled():
                print(_line(progress), file=sys.stderr, flush=True)


def _line(progress: Progress) -> str:
    return f"waiting for {progress.waited:.0f} of {progress.within:.0f} s: {progress.awaited}"
