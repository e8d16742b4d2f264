"""One region's replica of the table: what can be done in it. Every operation is recorded in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from support.clock import Clock
from support.table.calls import NO_TABLE, Caller
from support.table.wire import (
    Intent,
    delete_statement,
    from_wire,
    key_query,
    update_statement,
    wire_key,
)
from support.verdicts.errors import AnswerError, InconclusiveError
from support.verdicts.health import Description, describe
from support.verdicts.history import History, Image, Key, Outcome, Read, Write
from support.verdicts.images import in_words, same

NOT_REPORTING = ("batch_write_item", "transact_write_items")
"""They do not report what they replaced: such writes are for the checker of a random load alone."""


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

    def with_history(self, history: History) -> "Region":
        """The same replica with another history: for more operations than a report should show one by one."""
        return replace(self, history=history)

    def put(self, item: Image, by: str = "") -> Write:
        """Write a whole item; `by` is the partner who does it."""
        return self.write(Intent("put", Key.of(item), by, item))

    def update(self, key: Key, changes: Image, by: str = "", provided: Mapping[str, object] | None = None) -> Write:
        """Set some attributes of an item, provided that others have these values in this region.

        Raises ConditionFailedError when they do not.
        """
        return self.write(Intent("update", key, by, changes, provided or {}))

    def decrement(self, key: Key, attribute: str, changes: Image, by: str = "") -> Write:
        """Count an attribute down by one, never below zero, and set others.

        Raises ConditionFailedError when it is zero in this region, AnswerError when the answer does not say from which
        number it was counted down, and InconclusiveError if a network has delivered it twice.
        """
        intent = Intent("update", key, by, changes, counted=attribute)
        write = self.write(intent)
        if attribute not in (write.old_image or {}):
            raise AnswerError(
                f"{self.name} has done {write.name}, which counts {attribute} down, and should answer with the item "
                f"as it was before; it answered with {in_words(write.old_image or {})}"
            )
        self._demand_delivered_once(intent, write, write.old_image)
        return write

    def delete(self, key: Key, by: str = "") -> Write:
        return self.write(Intent("delete", key, by))

    def write(self, intent: Intent) -> Write:
        """Write one item by the operation of this action: PutItem, UpdateItem or DeleteItem."""
        operation, parameters = f"{intent.action}_item", {**intent.parameters, "ReturnValues": "ALL_OLD"}
        (write,) = self._send(operation, [intent], parameters, idempotent=not intent.counted)
        return write

    def batch(self, intents: Sequence[Intent]) -> None:
        requests = [{f"{each.action.title()}Request": each.parameters} for each in intents]
        self._send("batch_write_item", intents, {"RequestItems": {self.table: requests}})

    def transaction(self, intents: Sequence[Intent]) -> None:
        items = [{each.action.title(): {"TableName": self.table, **each.parameters}} for each in intents]
        self._send("transact_write_items", intents, {"TransactItems": items})

    def statement(self, intent: Intent) -> None:
        """An update or a delete, as one PartiQL statement. Raises ConditionFailedError for an update of no item."""
        statements = {
            "update": update_statement(self.table, intent.key, intent.attributes),
            "delete": delete_statement(self.table, intent.key),
        }
        self._send("execute_statement", [intent], statements[intent.action])

    def describe(self) -> Description | None:
        """What the region tells of the table; None: there is no such table."""
        table = described_table(self.caller)
        if table is None:
            return None
        time_to_live = self.caller.call("describe_time_to_live").answer["TimeToLiveDescription"]
        return describe(self.name, table, time_to_live)

    def unrecorded_get(self, key: Key) -> Image | None:
        """The same as `get`, without a trace in the history."""
        return self.with_history(History()).get(key)

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
        return self._read("get_item", key, Key=wire_key(key), ConsistentRead=True)

    def query(self, key: Key) -> Image | None:
        """The same by a Query for exactly this PK and SK, as the page does it."""
        return self._read("query", key, **key_query(key))

    def items_of(self, pk: str, prefix: str = "") -> list[Image]:
        """The items of a partition, or those whose SK has a prefix; the first page of them."""
        condition, values = "PK = :pk", {":pk": {"S": pk}}
        if prefix:
            condition, values[":prefix"] = f"{condition} AND begins_with(SK, :prefix)", {"S": prefix}
        answer = self.caller.call(
            "query", KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=True
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

    def _send(
        self, operation: str, intents: Sequence[Intent], parameters: Mapping[str, Any], idempotent: bool = True
    ) -> list[Write]:
        """Send writes in one request, and record each. Raises unless they were done."""
        numbers = [self.history.next_number() for _ in intents]
        call = self.caller.call(operation, raising=False, idempotent=idempotent, **parameters)
        reports, conditional = operation not in NOT_REPORTING, "ConditionExpression" in parameters
        known = reports and call.outcome is Outcome.ACKNOWLEDGED
        old_image = next(iter(_images(call.answer)), None) or None
        writes = []
        for number, intent in zip(numbers, intents, strict=True):
            new_image = intent.new_image(old_image or {}) if known or intent.action != "update" else None
            # Without a condition, what has replaced what it left itself was delivered twice.
            twice = self.caller.networked and not conditional and old_image is not None and same(old_image, new_image)
            write = Write(
                number=number, region=self.name, key=intent.key, action=intent.action, by=intent.by,
                invoked=call.invoked, answered=call.answered, at=call.at, outcome=call.outcome,
                old_image=old_image, new_image=new_image, attempts=call.attempts, error=call.error,
                repeated=call.repeated or twice, reports_old_image=reports,
            )  # fmt: skip
            self.history.add(write)
            writes.append(write)
            if conditional and call.outcome is Outcome.FAILED:
                self._demand_delivered_once(intent, write, self.unrecorded_get(intent.key))
        call.raise_if_not_done()
        return writes

    def _demand_delivered_once(self, intent: Intent, write: Write, found: Image | None) -> None:
        """Raise InconclusiveError if a network was able to deliver a write twice, and the write found what only the
        write itself can have left.
        """
        if not self.caller.networked:
            return
        others = [each for each in self.history.writes(write.key) if each is not write]
        known = [image for each in others for image in (each.old_image, each.new_image) if image is not None]
        made = [intent.new_image(image) for image in known]
        if any(same(image, found) for image in made) and not any(same(image, found) for image in known):
            raise InconclusiveError(f"{write.name} was delivered twice: the second found what the first had done")

    def _read(self, operation: str, key: Key, **parameters: Any) -> Image | None:
        """Read one item, and record what was found."""
        number = self.history.next_number()
        call = self.caller.call(operation, raising=False, **parameters)
        items = _images(call.answer)
        if len(items) > 1:
            found = ", ".join(str(Key.of(item)) for item in items)
            raise AnswerError(f"a query in {self.name} for {key} should find one item at most, and found {found}")
        item = items[0] if items else None
        read = Read(
            number=number, region=self.name, key=key, invoked=call.invoked, answered=call.answered, at=call.at,
            outcome=call.outcome, found=item, attempts=call.attempts, error=call.error,
        )  # fmt: skip
        self.history.add(read)
        call.raise_if_not_done()
        return item


def _images(answer: Mapping[str, Any]) -> list[Image]:
    """The items of an answer, be it the one that was read, the one that was replaced, or a list."""
    wire = (answer.get("Item"), answer.get("Attributes"), *answer.get("Items", ()))
    return [from_wire(each) for each in wire if each is not None]
