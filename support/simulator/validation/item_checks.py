"""The items and keys of a request, held against their tables: types, duplicates, numbers and sizes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from support.simulator.items import ItemKey
from support.simulator.messages import Request
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.schemas import Schemas, TableSchema
from support.simulator.validation.updates import check_update
from support.simulator.validation.values import size_of

MOST_WRITES, MOST_READS = 25, 100
LARGEST_ITEM = 400 * 1024
LARGEST_TRANSACTION = 4 * 1024 * 1024
DUPLICATES = "Provided list of item keys contains duplicates"
TWICE_IN_TRANSACTION = "Transaction request cannot include multiple operations on one item"
NAME_IN_EXPRESSION, VALUE_IN_EXPRESSION = re.compile(r"#[\w-]+"), re.compile(r":[\w-]+")
ALONE = "1 validation error detected: "

KeyOfItem = tuple[str, ItemKey]
"""A table, and the key of an item of it."""


class ItemChecks:
    """Checks of requests that have items or keys in them; all others are passed over."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._checks: Mapping[str, Callable[[Request], None]] = {
            "PutItem": self._put,
            "GetItem": self._key,
            "DeleteItem": self._key,
            "UpdateItem": self._update,
            "Query": self._query,
            "Scan": self._scan,
            "BatchWriteItem": self._batch_write,
            "BatchGetItem": self._batch_get,
            "TransactWriteItems": self._transact_write,
            "TransactGetItems": self._transact_get,
        }

    def check(self, request: Request) -> None:
        """Raise RefusedError for items and keys that the table does not take."""
        check = self._checks.get(request.operation)
        if check:
            check(request)

    def _schema(self, request: Request, parameters: Mapping[str, Any]) -> TableSchema:
        return self._schemas.of(request.region, parameters["TableName"])

    def _put(self, request: Request) -> None:
        schema = self._schema(request, request.parameters)
        check_expressions(request.parameters, ALONE)
        schema.check_item(request.parameters["Item"])

    def _key(self, request: Request) -> None:
        schema = self._schema(request, request.parameters)
        check_expressions(request.parameters, "" if request.operation == "GetItem" else ALONE)
        schema.check_key(request.parameters["Key"])

    def _update(self, request: Request) -> None:
        self._key(request)
        self._check_update(request.region, request.parameters)

    def _check_update(self, region: str, action: Mapping[str, Any]) -> None:
        table, key = action["TableName"], action["Key"]
        check_update(self._schemas.of(region, table), action, lambda: self._schemas.item(region, table, key))

    def _query(self, request: Request) -> None:
        self._schema(request, request.parameters).check_key_condition(request.parameters)
        check_expressions(request.parameters)

    def _scan(self, request: Request) -> None:
        self._schema(request, request.parameters)
        check_expressions(request.parameters)

    def _batch_write(self, request: Request) -> None:
        if sum(map(len, request.parameters["RequestItems"].values())) > MOST_WRITES:
            raise RefusedError("Too many items requested for the BatchWriteItem call")
        _refuse_repetition(list(self._written(request)), DUPLICATES)

    def _written(self, request: Request) -> Iterator[KeyOfItem]:
        for table, writes in request.parameters["RequestItems"].items():
            schema = self._schemas.of(request.region, table)
            for write in writes:
                if len(write) != 1:
                    raise RefusedError(
                        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the"
                        " supported datatypes"
                    )
                image = write["PutRequest"]["Item"] if "PutRequest" in write else write["DeleteRequest"]["Key"]
                (schema.check_item if "PutRequest" in write else schema.check_key)(image)
                _check_size(image)
                yield table, schema.key_of(image)

    def _batch_get(self, request: Request) -> None:
        items = request.parameters["RequestItems"]
        if sum(len(each["Keys"]) for each in items.values()) > MOST_READS:
            raise RefusedError("Too many items requested for the BatchGetItem call")
        asked: list[KeyOfItem] = []
        for table, each in items.items():
            schema = self._schemas.of(request.region, table)
            for key in each["Keys"]:
                schema.check_key(key)
                asked.append((table, schema.key_of(key)))
        _refuse_repetition(asked, DUPLICATES)

    def _transact_write(self, request: Request) -> None:
        keys, size = [], 0
        for entry in request.parameters["TransactItems"]:
            action = _only_action(entry)
            schema = self._schema(request, action)
            image = action["Item"] if "Item" in action else action["Key"]
            check_expressions(action)
            (schema.check_item if "Item" in action else schema.check_key)(image)
            _check_size(image)
            if "Update" in entry:
                self._check_update(request.region, action)
            keys.append((action["TableName"], schema.key_of(image)))
            size += size_of(image) + size_of(action.get("ExpressionAttributeValues", {}))
        _refuse_repetition(keys, TWICE_IN_TRANSACTION)
        if size > LARGEST_TRANSACTION:
            raise RefusedError("Aggregate size of the items in the transaction exceeds 4 MB: write fewer at once")

    def _transact_get(self, request: Request) -> None:
        keys = []
        for entry in request.parameters["TransactItems"]:
            action = _only_action(entry)
            schema = self._schema(request, action)
            check_expressions(action)
            schema.check_key(action["Key"])
            keys.append((action["TableName"], schema.key_of(action["Key"])))
        _refuse_repetition(keys, TWICE_IN_TRANSACTION)


def check_expressions(parameters: Mapping[str, Any], prefix: str = "") -> None:
    """Raise RefusedError unless the expressions of a request use all its names and values, and these alone.

    AWS puts the words of `prefix` before some of its messages, where one item is written by itself.
    """
    for kind, name in (("Names", NAME_IN_EXPRESSION), ("Values", VALUE_IN_EXPRESSION)):
        given = parameters.get(f"ExpressionAttribute{kind}")
        if given is None:
            continue
        expressions = [str(text) for parameter, text in parameters.items() if parameter.endswith("Expression")]
        if not expressions:
            raise RefusedError(f"ExpressionAttribute{kind} can only be specified when using expressions")
        if not given:
            raise RefusedError(f"{prefix}ExpressionAttribute{kind} must not be empty")
        for each in given:
            if not name.fullmatch(each):
                problem = f'contains invalid key: Syntax error; key: "{each}"'
                raise RefusedError(f"{prefix}ExpressionAttribute{kind} {problem}")
        unused = sorted(set(given) - set(name.findall(" ".join(expressions))))
        if unused and all(expressions):
            keys = f"keys: {{{', '.join(unused)}}}"
            raise RefusedError(f"{prefix}Value provided in ExpressionAttribute{kind} unused in expressions: {keys}")


def _only_action(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(entry) != 1:
        raise RefusedError(
            "TransactItems can only contain one of Check, Put, Update or Delete"
            if entry
            else "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
        )
    ((_, action),) = entry.items()
    each: Mapping[str, Any] = action
    return each


def _refuse_repetition(keys: Sequence[KeyOfItem], message: str) -> None:
    if len(set(keys)) < len(keys):
        raise RefusedError(message)


def _check_size(image: Mapping[str, Any]) -> None:
    if size_of(image) > LARGEST_ITEM:
        raise RefusedError("Item size has exceeded the maximum allowed size")
