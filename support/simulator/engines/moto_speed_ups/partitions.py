"""Queries that look at the items of one partition: moto sorts and walks all items of the table.

moto's own code still compares, sorts and pages. It is handed the items that were last seen under the partition key that
is asked for: all that can be part of the answer, and maybe some that have left since.
"""

from collections import defaultdict
from inspect import signature
from typing import Any, cast

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from support.simulator.engines.moto_speed_ups.speed_up import Usual
from support.simulator.messages import Request, Response

QUERY = signature(Table.query)
ItemKey = tuple[DynamoType, DynamoType | None]


class PartitionedTable(Table):
    """A table with its items by the partition keys of its indexes."""

    _partitions: dict[str, dict[DynamoType, dict[ItemKey, Item]]]
    _places: dict[ItemKey, dict[str, DynamoType]]
    _touched: dict[ItemKey, None]
    _shape: list[Any]
    _narrowed: list[Item] | None

    def put_item(self, *arguments: Any, **named: Any) -> Item:
        item = super().put_item(*arguments, **named)
        self._touched[item.hash_key, item.range_key] = None
        return item

    def get_item(self, hash_key: DynamoType, range_key: DynamoType | None = None, *arguments: Any, **named: Any) -> Any:
        # moto updates an item in place, after it has got it here.
        if hash_key not in self.items:
            return super().get_item(hash_key, range_key, *arguments, **named) if self.has_range_key else None
        self._touched[hash_key, range_key] = None
        return super().get_item(hash_key, range_key, *arguments, **named)

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        item = super().delete_item(hash_key, range_key)
        self._touched[hash_key, range_key] = None
        if self.has_range_key and not self.items.get(hash_key):
            self.items.pop(hash_key, None)  # moto keeps an empty partition
        return item

    def query(self, *arguments: Any, **named: Any) -> Any:
        asked = QUERY.bind(self, *arguments, **named).arguments
        self._narrowed = self._partition(asked.get("index_name"), asked)
        try:
            return super().query(*arguments, **named)
        finally:
            self._narrowed = None

    def all_items(self) -> list[Item]:
        if self._narrowed is None:
            return super().all_items()
        key = (lambda item: (item.hash_key, item.range_key)) if self.has_range_key else (lambda item: item.hash_key)
        return sorted(self._narrowed, key=key)

    def begin(self) -> None:
        """Look at all items anew."""
        self._partitions, self._places = defaultdict(lambda: defaultdict(dict)), {}
        self._shape, self._narrowed = self._indexes(), None
        self._touched = dict.fromkeys((item.hash_key, item.range_key) for item in Table.all_items(self))

    def _indexes(self) -> list[tuple[str, str]]:
        """The name of each index, and of the first attribute of its partition key."""
        keys = ((index.name, key) for index in self.all_indexes() for key in index.schema)
        hashes = [(name, key["AttributeName"]) for name, key in keys if key["KeyType"] == "HASH"]
        return list({name: (name, attribute) for name, attribute in reversed(hashes)}.values())

    def _partition(self, index: str | None, asked: dict[str, Any]) -> list[Item] | None:
        if not index:
            found: Any = self.items.get(asked["hash_key"], {})
            return list(found.values()) if self.has_range_key else [found] if found else []
        if self._shape != self._indexes():
            self.begin()
        attribute = dict(self._shape).get(index)
        value = dict(asked.get("hash_key_conditions") or {}).get(attribute, asked["hash_key"])
        if value is None or attribute is None:
            return None
        for key in self._touched:
            self._place(key)
        self._touched.clear()
        return list(self._partitions[index].get(value, {}).values())

    def _place(self, key: ItemKey) -> None:
        for index, value in self._places.pop(key, {}).items():
            del self._partitions[index][value][key]
            if not self._partitions[index][value]:
                del self._partitions[index][value]
        item: Any = self.items.get(key[0])
        item = item.get(key[1]) if self.has_range_key and item else item
        if item:
            self._places[key] = {index: item.attrs[name] for index, name in self._shape if name in item.attrs}
            for index, value in self._places[key].items():
                self._partitions[index][value][key] = item


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    response = usual()
    if request.operation == "CreateTable" and response.ok:
        table = backend.tables[request.parameters["TableName"]]
        if type(table) is Table:
            table.__class__ = PartitionedTable  # type: ignore[type-abstract]
            cast(PartitionedTable, table).begin()
    return response
