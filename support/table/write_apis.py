"""The other ways of writing: BatchWriteItem, TransactWriteItems and PartiQL statements (ExecuteStatement).

A batch and a transaction do not tell what they replaced, so their writes are for the checker of a random load alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from support.clock import Clock
from support.table.calls import Call, Caller
from support.table.wire import delete_statement, equations, from_wire, key_image, to_wire, update_statement, wire_key
from support.verdicts.history import Action, History, Image, Key, Outcome

IN_BATCHES: tuple[Action, ...] = ("put", "delete")
IN_TRANSACTIONS: tuple[Action, ...] = ("put", "update", "delete")
BY_STATEMENT: tuple[Action, ...] = ("update", "delete")
"""What can be written by each of these operations. An INSERT, which only creates items, is not sent."""


@dataclass(frozen=True)
class Intent:
    """A write that is to be sent; `attributes` are those that a put or an update sets, besides the key."""

    action: Action
    key: Key
    by: str
    attributes: Image

    @property
    def item(self) -> dict[str, Any]:
        return {**key_image(self.key), **self.attributes}


@dataclass(frozen=True)
class WriteAPIs:
    """One region's replica, written to by these operations. Each write has a record of its own in the history."""

    table: str
    caller: Caller
    history: History
    clock: Clock

    def batch(self, intents: Sequence[Intent]) -> None:
        _demand(intents, IN_BATCHES, "a batch")
        requests = [
            {"DeleteRequest": {"Key": wire_key(each.key)}}
            if each.action == "delete"
            else {"PutRequest": {"Item": to_wire(each.item)}}
            for each in intents
        ]
        self._send("batch_write_item", intents, {"RequestItems": {self.table: requests}})

    def transaction(self, intents: Sequence[Intent]) -> None:
        self._send("transact_write_items", intents, {"TransactItems": [self._transact_item(each) for each in intents]})

    def statement(self, intent: Intent) -> None:
        """An update or a delete, as one PartiQL statement. Raises ConditionFailedError for an update of no item."""
        _demand([intent], BY_STATEMENT, "a statement")
        parameters = (
            delete_statement(self.table, intent.key)
            if intent.action == "delete"
            else update_statement(self.table, intent.key, intent.attributes)
        )
        self._send("execute_statement", [intent], parameters, _replaced_by_statement)

    def _transact_item(self, intent: Intent) -> dict[str, Any]:
        if intent.action == "put":
            return {"Put": {"TableName": self.table, "Item": to_wire(intent.item)}}
        addressed = {"TableName": self.table, "Key": wire_key(intent.key)}
        if intent.action == "delete":
            return {"Delete": addressed}
        settings = equations("s", intent.attributes)
        return {
            "Update": {
                **addressed,
                "UpdateExpression": f"SET {', '.join(settings.texts)}",
                "ExpressionAttributeNames": settings.names,
                "ExpressionAttributeValues": settings.values,
            }
        }

    def _send(
        self,
        operation: str,
        intents: Sequence[Intent],
        parameters: dict[str, Any],
        replaced_of: Callable[[Call], Image | None] | None = None,
    ) -> None:
        """Send the writes, and record each; `replaced_of` reads what the one write replaced, if the answer tells."""
        numbers, at = [self.history.next_number() for _ in intents], self.clock.now()
        call = self.caller.call(operation, raising=False, **parameters)
        told = replaced_of is not None
        replaced = replaced_of(call) if replaced_of else None
        for number, intent in zip(numbers, intents, strict=True):
            left = _left(intent, replaced, told and call.outcome is Outcome.ACKNOWLEDGED)
            self.history.add(call.as_write(number, intent.key, intent.action, intent.by, at, replaced, left, told))
        call.raise_if_not_done()


def _demand(intents: Sequence[Intent], actions: Sequence[Action], what: str) -> None:
    for intent in intents:
        if intent.action not in actions:
            raise ValueError(f"{what} can {' or '.join(actions)} an item, and not {intent.action} it")


def _left(intent: Intent, replaced: Image | None, known: bool) -> Image | None:
    """The image that a write leaves; None for an update unless it is known what that replaced, and for a delete."""
    if intent.action == "delete":
        return None
    if intent.action == "put":
        return intent.item
    return {**key_image(intent.key), **(replaced or {}), **intent.attributes} if known else None


def _replaced_by_statement(call: Call) -> Image | None:
    return next((from_wire(item) for item in call.answer.get("Items", ())), None)
