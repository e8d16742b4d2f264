"""Images and keys as DynamoDB's API carries them: each value with its type."""

from collections.abc import Iterable, Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from support.verdicts.history import Image, Key

serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def to_wire(image: Image) -> dict[str, Any]:
    """An image with plain values as the API takes it."""
    return {name: serialize(value) for name, value in image.items()}


def from_wire(item: Mapping[str, Any]) -> dict[str, Any]:
    """An image with plain values; numbers are Decimal."""
    return {name: _deserialize(value) for name, value in item.items()}


def wire_key(key: Key) -> dict[str, Any]:
    """A primary key as the API takes it."""
    return to_wire(key_image(key))


def key_image(key: Key) -> dict[str, Any]:
    """A primary key as the attributes that an item has for it."""
    return {"PK": key.pk, "SK": key.sk}


def numbered(prefix: str, values: Iterable[Any]) -> dict[str, Any]:
    """Placeholders of an expression (":v0", ":v1", ...) and what they stand for."""
    return {f"{prefix}{number}": value for number, value in enumerate(values)}
