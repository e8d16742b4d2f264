"""Comparing whole item images, in words."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from support.verdicts.history import Image

ABSENT = object()
"""What an attribute is that is not there: the same as itself only."""

SHOWN = 60
"""The most characters of a text that are shown."""


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; true is not the number 1, though Python takes it for equal."""
    if one != other or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping):
        return all(same(each, other[name]) for name, each in one.items())
    if isinstance(one, list):
        return all(map(same, one, other))
    return True


def difference(expected: Image | None, shown: Image | None) -> str:
    """How what is shown differs from what is expected; empty when it does not."""
    if same(expected, shown):
        return ""
    if expected is None:
        return "there is an item, and none is expected"
    if shown is None:
        return "there is no item"
    return "; ".join(
        f"{name} {_against(expected.get(name, ABSENT), shown.get(name, ABSENT))}" for name in differing(expected, shown)
    )


def differing(one: Image, other: Image) -> list[str]:
    """The attributes in which two items differ."""
    return [name for name in sorted({*one, *other}) if not same(one.get(name, ABSENT), other.get(name, ABSENT))]


def _against(expected: object, shown: object) -> str:
    if shown is ABSENT:
        return f"is missing (expected {in_words(expected)})"
    if expected is ABSENT:
        return f"is {in_words(shown)} (expected not to be there)"
    return f"is {in_words(shown)} instead of {in_words(expected)}"


def in_words(value: object) -> str:
    """A value as the page would write it; of a long text its beginning, and how long it is."""
    if isinstance(value, str):
        cut = f"{value[:SHOWN]}..." if len(value) > SHOWN else value
        return json.dumps(cut, ensure_ascii=False) + (f" ({len(value)} characters)" if cut != value else "")
    if isinstance(value, bytes):
        return f"{in_words(b64encode(value).decode())} (binary)"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{name}": {in_words(each)}' for name, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_words, value))}]"
    if isinstance(value, set):
        return f"[{', '.join(sorted(map(in_words, value)))}]"
    return str(value)
