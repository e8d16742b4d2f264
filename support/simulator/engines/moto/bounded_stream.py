"""Streams that keep their latest records only, and iterators of them that end."""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

RECORDS_KEPT = 10_000
"""A stream has at least its latest records, this many, and at most twice as many. AWS keeps them for 24 hours."""

ITERATORS_KEPT = 10_000
"""The latest shard iterators of a region, this many, can be used. AWS lets them expire after 15 minutes."""


class BoundedShard(StreamShard):
    """The one shard of a stream. Records are numbered as moto numbers them, by their place after the first one."""

    @property
    def end(self) -> int:
        """The number that the next record will have."""
        return self.starting_sequence_number + len(self.items)

    def add(self, old: Item | None, new: Item | None) -> None:
        """Record a write, unless the stream is disabled."""
        if not (self.table.stream_specification or {}).get("StreamViewType"):
            return
        super().add(old, new)
        if len(self.items) >= 2 * RECORDS_KEPT:
            self.starting_sequence_number += RECORDS_KEPT
            del self.items[:RECORDS_KEPT]

    def since(self, number: int) -> list[Any]:
        """The records from this number on, as far as they are kept."""
        return self.items[max(0, number - self.starting_sequence_number) :]

    def cut_off(self, end: int) -> None:
        """Drop the records from this number on."""
        del self.items[max(0, end - self.starting_sequence_number) :]

    def get(self, start: int, quantity: int) -> list[dict[str, Any]]:
        """A page of records."""
        if start < self.starting_sequence_number:
            raise _refusal(
                "TrimmedDataAccessException",
                "The operation attempted to read past the oldest stream record in a shard:"
                f" the simulator keeps the latest {RECORDS_KEPT} records of a stream",
            )
        return super().get(start, quantity)


class BoundedStreamsBackend(DynamoDBStreamsBackend):
    """The streams of one region."""

    __module__ = DynamoDBStreamsBackend.__module__  # by which moto finds the addresses of the service

    def get_records(self, iterator_arn: str, limit: int) -> dict[str, Any]:
        """A page of records, and the iterator of the next one."""
        if iterator_arn not in self.shard_iterators:
            raise _refusal(
                "ExpiredIteratorException",
                f"The shard iterator is unknown, or older than the latest {ITERATORS_KEPT} of its region",
            )
        records = super().get_records(iterator_arn, limit)
        while len(self.shard_iterators) > ITERATORS_KEPT:
            del self.shard_iterators[next(iter(self.shard_iterators))]
        return records


def _refusal(code: str, message: str) -> JsonRESTError:
    return JsonRESTError(f"com.amazonaws.dynamodb.v20120810#{code}", message)
