"""The corrections that are suggested, applied to a version of the page: only words change, its markup stays."""

from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from support.page.annotation import Suggestion

MARKUP = "*`_"


def corrected(text: str, suggestions: Iterable[Suggestion]) -> str:
    """The Markdown with what each suggestion says in place of what the page says; what is not there is left alone."""
    lines = text.splitlines(keepends=True)
    for each in suggestions:
        lines = [_corrected(line, each.says, each.instead) for line in lines]
    return "".join(lines)


def patch(path: Path, text: str, suggestions: Iterable[Suggestion]) -> str:
    """The same as a unified diff of the file, which `git apply` takes; empty if there is nothing to do."""
    name = path.resolve().relative_to(Path.cwd()).as_posix() if path.resolve().is_relative_to(Path.cwd()) else path.name
    before, after = (each.splitlines(keepends=True) for each in (text, corrected(text, suggestions)))
    return "".join(unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _corrected(line: str, says: str, instead: str) -> str:
    places = [place for place, letter in enumerate(line) if letter not in MARKUP]
    begin = "".join(line[place] for place in places).find(says)
    if begin < 0:
        return line
    same = next((place for place, pair in enumerate(zip(says, instead, strict=False)) if len(set(pair)) > 1), len(says))
    same = says.rfind(" ", 0, same) + 1
    start, end = places[begin + same], places[begin + len(says) - 1] + 1
    return line[:start] + instead[same:] + line[end:]
