"""What a client of a live table may be asked for: reads, and writes to the run's own items, which are noted first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from support.housekeeping.ownership import ForeignKeyError, Owner
from support.table.wire import read_statement
from support.verdicts.history import Key

READS = ("DescribeTable", "DescribeTimeToLive", "GetItem", "Query")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "ExecuteStatement")


Place = tuple[object, Key | None, bool]
"""A table that a request names; the item that it writes there, and whether that may come into being."""


def guard(client: Any, table: str, owner: Owner, note: Callable[[Key], None]) -> Any:
    """The client, which from now on refuses all else with ForeignKeyError, whatever a step asks for.

    `note` is called with the key of each item that may come into being, before the request is sent.
    """

    def check(params: Mapping[str, Any], model: Any, **_event: Any) -> None:
        if model.name in READS:
            places: list[Place] = [(params.get("TableName"), None, False)]
        elif model.name in WRITES:
            try:
                places = list(_written(model.name, params))
            except (AttributeError, KeyError, TypeError, ValueError) as error:  # boto3 has not looked at them yet
                raise ForeignKeyError(f"{model.name} has parameters that do not say what it writes") from error
        else:
            raise ForeignKeyError(f"{model.name} is nothing that this suite does to a live table")
        for named, key, _ in places:
            if named != table:
                raise ForeignKeyError(f"{model.name} is for another table than {table}: {named}")
            if key:
                owner.demand(key)
        for _, key, may_create in places:
            if key and may_create:
                note(key)

    client.meta.events.register("provide-client-params.dynamodb.*", check)
    return client


def _written(operation: str, params: Mapping[str, Any]) -> Iterator[Place]:
    """What a request writes to. Raises ForeignKeyError for a statement that is not one of this suite's."""
    if operation == "BatchWriteItem":
        for table, requests in params.get("RequestItems", {}).items():
            for kind, each in (pair for request in requests for pair in request.items()):
                yield table, _key_of(each), kind != "DeleteRequest"
    elif operation == "TransactWriteItems":
        for kind, each in (pair for item in params.get("TransactItems", ()) for pair in item.items()):
            yield each.get("TableName"), _key_of(each), kind != "Delete"
    elif operation == "ExecuteStatement":
        statement = read_statement(params)
        if not statement:
            raise ForeignKeyError(f"{operation} is for an update or a delete of one item: {params.get('Statement')}")
        table, key, deletes = statement
        yield table, key, not deletes
    else:
        yield params.get("TableName"), _key_of(params), operation != "DeleteItem"


def _key_of(params: Mapping[str, Any]) -> Key:
    named = params.get("Key") or params.get("Item") or {}
    return Key(*(str(named.get(name, {}).get("S", "")) for name in ("PK", "SK")))
