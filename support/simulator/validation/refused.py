"""A request that is refused: AWS's code and, where AWS has one, AWS's message; one line."""

from support.simulator.messages import Response


class RefusedError(Exception):
    """Raised while a request is looked at; nothing has been done."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> Response:
        return Response.error(self.code, str(self), status=500 if self.code == "InternalServerError" else 400)


def invalid(what: str) -> RefusedError:
    return RefusedError(f"One or more parameter values were invalid: {what}")
