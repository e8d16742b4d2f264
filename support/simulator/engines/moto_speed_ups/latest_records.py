"""Streams that keep their latest records only: moto's own keep all, with the images of all that was ever written."""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard

from support.simulator.engines.moto_speed_ups import Usual
from support.simulator.messages import Request, Response

RECORDS_KEPT = 10_000
"""A stream has at least its latest records, this many, and at most twice as many. AWS keeps them for 24 hours."""

TRIMMED = "com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException"


class BoundedShard(StreamShard):
    """The one shard of a stream. Records are numbered by their place after the first one that is kept."""

    def add(self, old: Item | None, new: Item | None) -> None:
        super().add(old, new)
        if len(self.items) >= 2 * RECORDS_KEPT:
            self.starting_sequence_number += RECORDS_KEPT
            del self.items[:RECORDS_KEPT]

    def get(self, start: int, quantity: int) -> list[dict[str, Any]]:
        if start < self.starting_sequence_number:
            raise JsonRESTError(TRIMMED, f"the simulator keeps the latest {RECORDS_KEPT} records of a stream")
        return super().get(start, quantity)


def answer(backend: Any, request: Request, usual: Usual) -> Response:
    response = usual()
    if request.operation in ("CreateTable", "UpdateTable") and response.ok:
        table = backend.tables[request.parameters["TableName"]]
        if type(table.stream_shard) is StreamShard:
            table.stream_shard = BoundedShard(table.account_id, table)
    return response
