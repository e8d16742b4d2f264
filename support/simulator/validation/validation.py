"""What is refused before a request comes to the tables: what concerns more than one region, or is not there at all."""

from collections.abc import Sequence

from support.simulator.messages import CLOUDWATCH, Request
from support.simulator.validation.names import check_arns, with_names
from support.simulator.validation.refused import RefusedError


def checked(request: Request, regions: Sequence[str]) -> Request:
    """The request with names for ARNs. Raises RefusedError for a region that is not served, or not the one asked."""
    if request.region not in regions:
        message = f"the simulator does not serve {request.region}: use {' or '.join(regions)}"
        raise RefusedError(message, "UnrecognizedClientException")
    if request.service == CLOUDWATCH:
        return request
    request = with_names(request)
    check_arns(request)
    return request
