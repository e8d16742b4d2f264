"""The parameters of an operation, held against botocore's own description of the service.

The clients in this process have done so themselves; what comes to the port has to be looked at.
"""

from functools import cache
from typing import Any

from botocore.model import OperationNotFoundError, ServiceModel, Shape
from botocore.validate import ParamValidator

from support.simulator.isolated_session import isolated_session
from support.simulator.messages import RefusedError


@cache
def service_model(service: str) -> ServiceModel:
    return isolated_session().get_service_model(service)


def check_shape(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Raise RefusedError for an operation that the service has not, and for parameters that it would not take."""
    shape = _input_shape(service, operation)
    given = {name: value for name, value in parameters.items() if value is not None}
    report = ParamValidator().validate(given, shape) if shape else None
    if report and report.has_errors():
        problems = f"1 validation error detected: {report.generate_report()}".replace("\n", "; ")
        of_type = any(reason == "invalid type" for reason, *_ in getattr(report, "_errors", ()))
        raise RefusedError(problems, "SerializationException" if of_type else "ValidationException")


@cache
def _input_shape(service: str, operation: str) -> Shape | None:
    try:
        return service_model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        raise RefusedError(f"there is no operation {operation!r}", "UnknownOperationException") from None
