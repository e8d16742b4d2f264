"""One thing that is wrong with the specification: where, what, and the cure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """A finding of the lint. Its text is one line: `features/x.feature:12: what is wrong; the cure`."""

    path: Path
    line: int
    text: str
    cure: str

    def __str__(self) -> str:
        return f"{source_location(self.path, self.line)}: {self.text}; {self.cure}"


def source_location(path: Path, line: int) -> str:
    """A file and a line as editors and terminals make a link of them: relative to where we are, if it is below."""
    here = Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{shown}:{line}"
