"""moto's items, and images as DynamoDB's JSON has them: the one from the other."""

from base64 import b64decode
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from support.simulator.items import WireImage


def new_item(hash_key: DynamoType, range_key: DynamoType | None, image: Mapping[str, Any]) -> Item:
    """An item with these attributes. Its size is not checked: moto's own adds everything up again at each attribute."""
    item = object.__new__(Item)  # moto would keep each one that is made by calling the class
    item.hash_key, item.range_key = hash_key, range_key
    item.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    for name, value in image.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    return item


def image_of(item: Item | None) -> dict[str, Any] | None:
    """The attributes of an item; None for no item."""
    return None if item is None else item.to_json()["Attributes"]


def unshared(image: WireImage) -> dict[str, Any]:
    """The image without what another region may hold: moto keeps the lists of sets, and changes them in place."""
    return {
        name: {kind: deepcopy(value) if isinstance(value, (list, dict)) else value for kind, value in typed.items()}
        for name, typed in image.items()
    }


def key_value(text: str) -> DynamoType:
    """A key attribute from its part of an ItemKey."""
    kind, _, value = text.partition(":")
    return DynamoType({kind: b64decode(value) if kind == "B" else value})
