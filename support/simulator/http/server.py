"""The simulator over HTTP, for any SDK and the AWS CLI; on loopback only, because it asks nobody who he is."""

import json
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from sys import exc_info
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from support.simulator.http import cbor
from support.simulator.http.bodies import BodyError, read_body
from support.simulator.http.control import ControlError, execute
from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, Request, Response
from support.simulator.request_router import NoAnswerError
from support.simulator.simulator import Simulator
from support.simulator.validation.refused import RefusedError

LOOPBACK = "127.0.0.1"
CONTROL_PATH = "/simulator"
CONTROL_HEADER = "X-Simulator"
SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[\w-]+)/(?P<service>\w+)/aws4_request")
"""Where an SDK says which region it means: all regions have one address here."""

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
OF_A_CONNECTION = ("content-length", "transfer-encoding", "connection", "date", "server")


class Server(ThreadingHTTPServer):
    """Carries HTTP requests to a simulator's door."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, simulator: Simulator, port: int = 0) -> None:
        self.simulator = simulator
        super().__init__((LOOPBACK, port), RequestHandler)

    @property
    def url(self) -> str:
        """What to set as the endpoint of any client."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up, and everything of what should not happen."""
        if not isinstance(exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class RequestHandler(BaseHTTPRequestHandler):
    """Carries one connection's requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is sent in one piece
    server: Server

    def do_POST(self) -> None:
        """Carry a request of an API, or words for the switches."""
        try:
            body = read_body(self.headers, self.rfile)
        except BodyError as error:
            self.close_connection = True
            self._send(Response.error("SerializationException", str(error)))
            return
        if self.path == CONTROL_PATH:
            self._send(self._control(body.decode("utf-8", "replace")))
            return
        try:
            self._send(self._answer(body))
        except NoAnswerError as silence:
            self._hang_up(silence.done)

    def do_GET(self) -> None:
        """Tell the state of the switches; elsewhere what a regional endpoint of AWS says to a browser."""
        if self.path == CONTROL_PATH:
            self._send(self._control("state"))
        elif self.path == "/":
            self._send(_text(f"healthy: simulator of dynamodb in {', '.join(self.server.simulator.regions)}"))
        else:
            self._send(Response.error("UnknownOperationException", f"there is nothing at {self.path}", 404))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP, and other methods, in the form that SDKs expect."""
        self.close_connection = True
        text = explain or message or HTTPStatus(code).phrase
        self._send(Response.error("UnknownOperationException", f"{text}: send requests by POST", code))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's own name)
        """Say nothing: requests carry items, which are nobody's business on a terminal."""

    def _answer(self, body: bytes) -> Response:
        scope = SCOPE.search(self.headers.get("Authorization", ""))
        if not scope:
            text = "the simulator takes the region from the credential scope of a signed request: sign it with any keys"
            return Response.error("MissingAuthenticationTokenException", text)
        request = request_of(scope, dict(self.headers.items()), body)
        if request.headers.get(cbor.HEADER) == cbor.PROTOCOL:
            return self._answer_in_cbor(request)
        if urlsplit(self.path).path != "/":
            return Response.error("UnknownOperationException", f"there is nothing at {self.path}", 404)
        if request.service != CLOUDWATCH and not request.operation:
            return Response.error("UnknownOperationException", "the header X-Amz-Target names no operation")
        if (request.service != CLOUDWATCH or request.operation) and not _has_json_object(request):
            return Response.error("SerializationException", "the body of a request is an object in JSON")
        return self.server.simulator.router.answer(request)

    def _answer_in_cbor(self, request: Request) -> Response:
        operation = None
        try:
            operation = cbor.operation_of(urlsplit(self.path).path)
            headers = {**request.headers, **cbor.json_headers(operation)}
            asked = Request(request.region, CLOUDWATCH, headers, cbor.json_body(request.body))
            response = self.server.simulator.router.answer(asked)
        except RefusedError as refused:
            response = refused.response()
        return cbor.cbor_response(operation, response)

    def _control(self, words: str) -> Response:
        refusal = refusal_of_browsers(self.headers)
        if refusal:
            return _text(refusal, HTTPStatus.FORBIDDEN)
        try:
            state = execute(self.server.simulator, words.split())
        except ControlError as error:
            return _text(str(error), HTTPStatus.BAD_REQUEST)
        return Response(200, {"Content-Type": "application/json"}, json.dumps(state, indent=2).encode() + b"\n")

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def _hang_up(self, done: bool) -> None:
        """Close the connection without a word: in the ordinary way when the request was done, else by a reset."""
        if not done:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.connection.close()
        self.close_connection = True


def request_of(scope: re.Match[str], headers: dict[str, str], body: bytes) -> Request:
    """The request as the request router takes it: its region is the one that it was signed for."""
    carried = {name.title(): value for name, value in headers.items() if name.lower() != "content-encoding"}
    streams = carried.get("X-Amz-Target", "").startswith("DynamoDBStreams")
    service = CLOUDWATCH if scope["service"] == "monitoring" else STREAMS if streams else DYNAMODB
    return Request(scope["region"], service, carried, body)


def refusal_of_browsers(headers: Message) -> str | None:
    """Why the switches can't be moved by this request: no page in a browser may do it behind its reader's back.

    A page of another site can't add a header without being asked for its origin first, and one whose name was made to
    lead here still says that name.
    """
    host = headers.get("Host", "").rpartition(":")[0] or headers.get("Host", "")
    if "Origin" in headers or host not in (LOOPBACK, "localhost"):
        return f"the switches are not for browsers: ask http://{LOOPBACK}, without an Origin"
    if CONTROL_HEADER not in headers:
        return f"add a header, which no page of another site can: curl -H '{CONTROL_HEADER}: yes'"
    return None


def _has_json_object(request: Request) -> bool:
    try:
        return isinstance(request.parameters, dict)
    except ValueError:
        return False


def _text(line: str, status: int = 200) -> Response:
    return Response(status, {"Content-Type": "text/plain; charset=utf-8"}, f"{line}\n".encode())


@contextmanager
def serve(simulator: Simulator, port: int = 0) -> Iterator[Server]:
    """A server in a thread of its own, until the block ends. Port 0: any that is free."""
    with Server(simulator, port) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
