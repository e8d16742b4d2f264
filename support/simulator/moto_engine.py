"""moto in this process as the engine. The only module that reaches into moto; a test tells when moto has moved."""

import os
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.request import Request as MotoRequest
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.models import dynamodbstreams_backends

from support.simulator.engine import Record
from support.simulator.messages import DYNAMODB, Request, Response, http_headers
from support.simulator.versions import ItemKey, WireImage

FIRST_ACCOUNT = 100000000000
NOT_FOUND: tuple[int, dict[str, str], bytes] = (404, {}, b"")
BACKENDS = (dynamodb_backends, dynamodbstreams_backends, cloudwatch_backends)


class MotoEngine:
    """moto's regional backends under an account of their own, so that two simulators never meet."""

    def __init__(self) -> None:
        self.account = os.environ.get("MOTO_ACCOUNT_ID") or _free_account()
        self._any_service = BotocoreStubber()
        self._taken: dict[tuple[str, str, str | None], int] = {}
        dynamodb_backends[self.account]

    def send(self, request: Request) -> Response:
        """Let moto answer, without a network and without patching boto3."""
        headers = {**request.headers, "x-moto-account-id": self.account}
        message = MotoRequest.from_primitives("POST", request.url, headers, request.body)
        if request.service == DYNAMODB:
            status, answered, body = DynamoHandler.dispatch(message)
        else:
            prepared = AWSPreparedRequest("POST", request.url, http_headers(headers), request.body, False)
            status, answered, body = self._any_service.process_request(prepared) or NOT_FOUND
        return Response(status, answered, body.encode() if isinstance(body, str) else body)

    def take_records(self, region: str, table: str) -> list[Record]:
        """What moto's stream of the table has got since the last time."""
        regional = self._table(region, table)
        if regional is None or regional.stream_shard is None:
            return []
        records = regional.stream_shard.items
        stream = (region, table, regional.latest_stream_label)
        first = self._taken.get(stream, 0)
        self._taken[stream] = len(records)
        return [self._record(regional, record.record["dynamodb"]) for record in records[first:]]

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        """The item as DynamoDB's JSON."""
        return _item(self._known_table(region, table), key)

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        """Put or delete an item on moto's backend, which costs a tenth of what a request does."""
        regional = self._known_table(region, table)
        if image is None:
            hash_key, *range_key = map(_key_value, key)
            regional.delete_item(hash_key, range_key[0] if range_key else None)
        else:
            regional.put_item(dict(image), overwrite=True)
        if regional.stream_shard is not None:
            self._taken[region, table, regional.latest_stream_label] = len(regional.stream_shard.items)

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        """All items, in moto's order."""
        regional = self._known_table(region, table)
        images = [item.to_json()["Attributes"] for item in regional.all_items()]
        return [(_item_key(regional, image), image) for image in images]

    def close(self) -> None:
        """Remove the account from moto."""
        for backends in BACKENDS:
            if self.account in backends:
                del backends[self.account]

    def _record(self, table: Table, record: dict[str, Any]) -> Record:
        key = _item_key(table, record["Keys"])
        if "NewImage" in record or "OldImage" in record:
            return Record(key, record.get("OldImage"), record.get("NewImage"))
        return Record(key, None, _item(table, key))  # a stream of keys only: AWS replicates with it all the same

    def _table(self, region: str, table: str) -> Table | None:
        found: Table | None = dynamodb_backends[self.account][region].tables.get(table)
        return found

    def _known_table(self, region: str, table: str) -> Table:
        found = self._table(region, table)
        if found is None:
            raise LookupError(f"there is no table {table} in {region}")
        return found


def _free_account() -> str:
    return next(str(number) for number in range(FIRST_ACCOUNT, 10**12) if str(number) not in dynamodb_backends)


def _item_key(table: Table, image: WireImage) -> ItemKey:
    names = [table.hash_key_attr, table.range_key_attr] if table.range_key_attr else [table.hash_key_attr]
    return tuple(f"{kind}:{value}" for name in names for kind, value in image[name].items())


def _item(table: Table, key: ItemKey) -> WireImage | None:
    hash_key, *range_key = map(_key_value, key)
    item: Item | None = table.get_item(hash_key, range_key[0] if range_key else None)
    return None if item is None else item.to_json()["Attributes"]


def _key_value(text: str) -> DynamoType:
    kind, _, value = text.partition(":")
    return DynamoType({kind: value})
