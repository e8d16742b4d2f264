"""The words that sentences share: typed parameters, and the tables of features."""

import re
from collections.abc import Callable, Sequence
from datetime import time
from functools import partial
from typing import Any

SECONDS = {"second": 1, "minute": 60, "hour": 3600}


def duration(text: str) -> float:
    """ "2 minutes" in seconds."""
    number, unit = text.split()
    return float(number) * SECONDS[unit.removesuffix("s")]


def names(text: str) -> tuple[str, ...]:
    """ "a, b and c" as its names."""
    return tuple(re.split(r", | and ", text))


def thing(text: str) -> str:
    """ "the global user" as "user": what kind of it is said for the reader."""
    return text.split()[-1]


def _gap(pattern: str, convert: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """What parse makes a value of: a text of this pattern."""
    converter = partial(convert)
    converter.pattern = pattern  # type: ignore[attr-defined]
    return converter


TYPES = {
    "Duration": _gap(r"\d+ (?:second|minute|hour)s?", duration),
    "Names": _gap(r"[\w-]+(?:(?:, [\w-]+)* and [\w-]+)?", names),
    "Region": _gap(r"[a-z]{2}(?:-[a-z]+)+-\d"),
    "Text": _gap(r'[^"]+'),
    "Thing": _gap(r"(?:an?|the|this) (?:[a-z]+ )?\w+", thing),
    "Word": _gap(r"\w+"),
}
"""What may stand in the gap of a sentence, as in {region:Region}; Text is what is in quotation marks.

They stand in each decorator, after `parsers.parse`: editors look for a step's text there, and see through nothing else.
"""


def time_of_day(text: str) -> time:
    """ "15:40:00.1" as a time; as "15:40:00.1Z" too, because all times are in UTC."""
    try:
        return time.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise ValueError(f"{text!r} is no time of day, as in 15:40:00") from None


class Row(dict[str, str]):
    """The cells of a row of a data table under the names of its head. Raises LookupError for one that it has not."""

    def __missing__(self, name: str) -> str:
        raise LookupError(f"a row of the table in the feature has no {name!r}, only {', '.join(self)}")


def rows(table: Sequence[Sequence[str]]) -> list[Row]:
    head, *body = table
    return [Row((name, cell) for name, cell in zip(head, row, strict=True) if cell) for row in body]
