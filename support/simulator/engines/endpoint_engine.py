"""Any DynamoDB with streams, at an address, as the engine: Amazon's DynamoDB Local is the one that it is tested with.

What is written to a table is read from its stream after every request that can write. DynamoDB Local has the record at
once. One that comes later is taken after the next request of that kind: the write then counts from that moment.

Whatever was created through the engine is removed from it at the end, so that it is left as it was found: the versions
of the items are kept here, and end with the process, so that what would be left is no global table any more.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from support.simulator.engines.engine import Engine, EngineError, Record
from support.simulator.engines.stream_reader import OwnWrites, StreamedWrite, StreamReader
from support.simulator.isolated_session import KEYS_OF_TLS, hidden
from support.simulator.items import ItemKey, WireImage, item_key, key_image
from support.simulator.messages import CLOUDWATCH, Request, Response, dynamodb_request
from support.simulator.table_settings import STREAM

KEYS = Credentials("simulated", "simulated")
"""One pair for all: DynamoDB Local keeps the tables of each access key apart."""

SECONDS_TO_ANSWER = 30
READS = ("GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan")
CHANGES_TABLES = ("CreateTable", "UpdateTable", "DeleteTable")

Place = tuple[str, str]
"""A region and a table."""

PROOF: dict[str, Any] = {
    "TableName": "simulator-proof",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
NAME = {"TableName": PROOF["TableName"]}
STEPS = (
    ("CreateTable", PROOF, "let it keep regions apart, as DynamoDB Local does without -sharedDb, or name one for each"),
    ("PutItem", {**NAME, "Item": {"id": {"S": "proof"}}}, "start it anew: it is confused by regions that come later"),
)


class EndpointEngine:
    """The regional tables of endpoints, by region, and the CloudWatch of another engine, because such have none.

    Several regions may have one endpoint, if it tells them apart by the region that a request is signed for.
    """

    def __init__(self, urls: Mapping[str, str], metrics: Engine) -> None:
        self.urls = urls
        self.name = f"the engine at {', '.join(dict.fromkeys(urls.values()))}"
        self._metrics = metrics
        with hidden([KEYS_OF_TLS]):
            # Without the option each request waits 40 ms for the one before it to be acknowledged.
            options: Any = [(IPPROTO_TCP, TCP_NODELAY, 1)]
            self._session = URLLib3Session(timeout=SECONDS_TO_ANSWER, socket_options=options)
        self._created: list[Place] = []
        self._keys: dict[Place, list[str]] = {}
        self._streams: dict[Place, StreamReader] = {}
        self._changed: set[Place] = set()
        self._own: dict[Place, OwnWrites] = defaultdict(OwnWrites)
        self._writes: dict[str, int] = defaultdict(int)
        self._looks: dict[Place, int] = {}

    def send(self, request: Request) -> Response:
        """Let the region answer; the body passes unchanged in both directions. Raises EngineError when it does not."""
        if request.service == CLOUDWATCH:
            return self._metrics.send(request)
        if request.operation not in READS and not request.operation.startswith(("Describe", "List")):
            self._writes[request.region] += 1  # also when no answer comes: the request may have been done
        response = self._sent(request)
        if response.ok and request.operation in CHANGES_TABLES:
            self._note_table(request.region, request.parameters["TableName"], request.operation)
        return response

    def take_records(self, region: str, table: str) -> list[Record]:
        """What the table's stream has that is not of our own writing; nothing when nothing can be new."""
        place = region, table
        if self._looks.get(place) == self._writes[region]:
            return []
        self._looks[place] = self._writes[region]
        reader = self._reader(place)
        return self._own[place].others([self._streamed(place, each) for each in reader.read()]) if reader else []

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        key_attributes = key_image(self._key_names((region, table)), key)
        asked = {"TableName": table, "Key": key_attributes, "ConsistentRead": True}
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
        for region, table in self._created:
            with suppress(EngineError, LookupError):
                self._ask(region, "DeleteTable", {"TableName": table})
        self._created.clear()
        self._session.close()
        self._metrics.close()

    def _sent(self, request: Request) -> Response:
        url = self.urls[request.region]
        carried = ("x-amz-target", "content-type")
        headers = {name: value for name, value in request.headers.items() if name.lower() in carried}
        # An answer that is compressed would have to be opened again.
        asked = AWSRequest("POST", f"{url}/", {**headers, "Accept-Encoding": "identity"}, request.body)
        SigV4Auth(KEYS, "dynamodb", request.region).add_auth(asked)
        try:
            answered = self._session.send(asked.prepare())
            return Response(answered.status_code, dict(answered.headers.items()), answered.content)
        except BotoCoreError as error:
            raise EngineError(f"the engine at {url} does not answer: {error}") from None

    def _ask(
        self, region: str, operation: str, parameters: Mapping[str, Any], *, streams: bool = False
    ) -> Mapping[str, Any]:
        response = self._sent(dynamodb_request(region, operation, parameters, streams))
        if response.ok:
            return response.result
        if response.code == "ResourceNotFoundException":
            raise LookupError(f"{operation} in {region}: {response.message}")
        refusal = f"the engine refuses {operation} in {region}: {response.code}: {response.message}"
        raise EngineError(refusal, response.code)

    def _note_table(self, region: str, table: str, operation: str) -> None:
        self._changed.add((region, table))
        if operation == "CreateTable":
            self._created.append((region, table))
        if operation == "DeleteTable" and (region, table) in self._created:
            self._created.remove((region, table))
        if operation != "UpdateTable":
            self._keys.pop((region, table), None)
            self._own.pop((region, table), None)

    def _reader(self, place: Place) -> StreamReader | None:
        region, table = place
        if place not in self._streams or place in self._changed:
            described = self._sent(dynamodb_request(region, "DescribeTable", {"TableName": table}))
            arn = described.result["Table"].get("LatestStreamArn") if described.ok else None
            if arn is None:
                self._streams.pop(place, None)
            elif place not in self._streams or self._streams[place].arn != arn:
                self._streams[place] = StreamReader(lambda *asked: self._ask(region, *asked, streams=True), arn)
            self._changed.discard(place)
        return self._streams.get(place)

    def _streamed(self, place: Place, record: Mapping[str, Any]) -> StreamedWrite:
        content = record["dynamodb"]
        view = content.get("StreamViewType", "NEW_AND_OLD_IMAGES")
        old, new = content.get("OldImage"), content.get("NewImage")
        removed, inserted = record["eventName"] == "REMOVE", record["eventName"] == "INSERT"
        key = item_key(self._key_names(place), new or old or content["Keys"])
        has_old, has_new = inserted or view.endswith(("OLD_IMAGES", "OLD_IMAGE")), removed or view.startswith("NEW")
        if not has_new:
            new = self.read(*place, key)  # AWS replicates with such a stream all the same
        return StreamedWrite(Record(key, old, new), has_old, has_new)

    def _key_names(self, place: Place) -> list[str]:
        if place not in self._keys:
            region, table = place
            schema = self._ask(region, "DescribeTable", {"TableName": table})["Table"]["KeySchema"]
            self._keys[place] = [each["AttributeName"] for each in schema]
        return self._keys[place]


