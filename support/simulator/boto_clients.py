"""boto3 clients whose requests go to a door in this process instead of a network."""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, Request, Response, http_headers
from support.simulator.request_router import NoAnswerError

SERVICES = {"dynamodb": DYNAMODB, "dynamodbstreams": STREAMS, "cloudwatch": CLOUDWATCH}

ONE_AT_A_TIME = Lock()
"""boto3's sessions do not bear threads."""

Answer = Callable[[Request], Response]


class BotoClients:
    """Makes clients that ask one door. Nobody else's boto3 is patched."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def client(self, service: str, region: str) -> Any:
        """A client of boto3's own for "dynamodb", "dynamodbstreams" or "cloudwatch"."""
        # With accounts in its host names, boto3 asks for stream hosts that moto does not know. Retries are the
        # caller's: botocore would sleep in real time.
        config = Config(
            account_id_endpoint_mode="disabled",
            signature_version=UNSIGNED,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        with ONE_AT_A_TIME:
            client = _session().client(service, region_name=region, config=config)  # type: ignore[call-overload]

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            return self._send(request, SERVICES[service], region)

        client.meta.events.register_first("before-send", send)
        return client

    def _send(self, request: AWSPreparedRequest, service: str, region: str) -> AWSResponse:
        headers = {name: _text(value) for name, value in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else request.body
        asked = Request(region, service, request.url, headers, body if isinstance(body, bytes) else b"")
        try:
            response = self._answer(asked)
        except NoAnswerError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        return AWSResponse(request.url, response.status, http_headers(response.headers), _Content(response.body))


@cache
def _session() -> boto3.session.Session:
    # One for all clients: to read the descriptions of the services takes boto3 a tenth of a second.
    return boto3.session.Session(aws_access_key_id="simulated", aws_secret_access_key="simulated")


class _Content(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
