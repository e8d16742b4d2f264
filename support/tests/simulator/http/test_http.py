"""The port: one address for all regions, requests as they come over a network, nonsense, many at once."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from socket import socket
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from support.clock import WallClock
from support.simulator import Lag, Simulator
from support.simulator.http.server import LONGEST_BODY, LOOPBACK, Server, serve
from support.tests.http_clients import http_client
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

OK = (200, "")
SIGNED = f"AWS4-HMAC-SHA256 Credential=x/20250811/{US}/dynamodb/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    simulator = Simulator(WallClock(), (US, EU), lag=Lag(median=0))
    simulator.create_global_table(TABLE)
    with serve(simulator) as server:
        yield server
    simulator.close()


@pytest.fixture
def connection(server: Server) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(LOOPBACK, server.server_port, timeout=120)
    yield connection
    connection.close()


def headers(operation: str = "PutItem", **more: str) -> dict[str, str]:
    target = f"DynamoDB_20120810.{operation}"
    return {"Authorization": SIGNED, "X-Amz-Target": target, **{name.replace("_", "-"): v for name, v in more.items()}}


def put(key: str, **attributes: str) -> bytes:
    return json.dumps({"TableName": NAME, "Item": item(key, **attributes)}).encode()


def post(connection: HTTPConnection, body: Any, sent: dict[str, str], **options: Any) -> tuple[int, str]:
    """The status of the answer, and the code of an error."""
    connection.request("POST", "/", body, sent, **options)
    response = connection.getresponse()
    return response.status, json.loads(response.read()).get("__type", "").rpartition("#")[2]


def test_only_this_machine_can_reach_it(server: Server) -> None:
    with socket() as other:  # another address of this machine stands for those of a network
        assert other.connect_ex(("127.0.0.2", server.server_port)) != 0


def test_a_region_that_is_not_served_is_refused_with_the_ones_that_are(server: Server) -> None:
    with pytest.raises(ClientError, match="does not serve localhost: use us-east-1 or eu-west-1") as refused:
        http_client(server.url, "localhost", "cloudwatch").list_metrics()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(("fault", "left"), [("lost-answers", [item("a")]), ("connection-resets", [])])
def test_a_connection_closes_without_an_answer(fault: str, left: list[Any]) -> None:
    with World(faults=[f"{fault}=1"]) as world, serve(world.simulator) as server:
        with pytest.raises(ConnectionClosedError):
            http_client(server.url, US).put_item(TableName=NAME, Item=item("a"))
        world.simulator.faults.take_back(fault)

        assert http_client(server.url, US).scan(TableName=NAME)["Items"] == left


# Forms of bodies and headers.


@pytest.mark.parametrize("form", ["chunked", "gzip", "lower-case headers"])
def test_a_body_arrives_in_every_form(connection: HTTPConnection, server: Server, form: str) -> None:
    body = put(form, v="1")
    if form == "chunked":
        pieces = iter([body[:10], body[10:11], body[11:]])
        answered = post(connection, pieces, headers(Transfer_Encoding="chunked"), encode_chunked=True)
    elif form == "gzip":
        answered = post(connection, gzip.compress(body), headers(Content_Encoding="gzip"))
    else:
        answered = post(connection, body, {name.lower(): value for name, value in headers().items()})
    assert (answered, post(connection, put("after it"), headers())) == (OK, OK)

    assert http_client(server.url, US).get_item(TableName=NAME, Key=item(form))["Item"] == item(form, v="1")


@pytest.mark.parametrize(
    ("body", "sent", "refused"),
    [
        (b"{", headers(), "SerializationException"),
        (b"[]", headers(), "SerializationException"),
        (b'{"TableName": 5}', headers("DeleteTable"), "SerializationException"),
        (b'{"Item": ' * 200_000 + b"{}" + b"}" * 200_000, headers(), "SerializationException"),
        (b"{}", headers("NoSuchThing"), "UnknownOperationException"),
        (b"{}", headers(""), "UnknownOperationException"),
        (b"{}", {}, "MissingAuthenticationTokenException"),
        (b"{}", headers(Content_Length="many"), "SerializationException"),
        (b"{}", headers(Content_Length="99999999999"), "SerializationException"),
        (b"{}", headers(Content_Encoding="br"), "SerializationException"),
        (b"{}", headers(Content_Encoding="gzip"), "SerializationException"),
        (gzip.compress(b" " * (LONGEST_BODY + 1)), headers(Content_Encoding="gzip"), "SerializationException"),
    ],
    ids=range(12),
)
def test_what_cannot_be_read_is_refused_as_aws_refuses_it(
    connection: HTTPConnection, body: bytes, sent: dict[str, str], refused: str
) -> None:
    assert post(connection, body, sent) == (400, refused)
    connection.close()
    assert post(connection, put("after nonsense"), headers()) == OK


@pytest.mark.slow
def test_many_clients_at_once_lose_nothing(server: Server) -> None:
    regions = [http_client(server.url, region, max_pool_connections=8) for region in (US, EU)]

    def write(number: int) -> None:
        region, key = regions[number % 2], item(f"counter {number}")
        more = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        for each in range(10):
            region.update_item(TableName=NAME, Key=key, **more)
            region.put_item(TableName=NAME, Item=item(f"many {number} {each}"))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(16)))
    for region in regions:
        keys = {image["id"]["S"]: image for image in region.scan(TableName=NAME)["Items"]}
        assert {f"many {number} {each}" for number in range(16) for each in range(10)} <= set(keys)
        assert {keys[f"counter {number}"]["n"]["N"] for number in range(16)} == {"10"}
