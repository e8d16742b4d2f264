"""Updates of index keys: a value of a wrong type would be in the item, and spoil every read of the index."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from support.simulator.validation.refused import RefusedError
from support.simulator.validation.schemas import Image, TableSchema

CLAUSE = re.compile(r"(?<![#:.\w])(SET|REMOVE|ADD|DELETE)(?!\w)", re.IGNORECASE)
COMMA = re.compile(r",(?![^(]*\))")
OPERAND = re.compile(r"[#:]?\w[\w.\[\]#-]*(?!\w*\s*\()")
STEP = re.compile(r"[#\w-]+|\[\d+\]")
UNSUPPORTED = "The update expression attempted to update the secondary index key to unsupported type"


def check_update(schema: TableSchema, action: Mapping[str, Any], read: Callable[[], Image]) -> None:
    """Raise RefusedError for an update that would give an index key a value of a wrong type.

    `read` gives the item as it is, for updates that copy one attribute to another.
    """
    for name, kind in _changes(schema, action, read):
        if name in schema.index_types and kind != schema.index_types[name]:
            raise RefusedError(UNSUPPORTED)


def _changes(schema: TableSchema, action: Mapping[str, Any], read: Callable[[], Image]) -> Iterator[tuple[str, str]]:
    """The attributes that are set, each with the type of what goes into it."""
    for name, update in action.get("AttributeUpdates", {}).items():
        if "Value" in update and update.get("Action", "PUT") == "PUT":
            yield name, next(iter(update["Value"]))
    names, values = action.get("ExpressionAttributeNames", {}), action.get("ExpressionAttributeValues", {})
    clauses = CLAUSE.split(action.get("UpdateExpression", ""))[1:]
    for verb, text in zip(clauses[::2], clauses[1::2], strict=True):
        for change in COMMA.split(text) if verb.upper() == "SET" else ():
            target, _, value = change.partition("=")
            name = names.get(target.strip(), target.strip())
            if name not in schema.index_types:
                continue
            if "list_append" in value:
                yield name, "L"
            for operand in OPERAND.findall(value):
                typed = values.get(operand) or _found(read(), operand, names)
                if typed:
                    yield name, next(iter(typed))


def _found(item: Image, path: str, names: Mapping[str, str]) -> Mapping[str, Any] | None:
    value: Any = {"M": item}
    for step in STEP.findall(path):
        if step.startswith("["):
            elements = value.get("L", [])
            value = elements[int(step[1:-1])] if int(step[1:-1]) < len(elements) else None
        else:
            value = value.get("M", {}).get(names.get(step, step))
        if value is None:
            return None
    typed: Mapping[str, Any] = value
    return typed
