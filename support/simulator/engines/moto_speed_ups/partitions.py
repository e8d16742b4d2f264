"""Queries that look at the items of one partition: moto sorts and walks all items of the table.

moto's own code still compares, sorts and pages, but is handed the items under the partition key that is asked for only.
"""

from collections import defaultdict
from inspect import signature
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from support.simulator.engines.moto_speed_ups import Usual
from support.simulator.messages import Request, Response

QUERY = signature(Table.query)
ItemKey = tuple[DynamoType, DynamoType | None]


class PartitionedTable(Table):
    """A table with its items by the partition keys of its indexes, and the keys that were read since: moto updates an
    item in place after it has read it."""

    _partitions: dict[tuple[str, DynamoType], dict[ItemKey, Item]]
    _places: dict[ItemKey, list[tuple[str, DynamoType]]]
    _read: dict[ItemKey, None]
    _hashes: dict[str, str]
    _narrowed: list[Item] | None

    def begin(self) -> None:
        """Look at all items anew."""
        self._partitions, self._places, self._narrowed = defaultdict(dict), {}, None
        self._hashes = self._current_hashes()
        self._read = dict.fromkeys((item.hash_key, item.range_key) for item in Table.all_items(self))

    def put_item(self, *arguments: Any, **named: Any) -> Item:
        item = super().put_item(*arguments, **named)
        self._place((item.hash_key, item.range_key))
        return item

    def get_item(self, hash_key: DynamoType, range_key: DynamoType | None = None, *arguments: Any) -> Item | None:
        if range_key and hash_key not in self.items:
            return None  # moto would keep an empty partition
        self._read[hash_key, range_key] = None
        return super().get_item(hash_key, range_key, *arguments)

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        item = super().delete_item(hash_key, range_key)
        self._place((hash_key, range_key))
        if self.has_range_key and not self.items.get(hash_key):
            self.items.pop(hash_key, None)  # moto keeps an empty partition
        return item

    def query(self, *arguments: Any, **named: Any) -> Any:
        self._narrowed = self._partition(QUERY.bind(self, *arguments, **named).arguments)
        try:
            return super().query(*arguments, **named)
        finally:
            self._narrowed = None

    def all_items(self) -> list[Item]:
        if self._narrowed is None:
            return super().all_items()
        return sorted(self._narrowed, key=lambda each: (each.hash_key, *([each.range_key] if each.range_key else [])))

    def _current_hashes(self) -> dict[str, str]:
        """The first attribute of the partition key of each index, by the name of the index."""
        keys = ((index.name, key) for index in reversed(self.all_indexes()) for key in reversed(index.schema))
        return {name: key["AttributeName"] for name, key in keys if key["KeyType"] == "HASH"}

    def _partition(self, asked: dict[str, Any]) -> list[Item] | None:
        index = asked.get("index_name")
        if not index:
            found: Any = self.items.get(asked["hash_key"], {})
            return list(found.values()) if self.has_range_key else [found] if found else []
        if self._hashes != self._current_hashes():
            self.begin()
        for key in list(self._read):
            self._place(key)
        values = dict(asked.get("hash_key_conditions") or {})
        value = values.get(self._hashes.get(index), asked["hash_key"])
        return None if value is None else list(self._partitions.get((index, value), {}).values())

    def _place(self, key: ItemKey) -> None:
        self._read.pop(key, None)
        for place in self._places.pop(key, ()):
            del self._partitions[place][key]
            if not self._partitions[place]:
                del self._partitions[place]
        found: Any = self.items.get(key[0])
        item: Item | None = found.get(key[1]) if self.has_range_key and found else found
        if item:
            self._places[key] = [
                (index, item.attrs[name]) for index, name in self._hashes.items() if name in item.attrs
            ]
            for place in self._places[key]:
                self._partitions[place][key] = item


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    response = usual()
    if request.operation == "CreateTable" and response.ok:
        table = backend.tables[request.parameters["TableName"]]
        if type(table) is Table:
            table.__class__ = PartitionedTable  # type: ignore[type-abstract]
            table.begin()  # type: ignore[attr-defined]
    return response
