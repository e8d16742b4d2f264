"""moto as it is published, in this process, as the engine.

Requests go to the handlers of moto, by the same call with which moto passes them on to these itself. Images are read
from and written to its backends, which costs a tenth of a request. Both have been the same since moto 5.1. Whatever
more is known of moto's inside is in `moto_speed_ups`, and can be left out.
"""

import os
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from functools import cache
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botocore.loaders import Loader
from botocore.model import OperationNotFoundError

from support.simulator.engines.engine import Record
from support.simulator.isolated_session import hidden, known_regions
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import (
    CLOUDWATCH,
    DYNAMODB,
    STREAMS,
    RefusedError,
    Request,
    Response,
    dynamodb_request,
)

FIRST_ACCOUNT = 100000000000
REHEARSAL, HOME = "099999999999", "us-east-1"
ACCOUNT_HEADER = "x-moto-account-id"
REQUESTS_BETWEEN_CLEANINGS = 100


@contextmanager
def on_a_clean_machine() -> Iterator[None]:
    """Nothing of the user's configuration can be read meanwhile: no variable, file or description of a service."""
    with ExitStack() as stack:
        # moto reads variables of its own while it is loaded, and raises where one is no number.
        own = ("INITIAL_NO_AUTH_ACTION_COUNT", "S3_UPLOAD_PART_MIN_SIZE")
        stack.enter_context(hidden([*own, *(name for name in os.environ if name.startswith(("MOTO_", "AWS_")))]))
        files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
        stack.enter_context(patch.dict(os.environ, files))
        stack.enter_context(patch.object(Loader, "CUSTOMER_DATA_PATH", os.devnull))
        yield


with on_a_clean_machine():
    from moto.backends import get_backend
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.model_instances import reset_model_data
    from moto.core.request import normalize_request
    from moto.core.responses import BaseResponse
    from moto.dynamodb.models.dynamo_type import DynamoType
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler
    from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
    from werkzeug.exceptions import HTTPException

    from support.simulator.engines import moto_speed_ups


class InAccount(BaseResponse):
    """A handler of moto's whose account is the one of the header, whatever variables of the user's say."""

    def get_current_account(self) -> str:
        return str(self.headers[ACCOUNT_HEADER])

    def _authenticate_and_authorize_normal_action(self, resource: str = "*") -> None:
        """Let every request pass: a variable can make moto ask IAM for the keys of each."""


HANDLERS: dict[str, type[InAccount]] = {
    service: type(handler.__name__, (InAccount, handler), {})
    for service, handler in (
        (DYNAMODB, DynamoHandler),
        (STREAMS, DynamoDBStreamsHandler),
        (CLOUDWATCH, CloudWatchResponse),
    )
}
HOSTS = {DYNAMODB: "dynamodb", STREAMS: "streams.dynamodb", CLOUDWATCH: "monitoring"}

