"""Faults of requests and their answers, on the way to a table that is right: none of them is a verdict on it."""

from collections.abc import Callable

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.messages import DYNAMODB, Request, Response
from support.simulator.request_router import NoAnswerError
from support.simulator.validation.names import tables_of

TRIED_AGAIN = "DynamoDB API: what was refused or not answered is tried again"
SHARE = "share, 0 to 1"


@fault(TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def throttling(seams: Seams, share: str) -> None:
    """Requests are refused for lack of throughput."""
    message = "The level of configured provisioned throughput for the table was exceeded."
    refused = Response.error("ProvisionedThroughputExceededException", message)
    _sometimes(seams, "throttling", share, lambda request, forward: refused)


@fault(TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def errors(seams: Seams, share: str) -> None:
    """Requests end with an internal server error, and are counted as such."""

    def fail(request: Request, _: Forward) -> Response:
        replication = seams.replication
        for table in sorted(set(tables_of(request))):
            replication.metrics.failed(request.region, table, request.operation, replication.now())
        return Response.error("InternalServerError", "Internal server error", status=500)

    _sometimes(seams, "errors", share, fail)


@fault(TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def connection_resets(seams: Seams, share: str) -> None:
    """Connections break before a request is done."""

    def reset(request: Request, forward: Forward) -> Response:
        raise NoAnswerError(done=False)

    _sometimes(seams, "connection-resets", share, reset)


@fault(TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def lost_answers(seams: Seams, share: str) -> None:
    """Requests are done, but the answer never comes."""

    def lose(request: Request, forward: Forward) -> Response:
        response = forward(request)
        if response.ok:
            raise NoAnswerError(done=True)
        return response

    _sometimes(seams, "lost-answers", share, lose)


@fault(TRIED_AGAIN, takes="seconds", cases=("1",))
def slow_answers(seams: Seams, seconds: str) -> None:
    """Every answer takes longer."""

    def wait(request: Request, forward: Forward) -> Response:
        seams.clock.wait(float(seconds))
        return forward(request)

    seams.answering(wait)


def _sometimes(seams: Seams, name: str, share: str, answer: Callable[[Request, Forward], Response]) -> None:
    """Let `answer` answer this share of the requests to DynamoDB."""
    random = seams.random(name)

    def answer_some(request: Request, forward: Forward) -> Response:
        struck = request.service == DYNAMODB and random.random() < float(share)
        return answer(request, forward) if struck else forward(request)

    seams.answering(answer_some)
