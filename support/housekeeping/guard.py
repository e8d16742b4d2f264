"""What a client of a live table may be asked for: reads, and writes to the run's own items, which are noted first."""

from collections.abc import Callable, Mapping
from typing import Any

from support.housekeeping.ownership import ForeignKeyError, Owner
from support.verdicts.history import Key

READS = ("DescribeTable", "DescribeTimeToLive", "GetItem", "Query")
WRITES = ("PutItem", "UpdateItem", "DeleteItem")


def guard(client: Any, table: str, owner: Owner, note: Callable[[Key], None]) -> Any:
    """The client, which from now on refuses all else with ForeignKeyError, whatever a step asks for.

    `note` is called with the key of each item that may come into being, before the request is sent.
    """

    def check(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if params.get("TableName") != table:
            raise ForeignKeyError(f"{model.name} is for another table than {table}: {params.get('TableName')}")
        if model.name in READS:
            return
        if model.name not in WRITES:
            raise ForeignKeyError(f"{model.name} is nothing that this suite does to a live table")
        key = _key_of(params)
        owner.demand(key)
        if model.name != "DeleteItem":
            note(key)

    client.meta.events.register("provide-client-params.dynamodb.*", check)
    return client


def _key_of(params: Mapping[str, Any]) -> Key:
    named = params.get("Key") or params.get("Item") or {}
    return Key(*(str(named.get(name, {}).get("S", "")) for name in ("PK", "SK")))
