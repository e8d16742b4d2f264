"""Comparing whole item images, in words."""

from support.history import Image


def difference(expected: Image | None, shown: Image | None) -> str:
    """How what is shown differs from what is expected; empty when it does not."""
    if expected == shown:
        return ""
    if expected is None:
        return "there is an item, and none is expected"
    if shown is None:
        return "there is no item"
    return "; ".join(
        _of_attribute(name, expected, shown)
        for name in sorted({*expected, *shown})
        if name not in expected or name not in shown or expected[name] != shown[name]
    )


def _of_attribute(name: str, expected: Image, shown: Image) -> str:
    if name not in shown:
        return f"{name} is missing (expected {in_words(expected[name])})"
    if name not in expected:
        return f"{name} is {in_words(shown[name])} (expected not to be there)"
    return f"{name} is {in_words(shown[name])} instead of {in_words(expected[name])}"


def in_words(value: object) -> str:
    """A value as a reader would write it."""
    return f'"{value}"' if isinstance(value, str) else str(value)
