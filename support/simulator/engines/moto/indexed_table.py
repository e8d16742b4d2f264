"""moto's table with its items in order, for itself and for each of its indexes.

moto answers a query by sorting and walking all items of the table. Here moto's own code still evaluates expressions,
pages and projects, but is handed only the items that the answer can consist of: those between two bounds of the key,
and no more than a page has. What cannot be narrowed without knowing better than moto is left to moto as it is.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table

from support.simulator.engines.moto.answer_item import NarrowedTable
from support.simulator.engines.moto.bounded_stream import BoundedShard
from support.simulator.engines.moto.items import new_item
from support.simulator.engines.moto.ordered_table import OrderedTable
from support.simulator.engines.moto.orders import Page, Row, items_of_query, items_of_scan
from support.simulator.engines.moto.sort_keys import SortKey, sort_key

LARGEST_ITEM = 405_000
"""As moto counts: an item has at most 400 KB."""

Answer = tuple[list[Item], int, dict[str, Any] | None]


class IndexedTable(OrderedTable):
    """A table that answers from the order of its items. `adopt` makes one of any table of moto's."""

    _before: dict[SortKey, tuple[DynamoType, DynamoType | None, Item | None]] | None = None

    def put_item(
        self,
        item_attrs: dict[str, Any],
        expected: dict[str, Any] | None = None,
        condition_expression: str | None = None,
        *arguments: Any,
        **named: Any,
    ) -> Item:
        """Put an item."""
        keys = [DynamoType(item_attrs[name]) for name in self.table_key_attrs if name in item_attrs]
        if self._before is not None and len(keys) == len(self.table_key_attrs):
            self.remember(*keys)
        if expected or condition_expression or [key.type for key in keys] != self._key_types():
            item = super().put_item(item_attrs, expected, condition_expression, *arguments, **named)
            self.place(item)
            return item
        self._validate_item_types(item_attrs)
        self._validate_key_sizes(item_attrs)
        item = new_item(keys[0], keys[1] if self.range_key_attr else None, item_attrs)
        if item.size() > LARGEST_ITEM:
            raise ItemSizeTooLarge
        self.store(item)
        return item

    def get_item(
        self,
        hash_key: DynamoType,
        range_key: DynamoType | None = None,
        projection_expression: list[list[str]] | None = None,
    ) -> Item | None:
        """Get an item. moto's own would keep an empty partition for each hash key that is not there."""
        if range_key and hash_key not in self.items:
            return None
        return super().get_item(hash_key, range_key, projection_expression)

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        """Delete an item, and its partition with the last one."""
        if hash_key not in self.items:
            return None
        self.remember(*(key for key in (hash_key, range_key) if key))
        item = super().delete_item(hash_key, range_key)
        if item is not None:
            self.displace(item)
            if range_key and not self.items[hash_key]:
                del self.items[hash_key]
        return item

    def store(self, item: Item) -> None:
        """Put an item that needs no check."""
        if self.stream_shard is not None:
            self.stream_shard.add(self.get_item(item.hash_key, item.range_key), item)
        self._set(item)

    def item(self, hash_key: DynamoType, range_key: DynamoType | None = None) -> Item | None:
        """The item with this key."""
        key = sort_key([hash_key, range_key] if range_key else [hash_key])
        row: Row | None = self._order.rows.get(key)
        return row.item if row else None

    def remember(self, hash_key: DynamoType, range_key: DynamoType | None = None) -> None:
        """Keep what is there now, if a transaction is under way, until that is done."""
        key = sort_key([hash_key, range_key] if range_key else [hash_key])
        if self._before is not None and key is not None and key not in self._before:
            self._before[key] = (hash_key, range_key, copy.deepcopy(self.item(hash_key, range_key)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo everything if it fails."""
        shard = cast(BoundedShard | None, self.stream_shard)
        end = shard.end if shard else 0
        self._before = {}
        try:
            yield
        except BaseException:
            for hash_key, range_key, item in self._before.values():
                self._undo(hash_key, range_key, item)
            if shard:
                shard.cut_off(end)
            raise
        finally:
            self._before = None

    def set_stream_specification(self, streams: dict[str, Any] | None) -> None:
        """Enable or disable the stream."""
        super().set_stream_specification(streams)
        self._bound_stream()

    def query(
        self,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int,
        exclusive_start_key: dict[str, Any],
        scan_index_forward: bool,
        projection_expressions: list[list[str]] | None,
        index_name: str | None = None,
        consistent_read: bool = False,
        filter_expression: Any = None,
        hash_key_conditions: list[tuple[str, DynamoType]] | None = None,
        range_key_conditions: list[tuple[str, str, list[DynamoType]]] | None = None,
        **filter_kwargs: Any,
    ) -> Answer:
        """moto's answer to a query, from the items that it can consist of."""
        table: Table = self
        order = self.current_order(index_name)
        forward = scan_index_forward is not False
        hashes, ranges = hash_key_conditions or [], range_key_conditions or []
        page = None if filter_kwargs else Page(limit)
        items = items_of_query(order, hashes, ranges, exclusive_start_key, forward, page) if order else None
        if items is not None:
            table = NarrowedTable.of(self, items)
        return Table.query(
            table, hash_key, range_comparison, range_objs, limit, exclusive_start_key, scan_index_forward,
            projection_expressions, index_name, consistent_read, filter_expression, hash_key_conditions,
            range_key_conditions, **filter_kwargs,
        )  # fmt: skip

    def scan(
        self,
        filters: dict[str, Any],
        limit: int,
        exclusive_start_key: dict[str, Any],
        filter_expression: Any = None,
        index_name: str | None = None,
        *arguments: Any,
        **named: Any,
    ) -> Answer:
        """moto's answer to a scan, which walks on from where the last page ended."""
        table: Table = self
        if not index_name:
            table = NarrowedTable.of(self, items_of_scan(self._order, exclusive_start_key))
        return Table.scan(
            table, filters, limit, exclusive_start_key, filter_expression, index_name, *arguments, **named
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> "IndexedTable":
        # moto copies every table that a transaction writes to, whole, with its stream: here `transaction` undoes.
        if self._before is not None:
            return self
        copied = object.__new__(type(self))  # moto would keep every table that is made by calling the class
        memo[id(self)] = copied
        copied.__dict__.update((name, copy.deepcopy(value, memo)) for name, value in self.__dict__.items())
        return copied

    def _key_types(self) -> list[str]:
        return [self.hash_key_type, *([self.range_key_type] if self.range_key_type else [])]

    def _bound_stream(self) -> None:
        if type(self.stream_shard) is StreamShard:
            self.stream_shard = BoundedShard(self.account_id, self)

    def _set(self, item: Item) -> None:
        if item.range_key is None:
            self.items[item.hash_key] = item  # type: ignore[assignment]
        else:
            self.items[item.hash_key][item.range_key] = item
        self.place(item)

    def _undo(self, hash_key: DynamoType, range_key: DynamoType | None, item: Item | None) -> None:
        if item is not None:
            self._set(item)
            return
        shard, self.stream_shard = self.stream_shard, None
        self.delete_item(hash_key, range_key)
        self.stream_shard = shard


def adopt(table: Table) -> IndexedTable:
    """The table itself, which is an IndexedTable from now on."""
    if not isinstance(table, IndexedTable):
        own = type(table)
        table.__class__ = IndexedTable if own is Table else type(f"Indexed{own.__name__}", (IndexedTable, own), {})
        adopted = cast(IndexedTable, table)
        adopted._bound_stream()
        adopted.order_items()
    return cast(IndexedTable, table)
