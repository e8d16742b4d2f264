"""One region's replica of the table: what can be done in it. Every operation is recorded in the history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from support.clock import Clock, Task
from support.table.calls import NO_TABLE, Call, Caller
from support.table.wire import (
    delete_statement,
    equations,
    from_wire,
    key_image,
    key_query,
    to_wire,
    update_statement,
    wire_key,
)
from support.verdicts.errors import AnswerError, InconclusiveError
from support.verdicts.health.problems import Description, describe
from support.verdicts.history import Action, History, Image, Key, Outcome, Read, Write
from support.verdicts.images import in_words, same

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


def described_table(caller: Caller) -> Mapping[str, Any] | None:
    """What DescribeTable tells of the caller's table; None: the region has none. Raises TargetTroubleError."""
    call = caller.call("describe_table", raising=False)
    if call.error and call.error.code == NO_TABLE:
        return None
    call.raise_if_not_done()
    table: Mapping[str, Any] = call.answer["Table"]
    return table


@dataclass(eq=False)
class Region:
    """One region's replica of the table. Images have plain Python values, numbers are Decimal when they come back."""

    name: str
    table: str
    caller: Caller
    history: History
    clock: Clock

    def apart(self, history: History) -> "Region":
        """The same replica with another history: for more operations than a report should show one by one."""
        return replace(self, history=history)

    def put(self, item: Image, by: str = "") -> Write:
        """Write a whole item; `by` is the partner who does it."""
        return self._write("put", Key.of(item), by, {"Item": to_wire(item)}, lambda _: dict(item))

    def put_later(self, item: Image, by: str = "", wait: float = 0.0) -> Task[Write]:
        """A task: wait some seconds, then write a whole item."""
        yield wait
        return self.put(item, by)

    def update(self, key: Key, changes: Image, by: str = "", provided: Mapping[str, object] | None = None) -> Write:
        """Set some attributes of an item, provided that others have these values in this region.

        Raises ConditionFailedError when they do not.
        """
        settings, demands = equations("s", changes), equations("p", provided or {})
        parameters = {
            "Key": wire_key(key),
            "UpdateExpression": f"SET {', '.join(settings.texts)}",
            **({"ConditionExpression": " AND ".join(demands.texts)} if provided else {}),
            "ExpressionAttributeNames": settings.names | demands.names,
            "ExpressionAttributeValues": settings.values | demands.values,
        }
        return self._write("update", key, by, parameters, lambda replaced: {**key_image(key), **replaced, **changes})

    def take_one(self, key: Key, attribute: str, changes: Image, by: str = "") -> Write:
        """Count an attribute down by one, never below zero, and set others.

        Raises ConditionFailedError when it is zero in this region, AnswerError when the answer does not say from which
        number it was counted down, and InconclusiveError if a network has delivered it twice.
        """
        settings = equations("s", changes)
        parameters = {
            "Key": wire_key(key),
            "UpdateExpression": f"SET {', '.join(['#a = #a - :one', *settings.texts])}",
            "ConditionExpression": "#a >= :one",
            "ExpressionAttributeNames": {"#a": attribute, **settings.names},
            "ExpressionAttributeValues": {":one": {"N": "1"}, **settings.values},
        }

        def left(old: Image) -> Image:
            counted = {attribute: old[attribute] - 1} if attribute in old else {}
            return {**key_image(key), **old, **counted, **changes}

        write = self._write("update", key, by, parameters, left, idempotent=False)
        if attribute not in (write.replaced or {}):
            raise AnswerError(
                f"{self.name} has done {write.name}, which counts {attribute} down, and should answer with the item "
                f"as it was before; it answered with {in_words(write.replaced or {})}"
            )
        self._demand_delivered_once(write, write.replaced, left)
        return write

    def delete(self, key: Key, by: str = "") -> Write:
        return self._write("delete", key, by, {"Key": wire_key(key)}, lambda _: None)

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

    def describe(self) -> Description | None:
        """What the region tells of the table; None: there is no such table."""
        table = described_table(self.caller)
        if table is None:
            return None
        time_to_live = self.caller.call("describe_time_to_live").answer["TimeToLiveDescription"]
        return describe(self.name, table, time_to_live)

    def peek(self, key: Key) -> Image | None:
        """The same as `get`, without a trace in the history."""
        answer = self.caller.call("get_item", Key=wire_key(key), ConsistentRead=True).answer
        return from_wire(answer["Item"]) if "Item" in answer else None

    def keys_of(self, pk: str) -> list[Key]:
        """The keys of a partition, or the first page of them."""
        answer = self.caller.call(
            "query",
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ProjectionExpression="PK, SK",
            ConsistentRead=True,
        ).answer
        return [Key.of(from_wire(item)) for item in answer["Items"]]

    def scan_page(self, pk: str, size: int) -> tuple[list[Image], bool]:
        """What a Scan finds of a partition among the first items of the table, and whether more pages follow."""
        answer = self.caller.call(
            "scan",
            FilterExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            Limit=size,
        ).answer
        return [from_wire(item) for item in answer["Items"]], "LastEvaluatedKey" in answer

    def get(self, key: Key) -> Image | None:
        """The item as this region has it now (ConsistentRead, which is local too)."""
        number = self.history.next_number()
        call = self.caller.call("get_item", Key=wire_key(key), ConsistentRead=True, raising=False)
        return self._read(number, key, call, call.answer.get("Item"))

    def query(self, key: Key) -> Image | None:
        """The same by a Query for exactly this PK and SK, as the page does it."""
        number = self.history.next_number()
        call = self.caller.call("query", raising=False, **key_query(key))
        items = call.answer.get("Items", [])
        if len(items) > 1:
            found = ", ".join(str(Key.of(from_wire(item))) for item in items)
            raise AnswerError(f"a query in {self.name} for {key} should find one item at most, and found {found}")
        return self._read(number, key, call, items[0] if items else None)

    def query_prefix(self, pk: str, prefix: str) -> list[Image]:
        answer = self.caller.call(
            "query",
            KeyConditionExpression="PK = :pk AND begins_with(SK, :prefix)",
            ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        ).answer
        return [from_wire(item) for item in answer["Items"]]

    def query_index(self, index: str, value: str, page_size: int | None = None) -> list[list[Image]]:
        """The pages of a Query for all items with this partition key in an index."""
        parameters: dict[str, Any] = {
            "IndexName": index,
            "KeyConditionExpression": f"{index}PK = :value",
            "ExpressionAttributeValues": {":value": {"S": value}},
        }
        if page_size:
            parameters["Limit"] = page_size
        pages: list[list[Image]] = []
        while True:
            answer = self.caller.call("query", **parameters).answer
            pages.append([from_wire(item) for item in answer["Items"]])
            if "LastEvaluatedKey" not in answer:
                return pages
            parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

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

    def _write(
        self, action: Any, key: Key, by: str, parameters: Mapping[str, Any], left: Any, idempotent: bool = True
    ) -> Write:
        conditional = "ConditionExpression" in parameters
        number, at = self.history.next_number(), self.clock.now()
        call = self.caller.call(
            f"{action}_item", raising=False, idempotent=idempotent, **parameters, ReturnValues="ALL_OLD"
        )
        done = call.outcome is Outcome.ACKNOWLEDGED
        replaced = from_wire(call.answer.get("Attributes", {})) or None
        leaves = left(replaced or {}) if done or action != "update" else None
        if self.caller.networked and not conditional and replaced and same(replaced, leaves):  # delivered twice
            call = replace(call, repeated=True)
        write = call.as_write(number, key, action, by, at, replaced, leaves)
        self.history.add(write)
        if conditional and call.outcome is Outcome.FAILED:
            self._demand_delivered_once(write, self.peek(key), left)
        call.raise_if_not_done()
        return write

    def _demand_delivered_once(self, write: Write, found: Image | None, left: Callable[[Image], Image]) -> None:
        """Raise InconclusiveError if a network was able to deliver a write twice, and the write found what only the
        write itself can have left.
        """
        if not self.caller.networked:
            return
        others = [each for each in self.history.writes(write.key) if each is not write]
        known = [image for each in others for image in (each.replaced, each.left) if image is not None]
        if not any(same(image, found) for image in known) and any(same(left(image), found) for image in known):
            raise InconclusiveError(f"{write.name} was delivered twice: the second found what the first had done")

    def _read(self, number: int, key: Key, call: Call, item: Mapping[str, Any] | None) -> Image | None:
        found = None if item is None else from_wire(item)
        times = (call.invoked, call.answered, call.at)
        self.history.add(Read(number, self.name, key, *times, call.outcome, found, call.attempts, call.error))
        call.raise_if_not_done()
        return found


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
