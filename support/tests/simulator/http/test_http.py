"""What the simulator's port does with requests as they come over a network: forms of bodies, nonsense, many at once."""

import gzip
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from support.clock import WallClock
from support.simulator import Lag, Simulator
from support.simulator.http.server import LONGEST_BODY, LOOPBACK, Server, serve
from support.tests.http_clients import http_client
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, item

SIGNED = f"AWS4-HMAC-SHA256 Credential=x/20250811/{US}/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
NO_LAG = Lag(median=0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    simulator = Simulator(WallClock(), (US, EU), lag=NO_LAG)
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


def answer(response: HTTPResponse) -> tuple[int, dict[str, Any]]:
    content: dict[str, Any] = json.loads(response.read())
    return response.status, content


def post(connection: HTTPConnection, body: Any, more: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    connection.request("POST", "/", body, dict(more))
    return answer(connection.getresponse())


def code(content: Mapping[str, str]) -> str:
    return content["__type"].rpartition("#")[2]


def test_a_body_may_come_in_chunks(connection: HTTPConnection, server: Server) -> None:
    body = put("chunked", v="1")
    pieces = iter([body[:10], body[10:11], body[11:]])
    connection.request("POST", "/", pieces, headers(Transfer_Encoding="chunked"), encode_chunked=True)
    assert answer(connection.getresponse()) == (200, {})
    assert post(connection, put("after it"), headers()) == (200, {})

    assert http_client(server.url, US).get_item(TableName=NAME, Key=item("chunked"))["Item"] == item("chunked", v="1")


def test_a_body_may_be_compressed(connection: HTTPConnection, server: Server) -> None:
    body = gzip.compress(put("compressed", v="1"))
    assert post(connection, body, headers(Content_Encoding="gzip")) == (200, {})

    assert http_client(server.url, US).get_item(TableName=NAME, Key=item("compressed"))["Item"] == item(
        "compressed", v="1"
    )


def test_the_names_of_headers_are_found_in_any_case(connection: HTTPConnection) -> None:
    lower = {name.lower(): value for name, value in headers().items()}

    assert post(connection, put("lower"), lower) == (200, {})


@pytest.mark.parametrize(
    ("body", "operation", "refusal"),
    [
        (b"{", "PutItem", (400, "SerializationException")),
        (b"[]", "PutItem", (400, "SerializationException")),
        (b"\xff\xfe", "PutItem", (400, "SerializationException")),
        (b"{}", "DescribeTable", (400, "ValidationException")),
        (b"{}", "UpdateTable", (400, "ValidationException")),
        (b'{"TableName": 5}', "DeleteTable", (400, "SerializationException")),
        (b"[" * 200_000, "PutItem", (400, "SerializationException")),
        (b'{"Item": ' * 200_000 + b"{}" + b"}" * 200_000, "PutItem", (400, "SerializationException")),
        (b"{}", "NoSuchThing", (400, "UnknownOperationException")),
        (b"{}", "", (400, "UnknownOperationException")),
    ],
)
def test_nonsense_is_refused_as_aws_refuses_it(
    connection: HTTPConnection, body: bytes, operation: str, refusal: tuple[int, str]
) -> None:
    status, content = post(connection, body, headers(operation))
    assert (status, code(content)) == refusal

    assert post(connection, put("after nonsense"), headers())[0] == 200


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (headers(Content_Length="many"), "Content-Length is 'many'"),
        (headers(Content_Length="99999999999"), "exceeds the capacity limit"),
        (headers(Content_Length="-1"), "Content-Length is '-1'"),
        (headers(Content_Length="2", Content_Encoding="br"), "encoded as br: send it as it is, or as gzip"),
        (headers(Content_Length="2", Content_Encoding="gzip"), "not the gzip"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(connection: HTTPConnection, sent: dict[str, str], says: str) -> None:
    status, content = post(connection, b"{}", sent)

    assert (status, code(content)) == (400, "SerializationException")
    assert says in content["message"]


def test_two_lengths_are_refused_and_nothing_is_read(connection: HTTPConnection) -> None:
    connection.putrequest("POST", "/", skip_accept_encoding=True)
    for name, value in {**headers(), "Content-Length": "2"}.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", "40")
    connection.endheaders(b"{}")

    assert answer(connection.getresponse())[0] == 400


def test_what_is_too_long_once_it_is_unpacked_is_refused(connection: HTTPConnection) -> None:
    body = gzip.compress(b" " * (LONGEST_BODY + 1))

    assert post(connection, body, headers(Content_Encoding="gzip"))[0] == 400


def test_another_method_is_refused_in_the_form_that_sdks_expect(connection: HTTPConnection) -> None:
    connection.request("PUT", "/", b"{}")
    status, content = answer(connection.getresponse())

    assert (status, code(content)) == (501, "UnknownOperationException")


@pytest.mark.slow
def test_many_clients_at_once_lose_nothing(server: Server) -> None:
    regions = [http_client(server.url, region, max_pool_connections=8) for region in (US, EU)]

    def write(number: int) -> None:
        region = regions[number % 2]
        for each in range(10):
            region.update_item(
                TableName=NAME,
                Key=item(f"counter {number}"),
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
            region.put_item(TableName=NAME, Item=item(f"many {number} {each}"))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(16)))
    for region in regions:
        found = region.scan(TableName=NAME)["Items"]
        keys = {image["id"]["S"]: image for image in found}
        assert {f"many {number} {each}" for number in range(16) for each in range(10)} <= set(keys)
        assert {keys[f"counter {number}"]["n"]["N"] for number in range(16)} == {"10"}
