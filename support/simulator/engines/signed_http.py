"""Requests to an engine over HTTP, signed for the region that they mean: so engines keep regions apart."""

from socket import IPPROTO_TCP, TCP_NODELAY

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from support.simulator.engines.engine import EngineError
from support.simulator.isolated_session import KEYS_OF_TLS, hidden
from support.simulator.messages import Request, Response

SIGNING_NAME = "dynamodb"
KEYS = Credentials("simulated", "simulated")
"""One pair for all: DynamoDB Local keeps the tables of each access key apart."""

SECONDS_TO_ANSWER = 30
AT_ONCE = (IPPROTO_TCP, TCP_NODELAY, 1)
"""Without it each request waits 40 ms for the one before it to be acknowledged."""

CARRIED = ("x-amz-target", "content-type")


class SignedHttp:
    """Carries requests to one address."""

    def __init__(self, url: str) -> None:
        self.url = url
        with hidden([KEYS_OF_TLS]):
            self._session = URLLib3Session(timeout=SECONDS_TO_ANSWER, socket_options=[AT_ONCE])  # type: ignore[list-item]

    def send(self, request: Request) -> Response:
        """The engine's answer. Raises EngineError when there is none."""
        headers = {name: value for name, value in request.headers.items() if name.lower() in CARRIED}
        # An answer that is compressed would have to be opened again.
        asked = AWSRequest("POST", f"{self.url}/", {**headers, "Accept-Encoding": "identity"}, request.body)
        SigV4Auth(KEYS, SIGNING_NAME, request.region).add_auth(asked)
        try:
            answered = self._session.send(asked.prepare())
            body = answered.content
        except BotoCoreError as error:
            raise EngineError(f"the engine at {self.url} does not answer: {error}") from None
        return Response(answered.status_code, dict(answered.headers.items()), body)

    def close(self) -> None:
        """Hang up."""
        self._session.close()
