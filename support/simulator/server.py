"""The simulator over HTTP, for any SDK and the AWS CLI; on loopback only, because it asks nobody who he is."""

import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from support.simulator.door import NoAnswerError
from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, Request, Response
from support.simulator.simulator import Simulator

LOOPBACK = "127.0.0.1"
SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[\w-]+)/(?P<service>\w+)/aws4_request")
"""Where an SDK says which region it means: all regions have one address here."""

HOSTS = {DYNAMODB: "dynamodb", STREAMS: "streams.dynamodb", CLOUDWATCH: "monitoring"}
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
OF_A_CONNECTION = ("content-length", "transfer-encoding", "connection", "date", "server")


class Server(ThreadingHTTPServer):
    """Carries HTTP requests to a simulator's door."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Request], Response], port: int = 0) -> None:
        self.answer = answer
        super().__init__((LOOPBACK, port), Carrier)

    @property
    def url(self) -> str:
        """What to set as the endpoint of any client."""
        return f"http://{LOOPBACK}:{self.server_port}"


class Carrier(BaseHTTPRequestHandler):
    """Carries one connection's requests."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        """Read, carry, answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        scope = SCOPE.search(self.headers.get("Authorization", ""))
        if scope:
            try:
                response = self.server.answer(request_of(scope, self.path, dict(self.headers.items()), body))
            except NoAnswerError as silence:
                self._hang_up(silence.done)
                return
        else:
            text = "the simulator takes the region from the credential scope of a signed request: sign it with any keys"
            response = Response.error("MissingAuthenticationTokenException", text)
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def _hang_up(self, done: bool) -> None:
        """Close the connection without a word: in the ordinary way when the request was done, else by a reset."""
        if not done:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's own name)
        """Say nothing: requests carry items, which are nobody's business on a terminal."""


def request_of(scope: re.Match[str], path: str, headers: dict[str, str], body: bytes) -> Request:
    """The request as the door takes it."""
    target = headers.get("X-Amz-Target", "")
    streams = target.startswith("DynamoDBStreams")
    service = CLOUDWATCH if scope["service"] == "monitoring" else STREAMS if streams else DYNAMODB
    url = f"https://{HOSTS[service]}.{scope['region']}.amazonaws.com{path}"
    return Request(scope["region"], service, url, {**headers, "Host": url.split("/")[2]}, body)


@contextmanager
def serve(simulator: Simulator, port: int = 0) -> Iterator[Server]:
    """A server in a thread of its own, until the block ends. Port 0: any that is free."""
    with Server(simulator.door.answer, port) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
