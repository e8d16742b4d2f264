"""Tables by name or by ARN: the one place that turns an ARN into the name of the table.

Everything behind the request router knows tables by name only. AWS takes an ARN wherever a name may stand, and answers
a batch under the keys that it was asked with.
"""

import re
from collections.abc import Iterator
from typing import Any

from support.simulator.isolated_session import known_regions
from support.simulator.messages import RefusedError, Request, Response

TABLE_ARN = re.compile(r"arn:[\w-]+:dynamodb:(?P<region>[\w-]*):\d*:table/(?P<name>[^/:]+)")
"""A table's ARN, and the beginning of that of its streams, indexes, backups and exports. The account is not looked at:
all credentials belong to one."""

OF_STATEMENTS = re.compile(r"""(?:UPDATE|FROM|INTO)\s+["']?(?P<name>[\w.-]+)""", re.IGNORECASE)
"""The table that a PartiQL statement names."""

ARN_PARAMETERS = ("ResourceArn", "StreamArn", "ShardIterator", "TableArn", "BackupArn", "SourceTableArn")
BATCHES = ("BatchGetItem", "BatchWriteItem")


def with_names(request: Request) -> Request:
    """The same request with names in place of the ARNs of tables.

    Raises RefusedError for an ARN of no table, and for one of a table or a stream of another region.
    """
    for name in ARN_PARAMETERS:
        found = TABLE_ARN.match(str(request.parameters.get(name, "")))
        if found and _is_elsewhere(found, request.region):
            cure = f"it is in another region: ask {found['region']}, not {request.region}"
            raise RefusedError(f"Requested resource not found: {cure}", "ResourceNotFoundException")
    if b"arn:" not in request.body:
        return request
    parameters = {name: _named(name, value, request.region) for name, value in request.parameters.items()}
    if len(parameters.get("RequestItems", ())) < len(request.parameters.get("RequestItems", ())):
        raise RefusedError("One or more parameter values were invalid: RequestItems names a table twice, by ARN")
    return request.with_only(**parameters)


def as_asked(asked: Request, response: Response) -> Response:
    """The response to a batch, under the names or ARNs that it was asked with."""
    if asked.operation not in BATCHES or not response.ok or b"arn:" not in asked.body:
        return response
    given = {_table_name(name, asked.region): name for name in asked.parameters["RequestItems"]}
    by_table = ("Responses", "UnprocessedKeys", "UnprocessedItems")
    return Response.of(
        {
            name: {given.get(table, table): each for table, each in value.items()} if name in by_table else value
            for name, value in response.result.items()
        }
    )


def tables_of(request: Request) -> Iterator[str]:
    """The names of the tables that a request is about; its ARNs have been turned into names."""
    parameters = request.parameters
    for name in ("TableName", "SourceTableName", "TargetTableName"):
        if isinstance(parameters.get(name), str):
            yield parameters[name]
    for name in ARN_PARAMETERS:
        if found := TABLE_ARN.match(str(parameters.get(name, ""))):
            yield found["name"]
    for statement in (parameters, *parameters.get("Statements", ()), *parameters.get("TransactStatements", ())):
        yield from OF_STATEMENTS.findall(str(statement.get("Statement", "")))
    if isinstance(parameters.get("RequestItems"), dict):
        yield from parameters["RequestItems"]
    for entry in parameters.get("TransactItems") or ():
        yield from (each["TableName"] for each in entry.values() if isinstance(each.get("TableName"), str))


def _named(parameter: str, value: Any, region: str) -> Any:
    if parameter == "TableName":
        return _table_name(value, region)
    if parameter == "RequestItems":
        return {_table_name(name, region): each for name, each in value.items()}
    if parameter == "TransactItems":
        return [
            {action: {**each, "TableName": _table_name(each["TableName"], region)} for action, each in entry.items()}
            for entry in value
        ]
    return value


def _table_name(text: str, region: str) -> str:
    if not text.startswith("arn:"):
        return text
    found, wrong = TABLE_ARN.fullmatch(text), "1 validation error detected: Invalid"
    if found is None:
        raise RefusedError(f"{wrong} resource type in '{text}': use a table's ARN")
    if _is_elsewhere(found, region):
        raise RefusedError(f"{wrong} AWS region in '{text}': ask {found['region']}, not {region}")
    return found["name"]


def _is_elsewhere(arn: re.Match[str], region: str) -> bool:
    """Whether an ARN is of another region; DynamoDB Local calls all of them "ddblocal"."""
    return arn["region"] != region and arn["region"] in known_regions()
