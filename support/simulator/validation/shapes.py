"""The parameters of an operation, held against botocore's own description of the service: types, limits, choices."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, OperationNotFoundError, ServiceModel, Shape, StringShape, StructureShape

from support.simulator.isolated_session import isolated_session
from support.simulator.messages import DYNAMODB, STREAMS
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.values import check_value, unreadable

MODELS = {DYNAMODB: "dynamodb", STREAMS: "dynamodbstreams", "cloudwatch": "cloudwatch"}
SCALARS: dict[str, tuple[tuple[type, ...], str]] = {
    "boolean": ((bool,), "Boolean"),
    "integer": ((int,), "Integer"),
    "long": ((int,), "Long"),
    "double": ((int, float), "Double"),
    "float": ((int, float), "Float"),
    "blob": ((str,), "Blob"),
    "timestamp": ((int, float), "Timestamp"),
}
Check = Callable[[Any, str, list[str]], None]
"""Holds a value against a shape: (value, path, problems). Problems are added in AWS's words."""


@cache
def service_model(service: str) -> ServiceModel:
    """botocore's description of a service."""
    return isolated_session().get_service_model(MODELS[service])


def check_shape(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Raise RefusedError for parameters that the service would not take."""
    problems: list[str] = []
    _operation_check(service, operation)(parameters, "", problems)
    if problems:
        number = f"{len(problems)} validation error{'s' * (len(problems) > 1)} detected: "
        raise RefusedError(number + "; ".join(problems))


@cache
def _operation_check(service: str, operation: str) -> Check:
    try:
        shape = service_model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        raise RefusedError(f"there is no operation {operation!r}", "UnknownOperationException") from None
    return (_check_of(shape) if shape else None) or _nothing


def _nothing(value: Any, path: str, problems: list[str]) -> None:
    """Take everything."""


def _check_of(shape: Shape) -> Check | None:
    if shape.name == "AttributeValue":
        return _attribute_value
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    if isinstance(shape, StringShape):
        return _string(shape)
    return _scalar(shape)


def _attribute_value(value: Any, path: str, problems: list[str]) -> None:  # noqa: ARG001 (as every check)
    check_value(value)


def _structure(shape: StructureShape) -> Check:
    members = {name: (_check_of(member), _path(name)) for name, member in shape.members.items()}
    required = [(name, _path(name)) for name in shape.required_members]

    def check(value: Any, path: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            raise unreadable(value, shape.name)
        path = f"{path}." if path and not path.endswith(".") else path
        for name, at in required:
            if value.get(name) is None:
                problems.append(_problem("null", path + at, "Member must not be null"))
        for name, each in value.items():
            known = members.get(name)  # AWS passes over parameters that it does not know
            if known and known[0] and each is not None:
                known[0](each, path + known[1], problems)

    return check


def _list(shape: ListShape) -> Check:
    element = _check_of(shape.member)

    def check(value: Any, path: str, problems: list[str]) -> None:
        if not isinstance(value, list):
            raise unreadable(value, "List")
        _check_length(shape, value, path, problems)
        for place, each in enumerate(value if element else (), start=1):
            if element:
                element(each, f"{path}.{place}.member.", problems)

    return check


def _map(shape: MapShape) -> Check:
    content = _check_of(shape.value)

    def check(value: Any, path: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            raise unreadable(value, "Map")
        _check_length(shape, value, path, problems)
        for name, each in value.items() if content else ():
            if content:
                content(each, f"{path}.{name}.member.", problems)

    return check


def _string(shape: StringShape) -> Check:
    pattern = _pattern(shape.metadata.get("pattern"))

    def check(value: Any, path: str, problems: list[str]) -> None:
        if not isinstance(value, str):
            raise unreadable(value, "String")
        if shape.enum and value not in shape.enum:
            choices = ", ".join(shape.enum)
            problems.append(_problem(f"'{value}'", path, f"Member must satisfy enum value set: [{choices}]"))
        if pattern and not pattern.fullmatch(value):
            problem = f"Member must satisfy regular expression pattern: {pattern.pattern}"
            problems.append(_problem(f"'{value}'", path, problem))
        _check_length(shape, value, path, problems)

    return check


def _pattern(text: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text else None
    except re.error:  # a few are in Java's syntax
        return None


def _scalar(shape: Shape) -> Check:
    types, name = SCALARS[shape.type_name]

    def check(value: Any, path: str, problems: list[str]) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise unreadable(value, name)
        for bound, word, fails in _bounds(shape, value if isinstance(value, (int, float)) else 0):
            if fails:
                problems.append(_problem(f"'{value}'", path, f"Member must have value {word} than or equal to {bound}"))

    return check


def _check_length(shape: Shape, value: Any, path: str, problems: list[str]) -> None:
    if not shape.metadata:
        return
    shown = f"'{value}'" if isinstance(value, str) else "null" if value is None else ""
    for bound, word, fails in _bounds(shape, len(value)):
        if fails:
            problems.append(_problem(shown, path, f"Member must have length {word} than or equal to {bound}"))


def _bounds(shape: Shape, value: float) -> list[tuple[int, str, bool]]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    low = [(least, "greater", value < least)] if least is not None else []
    return low + ([(most, "less", value > most)] if most is not None else [])


def _problem(value: str, path: str, constraint: str) -> str:
    at = path.removesuffix(".")
    return f"Value {value + ' ' if value else ''}at '{at}' failed to satisfy constraint: {constraint}"


def _path(name: str) -> str:
    return name[0].lower() + name[1:]
