"""Reading the stream of a table, and telling in it what clients wrote from what the simulator itself wrote.

A stream does not say who wrote. But the writes of one item are a chain, each beginning where the one before ended, and
the stream keeps their order: so the next record with both images of a write of ours is that write's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from support.simulator.engines.engine import Record
from support.simulator.items import ItemKey, same

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Calls an operation of DynamoDB Streams; raises EngineError when it is refused."""

StreamRecord = Mapping[str, Any]


@dataclass
class _Shard:
    """A shard, and how far it was read: `last` is the number of the last record."""

    name: str
    parent: str | None
    last: str | None = None
    ended: bool = False


class StreamReader:
    """Reads one stream. The writes of an item go on in another shard when one is full: a shard is read only when its
    parent was read to the end."""

    def __init__(self, ask: Ask, arn: str) -> None:
        self.arn = arn
        self._ask = ask
        self._known: set[str] = set()
        self._open: list[_Shard] = []

    def read(self) -> list[StreamRecord]:
        records: list[StreamRecord] = []
        done: set[str] = set()
        if not self._open:
            self._find_shards()
        while shard := next((each for each in self._open if each.name not in done and self._can_be_read(each)), None):
            done.add(shard.name)
            records += self._read_shard(shard)
            if shard.ended:
                self._find_shards()
        self._open = [each for each in self._open if not each.ended]
        return records

    def _can_be_read(self, shard: _Shard) -> bool:
        return shard.parent not in {each.name for each in self._open if not each.ended}

    def _find_shards(self) -> None:
        start: dict[str, str] = {}
        while True:
            described = self._ask("DescribeStream", {"StreamArn": self.arn, **start})["StreamDescription"]
            found = [_Shard(each["ShardId"], each.get("ParentShardId")) for each in described["Shards"]]
            self._open += [each for each in found if each.name not in self._known]
            self._known.update(each.name for each in found)
            if "LastEvaluatedShardId" not in described:
                return
            start = {"ExclusiveStartShardId": described["LastEvaluatedShardId"]}

    def _read_shard(self, shard: _Shard) -> list[StreamRecord]:
        # Always by a new iterator: an old one may have expired, and one of an empty shard misses, in DynamoDB Local,
        # what comes first.
        start = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard.last is not None:
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": shard.last}
        asked = {"StreamArn": self.arn, "ShardId": shard.name, **start}
        iterator = self._ask("GetShardIterator", asked)["ShardIterator"]
        records: list[StreamRecord] = []
        while not shard.ended:
            page = self._ask("GetRecords", {"ShardIterator": iterator})
            records += page["Records"]
            iterator = page.get("NextShardIterator")
            shard.ended = iterator is None
            if not page["Records"]:
                break
            shard.last = page["Records"][-1]["dynamodb"]["SequenceNumber"]
        return records


@dataclass(frozen=True)
class StreamedWrite:
    """A write as a stream has it. A stream of keys alone, or of one kind of images, leaves images out."""

    record: Record
    has_old: bool
    has_new: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the images are known to be the same. AWS has no record of such a write, other engines have."""
        return self.has_old and self.has_new and same(self.record.old, self.record.new)

    def is_of(self, written: Record) -> bool:
        old = not self.has_old or same(self.record.old, written.old)
        return old and (not self.has_new or same(self.record.new, written.new))


class OwnWrites:
    """The writes of the simulator to one table that its stream has not had yet."""

    def __init__(self) -> None:
        self._expected: dict[ItemKey, list[Record]] = defaultdict(list)

    def expect(self, written: Record) -> None:
        """Remember a write, unless it changes nothing: then no record comes."""
        if not same(written.old, written.new):
            self._expected[written.key].append(written)

    def others(self, streamed: Iterable[StreamedWrite]) -> list[Record]:
        """What others wrote, one record for each item.

        A write of theirs whose record comes only after one of ours has replaced it has lost against that one: it is
        left out. This can only be where a stream is slow.
        """
        taken: dict[ItemKey, Record] = {}
        for each in streamed:
            key = each.record.key
            if self._is_own(each):
                taken.pop(key, None)
            elif not each.changes_nothing:
                taken[key] = Record(key, taken[key].old if key in taken else each.record.old, each.record.new)
        return list(taken.values())

    def _is_own(self, streamed: StreamedWrite) -> bool:
        expected = self._expected.get(streamed.record.key, [])
        for place, written in enumerate(expected):
            if streamed.is_of(written):
                del expected[: place + 1]
                if not expected:
                    del self._expected[streamed.record.key]
                return True
        return False
