"""What DynamoDB's API carries: images and keys, each value with its type, expressions, and PartiQL statements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from support.verdicts.history import Image, Key

SETTING = '" = ?'
ONE_ITEM = 'WHERE "PK" = ? AND "SK" = ? RETURNING ALL OLD *'
STATEMENT = re.compile(
    rf'(?P<verb>UPDATE|DELETE FROM) "(?P<table>[^"]+)"(?P<settings>(?: SET "[^"]+" = \?)*) {re.escape(ONE_ITEM)}'
)
"""A statement that writes one item, which answers with what it replaced."""


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


def update_statement(table: str, key: Key, attributes: Image) -> dict[str, Any]:
    """A statement that sets attributes of an item which is there. AWS refuses it if there is no such item."""
    settings = "".join(f' SET "{name}" = ?' for name in attributes)
    return _with_parameters(f'UPDATE "{table}"{settings} {ONE_ITEM}', *attributes.values(), *key)


def delete_statement(table: str, key: Key) -> dict[str, Any]:
    """A statement that deletes an item. AWS answers with success, and no Items, if there is none."""
    return _with_parameters(f'DELETE FROM "{table}" {ONE_ITEM}', *key)


def read_statement(parameters: Mapping[str, Any]) -> tuple[str, Key, bool] | None:
    """The table and the item that the parameters of an ExecuteStatement write to, and whether it is a delete.

    None unless it is one of these two, with all parameters.
    """
    found = STATEMENT.fullmatch(parameters.get("Statement", ""))
    values = parameters.get("Parameters", ())
    if not found or len(values) != found["settings"].count(SETTING) + len(Key._fields):
        return None
    pk, sk = (str(value["S"]) for value in values[-2:])
    return found["table"], Key(pk, sk), found["verb"] != "UPDATE"


def _with_parameters(statement: str, *values: Any) -> dict[str, Any]:
    return {"Statement": statement, "Parameters": [serialize(value) for value in values]}
