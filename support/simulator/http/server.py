"""The simulator over HTTP, for any SDK and the AWS CLI; on loopback only, because it authenticates no client.

werkzeug's server, which moto's own stands on, does the HTTP.
"""

import json
import re
import socket
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from threading import Thread
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response as HttpResponse

from support.simulator.http import cbor
from support.simulator.http.control import ControlError, execute
from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, RefusedError, Request, Response
from support.simulator.request_router import NoAnswerError
from support.simulator.simulator import Simulator
from support.simulator.validation import check_shape

LOOPBACK = "127.0.0.1"
CONTROL_PATH = "/simulator"
CONTROL_HEADER = "X-Simulator"
SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[\w-]+)/(?P<service>\w+)/aws4_request")
"""Where an SDK says which region it means: all regions have one address here."""

LONGEST_BODY = 32 * 1024 * 1024
"""More than any request of DynamoDB has: a BatchWriteItem may have 16 MB."""

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
OF_A_CONNECTION = ("content-length", "transfer-encoding", "connection", "date", "server")


class ConnectionHandler(WSGIRequestHandler):
    """One connection, whose requests are not logged: they have items in them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is sent in one piece

    def run_wsgi(self) -> None:
        lengths = self.headers.get_all("Content-Length", [])
        if any(not (each.isascii() and each.isdigit()) or each != lengths[0] for each in lengths):
            self.send_error(HTTPStatus.BAD_REQUEST, f"the Content-Length is {' and '.join(map(repr, lengths))}")
        else:
            super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.close_connection = True
        response = Response.error("SerializationException", explain or message or HTTPStatus(code).phrase)
        self.send_response(code)
        for name, value in (*response.headers.items(), ("Content-Length", len(response.body)), ("Connection", "close")):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(response.body)

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (the library's own name)
        """Say nothing."""


@dataclass(frozen=True)
class Application:
    """Carries HTTP requests to the router of a simulator."""

    simulator: Simulator

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = HttpRequest(environ)
        request.max_content_length = LONGEST_BODY
        try:
            response = self._answer(request)
        except NoAnswerError as silence:
            connection = environ["werkzeug.socket"]
            if silence.done:
                connection.shutdown(socket.SHUT_RDWR)
            else:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                connection.close()
            raise ConnectionAbortedError from silence
        except RefusedError as refused:
            response = refused.response()
        except (HTTPException, OSError) as error:
            response = Response.error("SerializationException", f"the request can't be read: {error}")
        headers = [(name, str(each)) for name, each in response.headers.items() if name.lower() not in OF_A_CONNECTION]
        return HttpResponse(response.body, response.status, headers)(environ, start_response)

    def _answer(self, request: HttpRequest) -> Response:
        scope = SCOPE.search(request.headers.get("Authorization", ""))
        if scope and scope["service"] == "fis":
            asked = Request(scope["region"], "fis", {}, _body(request))
            return self.simulator.experiment(scope["region"], request.method, request.path, _parameters(asked))
        if request.method not in ("GET", "POST"):
            return Response.error("UnknownOperationException", f"{request.method}: send requests by POST", 501)
        if request.path == CONTROL_PATH:
            words = "state" if request.method == "GET" else _body(request).decode("utf-8", "replace")
            return self._control(dict(request.headers), words)
        if request.method == "GET" and request.path == "/":
            return _text(f"healthy: simulator of dynamodb in {', '.join(self.simulator.regions)}")
        in_cbor = request.headers.get(cbor.HEADER) == cbor.PROTOCOL
        if request.method == "GET" or (request.path != "/" and not in_cbor):
            return Response.error("UnknownOperationException", f"there is nothing at {request.path}", 404)
        body = _body(request)
        if not scope:
            text = "the simulator takes the region from the credential scope of a signed request: sign it with any keys"
            raise RefusedError(text, "MissingAuthenticationTokenException")
        asked = request_of(scope, dict(request.headers), body)
        if in_cbor:
            return cbor.answer(request.path, asked, self.simulator.router.answer)
        if asked.service != CLOUDWATCH and not asked.operation:
            raise RefusedError("the header X-Amz-Target names no operation", "UnknownOperationException")
        if asked.operation:
            check_shape(asked.service, asked.operation, _parameters(asked))
        return self.simulator.router.answer(asked)

    def _control(self, headers: Mapping[str, str], words: str) -> Response:
        refusal = refusal_of_browsers(headers)
        if refusal:
            return _text(refusal, HTTPStatus.FORBIDDEN)
        try:
            state = execute(self.simulator, words.split())
        except ControlError as error:
            return _text(str(error), HTTPStatus.BAD_REQUEST)
        return Response(200, {"Content-Type": "application/json"}, json.dumps(state, indent=2).encode() + b"\n")


def request_of(scope: re.Match[str], headers: Mapping[str, str], body: bytes) -> Request:
    """The request as the request router takes it: its region is the one that it was signed for."""
    carried = {name.title(): value for name, value in headers.items() if name.lower() != "content-encoding"}
    streams = carried.get("X-Amz-Target", "").startswith("DynamoDBStreams")
    service = CLOUDWATCH if scope["service"] == "monitoring" else STREAMS if streams else DYNAMODB
    return Request(scope["region"], service, carried, body)


def refusal_of_browsers(headers: Mapping[str, str]) -> str | None:
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


def _body(request: HttpRequest) -> bytes:
    """The body as it was before it was sent. Raises HTTPException, OSError or RefusedError."""
    body = request.get_data()
    coding = request.headers.get("Content-Encoding", "").replace("aws-chunked", "").strip(", ").lower()
    if coding in ("", "identity"):
        return body
    if coding != "gzip":
        raise RefusedError(f"the body is encoded as {coding}: send it as it is, or as gzip", "SerializationException")
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpacking.decompress(body, LONGEST_BODY)
    except zlib.error:
        body = b""
    if not unpacking.eof:
        raise RefusedError("the body is not the gzip that Content-Encoding says, or too long", "SerializationException")
    return body


def _parameters(request: Request) -> dict[str, Any]:
    try:
        parameters = request.parameters
    except (ValueError, RecursionError):
        parameters = None
    if not isinstance(parameters, dict):
        raise RefusedError("the body of a request is an object in JSON, not nested too deep", "SerializationException")
    return parameters


def _text(line: str, status: int = 200) -> Response:
    return Response(status, {"Content-Type": "text/plain; charset=utf-8"}, f"{line}\n".encode())


@dataclass(frozen=True)
class Server:
    """A simulator that is being served."""

    simulator: Simulator
    server_port: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"


@contextmanager
def serve(simulator: Simulator, port: int = 0) -> Iterator[Server]:
    """A server in a thread of its own, until the block ends. Port 0: any that is free. Raises OSError."""
    with socket.create_server((LOOPBACK, port), backlog=128) as listening:  # werkzeug ends the process if it can't
        served = make_server(
            LOOPBACK, port, Application(simulator), True, request_handler=ConnectionHandler, fd=listening.fileno()
        )
    thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Server(simulator, served.port)
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
