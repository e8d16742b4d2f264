"""The corrections that are suggested, applied to a version of the page: only words change, its markup stays."""

from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from support.page.annotation import Suggestion

MARKUP = "*`_"


def patch(path: Path, text: str, suggestions: Iterable[Suggestion]) -> str:
    """A unified diff of the file, which `git apply` takes, with what each suggestion says; what is not there stays.

    Empty if there is nothing to do.
    """
    name = path.resolve().relative_to(Path.cwd()).as_posix() if path.resolve().is_relative_to(Path.cwd()) else path.name
    before = after = text.splitlines(keepends=True)
    for each in suggestions:
        after = [_corrected(line, each.says, each.instead) for line in after]
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
