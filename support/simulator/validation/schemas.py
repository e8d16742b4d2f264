"""Keys and index keys, held against the table that they are written to or asked from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from support.simulator.engines.engine import Engine
from support.simulator.items import ItemKey, item_key
from support.simulator.messages import dynamodb_request
from support.simulator.validation.refused import RefusedError, invalid

Image = Mapping[str, Mapping[str, Any]]
WORD = re.compile(r"[#:]?[\w.-]+")
NO_NAMES = ("and", "between", "begins_with")


@dataclass(frozen=True)
class TableSchema:
    """The key attributes of a table and of its indexes (partition key first), and the type of each."""

    keys: tuple[str, ...]
    types: Mapping[str, str]
    indexes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> "TableSchema":
        """From what DescribeTable says."""
        indexes = [*described.get("GlobalSecondaryIndexes", ()), *described.get("LocalSecondaryIndexes", ())]
        return cls(
            _names(described),
            {each["AttributeName"]: each["AttributeType"] for each in described.get("AttributeDefinitions", ())},
            {index["IndexName"]: _names(index) for index in indexes},
        )

    @cached_property
    def index_types(self) -> Mapping[str, str]:
        """The types of the attributes that are keys of an index, and not of the table."""
        names = {name for names in self.indexes.values() for name in names} - set(self.keys)
        return {name: self.types[name] for name in names}

    def key_of(self, image: Image) -> ItemKey:
        """The key of an item or of a request, equal for equal keys."""
        return item_key(self.keys, image)

    def check_key(self, key: Image) -> None:
        """Raise RefusedError unless this is a whole key."""
        kinds = {name: next(iter(value)) for name, value in key.items()}
        if kinds != {name: self.types[name] for name in self.keys}:
            raise RefusedError("The provided key element does not match the schema")

    def check_item(self, item: Image) -> None:
        """Raise RefusedError for an item whose keys are missing or of a wrong type, in the table or in an index."""
        for name in self.keys:
            if name not in item:
                raise invalid(f"Missing the key {name} in the item")
            if self.types[name] not in item[name]:
                found = next(iter(item[name]))
                raise invalid(f"Type mismatch for key {name} expected: {self.types[name]} actual: {found}")
        for index, name in self._index_keys():
            if name not in item or name in self.keys:
                continue
            if self.types[name] not in item[name]:
                found = next(iter(item[name]))
                expected = f"Expected: {self.types[name]} Actual: {found}"
                raise invalid(f"Type mismatch for Index Key {name} {expected} IndexName: {index}")
            if not item[name][self.types[name]]:
                raise RefusedError(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not"
                    " supported. The AttributeValue for a key attribute cannot contain an empty string value."
                    f" IndexName: {index}, IndexKey: {name}"
                )

    def check_key_condition(self, parameters: Mapping[str, Any]) -> None:
        """Raise RefusedError for a key condition that compares with a value of a wrong type."""
        names, values = parameters.get("ExpressionAttributeNames", {}), parameters.get("ExpressionAttributeValues", {})
        name = ""
        for word in WORD.findall(parameters.get("KeyConditionExpression", "")):
            if word in values:
                kind = next(iter(values[word]))
                if self.types.get(name, kind) != kind:
                    raise invalid("Condition parameter type does not match schema type")
            elif word.lower() not in NO_NAMES:
                name = names.get(word, word)

    def _index_keys(self) -> Iterator[tuple[str, str]]:
        return ((index, name) for index, names in self.indexes.items() for name in names)


class Schemas:
    """The schemas of the tables of an engine, asked for once until a table is made or changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str], TableSchema] = {}

    def of(self, region: str, table: str) -> TableSchema:
        """The schema of a table. Raises RefusedError for a table that is not there."""
        if (region, table) not in self._known:
            described = self._engine.send(dynamodb_request(region, "DescribeTable", {"TableName": table}))
            if not described.ok:
                raise RefusedError("Requested resource not found", "ResourceNotFoundException")
            self._known[region, table] = TableSchema.of(described.result["Table"])
        return self._known[region, table]

    def item(self, region: str, table: str, key: Image) -> Image:
        """An item as it is now; empty when it is not there."""
        asked = {"TableName": table, "Key": key, "ConsistentRead": True}
        found: Image = self._engine.send(dynamodb_request(region, "GetItem", asked)).result.get("Item", {})
        return found

    def forget(self) -> None:
        """Ask again: a table has been made, changed or removed."""
        self._known.clear()


def _names(described: Mapping[str, Any]) -> tuple[str, ...]:
    schema = sorted(described["KeySchema"], key=lambda each: str(each["KeyType"]))
    return tuple(each["AttributeName"] for each in schema)
