"""The global table that a step holds: its regions, and what can be done in each. Every operation is recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from support.calls import Call, Caller
from support.checklist import finding, report, run_checklist
from support.clock import Clock, Task
from support.convergence import Agreement, final_writes, until_converged
from support.evidence import Known, Question
from support.findings import Finding
from support.history import History, Image, Key, Outcome, Read, Write
from support.monitoring import CloudWatch
from support.preflight import Description, describe
from support.workshop import Limits

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class Links(Protocol):
    """What can be done to replication itself. AWS offers no such thing within minutes: see `@simulated_only`."""

    def cut(self, source: str, destination: str) -> None:
        """Deliver nothing until the link heals."""

    def heal(self, source: str, destination: str) -> None:
        """Deliver what is owed."""

    def slow_down(self, source: str, destination: str, seconds: float) -> None:
        """Let every change take this long from now on."""

    def owed(self) -> str:
        """What has not arrived yet, in words; empty when nothing is owed or nobody can tell."""


class Region:
    """One region's replica of the table. Images have plain Python values, numbers are Decimal when they come back."""

    def __init__(self, name: str, table: str, caller: Caller, history: History, clock: Clock) -> None:
        self.name = name
        self._table = table
        self._caller = caller
        self._history = history
        self._clock = clock

    def put(self, item: Image, by: str = "") -> Write:
        """Write a whole item; `by` is the partner who does it."""
        return self._write("put", Key.of(item), by, {"Item": _to_wire(item)}, lambda _: dict(item))

    def put_later(self, item: Image, by: str = "", wait: float = 0.0) -> Task[Write]:
        """A task: wait some seconds, then write a whole item."""
        yield wait
        return self.put(item, by)

    def update(self, key: Key, changes: Image, by: str = "", provided: Mapping[str, object] | None = None) -> Write:
        """Set some attributes of an item, provided that others have these values in this region.

        Raises ConditionFailedError when they do not.
        """
        conditions = provided or {}
        settings = [f"#s{number} = :s{number}" for number in range(len(changes))]
        demands = [f"#p{number} = :p{number}" for number in range(len(conditions))]
        parameters = {
            "Key": _wire_key(key),
            "UpdateExpression": f"SET {', '.join(settings)}",
            **({"ConditionExpression": " AND ".join(demands)} if demands else {}),
            "ExpressionAttributeNames": _numbered("#s", changes) | _numbered("#p", conditions),
            "ExpressionAttributeValues": {
                name: _serialize(value)
                for name, value in {**_numbered(":s", changes.values()), **_numbered(":p", conditions.values())}.items()
            },
        }
        return self._write("update", key, by, parameters, lambda replaced: {**_key_image(key), **replaced, **changes})

    def take_one(self, key: Key, attribute: str, by: str = "") -> Write:
        """Count an attribute down by one, never below zero. Raises ConditionFailedError when it is zero here."""
        parameters = {
            "Key": _wire_key(key),
            "UpdateExpression": "SET #a = #a - :one",
            "ConditionExpression": "#a >= :one",
            "ExpressionAttributeNames": {"#a": attribute},
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        return self._write("update", key, by, parameters, lambda old: {**old, attribute: old[attribute] - 1})

    def delete(self, key: Key, by: str = "") -> Write:
        """Delete an item."""
        return self._write("delete", key, by, {"Key": _wire_key(key)}, lambda _: None)

    def describe(self) -> Description | None:
        """What the region tells of the table; None: there is no such table."""
        call = self._caller.call("describe_table", raising=False)
        if call.error.startswith("ResourceNotFound"):
            return None
        call.raise_if_not_done()
        time_to_live = self._caller.call("describe_time_to_live").answer["TimeToLiveDescription"]
        return describe(self.name, call.answer["Table"], time_to_live)

    def peek(self, key: Key) -> Image | None:
        """The same as `get`, without a trace in the history."""
        answer = self._caller.call("get_item", Key=_wire_key(key), ConsistentRead=True).answer
        return _from_wire(answer["Item"]) if "Item" in answer else None

    def keys_of(self, pk: str) -> list[Key]:
        """The keys of a partition, or the first page of them."""
        answer = self._caller.call(
            "query",
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ProjectionExpression="PK, SK",
            ConsistentRead=True,
        ).answer
        return [Key.of(_from_wire(item)) for item in answer["Items"]]

    def get(self, key: Key) -> Image | None:
        """The item as this region has it now (ConsistentRead, which is local too)."""
        number = self._history.next_number()
        call = self._caller.call("get_item", Key=_wire_key(key), ConsistentRead=True, raising=False)
        return self._read(number, key, call, call.answer.get("Item"))

    def query(self, key: Key) -> Image | None:
        """The same by a Query for exactly this PK and SK, as the page does it."""
        number = self._history.next_number()
        call = self._caller.call(
            "query",
            raising=False,
            KeyConditionExpression="PK = :pk AND SK = :sk",
            ExpressionAttributeValues={":pk": {"S": key.pk}, ":sk": {"S": key.sk}},
            ConsistentRead=True,
        )
        items = call.answer.get("Items", [])
        return self._read(number, key, call, items[0] if items else None)

    def query_prefix(self, pk: str, prefix: str) -> list[Image]:
        """All items of a partition whose sort key starts like this."""
        answer = self._caller.call(
            "query",
            KeyConditionExpression="PK = :pk AND begins_with(SK, :prefix)",
            ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        ).answer
        return [_from_wire(item) for item in answer["Items"]]

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
            answer = self._caller.call("query", **parameters).answer
            pages.append([_from_wire(item) for item in answer["Items"]])
            if "LastEvaluatedKey" not in answer:
                return pages
            parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write(self, action: Any, key: Key, by: str, parameters: Mapping[str, Any], left: Any) -> Write:
        number, at = self._history.next_number(), self._clock.now()
        call = self._caller.call(f"{action}_item", **parameters, ReturnValues="ALL_OLD", raising=False)
        done = call.outcome is Outcome.ACKNOWLEDGED
        replaced = _from_wire(call.answer.get("Attributes", {})) or None
        write = Write(
            number, self.name, key, action, by, call.invoked, call.answered, at, call.outcome,
            replaced=replaced,
            left=left(replaced or {}) if done or action != "update" else None,
            attempts=call.attempts,
            error=call.error,
        )  # fmt: skip
        self._history.add(write)
        call.raise_if_not_done()
        return write

    def _read(self, number: int, key: Key, call: Call, item: Mapping[str, Any] | None) -> Image | None:
        found = None if item is None else _from_wire(item)
        times = (call.invoked, call.answered, call.at)
        self._history.add(Read(number, self.name, key, *times, call.outcome, found, call.attempts, call.error))
        call.raise_if_not_done()
        return found


class GlobalTable:
    """A table with a replica in each of its regions."""

    def __init__(
        self,
        name: str,
        callers: Mapping[str, Caller],
        clock: Clock,
        history: History,
        limits: Limits,
        links: Links,
        cloudwatch: CloudWatch,
    ) -> None:
        self.name = name
        self.cloudwatch = cloudwatch
        self.history = history
        self.links = links
        self.tell: Callable[[Finding], None] = lambda _: None
        self._clock = clock
        self._limits = limits
        self._regions = {region: Region(region, name, each, history, clock) for region, each in callers.items()}

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of its regions, the primary one first."""
        return tuple(self._regions)

    def region(self, name: str) -> Region:
        """The replica in a region. Raises LookupError for a region that the table is not in."""
        if name not in self._regions:
            raise LookupError(f"the table has no replica in {name!r}, only in {', '.join(self.regions)}")
        return self._regions[name]

    def others(self, name: str) -> tuple[str, ...]:
        """The names of all regions but one."""
        return tuple(region for region in self.regions if region != name)

    def convergence(self, key: Key, within: float, regions: Sequence[str] = ()) -> Task[Agreement]:
        """A task: look at an item in these regions (else in all) until they show what was written last."""
        return until_converged(
            writes=lambda: self.history.writes(key),
            look=lambda region: self.region(region).query(key),
            regions=regions or self.regions,
            elapsed=self._clock.elapsed,
            within=within,
            every=self._limits.polling,
            explain=lambda region: self.explain(key, region),
        )

    def agreement(self, key: Key, within: float, regions: Sequence[str] = ()) -> Agreement:
        """Wait for `convergence`. Raises DivergenceError when it does not come about."""
        (agreement,) = self._clock.run(self.convergence(key, within, regions))
        return agreement

    def explain(self, key: Key, region: str, index: str = "", value: str = "") -> str:
        """Why an item may not be as expected in a region: what is owed, and what the checklist says. Takes no time."""
        question = self.question(key, region, index, value)
        causes = run_checklist(self._regions, question, Known.of(self.history, key))
        self.tell(finding(question, causes))
        return "\n  ".join(filter(None, (self.links.owed(), *report(causes))))

    def question(self, key: Key, region: str, index: str = "", value: str = "") -> Question:
        """What the checklist is to be asked of an item that should be as it was written last."""
        last = final_writes(self.history.writes(key))
        waited = self._clock.elapsed() - max(write.invoked for write in last) if last else None
        expected = [write.left for write in last if write.left_is_known]
        return Question(key, region, index, value, expected, waited=waited)

    def describe(self) -> dict[str, Description | None]:
        """What each region tells of the table; None for a region without it."""
        return {name: region.describe() for name, region in self._regions.items()}

    def held(self, key: Key) -> dict[str, Image | None]:
        """What each region holds of an item now."""
        return {name: region.get(key) for name, region in self._regions.items()}


def _to_wire(image: Image) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in image.items()}


def _from_wire(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _deserialize(value) for name, value in item.items()}


def _numbered(prefix: str, values: Iterable[Any]) -> dict[str, Any]:
    return {f"{prefix}{number}": value for number, value in enumerate(values)}


def _wire_key(key: Key) -> dict[str, Any]:
    return _to_wire(_key_image(key))


def _key_image(key: Key) -> dict[str, Any]:
    return {"PK": key.pk, "SK": key.sk}
