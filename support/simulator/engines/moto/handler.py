"""moto's handler of DynamoDB requests, with a short way for the values of items.

moto looks for each of the ten members of an attribute's value under five spellings, which is nine tenths of a query's
cost. Here a value in DynamoDB's own JSON is taken as it is; all else is left to moto.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from secrets import token_hex
from typing import Any

from botocore.model import MapShape
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionContext, ActionResult
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.dynamodb.responses import DynamoHandler

VALUE_SHAPE = "AttributeValue"


class _Operations(type):
    """A class that names its operations and nothing else.

    For each request moto asks a handler for the names of all its functions, which takes as long as to read an item.
    """

    def __dir__(cls) -> list[str]:
        return _operations()


class Handler(DynamoHandler, metaclass=_Operations):
    """Answers DynamoDB requests."""

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        # moto also looks through the body for an XML element to put this into.
        return {**headers, "x-amzn-requestid": token_hex(26).upper()}, body

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        """Status, headers and body of a result."""
        return super().serialized(_Result(action_result))


class _Result(ActionResult):
    def __init__(self, of_moto: ActionResult) -> None:
        super().__init__(of_moto.result)
        self._of_moto = of_moto

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        serializer: Any = _with_plain(context.serializer_class)  # type: ignore[arg-type]  # a class can be hashed
        return self._of_moto.execute_result(replace(context, serializer_class=serializer))


@cache
def _operations() -> list[str]:
    names = get_service_model("dynamodb").operation_names
    return [each for each in map(camelcase_to_underscores, names) if each in vars(DynamoHandler)]


@cache
def _with_plain(serializer: Any) -> Any:
    """A serializer like moto's which takes values as they are."""
    if not issubclass(serializer, BaseJSONSerializer):
        return serializer

    class Plain(serializer):  # type: ignore[misc]
        def _serialize_type_map(self, serialized: Any, value: Any, shape: MapShape, key: str) -> None:
            plain = _map(value) if shape.value.name == VALUE_SHAPE else None
            if plain is None:
                super()._serialize_type_map(serialized, value, shape, key)
            else:
                self._default_serialize(serialized, plain, shape, key)

    return Plain


def _plain(value: Any) -> dict[str, Any] | None:
    """The value for JSON; None for what is not one in DynamoDB's own form."""
    if type(value) is not dict or len(value) != 1:
        return None
    ((kind, content),) = value.items()
    convert = CONVERSIONS.get(kind)
    plain = convert(content) if convert else None
    return None if plain is None else {kind: plain}


def _all(convert: Callable[[Any], Any]) -> Callable[[Any], list[Any] | None]:
    def converted(contents: Any) -> list[Any] | None:
        plain = [convert(each) for each in contents] if isinstance(contents, list) else [None]
        return None if None in plain else plain

    return converted


def _text(content: Any) -> str | None:
    return content if type(content) is str else None


def _base64(content: Any) -> str | None:
    return b64encode(content).decode() if isinstance(content, bytes) else None


def _map(content: Any) -> dict[str, Any] | None:
    plain = {name: _plain(value) for name, value in content.items()} if isinstance(content, Mapping) else {"": None}
    return None if None in plain.values() else plain


CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "S": _text,
    "N": _text,
    "B": _base64,
    "SS": _all(_text),
    "NS": _all(_text),
    "BS": _all(_base64),
    "M": _map,
    "L": _all(_plain),
    "BOOL": lambda content: content if isinstance(content, bool) else None,
    "NULL": lambda content: content if isinstance(content, bool) else None,
}
"""What becomes of the content of each type; None where moto has something that is not to be had in DynamoDB's JSON."""
