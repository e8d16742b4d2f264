"""What a live run is waiting for: one line that is rewritten on a terminal, a line now and then elsewhere."""

import sys
from contextlib import nullcontext
from threading import Lock
from typing import Any

import pytest

from support.clock import WallClock
from support.polling import Progress

FIRST_LINE = 2.0
"""A wait that is shorter than this, in seconds, is not worth a line."""

BETWEEN_LINES = 0.5
SPARSE = (10, 30, 60, 120, 240, 480)
"""After how many seconds of a wait a log gets a line."""


class ProgressLine:
    """Writes to the terminal past pytest's capturing. Threads may tell it; a wait that ends is forgotten."""

    def __init__(self, config: pytest.Config) -> None:
        # A worker of xdist has a terminal that leads nowhere, but its standard error is that of the whole run.
        worker = hasattr(config, "workerinput")
        self._terminal: Any = None if worker else config.pluginmanager.get_plugin("terminalreporter")
        self._rewrites = bool(self._terminal and self._terminal.isatty)
        capture: Any = config.pluginmanager.get_plugin("capturemanager")
        self._past_capturing = capture.global_and_fixture_disabled if capture else nullcontext
        self._clock = WallClock()
        self._lock = Lock()
        self._shown_at = float("-inf")
        self._printed: set[int] = set()
        self._on_line = False

    def tell(self, progress: Progress) -> None:
        with self._lock:
            if self._is_due(progress):
                with self._past_capturing():
                    self._write(f"waiting for {progress.waited:.0f} of {progress.within:.0f} s: {progress.awaited}")

    def end(self) -> None:
        """The scenario is over: what comes next starts anew."""
        with self._lock:
            if self._on_line:
                with self._past_capturing():
                    self._terminal.rewrite("", erase=True)
                    self._terminal.write("\r")
            self._on_line = False
            self._printed.clear()

    def _is_due(self, progress: Progress) -> bool:
        if self._rewrites:
            now = self._clock.elapsed()
            due = progress.waited >= FIRST_LINE and now - self._shown_at >= BETWEEN_LINES
            self._shown_at = now if due else self._shown_at
            return due
        passed = {seconds for seconds in SPARSE if seconds <= progress.waited} - self._printed
        self._printed |= passed
        return bool(passed)

    def _write(self, line: str) -> None:
        if not self._terminal:
            print(line, file=sys.stderr, flush=True)
            return
        if not self._on_line:
            self._terminal.ensure_newline()
        if self._rewrites:
            width = self._terminal._tw.fullwidth - 1  # not public, and the only one who knows
            self._terminal.rewrite(line[:width], erase=True)
            self._terminal.flush()
            self._on_line = True
        else:
            self._terminal.write_line(line)
