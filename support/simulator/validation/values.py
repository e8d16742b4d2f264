"""Attribute values: one type each, numbers within the range, sets without duplicates (the API reference's limits)."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from support.simulator.items import number
from support.simulator.validation.refused import RefusedError, invalid

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
SHORT_NUMBER = re.compile(r"-?[0-9]{1,38}")
DIGITS, HIGHEST_POWER, LOWEST_POWER = 38, 125, -130
DEEPEST = 32
EMPTY_SET = "One or more parameter values were invalid: An {} set  may not be empty"
SETS = {"SS": ("S", "string"), "NS": ("N", "number"), "BS": ("B", "binary")}
JSON_KINDS = {bool: "BOOLEAN_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE", list: "LIST_VALUE"}


def check_value(value: Any, depth: int = 0) -> None:
    """Raise RefusedError unless this is an attribute value as DynamoDB's JSON has it."""
    if not isinstance(value, dict):
        raise unreadable(value, "AttributeValue")
    if len(value) != 1:
        found = "is empty" if not value else "has more than one datatypes set"
        raise RefusedError(f"Supplied AttributeValue {found}, must contain exactly one of the supported datatypes")
    ((kind, content),) = value.items()
    if kind == "S":
        if not isinstance(content, str):
            raise unreadable(content, "String")
    elif kind == "N":
        check_number(content)
    elif kind == "M":
        _check_children(content, dict, depth)
    elif kind == "L":
        _check_children(content, list, depth)
    elif kind in SETS:
        _check_set(kind, content)
    else:
        _check_rare(kind, content)


def check_number(text: Any) -> None:
    """Raise RefusedError for a number that DynamoDB can't hold."""
    if not isinstance(text, str):
        raise unreadable(text, "String")
    if SHORT_NUMBER.fullmatch(text):
        return
    if not NUMBER.fullmatch(text):
        raise RefusedError(f"The parameter cannot be converted to a numeric value: {text}")
    value = Decimal(text)
    if not value:
        return
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    if len(digits) > DIGITS:
        raise RefusedError("Attempting to store more than 38 significant digits in a Number")
    if value.adjusted() > HIGHEST_POWER:
        raise RefusedError("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if value.adjusted() < LOWEST_POWER:
        raise RefusedError("Number underflow. Attempting to store a number with magnitude smaller than supported range")


def size_of(image: Mapping[str, Mapping[str, Any]]) -> int:
    """About how many bytes DynamoDB counts for an item: names and values in UTF-8."""
    return sum(len(name.encode()) + _size(value) for name, value in image.items())


def unreadable(value: Any, wanted: str) -> RefusedError:
    """JSON of another type than the API has there."""
    if isinstance(value, dict):
        return RefusedError("Start of structure or map found where not expected", "SerializationException")
    kind = JSON_KINDS.get(type(value), "NULL_VALUE" if value is None else "STRING_VALUE")
    return RefusedError(f"{kind} cannot be converted to {wanted}", "SerializationException")


def _check_children(content: Any, container: type, depth: int) -> None:
    if not isinstance(content, (dict, list)) or not isinstance(content, container):
        raise unreadable(content, "Map" if container is dict else "List")
    if depth >= DEEPEST:
        raise RefusedError(
            "Nesting Levels have exceeded supported limits: Attributes values have exceeded 32 nesting levels"
        )
    for each in content.values() if isinstance(content, dict) else content:
        check_value(each, depth + 1)


def _check_set(kind: str, content: Any) -> None:
    element, name = SETS[kind]
    if not isinstance(content, list):
        raise unreadable(content, "List")
    if not content:
        raise RefusedError(f"1 validation error detected: {EMPTY_SET.format(name)}")
    for each in content:
        check_value({element: each})
    if len(set(map(number, content) if kind == "NS" else content)) < len(content):
        raise invalid(f"Input collection [{', '.join(content)}] contains duplicates.")


def _check_rare(kind: str, content: Any) -> None:
    if kind == "B":
        _check_binary(content)
    elif kind not in ("BOOL", "NULL"):
        raise RefusedError(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )  # AWS passes over a type that it does not know
    elif not isinstance(content, bool):
        raise unreadable(content, "Boolean")
    elif kind == "NULL" and not content:
        raise RefusedError("Null attribute value types must have the value of true")


def _check_binary(content: Any) -> None:
    if not isinstance(content, str):
        raise unreadable(content, "Blob")
    try:
        b64decode(content, validate=True)
    except (Error, ValueError):
        raise RefusedError("Invalid base64 in a Blob: encode the bytes as base64", "SerializationException") from None


def _size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(content) * 3 // 4
    if kind == "N":
        return len(content) // 2 + 2
    if kind in SETS:
        return sum(_size({SETS[kind][0]: each}) for each in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in content.items())
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in content)
    return 1
