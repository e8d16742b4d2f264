"""Images and keys as DynamoDB's API carries them: each value with its type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from support.verdicts.history import Image, Key


class _PlainDeserializer(TypeDeserializer):
    def _deserialize_b(self, value: bytes) -> bytes:
        # boto3 makes an object of its own of bytes, which can be neither sorted nor printed.
        return value


serialize = TypeSerializer().serialize
_deserialize = _PlainDeserializer().deserialize


def to_wire(image: Image) -> dict[str, Any]:
    return {name: serialize(value) for name, value in image.items()}


def from_wire(item: Mapping[str, Any]) -> dict[str, Any]:
    """An image with plain values; numbers are Decimal."""
    return {name: _deserialize(value) for name, value in item.items()}


def wire_key(key: Key) -> dict[str, Any]:
    return to_wire(key_image(key))


def key_image(key: Key) -> dict[str, Any]:
    return {"PK": key.pk, "SK": key.sk}


def key_query(key: Key) -> dict[str, Any]:
    """The parameters of a Query for exactly this PK and SK, as the page does it; it is consistent."""
    return {
        "KeyConditionExpression": "PK = :pk AND SK = :sk",
        "ExpressionAttributeValues": {":pk": {"S": key.pk}, ":sk": {"S": key.sk}},
        "ConsistentRead": True,
    }


@dataclass(frozen=True)
class Equations:
    """Attributes and their values as an expression has them: "#s0 = :s0", with what the placeholders stand for."""

    texts: tuple[str, ...]
    names: dict[str, str]
    values: dict[str, Any]


def equations(letter: str, attributes: Image) -> Equations:
    """Equations for these attributes, with placeholders that have the letter and a number."""
    return Equations(
        tuple(f"#{letter}{number} = :{letter}{number}" for number in range(len(attributes))),
        {f"#{letter}{number}": name for number, name in enumerate(attributes)},
        {f":{letter}{number}": serialize(value) for number, value in enumerate(attributes.values())},
    )
