"""What DynamoDB's API carries: images and keys, each value with its type, expressions, and PartiQL statements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from support.verdicts.history import Action, Image, Key

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
class Intent:
    """A write that is to be sent; `attributes` are those that a put or an update sets, besides the key.

    An update is done if others have the values that are `provided`; `counted` names one that it counts down by one,
    never below zero.
    """

    action: Action
    key: Key
    by: str
    attributes: Image = field(default_factory=dict)
    provided: Image = field(default_factory=dict)
    counted: str = ""

    @property
    def item(self) -> dict[str, Any]:
        return {**key_image(self.key), **self.attributes}

    def new_image(self, old_image: Image) -> Image | None:
        """The image that it leaves; only that of an update depends on what it replaced."""
        if self.action == "delete":
            return None
        if self.action == "put":
            return self.item
        counted = {self.counted: old_image[self.counted] - 1} if self.counted in old_image else {}
        return {**key_image(self.key), **old_image, **counted, **self.attributes}

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of PutItem, UpdateItem or DeleteItem, or of a part of a batch or a transaction, but for the table."""
        if self.action == "put":
            return {"Item": to_wire(self.item)}
        return {"Key": wire_key(self.key), **(self._expressions() if self.action == "update" else {})}

    def _expressions(self) -> dict[str, Any]:
        settings = {f"s{number}": each for number, each in enumerate(self.attributes.items())}
        demands = {f"p{number}": each for number, each in enumerate(self.provided.items())}
        placed = (settings | demands).items()
        names = {f"#{place}": name for place, (name, _) in placed}
        values = {f":{place}": serialize(value) for place, (_, value) in placed}
        changes = [f"#{place} = :{place}" for place in settings]
        conditions = [f"#{place} = :{place}" for place in demands]
        if self.counted:
            changes.append("#a = #a - :one")
            conditions.append("#a >= :one")
            names["#a"], values[":one"] = self.counted, serialize(1)
        return {
            "UpdateExpression": f"SET {', '.join(changes)}",
            **({"ConditionExpression": " AND ".join(conditions)} if conditions else {}),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }


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
