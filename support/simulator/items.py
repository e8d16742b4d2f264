"""Items as DynamoDB's JSON has them, and their keys as texts that are equal when DynamoDB takes the keys for equal."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

WireImage = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB's own JSON has it: {"PK": {"S": "USER#1"}, ...}."""

ItemKey = tuple[str, ...]
"""The values of the key attributes, in the order of the key schema."""

EXACT = Context(prec=64)
"""Room for more than the 38 digits that a number of DynamoDB has."""


def item_key(names: Sequence[str], image: Mapping[str, Mapping[str, Any]]) -> ItemKey:
    """The key in an image, by the names of the key attributes: ("S:USER#1", "N:1.5")."""
    return tuple(_key_text(kind, value) for name in names for kind, value in image[name].items())


def key_image(names: Sequence[str], key: ItemKey) -> WireImage:
    parts = [text.partition(":") for text in key]
    return {name: {kind: value} for name, (kind, _, value) in zip(names, parts, strict=True)}


def number(text: str) -> str:
    """The one way to write a number: 1, 1.0 and 1E0 are one key of DynamoDB."""
    return format(EXACT.plus(Decimal(text)).normalize(EXACT), "f")


def _key_text(kind: str, value: str | bytes) -> str:
    if isinstance(value, bytes):  # as moto holds it; a stream tells it in base64
        value = b64encode(value).decode()
    return f"{kind}:{number(value) if kind == 'N' else value}"


def same(one: WireImage | None, other: WireImage | None) -> bool:
    """Whether two images are equal for DynamoDB: sets have no order, and a number can be written in many ways."""
    if one is None or other is None:
        return one is other
    return one == other or _plain({"M": one}) == _plain({"M": other})


def _plain(typed: Mapping[str, Any]) -> tuple[str, Any]:
    ((kind, value),) = typed.items()
    if kind == "N":
        return kind, number(value)
    if kind == "NS":
        return kind, sorted(map(number, value))
    if kind in ("SS", "BS"):
        return kind, sorted(value)
    if kind == "L":
        return kind, [_plain(each) for each in value]
    if kind == "M":
        return kind, {name: _plain(each) for name, each in value.items()}
    return kind, value
