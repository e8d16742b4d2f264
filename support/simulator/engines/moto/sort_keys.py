"""Sort keys: the key attributes of an item as one tuple, in the order in which moto would sort items by them.

Each value takes two places, its type and its content, so that values of different types never meet in a comparison.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

SortKey = tuple[Any, ...]


class After:
    """A bound above all contents that start with `start`; without one, above every content and every type."""

    def __init__(self, start: str | bytes | None = None) -> None:
        self.start = start

    def __gt__(self, other: Any) -> bool:
        return self.start is None or other < self.start or other.startswith(self.start)

    def __lt__(self, other: Any) -> bool:
        return not self > other


END = After()


def sort_key(values: Iterable[DynamoType]) -> SortKey | None:
    """The sort key of these values; None when one of them is not a string, a finite number or binary."""
    key: list[Any] = []
    for value in values:
        part = _part(value)
        if part is None:
            return None
        key += part
    return tuple(key)


def bounds(start: SortKey, comparison: str, values: Sequence[DynamoType]) -> tuple[SortKey, SortKey] | None:
    """The least key and the end (excluded) of the keys that begin with `start` and go on with a value that compares.

    `comparison` is moto's name for it; None when its keys do not lie side by side.
    """
    key = sort_key(values)
    if key is None or len(set(key[::2])) != 1:
        return None
    kind, first, last = key[0], start + key[:2], start + key[-2:]
    if comparison == "BEGINS_WITH" and kind != "N":
        return first, (*start, kind, After(key[1]))
    all_of_type = (*start, kind), (*start, kind, END)
    return {
        "=": (first, (*first, END)),
        "<": (all_of_type[0], first),
        "<=": (all_of_type[0], (*first, END)),
        ">": ((*first, END), all_of_type[1]),
        ">=": (first, all_of_type[1]),
        "BETWEEN": (first, (*last, END)),
    }.get(comparison)


def _part(value: DynamoType) -> tuple[str, Any] | None:
    content = value.value
    if value.type == "N":
        try:
            number = Decimal(content)
        except (InvalidOperation, TypeError, ValueError):
            return None
        return ("N", number) if number.is_finite() else None
    if isinstance(content, (str, bytes)) and value.type in ("S", "B"):
        return (value.type if isinstance(content, str) else "bytes", content)
    return None
