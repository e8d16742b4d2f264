"""Reading a DynamoDB stream from its beginning, each record once, in the order of each item's writes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from support.simulator.engines.engine import EngineError

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Calls an operation of DynamoDB Streams; raises EngineError when it is refused."""

LOST_ITERATOR = ("ExpiredIteratorException", "TrimmedDataAccessException")

StreamRecord = Mapping[str, Any]


@dataclass
class _Shard:
    """A shard, and how far it was read: `last` is the number of the last record."""

    name: str
    parent: str | None
    iterator: str | None = None
    last: str | None = None
    ended: bool = False


class StreamReader:
    """Reads one stream. What an item's writes are told in moves to another shard when one is full: a shard is read
    only when its parent was read to the end."""

    def __init__(self, ask: Ask, arn: str) -> None:
        self.arn = arn
        self._ask = ask
        self._known: set[str] = set()
        self._open: list[_Shard] = []

    def read(self) -> list[StreamRecord]:
        """The records since the last time. An open shard may tell more, later."""
        records: list[StreamRecord] = []
        if not self._open:
            self._find_shards()
        for shard in self._open:  # grows meanwhile: where a shard ends others begin
            if shard.parent not in {each.name for each in self._open if not each.ended}:
                records += self._read_shard(shard)
            if shard.ended:
                self._find_shards()
        self._open = [shard for shard in self._open if not shard.ended]
        return records

    def _find_shards(self) -> None:
        start: dict[str, str] = {}
        found: list[_Shard] = []
        while True:
            described = self._ask("DescribeStream", {"StreamArn": self.arn, **start})["StreamDescription"]
            found += [_Shard(each["ShardId"], each.get("ParentShardId")) for each in described["Shards"]]
            if "LastEvaluatedShardId" not in described:
                break
            start = {"ExclusiveStartShardId": described["LastEvaluatedShardId"]}
        self._open += _parents_first(shard for shard in found if shard.name not in self._known)
        self._known.update(shard.name for shard in found)

    def _read_shard(self, shard: _Shard) -> list[StreamRecord]:
        records: list[StreamRecord] = []
        while not shard.ended:
            page = self._page(shard)
            records += page["Records"]
            shard.iterator = page.get("NextShardIterator")
            shard.ended = shard.iterator is None
            if not page["Records"]:
                if shard.last is None:
                    shard.iterator = None  # DynamoDB Local's iterator of an empty shard misses what comes first
                break
            shard.last = page["Records"][-1]["dynamodb"]["SequenceNumber"]
        return records

    def _page(self, shard: _Shard) -> Mapping[str, Any]:
        if shard.iterator is not None:
            try:
                return self._ask("GetRecords", {"ShardIterator": shard.iterator})
            except EngineError as refused:
                if refused.code not in LOST_ITERATOR:
                    raise
        return self._ask("GetRecords", {"ShardIterator": self._new_iterator(shard)})

    def _new_iterator(self, shard: _Shard) -> str:
        start: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard.last is not None:
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": shard.last}
        asked = {"StreamArn": self.arn, "ShardId": shard.name, **start}
        iterator: str = self._ask("GetShardIterator", asked)["ShardIterator"]
        return iterator


def _parents_first(shards: Iterable[_Shard]) -> list[_Shard]:
    ordered: list[_Shard] = []
    waiting = list(shards)
    while waiting:
        names = {shard.name for shard in waiting}
        ordered += [shard for shard in waiting if shard.parent not in names]
        waiting = [shard for shard in waiting if shard.parent in names]
    return ordered
