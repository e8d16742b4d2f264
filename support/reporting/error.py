"""What ends the making of a report."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Read = TypeVar("Read")


class ReportError(Exception):
    """No report can be made: one line with the cure."""


def read(path: Path, parse: Callable[[str], Read], cure: str) -> Read:
    """What a file says. Raises ReportError for one that can't be read."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{path} can't be read ({error}); cure: {cure}") from None
