"""Reading a stream: every record once, in the order of each item's writes, whatever its shards do.

No engine at hand lets its shards end within a test, so the stream here is one of plain lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from support.simulator.engines.stream_reader import StreamReader

PAGE = 2


@dataclass
class Shard:
    parent: str | None = None
    records: list[str] = field(default_factory=list)
    open: bool = True


class Stream:
    """A stream as DynamoDB Streams serves it, in pages of two."""

    def __init__(self, **shards: Shard) -> None:
        self.shards = shards
        self.asked: list[str] = []

    def ask(self, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(operation)
        if operation == "DescribeStream":
            names = list(self.shards)
            first = names.index(parameters["ExclusiveStartShardId"]) + 1 if len(parameters) > 1 else 0
            page = names[first : first + PAGE]
            parents = {name: {"ParentShardId": parent} for name in page if (parent := self.shards[name].parent)}
            shards = [{"ShardId": name, **parents.get(name, {})} for name in page]
            more = {"LastEvaluatedShardId": page[-1]} if first + PAGE < len(names) else {}
            return {"StreamDescription": {"Shards": shards, **more}}
        if operation == "GetShardIterator":
            return {"ShardIterator": (parameters["ShardId"], int(parameters.get("SequenceNumber", -1)) + 1)}
        name, start = parameters["ShardIterator"]
        shard, end = self.shards[name], start + PAGE
        told = enumerate(shard.records[start:end], start)
        records = [{"name": each, "dynamodb": {"SequenceNumber": str(number)}} for number, each in told]
        done = not shard.open and end >= len(shard.records)
        return {"Records": records, **({} if done else {"NextShardIterator": (name, start + len(records))})}


def names(reader: StreamReader) -> list[str]:
    return [record["name"] for record in reader.read()]


def test_each_record_is_read_once_over_all_pages() -> None:
    stream = Stream(a=Shard())
    reader = StreamReader(stream.ask, "arn")
    # A shard that is empty is asked anew from its beginning: in DynamoDB Local an old iterator misses what comes first.
    assert (names(reader), names(reader)) == ([], [])
    assert stream.asked.count("GetShardIterator") == 2
    stream.shards["a"].records += ["1", "2", "3", "4"]
    assert names(reader) == ["1", "2", "3", "4"]
    assert names(reader) == []
    stream.shards["a"].records.append("5")

    assert names(reader) == ["5"]


def test_where_a_shard_ends_its_child_begins() -> None:
    stream = Stream(a=Shard(records=["1"]))
    reader = StreamReader(stream.ask, "arn")
    assert names(reader) == ["1"]
    stream.shards["a"].records.append("2")
    stream.shards["a"].open = False
    stream.shards["b"] = Shard("a", ["3"])
    assert names(reader) == ["2", "3"]
    stream.shards["b"].records.append("4")

    assert names(reader) == ["4"]


def test_all_generations_of_shards_are_read_parents_first() -> None:
    stream = Stream(
        d=Shard("c", ["4"]),
        c=Shard("b", ["3"], open=False),
        b=Shard("a", ["2"], open=False),
        a=Shard("trimmed long ago", ["1"], open=False),
    )

    assert names(StreamReader(stream.ask, "arn")) == ["1", "2", "3", "4"]
