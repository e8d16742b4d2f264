"""The feature files below a folder, and one form for all that is wrong with them: where, what, and the cure."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from pytest_bdd.exceptions import GherkinParseError

from support.page.scenarios import WrittenFeature, read_feature

STRAY_COLON = re.compile(r"\s*(?:Given|When|Then|And|But|\*)\s*:", re.IGNORECASE)
"""A line that was meant as a step, but for Gherkin isn't one."""

LOCATION = re.compile(r"^\(\d+:\d+\): ")
"""What the parser writes before an error."""

UNREADABLE = (GherkinParseError, KeyError, UnicodeDecodeError)
"""What reading a feature file raises. The KeyError is pytest-bdd's way of saying that it has no Feature."""


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


def read_features(folder: Path) -> tuple[list[WrittenFeature], list[Problem]]:
    """The features below a folder in the order of their paths, and what can't be read."""
    features, problems = [], []
    for path in sorted(folder.rglob("*.feature")):
        try:
            features.append(read_feature(path))
        except UNREADABLE as error:
            problems.append(unreadable(path, error))
    if not features and not problems:
        problems.append(Problem(folder, 1, "there is no .feature file here", "name the folder that has them"))
    return features, problems


def unreadable(path: Path, error: Exception) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return Problem(path, line, f"byte 0x{error.object[error.start]:02x} is not UTF-8", "save the file as UTF-8")
    if not isinstance(error, GherkinParseError):
        return Problem(path, 1, "there is no Feature in this file", "write one, or delete the file")
    if path.read_bytes().startswith(codecs.BOM_UTF8):
        return Problem(path, 1, "the file starts with a byte order mark", "save it as UTF-8 without one")
    if STRAY_COLON.match(error.line_content):
        return stray_colon(path, error.line, error.line_content)
    message: str = error.message
    if message.startswith("Unknown parsing error"):  # pytest-bdd has no words of its own for it
        message = LOCATION.sub("", message.splitlines()[1])  # Of several errors the first, whose line is named.
    said = " ".join(message.split()).removesuffix(".")
    line_content = error.line_content.strip()
    text = f'this is not Gherkin: {said}: "{line_content}"' if line_content else f"this is not Gherkin: {said}"
    return Problem(path, error.line, text, "correct it here or just above")


def stray_colon(path: Path, line: int, text: str) -> Problem:
    return Problem(path, line, f'"{text.strip()}" is no step', "leave out the colon, or word it as a description")
