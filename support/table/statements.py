"""The PartiQL that is sent: statements that write one item, as parameters of ExecuteStatement; made, and read again."""

import re
from collections.abc import Mapping
from typing import Any

from support.table.wire import serialize
from support.verdicts.history import Image, Key

SETTING = '" = ?'
ONE_ITEM = 'WHERE "PK" = ? AND "SK" = ? RETURNING ALL OLD *'
STATEMENT = re.compile(
    rf'(?P<verb>UPDATE|DELETE FROM) "(?P<table>[^"]+)"(?P<settings>(?: SET "[^"]+" = \?)*) {re.escape(ONE_ITEM)}'
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
