"""Faults of requests and their answers, on the way to a table that is right: none of them is a verdict on it."""

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.messages import DYNAMODB, Request, Response
from support.simulator.request_router import NoAnswerError

TRIED_AGAIN = "DynamoDB API: what was refused or not answered is tried again"
SHARE = "share, 0 to 1"


@fault(Seams.answering, TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def throttling(seams: Seams, share: str, request: Request, forward: Forward) -> Response:
    """Requests are refused for lack of throughput."""
    message = "The level of configured provisioned throughput for the table was exceeded."
    refused = Response.error("ProvisionedThroughputExceededException", message)
    return refused if _is_struck(seams, share, request) else forward(request)


@fault(Seams.answering, TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def errors(seams: Seams, share: str, request: Request, forward: Forward) -> Response:
    """Requests end with an internal server error, and are counted as such."""
    if not _is_struck(seams, share, request):
        return forward(request)
    seams.failed(request)
    return Response.error("InternalServerError", "Internal server error", status=500)


@fault(Seams.answering, TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def connection_resets(seams: Seams, share: str, request: Request, forward: Forward) -> Response:
    """Connections break before a request is done."""
    if _is_struck(seams, share, request):
        raise NoAnswerError(done=False)
    return forward(request)


@fault(Seams.answering, TRIED_AGAIN, takes=SHARE, cases=("0.2",))
def lost_answers(seams: Seams, share: str, request: Request, forward: Forward) -> Response:
    """Requests are done, but the answer never comes."""
    is_struck = _is_struck(seams, share, request)
    response = forward(request)
    if is_struck and response.ok:
        raise NoAnswerError(done=True)
    return response


@fault(Seams.answering, TRIED_AGAIN, takes="seconds", cases=("1",))
def slow_answers(seams: Seams, seconds: str, request: Request, forward: Forward) -> Response:
    """Every answer takes longer."""
    seams.clock.wait(float(seconds))
    return forward(request)


def _is_struck(seams: Seams, share: str, request: Request) -> bool:
    """Whether a request is one of this share of those to DynamoDB."""
    return request.service == DYNAMODB and seams.random.random() < float(share)
