"""Transactions that are undone: moto copies each table that one writes to, whole, to be able to go back to it.

Here the items that a transaction names are copied, and put back when it is cancelled.
"""

import copy
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from support.simulator.engines.moto_speed_ups.speed_up import Usual
from support.simulator.messages import Request, Response


@dataclass(frozen=True)
class Before:
    """An item of a table before the transaction."""

    table: Table
    hash_key: DynamoType
    range_key: DynamoType | None
    item: Item | None

    def restore(self) -> None:
        if self.item is None:
            self.table.delete_item(self.hash_key, self.range_key)
            return
        partition: Any = self.table.items if self.range_key is None else self.table.items[self.hash_key]
        partition[self.hash_key if self.range_key is None else self.range_key] = self.item
        self.table.get_item(self.hash_key, self.range_key)  # another speed-up sees by this that it may have changed


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    if request.operation != "TransactWriteItems":
        return usual()
    before = list(_before(backend, request.parameters.get("TransactItems", ())))
    tables = {id(each.table): each.table for each in before}.values()
    ends = [(shard, shard.starting_sequence_number + len(shard.items)) for shard in _shards(tables)]
    response = None
    try:
        with ExitStack() as stack:
            for table in tables:
                stack.enter_context(_copied_as_itself(table))
            response = usual()
    finally:
        if response is None or not response.ok:
            for each in before:
                each.restore()
            for shard, end in ends:
                del shard.items[end - shard.starting_sequence_number :]
    return response


def _before(backend: Any, entries: Any) -> Iterator[Before]:
    for action in (action for entry in entries for action in entry.values()):
        table, image = backend.tables.get(action.get("TableName")), action.get("Item") or action.get("Key") or {}
        if table is None or not all(name in image for name in table.table_key_attrs):
            continue  # moto refuses it
        hash_key, *range_keys = (DynamoType(image[name]) for name in table.table_key_attrs)
        range_key = range_keys[0] if range_keys else None
        yield Before(table, hash_key, range_key, copy.deepcopy(table.get_item(hash_key, range_key)))


def _shards(tables: Any) -> list[Any]:
    return [table.stream_shard for table in tables if table.stream_shard is not None]


@contextmanager
def _copied_as_itself(table: Any) -> Iterator[None]:
    table.__deepcopy__ = lambda _: table
    try:
        yield
    finally:
        del table.__deepcopy__
