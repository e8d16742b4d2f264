"""Streams that keep their latest records only, and iterators of them that end."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

from support.simulator.engines.moto.items import image_of

RECORDS_KEPT = 10_000
"""A stream has at least its latest records, this many, and at most twice as many. AWS keeps them for 24 hours."""

ITERATORS_KEPT = 10_000
"""The latest shard iterators of a region, this many, can be used. AWS lets them expire after 15 minutes."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write as its record tells it. `old` and `new` are the images before and after, None where there was no item."""

    table: Table
    view: str
    number: int
    time: datetime
    old: dict[str, Any] | None
    new: dict[str, Any] | None

    @property
    def image(self) -> dict[str, Any]:
        """An image that has the key of the item."""
        return self.new or self.old or {}

    def to_json(self) -> dict[str, Any]:
        """The record, which is made when it is asked for: most writes are only replicated."""
        content: dict[str, Any] = {
            "StreamViewType": self.view,
            "ApproximateCreationDateTime": self.time,
            "SequenceNumber": str(self.number),
            "Keys": {name: self.image[name] for name in self.table.table_key_attrs},
        }
        if self.new and self.view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
            content["NewImage"] = self.new
        if self.old and self.view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
            content["OldImage"] = self.old
        place = f"{self.table.table_arn}/{self.table.latest_stream_label}/{self.number}"
        return {
            "eventID": md5(place.encode(), usedforsecurity=False).hexdigest(),
            "eventName": "INSERT" if not self.old else "MODIFY" if self.new else "REMOVE",
            "eventSource": "aws:dynamodb",
            "eventVersion": "1.0",
            "awsRegion": self.table.region_name,
            "dynamodb": {**content, "SizeBytes": len(dynamo_json_dump(content))},
        }


class BoundedShard(StreamShard):
    """The one shard of a stream. Records are numbered as moto numbers them, by their place after the first one."""

    items: list[Write]  # type: ignore[assignment]

    @property
    def end(self) -> int:
        """The number that the next record will have."""
        return self.starting_sequence_number + len(self.items)

    def add(self, old: Item | None, new: Item | None) -> None:
        """Record a write, unless the stream is disabled."""
        view = (self.table.stream_specification or {}).get("StreamViewType")
        if not view:
            return
        now = utcnow().replace(microsecond=0)
        self.items.append(Write(self.table, view, self.end, now, image_of(old), image_of(new)))
        if len(self.items) >= 2 * RECORDS_KEPT:
            self.starting_sequence_number += RECORDS_KEPT
            del self.items[:RECORDS_KEPT]

    def since(self, number: int) -> list[Write]:
        """The writes from this number on, as far as they are kept."""
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
