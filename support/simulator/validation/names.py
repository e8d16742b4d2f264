"""Tables by name or by ARN: the one place that turns an ARN into the name of the table.

Everything behind the request router knows tables by name only. AWS takes an ARN wherever a name may stand, and answers
a batch under the keys that it was asked with.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from support.simulator.isolated_session import known_regions
from support.simulator.messages import Request, Response
from support.simulator.validation.refused import RefusedError

NOT_FOUND = "ResourceNotFoundException"
TABLE_ARN = re.compile(r"arn:[\w-]+:dynamodb:(?P<region>[\w-]*):\d*:table/(?P<name>[^/:]+)")
"""A table's ARN, and the beginning of that of its streams, indexes, backups and exports. The account is not looked at:
all credentials belong to one."""

OF_STATEMENTS = re.compile(r"""(?:UPDATE|FROM|INTO)\s+["']?(?P<name>[\w.-]+)""", re.IGNORECASE)
"""The table that a PartiQL statement names."""

ARN_PARAMETERS = ("ResourceArn", "StreamArn", "ShardIterator", "TableArn", "BackupArn", "SourceTableArn")
BATCHES = ("BatchGetItem", "BatchWriteItem")


def with_names(request: Request) -> Request:
    """The same request with names in place of the ARNs of tables. Raises RefusedError for what names no table."""
    parameters, named = request.parameters, {}
    if "TableName" in parameters:
        named["TableName"] = table_name(parameters["TableName"], request.region)
    if request.operation in BATCHES and isinstance(items := parameters.get("RequestItems"), dict):
        renamed = {table_name(name, request.region): each for name, each in items.items()}
        if len(renamed) < len(items):
            raise RefusedError("One or more parameter values were invalid: RequestItems names a table twice, by ARN")
        named["RequestItems"] = renamed
    if isinstance(entries := parameters.get("TransactItems"), list):
        named["TransactItems"] = [_entry(each, request.region) for each in entries]
    changed = any(value != parameters[name] for name, value in named.items())
    return request.with_parameters(**{**parameters, **named}) if changed else request


def as_asked(asked: Request, response: Response) -> Response:
    if asked.operation not in BATCHES or not response.ok:
        return response
    items = asked.parameters["RequestItems"]
    if not any(map(TABLE_ARN.match, items)):
        return response
    given = {table_name(name, asked.region): name for name in items}
    result = {
        name: {given.get(table, table): each for table, each in value.items()}
        if name in ("Responses", "UnprocessedKeys", "UnprocessedItems")
        else value
        for name, value in response.result.items()
    }
    return Response.of(result)


def table_name(text: Any, region: str) -> Any:
    """The name of a table that is given by name or by ARN; what is no text is left to the check of shapes."""
    if not isinstance(text, str):
        return text
    if text.startswith("arn:"):
        found = TABLE_ARN.fullmatch(text)
        if found is None:
            raise RefusedError(f"1 validation error detected: Invalid resource type in '{text}': use a table's ARN")
        if _is_elsewhere(found, region):
            raise RefusedError(
                f"1 validation error detected: Invalid AWS region in '{text}': ask {found['region']}, not {region}"
            )
        return found["name"]
    return text


def check_arns(request: Request) -> None:
    """Raise RefusedError for the ARN of a stream or a table in another region than the one that is asked."""
    for name in ARN_PARAMETERS:
        found = TABLE_ARN.match(str(request.parameters.get(name, "")))
        if found and _is_elsewhere(found, request.region):
            cure = f"ask {found['region']}, not {request.region}"
            raise RefusedError(f"Requested resource not found: it is in another region: {cure}", NOT_FOUND)


def tables_of(request: Request) -> Iterator[str]:
    """The names of the tables that a request is about; its ARNs have been turned into names."""
    parameters = request.parameters
    for name in ("TableName", "SourceTableName", "TargetTableName"):
        if isinstance(parameters.get(name), str):
            yield parameters[name]
    for name in ARN_PARAMETERS:
        if found := TABLE_ARN.match(str(parameters.get(name, ""))):
            yield found["name"]
    if isinstance(parameters.get("RequestItems"), dict):
        yield from parameters["RequestItems"]
    for statement in (parameters, *(parameters.get("Statements") or ()), *(parameters.get("TransactStatements") or ())):
        yield from OF_STATEMENTS.findall(str(statement.get("Statement", "")))
    for entry in parameters.get("TransactItems") or ():
        yield from (each["TableName"] for each in _actions(entry) if isinstance(each.get("TableName"), str))


def _is_elsewhere(arn: re.Match[str], region: str) -> bool:
    """Whether an ARN is of another region; DynamoDB Local calls all of them "ddblocal"."""
    return arn["region"] != region and arn["region"] in known_regions()


def _entry(entry: Any, region: str) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {
        action: {**each, "TableName": table_name(each["TableName"], region)}
        if isinstance(each, dict) and "TableName" in each
        else each
        for action, each in entry.items()
    }


def _actions(entry: Any) -> list[Mapping[str, Any]]:
    return [each for each in entry.values() if isinstance(each, dict)] if isinstance(entry, dict) else []
