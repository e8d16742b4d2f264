"""Client request tokens: what came with one is done once, however often it is asked for within ten minutes.

SDKs send a token by themselves with TransactWriteItems and ExecuteTransaction, and the same one when they try again.
"""

import json
from hashlib import sha256

from support.clock import Clock
from support.simulator.messages import RefusedError, Request, Response

SECONDS_REMEMBERED = 600
TOKENS = ("ClientRequestToken", "ClientToken")
Key = tuple[str, str, str]
"""Region, operation and token."""


class Tokens:
    """The tokens of the last ten minutes: when each was used, the digest of its request, and what was answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: dict[Key, tuple[float, str, Response]] = {}

    def answered(self, request: Request) -> Response | None:
        """What was answered to the same request. Raises RefusedError when the token was used for another one."""
        oldest = self._clock.elapsed() - SECONDS_REMEMBERED
        self._done = {key: done for key, done in self._done.items() if done[0] > oldest}
        done = self._done.get(key) if (key := _key(request)) else None
        if done and done[1] != _digest(request):
            message = "The provided client request token is in use with other parameters: use a new one"
            raise RefusedError(message, "IdempotentParameterMismatchException")
        return done[2] if done else None

    def remember(self, request: Request, response: Response) -> None:
        """Note what was answered; what was refused may be tried again."""
        if response.ok and (key := _key(request)):
            self._done[key] = self._clock.elapsed(), _digest(request), response


def _key(request: Request) -> Key | None:
    tokens = [request.parameters[name] for name in TOKENS if request.parameters.get(name)]
    return (request.region, request.operation, tokens[0]) if tokens else None


def _digest(request: Request) -> str:
    parameters = {name: value for name, value in request.parameters.items() if name not in TOKENS}
    return sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
