"""moto's table with the places of its items in order, for itself and for each of its indexes."""

from typing import Any, cast

from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from sortedcontainers import SortedDict

from support.simulator.engines.moto.orders import Order, Row, order_of, place_in, table_key
from support.simulator.engines.moto.sort_keys import SortKey


class OrderedTable(Table):
    """A table that knows its items by their order. Whatever writes to it has to say so by `place` or `displace`."""

    _order: Order
    _indexes: dict[str, Order]
    _shape: list[Any]

    def place(self, item: Item) -> None:
        """Bring the orders up to date after an item was put or changed in place."""
        key = table_key(item)
        row: Row | None = self._order.rows.get(key)
        if row is None:
            row = self._order.rows[key] = Row(item, [None] * len(self._indexes))
        row.item, row.size = item, None
        for number, order in enumerate(self._indexes.values()):
            self._move(order, row, number, place_in(order, item))

    def displace(self, item: Item) -> None:
        """Take an item that is gone out of the orders."""
        row: Row | None = self._order.rows.pop(table_key(item), None)
        for number, order in enumerate(self._indexes.values() if row else ()):
            self._move(order, cast(Row, row), number, None)

    def all_items(self) -> list[Item]:
        """All items in the order of their keys."""
        return [row.item for row in self._order.rows.values()]

    def __len__(self) -> int:
        return len(self._order.rows)

    def order_items(self) -> None:
        """Order all items anew."""
        self._shape = self._current_shape()
        names = tuple(self.table_key_attrs)
        self._order = Order(names, names[:1], (), SortedDict())
        self._indexes = {index.name: order_of(index, self) for index in self.all_indexes()}
        for item in Table.all_items(self):
            self.place(item)

    def current_order(self, index_name: str | None) -> Order | None:
        """The order of the table or of an index; None for an index that the table has not."""
        if self._shape != self._current_shape():
            self.order_items()
        return self._indexes.get(index_name) if index_name else self._order

    def _current_shape(self) -> list[Any]:
        return [(index.name, [dict(key) for key in index.schema]) for index in self.all_indexes()]

    @staticmethod
    def _move(order: Order, row: Row, number: int, place: SortKey | None) -> None:
        old = row.places[number]
        if old != place:
            if old is not None:
                del order.rows[old]
            if place is not None:
                order.rows[place] = row
            row.places[number] = place