STATEMENTS = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")
NAME = r'(?:"[^"]+"|[A-Za-z_]\w*)'
SETTING = re.compile(rf"\s*SET\s+({NAME})\s*=\s*\?", re.IGNORECASE)
CONDITION = re.compile(rf"({NAME})\s*=\s*\?")
STATEMENT = re.compile(
    rf"""\s*(?:UPDATE\s+(?P<updated>{NAME})(?P<settings>(?:\s*SET\s+{NAME}\s*=\s*\?)+)|DELETE\s+FROM\s+(?P<deleted>{NAME}))
    \s+WHERE\s+(?P<where>{NAME}\s*=\s*\?(?:\s+AND\s+{NAME}\s*=\s*\?)?)
    (?:\s+RETURNING\s+(?P<which>ALL|MODIFIED)\s+(?P<image>OLD|NEW)\s+\*)?\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
KNOWN = (
    'UPDATE "TABLE" SET "NAME" = ? WHERE ... and DELETE FROM "TABLE" WHERE ..., with "KEY" = ? for the whole key, and'
    " RETURNING"
)
NO_WHOLE_KEY = "Where clause does not contain a mandatory equality on all key attributes"


class MotoEngine:
    """moto's regional backends under an account of their own, so that two simulators never meet."""

    name = "moto"

    def __init__(self, speed_ups: Sequence[moto_speed_ups.SpeedUp] | None = None) -> None:
        _rehearse()
        taken = get_backend("dynamodb")
        self.account = next(str(number) for number in range(FIRST_ACCOUNT, 10**12) if str(number) not in taken)
        self._speed_ups = moto_speed_ups.available(MotoEngine) if speed_ups is None else speed_ups
        self._backends: Any = get_backend("dynamodb")[self.account]
        self._taken: dict[tuple[str, str, str | None], int] = {}
        self._requests = 0

    def send(self, request: Request) -> Response:
        self._requests += 1
        if self._requests % REQUESTS_BETWEEN_CLEANINGS == 0:
            reset_model_data()  # moto keeps all that it ever made in lists, for its dashboard
        if request.region not in known_regions():
            return Response.error("UnrecognizedClientException", f"there is no region {request.region!r}")
        write = write_of_statement(request, self._key_names) if request.operation in STATEMENTS else request
        answered = self._answer(write, len(self._speed_ups))
        if write is request or not answered.ok:
            return answered
        attributes = answered.result.get("Attributes")
        return Response.of({"Items": [attributes] if attributes else []})

    def take_records(self, region: str, table: str) -> list[Record]:
        """What moto's stream of the table has got since the last time.

        Several records of an item become one: for an UpdateItem that creates an item moto first has a record of an
        item with nothing but its key, which no client wrote.
        """
        regional: Table | None = self._backends[region].tables.get(table)
        if regional is None or regional.stream_shard is None:
            return []
        shard = regional.stream_shard
        start = self._taken.get(_stream(regional), 0) - shard.starting_sequence_number
        taken: dict[ItemKey, Record] = {}
        for stored in shard.items[max(0, start) :]:
            content = stored.to_json()["dynamodb"]
            key = item_key(regional.table_key_attrs, content["Keys"])
            old, new = content.get("OldImage"), content.get("NewImage")
            if new is None and stored.to_json()["eventName"] != "REMOVE":
                new = self.read(region, table, key)  # AWS replicates with a stream of keys, or of old images, too
            taken[key] = Record(key, taken[key].old if key in taken else old, new)
        self._take_all(regional)
        return list(taken.values())

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        item = self._table(region, table).get_item(*_key_values(key))
        return item.to_json()["Attributes"] if item else None

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        regional = self._table(region, table)
        if image is None:
            regional.delete_item(*_key_values(key))
        else:
            # moto changes sets in place, and another region holds the same ones.
            regional.put_item({name: value if "S" in value else deepcopy(value) for name, value in image.items()})
        self._take_all(regional)

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        regional = self._table(region, table)
        images = [item.to_json()["Attributes"] for item in regional.all_items()]
        return [(item_key(regional.table_key_attrs, image), image) for image in images]

    def close(self) -> None:
        for service in HANDLERS:
            backends: Any = get_backend(service)  # type: ignore[call-overload]
            if self.account in backends:
                backends[self.account].reset()  # moto remembers the account's regions, and would keep what they hold
                del backends[self.account]
        reset_model_data()

    def _answer(self, request: Request, speed_ups: int) -> Response:
        if speed_ups == 0 or request.service != DYNAMODB:
            return _dispatched(request, self.account)
        backend = self._backends[request.region]
        return self._speed_ups[speed_ups - 1](backend, request, lambda: self._answer(request, speed_ups - 1))

    def _take_all(self, regional: Table) -> None:
        if shard := regional.stream_shard:
            self._taken[_stream(regional)] = shard.starting_sequence_number + len(shard.items)

    def _key_names(self, region: str, table: str) -> list[str]:
        return self._table(region, table).table_key_attrs if table in self._backends[region].tables else []

    def _table(self, region: str, table: str) -> Table:
        if table not in self._backends[region].tables:
            raise LookupError(f"there is no table {table} in {region}")
        found: Table = self._backends[region].tables[table]
        return found


def _dispatched(request: Request, account: str) -> Response:
    url = f"https://{HOSTS[request.service]}.{request.region}.amazonaws.com/"
    headers = HeadersDict({**request.headers, ACCOUNT_HEADER: account})
    message = normalize_request(AWSPreparedRequest("POST", url, headers, request.body, False))  # type: ignore[arg-type]
    try:
        status, answered, body = HANDLERS[request.service].dispatch(message, url, message.headers)
    except HTTPException as error:
        status, answered, body = error.code or 500, dict(error.get_headers()), str(error.get_body())
    except (OperationNotFoundError, NotImplementedError):
        return Response.error("UnknownOperationException", f"moto has no operation {request.operation!r}")
    return Response(status, answered, body.encode() if isinstance(body, str) else body)


def _stream(regional: Table) -> tuple[str, str, str | None]:
    return regional.region_name, regional.name, regional.latest_stream_label


def _key_values(key: ItemKey) -> tuple[DynamoType, DynamoType | None]:
    parts = (text.partition(":") for text in key)
    values = [DynamoType({kind: b64decode(value) if kind == "B" else value}) for kind, _, value in parts]
    return values[0], values[1] if len(values) > 1 else None


@cache
def _rehearse() -> None:
    """Let moto look for regions and descriptions of services once, and keep them, where nothing of the user's is."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with on_a_clean_machine():
        _dispatched(dynamodb_request(HOME, "ListTables", {}), REHEARSAL)
        _dispatched(dynamodb_request(HOME, "ListStreams", {}, True), REHEARSAL)
        _dispatched(Request(HOME, CLOUDWATCH, form, b"Action=ListMetrics&Version=2010-08-01"), REHEARSAL)


def write_of_statement(request: Request, key_names: Callable[[str, str], Sequence[str]]) -> Request:
    """The UpdateItem or DeleteItem that a PartiQL statement stands for. Raises RefusedError for any other statement."""
    if request.operation != "ExecuteStatement":
        raise _refused(request.operation)
    statement = STATEMENT.fullmatch(request.parameters.get("Statement", ""))
    if statement is None:
        raise _refused("this statement")
    values = list(request.parameters.get("Parameters", []))
    settings = [_plain(each) for each in SETTING.findall(statement["settings"] or "")]
    conditions = [_plain(each) for each in CONDITION.findall(statement["where"])]
    if len(values) != len(settings) + len(conditions):
        raise RefusedError("Number of parameters in request and statement don't match.")
    table = _plain(statement["updated"] or statement["deleted"])
    keys = key_names(request.region, table)
    if keys and sorted(keys) != sorted(conditions):
        raise RefusedError(NO_WHOLE_KEY)
    key = dict(zip(conditions, values[len(settings) :], strict=True))
    asked: dict[str, Any] = {"TableName": table, "Key": key}
    if statement["which"]:
        which = "ALL" if statement["which"].upper() == "ALL" else "UPDATED"
        asked["ReturnValues"] = f"{which}_{statement['image'].upper()}"
    if settings:
        asked |= _update(settings, values, conditions[0])
    return dynamodb_request(request.region, "UpdateItem" if settings else "DeleteItem", asked)


def _update(settings: Sequence[str], values: Sequence[Any], key_name: str) -> dict[str, Any]:
    return {
        "UpdateExpression": "SET " + ", ".join(f"#n{place} = :v{place}" for place in range(len(settings))),
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#key": key_name, **{f"#n{place}": name for place, name in enumerate(settings)}},
        "ExpressionAttributeValues": {f":v{place}": values[place] for place in range(len(settings))},
    }


def _plain(name: str) -> str:
    return name.strip('"')


def _refused(what: str) -> RefusedError:
    return RefusedError(f"the simulator on moto has no PartiQL for {what}: it has {KNOWN}")
