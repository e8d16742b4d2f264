"""Client request tokens: what came with one is done once, however often it is asked for within ten minutes.

SDKs send a token by themselves with TransactWriteItems and ExecuteTransaction, and the same one when they try again.
"""

import json
from hashlib import sha256

from support.clock import Clock
from support.simulator.messages import Request, Response
from support.simulator.validation.refused import RefusedError

SECONDS_REMEMBERED = 600
TOKENS = ("ClientRequestToken", "ClientToken")
Key = tuple[str, str, str]
"""Region, operation and token."""


class Tokens:
    """The tokens of the last ten minutes, and what was answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: dict[Key, tuple[float, str, Response]] = {}

    def answered(self, request: Request) -> Response | None:
        """What was answered to the same request. Raises RefusedError when the token was used for another one."""
        key = _key(request)
        if key is None:
            return None
        self._forget_old()
        if key not in self._done:
            return None
        _, content, response = self._done[key]
        if content != _digest(request):
            raise RefusedError(
                "The provided client request token is in use with other parameters: use a new one",
                "IdempotentParameterMismatchException",
            )
        return response

    def remember(self, request: Request, response: Response) -> None:
        """Note what was answered; what was refused may be tried again."""
        key = _key(request)
        if key and response.ok:
            self._done[key] = self._clock.elapsed(), _digest(request), response

    def _forget_old(self) -> None:
        now = self._clock.elapsed()
        while self._done:
            key, (done, _, _) = next(iter(self._done.items()))
            if now - done < SECONDS_REMEMBERED:
                return
            del self._done[key]


def _key(request: Request) -> Key | None:
    for name in TOKENS:
        if token := request.parameters.get(name):
            return request.region, request.operation, token
    return None


def _digest(request: Request) -> str:
    parameters = {name: value for name, value in request.parameters.items() if name not in TOKENS}
    return sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
