"""What moto's query and scan see: few items, which are only read, so that nothing is measured or copied twice."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table


class AnswerItem(Item):
    """The content of an item, for one answer."""

    _size: int | None

    @classmethod
    def of(cls, item: Item, attributes: LimitedSizeDict, size: int | None) -> "AnswerItem":
        """A view of the item with these attributes of it."""
        answered = object.__new__(cls)  # moto would keep each one that is made by calling the class
        answered.hash_key, answered.range_key, answered.attrs = item.hash_key, item.range_key, attributes
        answered._size = size
        return answered

    def size(self) -> int:
        """Bytes, as moto counts them."""
        return super().size() if self._size is None else self._size

    def __deepcopy__(self, memo: dict[int, Any]) -> "AnswerItem":
        return self

    def project(self, projection_expressions: list[list[str]]) -> Item:
        """The attributes of these paths. moto takes the whole item apart for it, which whole attributes do not need."""
        attributes = LimitedSizeDict.__new__(LimitedSizeDict)
        for path in projection_expressions:
            name = path[0]
            if len(path) > 1 or "[" in name:
                return super().project(projection_expressions)
            value = self.attrs.get(name)
            if value is None:
                continue
            if not _is_left_as_it_is(value):
                return super().project(projection_expressions)
            dict.__setitem__(attributes, name, value)  # LimitedSizeDict's own would count the whole item again
        return AnswerItem.of(self, attributes, None)


class NarrowedTable(Table):
    """A table for one answer, which has only some of the items."""

    _items: Iterable[Item]

    @classmethod
    def of(cls, table: Table, items: Iterable[Item]) -> Table:
        """The table with these items, in their order."""
        narrowed = object.__new__(cls)
        narrowed.__dict__.update(table.__dict__)
        narrowed._items = items
        return narrowed

    def all_items(self) -> list[Item]:
        """The items of the answer."""
        return cast(list[Item], self._items)


def _is_left_as_it_is(value: DynamoType) -> bool:
    # A number is written anew by moto: 1E1 becomes 1E+1.
    return value.type == "S" or (value.type == "N" and str(Decimal(value.value)) == value.value)
