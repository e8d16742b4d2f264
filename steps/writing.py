"""All ways in which a client writes items, with attributes of all types: for loads whose history a checker reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from support.table.region import Region
from support.table.wire import Intent
from support.verdicts.errors import ConditionFailedError, TargetTroubleError
from support.verdicts.history import Action, Image, Key
from support.verdicts.images import in_words
from support.verdicts.versions import WRITE_ID

OPERATIONS: Mapping[str, tuple[Sequence[Action], int, int]] = {
    "PutItem": (("put",), 1, 3),
    "UpdateItem": (("update",), 1, 3),
    "DeleteItem": (("delete",), 1, 2),
    "BatchWriteItem": (("put", "delete"), 2, 1),
    "TransactWriteItems": (("put", "update", "delete"), 2, 1),
    "ExecuteStatement": (("update", "delete"), 1, 1),
}
"""What an operation can do, to how many items at once, and how often a client does it, relative to the others.

An INSERT, which only creates items, is not sent.
"""

REFUSALS = ("ValidationException", "UnknownOperationException", "NotImplementedException", "501")
"""How emulators answer what they do not know."""

HOW_OFTEN: Mapping[Action, int] = {"put": 3, "update": 3, "delete": 2}

ATTRIBUTES: Mapping[str, Sequence[Any]] = {
    "text": (" Gru\u0308\u00dfe \U0001f44b\r\n\0", "a", ""),
    "TEXT": ("b",),
    "with.dot": (1,),
    "long": ("a text of five kilobytes " * 200,),
    "binary": (b"\x00\xff", b"", "✓".encode()),
    "number": (2**63 + 1, 0, -1, Decimal("3.1415926535897932384626433832795028841"), Decimal("1E-100")),
    "huge": (Decimal("9.99E+125"),),
    "flag": (True, False),
    "null": (None,),
    "tags": ({"new"}, {"new", "hot"}, {"sold"}),
    "numbers": ({1, 2}, {2, 3}),
    "binaries": ({b"\x00", b"\x01"}, {b"\x01"}),
    "list": ([{"in": {"a list": [b"\x00", ""]}}, None], [], [1, "two", None]),
    "nested": (
        {"a.b": {"c": {"d": {"e": {"f": Decimal("0.5")}}}}, "empty": "", "null": None, "set": {"a"}, "binary": b"\x00"},
        {},
    ),
    "ttl": (4102444800,),
}
"""Attributes of all types, with values to choose from; the time to live is that of an item that lives until 2100."""


def write(region: Region, operation: str, intents: Sequence[Intent]) -> None:
    """Write items in one way: by one request for all of them, or by one for each.

    Raises ValueError for what an operation does not do, ConditionFailedError for a statement that updates no item.
    """
    for each in intents:
        if operation not in OPERATIONS or each.action not in OPERATIONS[operation][0]:
            raise ValueError(f"{operation} does not {each.action} an item: use one of {', '.join(OPERATIONS)}")
    if operation == "BatchWriteItem":
        region.batch(intents)
    elif operation == "TransactWriteItems":
        region.transaction(intents)
    else:
        for each in intents:
            region.statement(each) if operation == "ExecuteStatement" else region.write(each)


@dataclass(frozen=True)
class Abilities:
    """What a target takes: operations, and attributes with values to choose from. `lacking` is the rest, in words."""

    operations: Sequence[str] = tuple(OPERATIONS)
    attributes: Mapping[str, Sequence[Any]] = field(default_factory=lambda: ATTRIBUTES)
    lacking: tuple[str, ...] = ()

    def some_intents(self, operation: str, keys: Sequence[Key], by: str, random: Random) -> list[Intent]:
        """What one request of an operation is to do to some of these items; `by` and a number is the id of a write."""
        actions, size, _ = OPERATIONS[operation]
        written = random.sample(keys, min(size, len(keys)))
        done = random.choices(actions, [HOW_OFTEN[each] for each in actions], k=len(written))
        return [
            self.intent(action, key, f"{by}.{place}", random)
            for place, (action, key) in enumerate(zip(done, written, strict=True), 1)
        ]

    def intent(self, action: Action, key: Key, by: str, random: Random) -> Intent:
        """A write of the id, and of some attributes with random values: an update leaves most of them as they are."""
        share = 0.25 if action == "update" else 0.5
        names = [name for name in self.attributes if random.random() < share]
        some: Image = {WRITE_ID: by, **{name: random.choice(self.attributes[name]) for name in names}}
        return Intent(action, key, by, {} if action == "delete" else some)

    def creation(self, key: Key, by: str) -> Intent:
        first = {name: values[0] for name, values in self.attributes.items()}
        return Intent("put", key, by, {WRITE_ID: by, **first})


def abilities_of(region: Region, key: Key) -> Abilities:
    """What a target has, tried once with an item of its own. AWS has all of it: only an emulator is asked."""

    def takes(operation: str, action: Action, attributes: Image) -> bool:
        try:
            write(region, operation, [Intent(action, key, "try", attributes)])
        except ConditionFailedError:
            return True
        except TargetTroubleError as error:
            if error.code in REFUSALS:
                return False
            raise
        return True

    tried = {
        name: [each for each in values if takes("PutItem", "put", {name: each})] for name, values in ATTRIBUTES.items()
    }
    lacking = [
        f"{name} {in_words(each)}" for name, values in ATTRIBUTES.items() for each in values if each not in tried[name]
    ]
    operations = [
        operation
        for operation, (actions, _, _) in OPERATIONS.items()
        if takes(operation, actions[0], {} if actions[0] == "delete" else {"text": "a"})
    ]
    region.delete(key)
    lacking += [each for each in OPERATIONS if each not in operations]
    return Abilities(operations, {name: values for name, values in tried.items() if values}, tuple(lacking))
