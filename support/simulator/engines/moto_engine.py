"""moto in this process as the engine. Nothing but this and `moto/` reaches into moto; a test tells when moto moves."""

from functools import cache
from typing import Any, cast

from botocore.model import OperationNotFoundError
from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core import base_backend, utils
from moto.core.loaders import Loader, moto_root
from moto.core.request import Request as MotoRequest
from moto.core.responses import BaseResponse
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodbstreams.models import dynamodbstreams_backends
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from werkzeug.exceptions import HTTPException

from support.simulator.engines.engine import Record
from support.simulator.engines.moto.backend import forget_tracked, use_indexed_backends
from support.simulator.engines.moto.bounded_stream import BoundedShard
from support.simulator.engines.moto.handler import Handler
from support.simulator.engines.moto.indexed_table import IndexedTable
from support.simulator.engines.moto.items import image_of, key_value, new_item, unshared
from support.simulator.isolated_session import isolated_session, known_regions
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, Request, Response

FIRST_ACCOUNT = 100000000000
BACKENDS = (dynamodb_backends, dynamodbstreams_backends, cloudwatch_backends)
ADDRESS = "https://simulated.invalid/"
"""moto wants a URL, and would read region and service from it: this one names neither."""


@cache
def _isolated_loader() -> Loader:
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH, moto_root], include_default_search_paths=False)


for module, name, isolated in (
    (base_backend, "Session", isolated_session),
    (utils, "Session", isolated_session),
    (utils, "create_loader", _isolated_loader),
):
    # What moto asks for the names of regions and services, and for their descriptions. Its own sessions read the user's
    # configuration, and raise where a profile is missing or a file does not parse.
    setattr(module, name, isolated)


class FixedScope(BaseResponse):
    """A handler of moto's for one request, whose region and account are given.

    moto takes the region from the URL or the user agent, and the account from MOTO_ACCOUNT_ID before anything else.
    """

    def __init__(self, region: str, account: str) -> None:
        super().__init__()
        self._region = region
        self._account = account

    def get_region_from_url(self, request: Any, full_url: str) -> str:  # noqa: ARG002 (moto's parameters)
        """The region that was asked."""
        return self._region

    def get_current_account(self) -> str:
        """The account of the engine."""
        return self._account

    def _authenticate_and_authorize_normal_action(self, resource: str = "*") -> None:
        """Let every request pass: with INITIAL_NO_AUTH_ACTION_COUNT moto would ask IAM for its keys."""


class Streams(FixedScope, DynamoDBStreamsHandler):
    """DynamoDB Streams."""


class Metrics(FixedScope, CloudWatchResponse):
    """CloudWatch."""


HANDLERS: dict[str, type[FixedScope]] = {STREAMS: Streams, CLOUDWATCH: Metrics}


class MotoEngine:
    """moto's regional backends under an account of their own, so that two simulators never meet."""

    def __init__(self) -> None:
        self.account = _free_account()
        self._taken: dict[tuple[str, str, str | None], int] = {}
        use_indexed_backends(self.account)
        self._tables = dynamodb_backends[self.account]

    def send(self, request: Request) -> Response:
        """Let moto answer, without a network and without patching boto3."""
        forget_tracked()
        if request.region not in known_regions():
            return Response.error("UnrecognizedClientException", f"there is no region {request.region!r}")
        if request.operation == "UpdateTable":
            self._let_stream_begin_anew(request)
        try:
            if request.service == DYNAMODB:
                return Handler(self._tables[request.region], request).answer()
            return self._dispatched(request)
        except (OperationNotFoundError, NotImplementedError):
            return Response.error("UnknownOperationException", f"the simulator has no operation {request.operation!r}")

    def take_records(self, region: str, table: str) -> list[Record]:
        """What moto's stream of the table has got since the last time."""
        # Several records of an item become one: an UpdateItem that creates an item makes moto tell first of an item
        # with nothing but its key, which nobody wrote.
        regional = self._table(region, table)
        if regional is None or regional.stream_shard is None:
            return []
        shard = cast(BoundedShard, regional.stream_shard)
        stream = (region, table, regional.latest_stream_label)
        first, self._taken[stream] = self._taken.get(stream, 0), shard.end
        taken: dict[ItemKey, Record] = {}
        for write in shard.since(first):
            key = _item_key(regional, write.image)
            earlier = taken.get(key)
            taken[key] = Record(key, earlier.old if earlier else write.old, write.new)
        return list(taken.values())

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        """The item as DynamoDB's JSON."""
        return image_of(self._known_table(region, table).item(*map(key_value, key)))

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        """Put or delete an item on moto's backend, which costs a tenth of what a request does."""
        regional = self._known_table(region, table)
        hash_key, *range_keys = map(key_value, key)
        range_key = range_keys[0] if range_keys else None
        if image is None:
            regional.delete_item(hash_key, range_key)
        else:
            regional.store(new_item(hash_key, range_key, unshared(image)))
        if regional.stream_shard is not None:
            self._taken[region, table, regional.latest_stream_label] = cast(BoundedShard, regional.stream_shard).end

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        """All items, in moto's order."""
        regional = self._known_table(region, table)
        images = [item.to_json()["Attributes"] for item in regional.all_items()]
        return [(_item_key(regional, image), image) for image in images]

    def close(self) -> None:
        """Remove the account from moto."""
        for backends in BACKENDS:
            if self.account in backends:
                backends[self.account].reset()  # moto remembers the account's regions, and would keep what they hold
                del backends[self.account]
        forget_tracked(at_most=0)

    def _dispatched(self, request: Request) -> Response:
        """What moto answers as its own server would."""
        message = MotoRequest.from_primitives("POST", ADDRESS, request.headers, request.body)
        try:
            status, headers, body = HANDLERS[request.service](request.region, self.account)._dispatch(message)
        except HTTPException as error:
            status, headers, body = error.code or 500, dict(error.get_headers()), str(error.get_body())
        return Response(status, headers, body.encode() if isinstance(body, str) else body)

    def _let_stream_begin_anew(self, request: Request) -> None:
        """What moto leaves undone: a stream that is disabled ends, so that writes still work, and another can begin."""
        enabled = request.parameters.get("StreamSpecification", {}).get("StreamEnabled")
        table = self._table(request.region, request.parameters["TableName"])
        if table is None or enabled is None:
            return
        if not enabled:
            table.stream_shard = None
        elif table.stream_shard is None:
            table.latest_stream_label = None

    def _table(self, region: str, table: str) -> IndexedTable | None:
        return cast(IndexedTable | None, self._tables[region].tables.get(table))

    def _known_table(self, region: str, table: str) -> IndexedTable:
        found = self._table(region, table)
        if found is None:
            raise LookupError(f"there is no table {table} in {region}")
        return found


def _free_account() -> str:
    return next(str(number) for number in range(FIRST_ACCOUNT, 10**12) if str(number) not in dynamodb_backends)


def _item_key(table: IndexedTable, image: WireImage) -> ItemKey:
    return item_key([table.hash_key_attr, *([table.range_key_attr] if table.range_key_attr else [])], image)
