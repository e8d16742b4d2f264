"""The items of a table or of an index in order, and which of them an answer can consist of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import RESULT_SIZE_LIMIT, SecondaryIndex, Table
from sortedcontainers import SortedDict

from support.simulator.engines.moto.answer_item import AnswerItem
from support.simulator.engines.moto.sort_keys import END, SortKey, bounds, sort_key

HashConditions = Sequence[tuple[str, DynamoType]]
RangeConditions = Sequence[tuple[str, str, list[DynamoType]]]


@dataclass(slots=True)
class Row:
    """An item, and its place in each index (None: it is not in it)."""

    item: Item
    places: list[SortKey | None]
    size: int | None = None

    def answer(self) -> Item:
        """The item for one answer."""
        if self.size is None:
            self.size = self.item.size()
        return AnswerItem.of(self.item, self.item.attrs, self.size)


@dataclass(frozen=True)
class Order:
    """The rows of a table or index by the values of `attributes`; an item must have all those of `required`."""

    attributes: tuple[str, ...]
    hash_keys: tuple[str, ...]
    required: tuple[str, ...]
    rows: SortedDict


@dataclass(frozen=True)
class Page:
    """What ends a page beside its size: a number of items (None: nothing else)."""

    limit: int | None


def order_of(index: SecondaryIndex, table: Table) -> Order:
    """The order of an index, without rows."""
    hashes = tuple(key["AttributeName"] for key in index.schema if key["KeyType"] == "HASH")
    ranges = tuple(key["AttributeName"] for key in index.schema if key["KeyType"] == "RANGE")
    # As moto sorts what a query of the index finds: without a range key of its own it takes one of the table's.
    middle = ranges or (table.range_key_attr or table.hash_key_attr,)
    return Order((*hashes, *middle, *table.table_key_attrs), hashes, (*hashes, *ranges), SortedDict())


def table_key(item: Item) -> SortKey:
    """The place of an item in its table."""
    key = sort_key([item.hash_key] if item.range_key is None else [item.hash_key, item.range_key])
    assert key is not None, "moto holds an item whose key has no order"
    return key


def place_in(order: Order, item: Item) -> SortKey | None:
    """The place of an item in an index; None when it is not in it."""
    attributes: Mapping[str, DynamoType] = item.attrs
    if any(name not in attributes for name in order.required):
        return None
    return sort_key(attributes[name] for name in order.attributes)


def items_of_query(
    order: Order,
    hashes: HashConditions,
    ranges: RangeConditions,
    exclusive_start_key: Mapping[str, Any] | None,
    forward: bool,
    page: "Page | None",
) -> list[Item] | None:
    """The items that the answer to a query can consist of; None when they can't be told without asking all.

    `page`: what ends a page; None when it can't be told without evaluating filters.
    """
    between = _between(order, hashes, ranges)
    if between is None:
        return None
    low, high = between
    start = _start_key(order, exclusive_start_key)
    if start is not None:
        low, high = (max(low, (*start, END)), high) if forward else (low, min(high, start))
    items = chain(_items(order, low, high, forward), _next_item(order, low, high, forward))
    if page and (exclusive_start_key is None or start is not None):
        return _one_page(items, page.limit)
    return list(items)


def items_of_scan(order: Order, exclusive_start_key: Mapping[str, Any] | None) -> Iterator[Item]:
    """The items from the start of a page on, to be taken as far as the page goes."""
    start = _start_key(order, exclusive_start_key)
    return _items(order, () if start is None else (*start, END), (END,))


def _between(order: Order, hashes: HashConditions, ranges: RangeConditions) -> tuple[SortKey, SortKey] | None:
    """The bounds of the places that fulfil the conditions; None when they do not lie side by side."""
    names = [name for name, _ in hashes] + [name for name, _, _ in ranges]
    if tuple(names[: len(hashes)]) != order.hash_keys or tuple(names) != order.attributes[: len(names)]:
        return None
    values = [value for _, value in hashes] + [values[0] for _, _, values in ranges[:-1]]
    start = sort_key(values)
    if start is None:
        return None
    if not ranges:
        return start, (*start, END)
    return bounds(start, *ranges[-1][1:])


def _start_key(order: Order, exclusive_start_key: Mapping[str, Any] | None) -> SortKey | None:
    """The place that a page starts after; None when there is none, or it can't be told from this key."""
    key = exclusive_start_key or {}
    if any(not isinstance(key.get(name), dict) for name in order.attributes):
        return None
    return sort_key(DynamoType(key[name]) for name in order.attributes)


def _items(order: Order, low: SortKey, high: SortKey, forward: bool = True) -> Iterator[Item]:
    rows = order.rows
    return (rows[place].answer() for place in rows.irange(low, high, (True, False), reverse=not forward))


def _next_item(order: Order, low: SortKey, high: SortKey, forward: bool) -> Iterator[Item]:
    """The item after these, if the partition has one: by it moto sees that a full page is not the last one."""
    partition = low[: 2 * len(order.hash_keys)]
    after = _items(order, high, (*partition, END)) if forward else _items(order, partition, low, forward=False)
    return islice(after, 1)


def _one_page(items: Iterable[Item], limit: int | None) -> list[Item]:
    """The items of one page and the one after it, by which moto sees that there is another page."""
    page: list[Item] = []
    size = 0
    for item in items:
        page.append(item)
        size += item.size()
        if size > RESULT_SIZE_LIMIT or (limit is not None and len(page) == limit + 1):
            break
    return page
