"""The two PartiQL statements that moto can't do itself: UPDATE and DELETE of one item by its whole key, with RETURNING.

Each is done as the UpdateItem or DeleteItem that does the same. All other PartiQL is refused, by name.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from support.simulator.messages import Request, Response, dynamodb_request

OPERATIONS = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")
NAME = r'(?:"[^"]+"|[A-Za-z_]\w*)'
SETTING = re.compile(rf"\s*SET\s+({NAME})\s*=\s*\?", re.IGNORECASE)
CONDITION = re.compile(rf"({NAME})\s*=\s*\?")
STATEMENT = re.compile(
    rf"""\s*(?:UPDATE\s+(?P<updated>{NAME})(?P<settings>(?:\s*SET\s+{NAME}\s*=\s*\?)+)|DELETE\s+FROM\s+(?P<deleted>{NAME}))
    \s+WHERE\s+(?P<where>{NAME}\s*=\s*\?(?:\s+AND\s+{NAME}\s*=\s*\?)?)
    (?:\s+RETURNING\s+(?P<which>ALL|MODIFIED)\s+(?P<image>OLD|NEW)\s+\*)?\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
KNOWN = (
    'UPDATE "TABLE" SET "NAME" = ? WHERE ... and DELETE FROM "TABLE" WHERE ..., with "KEY" = ? for the whole key, and'
    " RETURNING"
)
NO_WHOLE_KEY = "Where clause does not contain a mandatory equality on all key attributes"

Send = Callable[[Request], Response]


def answer_of_statement(
    request: Request, send: Send, key_names: Callable[[str, str], Sequence[str]]
) -> Response | None:
    """The answer to an operation that takes statements; None for all others."""
    if request.operation not in OPERATIONS:
        return None
    if request.operation != "ExecuteStatement":
        return _refused(request.operation)
    statement = STATEMENT.fullmatch(request.parameters.get("Statement", ""))
    if statement is None:
        return _refused("this statement")
    values = list(request.parameters.get("Parameters", []))
    settings = [_plain(each) for each in SETTING.findall(statement["settings"] or "")]
    conditions = [_plain(each) for each in CONDITION.findall(statement["where"])]
    if len(values) != len(settings) + len(conditions):
        return Response.error("ValidationException", "Number of parameters in request and statement don't match.")
    table = _plain(statement["updated"] or statement["deleted"])
    keys = key_names(request.region, table)
    if keys and sorted(keys) != sorted(conditions):
        return Response.error("ValidationException", NO_WHOLE_KEY)
    key = dict(zip(conditions, values[len(settings) :], strict=True))
    asked: dict[str, Any] = {"TableName": table, "Key": key}
    if statement["which"]:
        which = "ALL" if statement["which"].upper() == "ALL" else "UPDATED"
        asked["ReturnValues"] = f"{which}_{statement['image'].upper()}"
    if settings:
        asked |= _update(settings, values, conditions[0])
    answered = send(dynamodb_request(request.region, "UpdateItem" if settings else "DeleteItem", asked))
    if not answered.ok:
        return answered
    attributes = answered.result.get("Attributes")
    return Response.of({"Items": [attributes] if attributes else []})


def _update(settings: Sequence[str], values: Sequence[Any], key_name: str) -> dict[str, Any]:
    return {
        "UpdateExpression": "SET " + ", ".join(f"#n{place} = :v{place}" for place in range(len(settings))),
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#key": key_name, **{f"#n{place}": name for place, name in enumerate(settings)}},
        "ExpressionAttributeValues": {f":v{place}": values[place] for place in range(len(settings))},
    }


def _plain(name: str) -> str:
    return name.strip('"')


def _refused(what: str) -> Response:
    return Response.error("ValidationException", f"the simulator on moto has no PartiQL for {what}: it has {KNOWN}")
