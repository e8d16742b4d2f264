"""Transactions that are undone item by item: moto copies each table that one writes to, whole, to go back to it.

An item that comes back may stand elsewhere in moto's tables than before. No Scan tells, for moto sorts what it reads.
"""

import copy
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from support.simulator.engines.moto_speed_ups import Usual
from support.simulator.messages import Request, Response


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    if request.operation != "TransactWriteItems":
        return usual()
    before = list(_before(backend, request.parameters.get("TransactItems", ())))
    tables: list[Any] = list({id(table): table for table, *_ in before}.values())
    shards: list[Any] = [table.stream_shard for table in tables if table.stream_shard is not None]
    ends = [shard.starting_sequence_number + len(shard.items) for shard in shards]
    response = None
    for table in tables:
        table.__deepcopy__ = lambda _, itself=table: itself
    try:
        response = usual()
    finally:
        for table in tables:
            del table.__deepcopy__
        if response is None or not response.ok:
            for each in before:
                _restore(*each)
            for shard, end in zip(shards, ends, strict=True):
                del shard.items[end - shard.starting_sequence_number :]
    return response


def _before(backend: Any, entries: Any) -> Iterator[tuple[Table, DynamoType, DynamoType | None, Item | None]]:
    """The table and the key of each action, and the item with that key."""
    for action in (action for entry in entries for action in entry.values()):
        table, image = backend.tables.get(action.get("TableName")), action.get("Item") or action.get("Key") or {}
        if table is not None and all(name in image for name in table.table_key_attrs):  # moto refuses any other
            hash_key, *range_keys = (DynamoType(image[name]) for name in table.table_key_attrs)
            range_key = range_keys[0] if range_keys else None
            yield table, hash_key, range_key, copy.deepcopy(table.get_item(hash_key, range_key))


def _restore(table: Table, hash_key: DynamoType, range_key: DynamoType | None, item: Item | None) -> None:
    if item is None:
        table.delete_item(hash_key, range_key)
        return
    partition: Any = table.items if range_key is None else table.items[hash_key]
    partition[hash_key if range_key is None else range_key] = item
    table.get_item(hash_key, range_key)  # another speed-up sees by this that the item may have changed
