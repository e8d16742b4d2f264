"""The syntax tree: statements as data. Values are attribute values of DynamoDB's JSON already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Value = dict[str, Any]
"""An attribute value: {"S": "a"}."""

Path = tuple[str | int, ...]
"""Names of attributes, and places in lists: ("address", "lines", 0)."""


@dataclass(frozen=True)
class Call:
    """size(path) as an operand."""

    path: Path


Operand = Path | Call | Value


@dataclass(frozen=True)
class Condition:
    """An operator and what it is applied to; for AND, OR and NOT these are conditions."""

    operator: str
    operands: tuple[Any, ...]

    def conjuncts(self) -> "Iterator[Condition]":
        """The conditions that all have to hold."""
        if self.operator == "AND":
            for each in self.operands:
                yield from each.conjuncts()
        else:
            yield self

    def attributes(self) -> set[str | int]:
        """The attributes of the item that it speaks of."""
        found: set[str | int] = set()
        for each in self.operands:
            if isinstance(each, Condition):
                found |= each.attributes()
            elif isinstance(each, Call):
                found.add(each.path[0])
            elif isinstance(each, tuple):
                found.add(each[0])
        return found


@dataclass(frozen=True)
class Assignment:
    """SET path = operand, or one that adds (+), subtracts (-) or appends to a list ("list_append")."""

    path: Path
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Statement:
    """A statement: its verb, its table (and index), and the parts that the verb has."""

    verb: str
    table: str
    index: str | None = None
    columns: tuple[Path, ...] = ()
    item: Value = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    removed: tuple[Path, ...] = ()
    where: Condition | None = None
    returning: str | None = None
