"""Any DynamoDB with streams, over HTTP, as the engine: Amazon's DynamoDB Local is the one that it is tested with.

What is written to a table is read from its stream after every request that can write. A record that comes later is
taken with one of the requests that follow, to whatever region: the write then counts from that moment, which is the
best that can be known of it. DynamoDB Local tells at once.

Whatever was created through the engine is removed from it at the end, so that it is left as it was found: the versions
of the items are kept here, and end with the process, so that what would be left is no global table any more.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from support.clock import Clock
from support.simulator.engines.engine import Engine, EngineError, Record
from support.simulator.engines.own_writes import OwnWrites, Told
from support.simulator.engines.region_names import RegionNames
from support.simulator.engines.signed_http import SignedHttp
from support.simulator.engines.stream_reader import StreamReader
from support.simulator.items import ItemKey, WireImage, item_key, key_image
from support.simulator.messages import CLOUDWATCH, Request, Response, dynamodb_request, streams_request

READS = ("GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan")
CHANGES_TABLES = ("CreateTable", "UpdateTable", "DeleteTable")
SECONDS_A_RECORD_MAY_COME_LATE = 15.0
SECONDS_BETWEEN_LOOKS = 0.5

Place = tuple[str, str]
"""A region and a table."""


class HttpEngine:
    """The regional tables of one engine, and the CloudWatch of another one, because such engines have none."""

    def __init__(self, url: str, metrics: Engine, clock: Clock) -> None:
        self.url = url
        self._http = SignedHttp(url)
        self._metrics = metrics
        self._clock = clock
        self._names = RegionNames()
        self._created: list[Place] = []
        self._keys: dict[Place, list[str]] = {}
        self._streams: dict[Place, StreamReader] = {}
        self._changed: set[Place] = set()
        self._own: dict[Place, OwnWrites] = defaultdict(OwnWrites)
        self._writes: dict[str, int] = defaultdict(int)
        self._last_write = 0.0
        self._looks: dict[Place, tuple[int, float]] = {}

    def send(self, request: Request) -> Response:
        """Let the region answer. Raises EngineError when it does not."""
        if request.service == CLOUDWATCH:
            return self._metrics.send(request)
        try:
            response = self._http.send(self._names.inward(request))
        finally:
            self._note(request)
        if response.ok and request.operation in CHANGES_TABLES:
            self._note_table(request.region, request.parameters["TableName"], request.operation)
        return self._names.outward(request, response)

    def take_records(self, region: str, table: str) -> list[Record]:
        """What the table's stream tells that is not of our own writing; nothing when nothing can be new."""
        place = region, table
        if not self._may_have_records(place):
            return []
        self._looks[place] = self._writes[region], self._clock.elapsed()
        reader = self._reader(place)
        if reader is None:
            return []
        return self._own[place].others([self._told(place, each) for each in reader.read()])

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        """The item as DynamoDB's JSON."""
        names = self._key_names((region, table))
        asked = {"TableName": table, "Key": key_image(names, key), "ConsistentRead": True}
        image: WireImage | None = self._ask(region, "GetItem", asked).get("Item")
        return image

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        """Put or delete an item; its record is known again by the image that it replaced."""
        asked: dict[str, Any] = {"TableName": table, "ReturnValues": "ALL_OLD"}
        if image is None:
            key_attributes = key_image(self._key_names((region, table)), key)
            old = self._ask(region, "DeleteItem", {**asked, "Key": key_attributes}).get("Attributes")
        else:
            old = self._ask(region, "PutItem", {**asked, "Item": image}).get("Attributes")
        self._own[region, table].expect(Record(key, old, image))

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        """All items, page by page."""
        names = self._key_names((region, table))
        images: list[WireImage] = []
        start: dict[str, Any] = {}
        while True:
            page = self._ask(region, "Scan", {"TableName": table, "ConsistentRead": True, **start})
            images += page["Items"]
            if "LastEvaluatedKey" not in page:
                return [(item_key(names, image), image) for image in images]
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def close(self) -> None:
        """Remove what was created through here, as far as the engine is still there."""
        for region, table in self._created:
            with suppress(EngineError, LookupError):
                self._ask(region, "DeleteTable", {"TableName": table})
        self._created.clear()
        self._http.close()
        self._metrics.close()

    def _ask(self, region: str, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return _done(self._http.send(dynamodb_request(region, operation, parameters)), f"{operation} in {region}")

    def _note(self, request: Request) -> None:
        # Also when no answer came: the request may have been done.
        if request.operation not in READS and not request.operation.startswith(("Describe", "List")):
            self._writes[request.region] += 1
            self._last_write = self._clock.elapsed()

    def _note_table(self, region: str, table: str, operation: str) -> None:
        self._changed.add((region, table))
        if operation == "CreateTable":
            self._created.append((region, table))
        if operation == "DeleteTable" and (region, table) in self._created:
            self._created.remove((region, table))
        if operation != "UpdateTable":
            self._keys.pop((region, table), None)
            self._own.pop((region, table), None)

    def _may_have_records(self, place: Place) -> bool:
        now = self._clock.elapsed()
        if place not in self._looks:
            return True
        writes, looked = self._looks[place]
        late = now - self._last_write < SECONDS_A_RECORD_MAY_COME_LATE and now - looked >= SECONDS_BETWEEN_LOOKS
        return writes != self._writes[place[0]] or late

    def _reader(self, place: Place) -> StreamReader | None:
        if place not in self._streams or place in self._changed:
            region, table = place
            try:
                arn = self._ask(region, "DescribeTable", {"TableName": table})["Table"].get("LatestStreamArn")
            except LookupError:
                arn = None
            if arn is None:
                self._streams.pop(place, None)
                return None
            if place not in self._streams or self._streams[place].arn != arn:
                self._streams[place] = StreamReader(self._stream_of(region), arn)
            self._changed.discard(place)
        return self._streams[place]

    def _stream_of(self, region: str) -> Any:
        def ask(operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
            return _done(self._http.send(streams_request(region, operation, parameters)), f"{operation} in {region}")

        return ask

    def _told(self, place: Place, record: Mapping[str, Any]) -> Told:
        content = record["dynamodb"]
        view = content.get("StreamViewType", "NEW_AND_OLD_IMAGES")
        old, new = content.get("OldImage"), content.get("NewImage")
        removed, inserted = record["eventName"] == "REMOVE", record["eventName"] == "INSERT"
        key = item_key(self._key_names(place), new or old or content["Keys"])
        tells_old, tells_new = inserted or view.endswith("OLD_IMAGES"), removed or view.startswith("NEW")
        if not tells_new:
            new = self.read(*place, key)  # AWS replicates with such a stream all the same
        return Told(Record(key, old, new), tells_old or view == "OLD_IMAGE", tells_new)

    def _key_names(self, place: Place) -> list[str]:
        if place not in self._keys:
            region, table = place
            schema = self._ask(region, "DescribeTable", {"TableName": table})["Table"]["KeySchema"]
            self._keys[place] = [each["AttributeName"] for each in schema]
        return self._keys[place]


def _done(response: Response, what: str) -> Mapping[str, Any]:
    if response.ok:
        return response.result
    if response.code == "ResourceNotFoundException":
        raise LookupError(f"{what}: {response.message}")
    raise EngineError(f"the engine refuses {what}: {response.code}: {response.message}", response.code)
