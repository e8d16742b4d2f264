"""moto's backend of one region, with tables that stay fast as they grow."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.core.common_models import BaseModel
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodbstreams.models import ShardIterator, dynamodbstreams_backends

from support.simulator.engines.moto.answer_item import AnswerItem
from support.simulator.engines.moto.bounded_stream import BoundedStreamsBackend
from support.simulator.engines.moto.indexed_table import IndexedTable, adopt

TRACKED: tuple[type[BaseModel], ...] = (Item, AnswerItem, Table, IndexedTable, ShardIterator)
TRACKED_AT_MOST = 100


class Tables(OrderedDict[str, Table]):
    """The tables of a region, all of them indexed, however they come here."""

    def __setitem__(self, name: str, table: Table) -> None:
        super().__setitem__(name, adopt(table))


class IndexedBackend(DynamoDBBackend):
    """The tables of one region."""

    __module__ = DynamoDBBackend.__module__  # by which moto finds the addresses of the service

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.tables = Tables()

    def update_item(self, table_name: str, key: dict[str, dict[str, Any]], *arguments: Any, **named: Any) -> Item:
        """Update an item, which moto changes in place."""
        with self._changing(table_name, key):
            return super().update_item(table_name, key, *arguments, **named)

    def transact_write_items(self, transact_items: list[dict[str, Any]]) -> None:
        """Do all of it or nothing. moto would copy each table, whole, to be able to go back to it."""
        with ExitStack() as tables:
            for table in self._written_to(transact_items):
                tables.enter_context(table.transaction())
            super().transact_write_items(transact_items)

    @contextmanager
    def _changing(self, table_name: str, key: dict[str, dict[str, Any]]) -> Iterator[None]:
        table = self.get_table(table_name)
        values = [DynamoType(key[name]) for name in table.table_key_attrs if name in key]
        if not isinstance(table, IndexedTable) or len(values) < len(table.table_key_attrs):
            yield  # moto refuses it
            return
        table.remember(*values)
        try:
            yield
        finally:  # an update that is refused may have changed something all the same
            changed = table.item(*values)
            if changed is not None:
                table.place(changed)

    def _written_to(self, transact_items: list[dict[str, Any]]) -> list[IndexedTable]:
        names = [str(action.get("TableName")) for item in transact_items for action in item.values()]
        named = [self.tables.get(name) or self._table_of_arn(name) for name in names]
        return list({id(table): table for table in named if isinstance(table, IndexedTable)}.values())

    def _table_of_arn(self, arn: str) -> Table | None:
        return next((table for table in self.tables.values() if table.table_arn == arn), None)


def use_indexed_backends(account: str) -> None:
    """Let the regions of an account, which has none yet, have such backends."""
    dynamodbstreams_backends[account].backend = BoundedStreamsBackend
    dynamodb_backends[account].backend = IndexedBackend


def forget_tracked(at_most: int = TRACKED_AT_MOST) -> None:
    """Clear moto's lists of all that it ever made, for its dashboard, where they are longer than this."""
    for tracked in TRACKED:
        instances: list[BaseModel] = tracked.instances_tracked  # type: ignore[attr-defined]
        if len(instances) > at_most:
            instances.clear()
