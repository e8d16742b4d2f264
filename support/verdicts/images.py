"""Comparing whole item images, in words."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from support.verdicts.history import Image

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
        _of_attribute(name, expected, shown)
        for name in sorted({*expected, *shown})
        if name not in expected or name not in shown or not same(expected[name], shown[name])
    )


def _of_attribute(name: str, expected: Image, shown: Image) -> str:
    if name not in shown:
        return f"{name} is missing (expected {in_words(expected[name])})"
    if name not in expected:
        return f"{name} is {in_words(shown[name])} (expected not to be there)"
    return f"{name} is {in_words(shown[name])} instead of {in_words(expected[name])}"


def in_words(value: object) -> str:
    """A value as the page would write it; of a long text its beginning, and how long it is."""
    if isinstance(value, str):
        cut = f"{value[:SHOWN]}..." if len(value) > SHOWN else value
        return json.dumps(cut, ensure_ascii=False) + (f" ({len(value)} characters)" if cut != value else "")
    if isinstance(value, bytes):
        return f"{in_words(b64encode(value).decode())} (binary)"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{name}": {in_words(each)}' for name, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_words, value))}]"
    if isinstance(value, set):
        return f"[{', '.join(sorted(map(in_words, value)))}]"
    return str(value)
