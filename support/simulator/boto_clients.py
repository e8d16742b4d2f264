"""boto3 clients whose requests go to the request router in this process instead of a network."""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from botocore.session import Session

from support.simulator.isolated_session import KEYS_OF_TLS, hidden, isolated_session
from support.simulator.messages import Request, Response
from support.simulator.request_router import NoAnswerError

ONE_AT_A_TIME = Lock()
"""botocore's sessions are not thread-safe."""

Answer = Callable[[Request], Response]


class BotoClients:
    """Makes clients that ask one request router. The boto3 of other code is not patched."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def client(self, service: str, region: str) -> Any:
        """A client as boto3 makes it, for "dynamodb", "dynamodbstreams" or "cloudwatch".

        The region of its requests is this one, wherever the user has configured endpoints, proxies or retries to be.
        """
        # Retries are the caller's: botocore would sleep in real time. No proxies: not even those of the environment.
        config = Config(  # type: ignore[call-arg]
            account_id_endpoint_mode="disabled",
            ignore_configured_endpoint_urls=True,
            proxies={},
            retries={"mode": "standard", "total_max_attempts": 1},
            signature_version=UNSIGNED,
        )
        with ONE_AT_A_TIME, hidden([KEYS_OF_TLS]):
            client = _session().create_client(service, region, verify=False, config=config)

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            return self._send(request, service, region)

        client.meta.events.register_first("before-send", send)  # type: ignore[arg-type]
        return client

    def _send(self, request: AWSPreparedRequest, service: str, region: str) -> AWSResponse:
        items = request.headers.items()
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in items}
        body = request.body.encode() if isinstance(request.body, str) else request.body
        asked = Request(region, service, headers, body if isinstance(body, bytes) else b"")
        try:
            response = self._answer(asked)
        except NoAnswerError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        answered: Any = HeadersDict(response.headers)
        return AWSResponse(request.url, response.status, answered, _Content(response.body))


@cache
def _session() -> Session:
    # One for all clients: to read the descriptions of the services takes botocore a tenth of a second.
    return isolated_session()


class _Content(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
