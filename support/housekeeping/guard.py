"""Which items are a run's own, and what a client of a live table may be asked for: reads, and writes to those items,
which are noted first.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from support.page.workshop import KEY_PREFIXES, Participant
from support.table.wire import read_statement
from support.verdicts.history import Key

READS = ("DescribeTable", "DescribeTimeToLive", "GetItem", "Query")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "ExecuteStatement")

Place = tuple[object, Key | None, bool]
"""A table that a request names; the item that it writes there, and whether that may come into being."""


class ForeignKeyError(Exception):
    """An item was to be written that is not the run's own: a fault of the suite, no verdict on replication."""


@dataclass(frozen=True)
class Owner:
    """A run: the participant's name and an id that no other run has, as in "ada-3f9c1a"."""

    name: str

    @classmethod
    def of_new_run(cls, participant: str) -> "Owner":
        return cls(f"{participant}-{token_hex(3)}")

    def owns(self, pk: str) -> bool:
        return any(pk.startswith(f"{prefix}{self.name}-") for prefix in KEY_PREFIXES)

    def demand(self, key: Key) -> None:
        """Raise ForeignKeyError unless the item is the run's own."""
        if not self.owns(key.pk):
            raise ForeignKeyError(f"{key} is not an item of this run ({self.name}), and is left alone")

    def participant(self, scenario: str, attempt: int) -> Participant:
        """The participant of one scenario: scenarios that run side by side in one table have keys of their own."""
        number = hashlib.sha256(f"{scenario}/{attempt}".encode()).hexdigest()[:6]
        return Participant(f"{self.name}-{number}", given_name=self.name.rpartition("-")[0])


def guard(client: Any, table: str, owner: Owner, note: Callable[[Key], None]) -> Any:
    """The client, which from now on refuses all else with ForeignKeyError, whatever a step asks for.

    `note` is called with the key of each item that may come into being, before the request is sent.
    """

    def check(params: Mapping[str, Any], model: Any, **_event: Any) -> None:
        if model.name not in READS + WRITES:
            raise ForeignKeyError(f"{model.name} is nothing that this suite does to a live table")
        try:
            places = list(_places(model.name, params))
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # boto3 has not looked at them yet
            raise ForeignKeyError(f"{model.name} has parameters that do not say what it writes") from error
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


def _places(operation: str, params: Mapping[str, Any]) -> Iterator[Place]:
    """What a request is for. Raises ForeignKeyError for a statement that is not one of this suite's."""
    if operation in READS:
        yield params.get("TableName"), None, False
    elif operation == "BatchWriteItem":
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
