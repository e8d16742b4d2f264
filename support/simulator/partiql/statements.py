"""ExecuteStatement, BatchExecuteStatement and ExecuteTransaction, done by other operations."""

import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from typing import Any

from support.simulator.messages import Request, Response, dynamodb_request, in_json
from support.simulator.partiql.parser import Parser
from support.simulator.partiql.syntax import Statement
from support.simulator.partiql.translation import get_of, read_of, shown, write_of
from support.simulator.validation.names import table_name
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.schemas import Schemas

Perform = Callable[[Request], Response]
"""Does a request of another operation, with all checks. May raise RefusedError."""

OPERATIONS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
DUPLICATE = ("DuplicateItemException", "Duplicate primary key exists in table")
MIXED = "Statements that read and statements that write can't be in one request: send two"
OF_BATCHES = {"ValidationException": "ValidationError"}
"""Codes that are another word in the answer to a batch; the others lose "Exception"."""


class PartiQL:
    """Answers the operations that take statements."""

    def __init__(self, schemas: Schemas, perform: Perform) -> None:
        self._schemas = schemas
        self._perform = perform
        self._answers = {
            "ExecuteStatement": self._statement,
            "BatchExecuteStatement": self._batch,
            "ExecuteTransaction": self._transaction,
        }

    def answer(self, request: Request) -> Response | None:
        """The answer to a request with statements; None for all others."""
        answer = self._answers.get(request.operation)
        return answer(request) if answer else None

    def _statement(self, request: Request) -> Response:
        statement = _parsed(request.parameters, request.region)
        if statement.verb == "SELECT":
            return self._read(request, statement)
        return self._write(request, statement)

    def _read(self, request: Request, statement: Statement) -> Response:
        operation, parameters = read_of(statement, self._schemas.of(request.region, statement.table))
        passed: dict[str, Any] = {
            name: request.parameters[name] for name in ("ConsistentRead", "Limit") if name in request.parameters
        }
        if token := request.parameters.get("NextToken"):
            passed["ExclusiveStartKey"] = _start(token)
        read = self._perform(dynamodb_request(request.region, operation, {**parameters, **passed}))
        if not read.ok:
            return read
        answer: dict[str, Any] = {"Items": [shown(statement, item) for item in read.result["Items"]]}
        if last := read.result.get("LastEvaluatedKey"):
            answer |= {"LastEvaluatedKey": last, "NextToken": b64encode(in_json(last)).decode()}
        return Response.of(answer)

    def _write(self, request: Request, statement: Statement) -> Response:
        action, parameters = write_of(statement, self._schemas.of(request.region, statement.table))
        returned = {"ReturnValues": statement.returning} if statement.returning else {}
        on_failure = "ReturnValuesOnConditionCheckFailure"
        if on_failure in request.parameters:
            returned[on_failure] = request.parameters[on_failure]
        written = self._perform(dynamodb_request(request.region, OPERATIONS[action], {**parameters, **returned}))
        if not written.ok:
            failed = action == "Put" and written.code == "ConditionalCheckFailedException"
            return Response.error(*DUPLICATE) if failed else written
        attributes = written.result.get("Attributes")
        return Response.of({"Items": [attributes] if attributes else []})

    def _batch(self, request: Request) -> Response:
        answers: list[dict[str, Any]] = []
        verbs: set[bool] = set()
        for each in request.parameters["Statements"]:
            answer: dict[str, Any] = {}
            try:
                statement = _parsed(each, request.region)
                answer["TableName"] = statement.table
                verbs.add(statement.verb == "SELECT")
                if len(verbs) > 1:
                    raise RefusedError(MIXED)
                response = self._one_of_batch(request, statement, each)
            except RefusedError as refused:
                response = refused.response()
            if not response.ok:
                answer["Error"] = _error_of_batch(response)
            elif item := response.result.get("Item"):
                answer["Item"] = item
            answers.append(answer)
        return Response.of({"Responses": answers})

    def _one_of_batch(self, request: Request, statement: Statement, given: dict[str, Any]) -> Response:
        if statement.verb != "SELECT":
            return self._write(request.with_parameters(**given), statement)
        get = get_of(statement, self._schemas.of(request.region, statement.table))
        get["ConsistentRead"] = given.get("ConsistentRead", False)
        found = self._perform(dynamodb_request(request.region, "GetItem", get))
        if not found.ok or "Item" not in found.result:
            return found
        return Response.of({"Item": shown(statement, found.result["Item"])})

    def _transaction(self, request: Request) -> Response:
        statements = [_parsed(each, request.region) for each in request.parameters["TransactStatements"]]
        reads = [statement.verb == "SELECT" for statement in statements]
        if any(reads) and not all(reads):
            raise RefusedError(MIXED)
        schemas = [self._schemas.of(request.region, statement.table) for statement in statements]
        pairs = list(zip(statements, schemas, strict=True))
        if all(reads):
            gets = [{"Get": get_of(statement, schema)} for statement, schema in pairs]
            found = self._perform(dynamodb_request(request.region, "TransactGetItems", {"TransactItems": gets}))
            return _shown(statements, found)
        writes = [{action: parameters} for action, parameters in (write_of(*pair) for pair in pairs)]
        written = self._perform(dynamodb_request(request.region, "TransactWriteItems", {"TransactItems": writes}))
        return Response.of({"Responses": [{} for _ in writes]}) if written.ok else _with_duplicates(writes, written)


def _parsed(given: dict[str, Any], region: str) -> Statement:
    statement = Parser(given["Statement"], given.get("Parameters", [])).statement()
    name = table_name(statement.table, region)
    return statement if name == statement.table else Statement(**{**vars(statement), "table": name})


def _start(token: str) -> Any:
    try:
        return json.loads(b64decode(token, validate=True))
    except (Error, ValueError):
        raise RefusedError("Invalid NextToken: use the one of the answer before") from None


def _shown(statements: list[Statement], found: Response) -> Response:
    if not found.ok:
        return found
    answers = zip(statements, found.result["Responses"], strict=True)
    shown_items = [{"Item": shown(statement, each["Item"])} if each.get("Item") else {} for statement, each in answers]
    return Response.of({"Responses": shown_items})


def _error_of_batch(response: Response) -> dict[str, str]:
    return {
        "Code": OF_BATCHES.get(response.code, response.code.removesuffix("Exception")),
        "Message": response.message,
    }


def _with_duplicates(writes: list[dict[str, Any]], response: Response) -> Response:
    """A transaction that was cancelled; an item that was there already is a duplicate for an INSERT."""
    reasons = response.result.get("CancellationReasons")
    if not reasons:
        return response
    for write, reason in zip(writes, reasons, strict=True):
        if "Put" in write and reason.get("Code") == "ConditionalCheckFailed":
            reason |= {"Code": "DuplicateItem", "Message": DUPLICATE[1]}
    codes = ", ".join(reason.get("Code", "None") for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    told = {name: value for name, value in response.result.items() if name.lower() != "message"}
    body = in_json({**told, "message": message, "CancellationReasons": reasons})
    return Response(response.status, response.headers, body)
