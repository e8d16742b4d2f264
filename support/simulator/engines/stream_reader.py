"""Reading a DynamoDB stream from its beginning, each record once, in the order of each item's writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
        """The records since the last time."""
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