def check_compatibility(engine: EndpointEngine, table: str | None) -> None:
    """Raise EngineError, one line with the cure, unless the endpoints can do it and no region has the table.

    DynamoDB Local 1.11 numbers the stream records of all regions with one counter, and sets it back whenever a region
    (or an access key) is used for the first time: from then on writes can fail, and records can get lost. So every
    region is used here before the first write, and a write to each proves that the numbers are still right.
    """
    for region, url in engine.urls.items():
        if table in _tables(engine, region, url):
            delete = f"aws --endpoint-url {url} --region {region} dynamodb delete-table --table-name {table}"
            cure = f"delete it ({delete}) with the access key simulated, or use --no-table"
            raise EngineError(f"the engine at {url} has the table {table} in {region}: {cure}")
    _remove_proof(engine)
    try:
        for operation, parameters, cure in STEPS:
            for region, url in engine.urls.items():
                done = engine.send(dynamodb_request(region, operation, parameters))
                if not done.ok:
                    raise EngineError(f"the engine at {url} refuses {operation} in {region} ({done.code}): {cure}")
    finally:
        _remove_proof(engine)


def _tables(engine: EndpointEngine, region: str, url: str) -> list[str]:
    try:
        asked = dynamodb_request(region, "ListTables", {}), dynamodb_request(region, "ListStreams", {}, True)
        tables, streams = (engine.send(each) for each in asked)
    except EngineError:
        raise EngineError(f"no engine can be reached at {url}: start it, or name another one with --engine") from None
    with suppress(ValueError, KeyError):
        if streams.ok and streams.result["Streams"] is not None:
            names: list[str] = tables.result["TableNames"]
            return names
    problem = f"what answers at {url} is no DynamoDB with streams ({tables.status}, {streams.status})"
    raise EngineError(f"{problem}: name the address of one with --engine")


def _remove_proof(engine: EndpointEngine) -> None:
    for region in engine.urls:
        with suppress(EngineError):
            engine.send(dynamodb_request(region, "DeleteTable", NAME))
