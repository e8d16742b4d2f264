"""What could not be delivered, copied or read: reported once, and tried again before the next request."""

import sys
from pathlib import Path
from traceback import extract_tb

from support.simulator.engines.engine import EngineError


class Failures:
    """The tasks that fail at present; each is forgotten when it succeeds.

    A task belongs to a table, is told apart by any hashable `subject`, and has words for what it does.
    """

    def __init__(self) -> None:
        self._failing: dict[tuple[str, object], str] = {}

    def failed(self, table: str, subject: object, words: str, error: Exception) -> None:
        """Note that a task has failed; the first one that does so for this reason is reported on stderr."""
        reason = f"{words} of {table} fails: {describe(error)}"
        if reason not in self._failing.values():
            print(f"the simulator goes on, but {reason}", file=sys.stderr, flush=True)
        self._failing[table, subject] = reason

    def succeeded(self, table: str, subject: object) -> None:
        self._failing.pop((table, subject), None)

    def all(self) -> list[str]:
        """The reasons of all tables, each once."""
        return list(dict.fromkeys(self._failing.values()))

    def forget_table(self, table: str) -> None:
        self._failing = {task: reason for task, reason in self._failing.items() if task[0] != table}


def describe(error: Exception) -> str:
    """An exception in one line. The message of an unexpected one is left out: it may have parts of an item in it."""
    if isinstance(error, EngineError):
        return str(error).replace("\n", " ")
    frames = extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
