"""What is not a whole answer of the service's is a broken connection, for every client of a live table; redaction."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import HTTPClientError

from support.clock import SimulatedClock
from support.table import aws_clients
from support.table.aws_clients import BrokenAnswerError, Clients
from support.table.calls import Caller
from support.table.redaction import redacted
from support.tests.served import KEYS
from support.tests.verdicts.histories import EU
from support.verdicts.errors import TargetDownError, TargetTroubleError, UnknownOutcomeError
from support.verdicts.history import Outcome

KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
LOGIN_PAGE = b"<html><body>Please log in</body></html>"
NO_ITEM = b"{}"
ITEM = b'{"Item":{"PK":{"S":"a"},"SK":{"S":"b"}}}'


class Canned(ThreadingHTTPServer):
    """Answers every request with the same bytes; the headers may say anything."""

    daemon_threads = True

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, NO_ITEM, dict[str, str]()
        self.asked = 0
        self.in_drips = False
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Canned

    def do_POST(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        for name, value in ({"Content-Length": str(len(self.server.body))} | self.server.headers).items():
            self.send_header(name, value)
        self.end_headers()
        for drip in map(bytes, zip(self.server.body)) if self.server.in_drips else (self.server.body,):
            self.wfile.write(drip)
            time.sleep(0.1 * self.server.in_drips)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canned]:
    with Canned() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for name, value in KEYS.items():
            monkeypatch.setenv(name, value)
        for service in ("DYNAMODB", "CLOUDWATCH"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()


BROKEN = {
    "cut off, and shorter than it says": ("get_item", 200, ITEM[:20], {"Content-Length": str(len(ITEM))}),
    "empty": ("put_item", 200, b"", {}),
    "a login page": ("delete_item", 200, LOGIN_PAGE, {"Content-Type": "text/html"}),
    "another operation's": ("put_item", 200, b'{"Table":{}}', {}),
    "a wrong checksum": ("get_item", 200, NO_ITEM, {"x-amz-crc32": "1"}),
    "no list of items": ("query", 200, NO_ITEM, {}),
    "half a table": ("describe_table", 200, b'{"Table":{"TableArn":"a","TableStatus":"ACTIVE"}}', {}),
    "no JSON object": ("get_item", 200, b"[]", {}),
    "a redirect": ("get_item", 307, b"", {"Location": "/login"}),
    "a page instead of an error": ("put_item", 403, LOGIN_PAGE, {}),
    "a gateway's error": ("put_item", 502, LOGIN_PAGE, {}),
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "get_item": {"Key": KEY},
    "put_item": {"Item": KEY},
    "delete_item": {"Key": KEY},
    "query": {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": {":pk": {"S": "a"}}},
    "describe_table": {},
}


@pytest.mark.parametrize(("operation", "status", "body", "headers"), BROKEN.values(), ids=list(BROKEN))
def test_what_is_no_answer_is_a_broken_connection(
    operation: str, status: int, body: bytes, headers: dict[str, str], canned: Canned
) -> None:
    canned.status, canned.body, canned.headers = status, body, headers
    with pytest.raises(HTTPClientError) as broken:
        getattr(Clients().client("dynamodb", EU), operation)(TableName="table", **PARAMETERS[operation])
    assert isinstance(broken.value, BrokenAnswerError) or "Content-Length" in headers


def test_cloudwatch_s_answers_are_whole_too(canned: Canned) -> None:
    canned.body = LOGIN_PAGE
    with pytest.raises(BrokenAnswerError):
        Clients().client("cloudwatch", EU).list_metrics(Namespace="AWS/DynamoDB")


def test_a_whole_answer_is_accepted(canned: Canned) -> None:
    canned.body, canned.headers = ITEM, {"x-amz-crc32": str(crc32(ITEM))}
    assert Clients().client("dynamodb", EU).get_item(TableName="table", Key=KEY)["Item"] == KEY


def test_an_answer_in_drips_is_given_up(canned: Canned, monkeypatch: pytest.MonkeyPatch) -> None:
    canned.in_drips, canned.body = True, ITEM + b" " * 1000
    monkeypatch.setattr(aws_clients, "LONGEST_ANSWER", 0.3)
    with pytest.raises(BrokenAnswerError, match="did not end within"):
        Clients().client("dynamodb", EU).get_item(TableName="table", Key=KEY)


def caller(demands_capacity: bool = False) -> Caller:
    client, always = Clients().client("dynamodb", EU), {"TableName": "table"}
    return Caller(EU, client, SimulatedClock(), always, metered=True, demands_capacity=demands_capacity)


def test_a_broken_answer_to_a_write_is_tried_again_and_ends_unknown(canned: Canned) -> None:
    canned.body = LOGIN_PAGE
    asked = caller()
    written = asked.call("put_item", raising=False, Item=KEY)
    assert (written.outcome, written.attempts) == (Outcome.UNKNOWN, canned.asked)
    assert asked.tally.again["BrokenAnswerError"] == canned.asked - 1 > 5


def test_a_broken_answer_to_a_read_is_trouble_and_no_unknown_outcome(canned: Canned) -> None:
    canned.body = LOGIN_PAGE
    with pytest.raises(TargetTroubleError, match="BrokenAnswerError: ") as trouble:
        caller().call("get_item", Key=KEY)
    assert not isinstance(trouble.value, UnknownOutcomeError | TargetDownError)
    assert "Please log in" not in str(trouble.value)


@pytest.mark.usefixtures("canned")
@pytest.mark.parametrize(("demanded", "outcome"), [(False, Outcome.ACKNOWLEDGED), (True, Outcome.UNKNOWN)])
def test_a_target_that_tells_the_capacity_does_so_in_each_answer(demanded: bool, outcome: Outcome) -> None:
    assert caller(demanded).call("get_item", raising=False, Key=KEY).outcome is outcome


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("arn:aws:iam::123456789012:user/ada", "arn:aws:iam::<redacted>:user/ada"),
        ("with ASIAIOSFODNN7EXAMPLE at 1234567890123", "with <redacted> at 1234567890123"),
        ('"Account": "123456789012" of AKIAIOSFODNN7EXAMPLE', '"Account": "<redacted>" of <redacted>'),
        ("0084648f-49b0-4bd8-8697-368230859030", "0084648f-49b0-4bd8-8697-368230859030"),
    ],
)
def test_accounts_and_keys_are_masked_and_nothing_else(text: str, clean: str) -> None:
    assert redacted(text) == clean
