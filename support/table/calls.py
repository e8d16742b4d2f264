"""One API call: when it was sent and answered, what came of it, and how often it was tried.

Throttling, server errors and broken connections are tried again after a pause on the target's own clock, for a minute
at most; they are counted, and never become a verdict on replication.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from random import Random
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from support.clock import Clock
from support.table.aws_clients import BrokenAnswerError, service_error
from support.verdicts.errors import (
    AnswerError,
    ConditionFailedError,
    ServiceError,
    TargetDownError,
    TargetTroubleError,
    UnknownOutcomeError,
)
from support.verdicts.history import Outcome

THROTTLING = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")
CONFLICT = "TransactionConflictException"
"""A refusal because a transaction is at work on the same item."""
CANCELLED = "TransactionCanceledException"
PASSING = ("None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")
"""Reasons of a cancelled transaction that may be gone the next time; an item that is no reason for it has "None"."""
UNPROCESSED = "UnprocessedItems"
SERVER_ERRORS = ("InternalServerError", "InternalFailure", "ServiceUnavailable")
CLOCK_ERRORS = ("InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "RequestExpired")
"""Refusals of a signature, which a machine that was suspended may meet once; three in a row are no accident."""
NOT_LET_IN = (
    "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "NoCredentialsError", "TokenRefreshRequired",
    "UnrecognizedClientException",
)  # fmt: skip
NO_TABLE = "ResourceNotFoundException"

PATIENCE = 60.0
"""Seconds for which a call is tried: as long as 200 probes need on a table with 5 write units and no burst left."""
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0

NAMING_TABLES = ("batch_write_item", "transact_write_items", "execute_statement")
"""Writes that say in their parameters which table each item is of."""
WRITES = ("put_item", "update_item", "delete_item", *NAMING_TABLES)
READS = ("get_item", "query")
"""Every DynamoDB tells the capacity of these, and of writes that name no table, if it tells any."""


@dataclass(eq=False)
class Endpoint:
    """A service in a region, as all callers of a process together know it. Threads may tell it.

    `down` says why no further request makes sense; empty as long as one does. One whose loss `ends_the_run` is reported
    as TargetDownError, any other as TargetTroubleError.
    """

    name: str
    ends_the_run: bool = False
    down: str = ""
    answers: int = 0

    def demand(self) -> None:
        """Raise if no further request makes sense."""
        if self.down:
            raise (TargetDownError if self.ends_the_run else TargetTroubleError)(self.down)

    def gave_up(self, error: ServiceError, answers_before: int, patience: float) -> None:
        """A call was given up after so many seconds; before it began there were so many answers."""
        if error.code in NOT_LET_IN + CLOCK_ERRORS:
            self.down = f"{self.name} refuses these credentials: {error}"
        elif self.answers == answers_before:  # of all calls of the process, for as long as one call is tried
            self.down = f"{self.name} has not answered for {patience:g} s: {error}"


@dataclass(frozen=True)
class Call:
    """What came of a call. Times as in `support.verdicts.history.Write`; `answer` is empty unless it was acknowledged.

    Attempts that were refused do not count: `invoked` is when the first was sent that may have been done.
    `repeated` says that an attempt before the last one had no answer, and so may have been done as well.
    """

    region: str
    operation: str
    invoked: float
    answered: float
    at: datetime
    outcome: Outcome
    answer: Mapping[str, Any]
    attempts: int
    error: ServiceError | None = None
    repeated: bool = False
    endpoint: Endpoint | None = None

    def raise_if_not_done(self) -> None:
        """Raise TargetTroubleError, or ConditionFailedError, unless the call was acknowledged."""
        if self.error is None:
            return
        if self.outcome is Outcome.FAILED and self.error.code == "ConditionalCheckFailedException":
            raise ConditionFailedError(f"{self.region} refused {self.operation}: {self.error}")
        if self.error.code == "ReplicatedWriteConflictException":
            raise AnswerError(
                f"{self.region} refused {self.operation}, because another region's write was on its way: a table with"
                " eventual consistency takes both"
            )
        if self.endpoint:  # Once it is down, maybe with this call, another try makes no sense.
            self.endpoint.demand()
        if self.error.code == "NoCredentialsError":
            raise TargetTroubleError(str(self.error))
        tries = f"{self.attempts} times; the last answer was" if self.attempts > 1 else "once; the answer was"
        story = f"{self.region} was asked for {self.operation} {tries} {self.error}"
        if self.outcome is Outcome.UNKNOWN and self.operation in WRITES:
            raise UnknownOutcomeError(f"{story} (it may have been done)", self.error.code)
        raise TargetTroubleError(story, self.error.code)


@dataclass(frozen=True)
class _Attempt:
    """The answer; else the error, whether to try again, and whether it may have been done all the same."""

    answer: Mapping[str, Any]
    error: ServiceError | None = None
    again: bool = False
    unanswered: bool = False

    @property
    def code(self) -> str:
        return self.error.code if self.error else ""


@dataclass
class Tally:
    """How many calls there were, and the errors after which one was tried again. Threads may add to it.

    `read_units` and `write_units` are the capacity that a metered caller was told of.
    """

    calls: int = 0
    again: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def count(self, errors: list[str]) -> None:
        """Put down a call that has ended, with the error codes of all attempts but the last."""
        with self._lock:
            self.calls += 1
            self.again.update(errors)

    def consume(self, operation: str, units: float) -> None:
        with self._lock:
            if operation in WRITES:
                self.write_units += units
            else:
                self.read_units += units


@dataclass(eq=False)
class Caller:
    """Calls one service in one region, with parameters that are always the same, such as the table's name.

    With a source of `random` numbers no two callers keep step: for a target that others use as well. One that is
    `metered` asks for the capacity that each operation consumes; if it `demands_capacity`, an answer without is none.
    Callers of one `endpoint` notice together that it is down. `patience` is in seconds.
    """

    region: str
    client: Any
    clock: Clock
    always: Mapping[str, Any]
    random: Random | None = None
    metered: bool = False
    demands_capacity: bool = False
    endpoint: Endpoint | None = None
    patience: float = PATIENCE
    tally: Tally = field(default_factory=Tally)

    @property
    def networked(self) -> bool:
        """Whether a network is in between, which may lose requests and answers, or deliver a request twice."""
        return self.endpoint is not None

    def call(self, operation: str, *, raising: bool = True, idempotent: bool = True, **parameters: Any) -> Call:
        """Call an operation, by boto3's name for it, with retries. Raises unless done, if `raising`.

        One that is not idempotent is not tried again once it may have been done.
        """
        if self.endpoint:
            self.endpoint.demand()
        answers_before = self.endpoint.answers if self.endpoint else 0
        errors: list[str] = []
        lost = False
        ends = self.clock.elapsed() + self.patience
        while True:
            if not lost:  # attempts before this one were surely not done: it begins now
                invoked, at = self.clock.elapsed(), self.clock.now()
            attempt = self._try(operation, parameters)
            lost = lost or attempt.unanswered
            left = ends - self.clock.elapsed()
            if left <= 0 or not self._is_worth_another(attempt, errors) or (attempt.unanswered and not idempotent):
                break
            if attempt.code == UNPROCESSED:
                parameters = {**parameters, "RequestItems": attempt.answer[UNPROCESSED]}
            errors.append(attempt.code)
            self.clock.wait(min(self._pause(len(errors)), left))
        self.tally.count(errors)
        if self.endpoint and attempt.error and (left <= 0 or attempt.code in NOT_LET_IN + CLOCK_ERRORS):
            self.endpoint.gave_up(attempt.error, answers_before, self.patience)
        outcome = Outcome.ACKNOWLEDGED if not attempt.error else Outcome.UNKNOWN if lost else Outcome.FAILED
        call = Call(
            self.region, operation, invoked, self.clock.elapsed(), at, outcome,
            attempt.answer if not attempt.error else {}, len(errors) + 1,
            attempt.error, lost and outcome is Outcome.ACKNOWLEDGED, self.endpoint,
        )  # fmt: skip
        if raising:
            call.raise_if_not_done()
        return call

    def _is_worth_another(self, attempt: _Attempt, errors: list[str]) -> bool:
        """Whether to try again after this attempt and those before it, which ended in these error codes."""
        hopeless = attempt.code in CLOCK_ERRORS and errors[-2:] == [attempt.code] * 2
        return attempt.again and not hopeless and not (self.endpoint and self.endpoint.down)

    def _pause(self, attempts: int) -> float:
        pause: float = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        return pause * (self.random.uniform(0.5, 1) if self.random else 1.0)

    def _send(self, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        metered = self.metered and operation in WRITES + READS
        asked = {"ReturnConsumedCapacity": "TOTAL"} if metered else {}
        always = {} if operation in NAMING_TABLES else self.always
        answer: dict[str, Any] = getattr(self.client, operation)(**always, **asked, **parameters)
        if metered and self.demands_capacity and operation not in NAMING_TABLES and "ConsumedCapacity" not in answer:
            raise BrokenAnswerError(error=f"an answer to {operation} without the ConsumedCapacity that was asked for")
        if metered:
            told = answer.get("ConsumedCapacity", [])
            for consumed in told if isinstance(told, list) else [told]:
                self.tally.consume(operation, consumed.get("CapacityUnits", 0.0))
        return answer

    def _try(self, operation: str, parameters: Mapping[str, Any]) -> _Attempt:
        try:
            answer = self._send(operation, parameters)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            unanswered = code in SERVER_ERRORS or (status >= 500 and status != HTTPStatus.NOT_IMPLEMENTED)
            passing = code in (*THROTTLING, CONFLICT, *CLOCK_ERRORS) or _passes(error.response)
            if self.endpoint and not unanswered and not passing and code not in NOT_LET_IN:
                self.endpoint.answers += 1
            return _Attempt({}, service_error(error), unanswered or passing, unanswered)
        except BotoCoreError as error:
            # Without a connection nothing was sent. Other errors, such as missing credentials, would only come again.
            unanswered = isinstance(error, HTTPClientError)
            again = unanswered or isinstance(error, NoConnectionError)
            return _Attempt({}, service_error(error), again, unanswered)
        if self.endpoint:
            self.endpoint.answers += 1
        if answer.get(UNPROCESSED):  # some of the batch was done, perhaps
            why = ServiceError(UNPROCESSED, "a part of the batch was not done")
            return _Attempt(answer, why, again=True, unanswered=True)
        return _Attempt(answer)


def _passes(response: Mapping[str, Any]) -> bool:
    """Whether a transaction was cancelled for reasons that pass by themselves."""
    reasons = [reason.get("Code") for reason in response.get("CancellationReasons", ())]
    return response["Error"]["Code"] == CANCELLED and bool(reasons) and all(each in PASSING for each in reasons)
