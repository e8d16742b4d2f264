"""One API call: when it was sent and answered, what came of it, and how often it was tried.

Throttling and server errors are tried again after a pause on the target's own clock; they never become a verdict on
replication.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from support.clock import Clock
from support.history import Outcome

THROTTLING = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")
SERVER_ERRORS = ("InternalServerError", "InternalFailure", "ServiceUnavailable")
MOST_ATTEMPTS = 10
FIRST_PAUSE = 0.05


class TargetTroubleError(Exception):
    """The target did not do what it was asked: trouble with the environment, no verdict on replication."""


class ConditionFailedError(Exception):
    """A write was refused because its condition did not hold in the region that it was sent to."""


@dataclass(frozen=True)
class Call:
    """What came of a call. Times as in `support.history.Write`; `answer` is empty unless it was acknowledged."""

    region: str
    operation: str
    invoked: float
    answered: float
    at: datetime
    outcome: Outcome
    answer: Mapping[str, Any]
    attempts: int
    error: str = ""

    def raise_if_not_done(self) -> None:
        """Raise TargetTroubleError, or ConditionFailedError, unless the call was acknowledged."""
        if self.outcome is Outcome.ACKNOWLEDGED:
            return
        if self.outcome is Outcome.FAILED and self.error.startswith("ConditionalCheckFailed"):
            raise ConditionFailedError(f"{self.region} refused {self.operation}: {self.error}")
        tries = f"{self.attempts} times; the last answer was" if self.attempts > 1 else "once; the answer was"
        doubt = " (nobody knows whether it was done)" if self.outcome is Outcome.UNKNOWN else ""
        raise TargetTroubleError(f"{self.region} was asked for {self.operation} {tries} {self.error}{doubt}")


@dataclass(frozen=True)
class _Attempt:
    """The answer; else the error, whether to try again, and whether it may have been done all the same."""

    answer: Mapping[str, Any]
    error: str = ""
    again: bool = False
    unanswered: bool = False


class Caller:
    """Calls one region's DynamoDB for one table."""

    def __init__(self, region: str, table: str, client: Any, clock: Clock) -> None:
        self._region = region
        self._table = table
        self._client = client
        self._clock = clock

    def call(self, operation: str, *, raising: bool = True, **parameters: Any) -> Call:
        """Call an operation, by boto3's name for it, with retries. Raises unless done, if `raising`."""
        invoked, at = self._clock.elapsed(), self._clock.now()
        attempts, lost = 0, False
        while True:
            attempts += 1
            attempt = self._try(operation, parameters)
            lost = lost or attempt.unanswered
            if not attempt.again or attempts == MOST_ATTEMPTS:
                break
            self._clock.wait(FIRST_PAUSE * 2 ** (attempts - 1))
        outcome = Outcome.ACKNOWLEDGED if not attempt.error else Outcome.UNKNOWN if lost else Outcome.FAILED
        answered = self._clock.elapsed()
        call = Call(
            self._region, operation, invoked, answered, at, outcome, attempt.answer, attempts, attempt.error
        )  # fmt: skip
        if raising:
            call.raise_if_not_done()
        return call

    def _try(self, operation: str, parameters: Mapping[str, Any]) -> _Attempt:
        try:
            return _Attempt(getattr(self._client, operation)(TableName=self._table, **parameters))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            unanswered = code in SERVER_ERRORS or status >= 500
            text = f"{code}: {error.response['Error'].get('Message', '')}"
            return _Attempt({}, text, again=unanswered or code in THROTTLING, unanswered=unanswered)
        except BotoCoreError as error:
            # Without a connection nothing was sent. Other errors, such as missing credentials, would only come again.
            unanswered = isinstance(error, HTTPClientError)
            again = unanswered or isinstance(error, NoConnectionError)
            return _Attempt({}, f"{type(error).__name__}: {error}", again, unanswered)
