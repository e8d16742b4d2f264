"""Whether the role may do what a run does: each kind of request once, so that nothing has to be known of its policies.

AWS checks permissions before it looks at an item. So every write is sent for an item that does not exist: on condition
that it exists, as a delete, or as a PartiQL UPDATE, which needs the item. One that is allowed changes nothing, and one
that is not ends with AccessDeniedException. A transaction needs the permissions of its parts, and no other. Unlike
iam:SimulatePrincipalPolicy, this needs no permission of its own, and heeds resource policies, service control policies,
session policies and KMS keys as well.
"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from support.housekeeping.guard import Owner, guard
from support.housekeeping.policy import STATEMENT_ACTIONS, policy
from support.page.workshop import TABLE
from support.settings import Settings
from support.table.aws_clients import Clients
from support.table.wire import delete_statement, update_statement, wire_key
from support.verdicts.health import Problem
from support.verdicts.history import Key

DENIED = ("AccessDenied", "UnauthorizedOperation", "NotAuthorized")


def missing_permissions(clients: Clients, settings: Settings) -> list[Problem]:
    """What the role may not do: a problem for each statement of the policy that it lacks."""
    owner = Owner.of_new_run(settings.participant)
    guarded = {
        region: guard(clients.client("dynamodb", region), settings.table_name, owner, note=lambda _: None)
        for region in settings.regions
    }
    pk = f"TEST#monitoring-{owner.name}-preflight"
    asked = [(region, *each) for region in settings.regions for each in _requests(settings.table_name, pk)]
    with ThreadPoolExecutor(len(asked)) as threads:
        denials = list(threads.map(lambda each: _denial(guarded[each[0]], *each[2:]), asked))
    refused: dict[str, list[str]] = {}
    for (region, sid, action, parameters), denial in zip(asked, denials, strict=True):
        if denial:
            what = f"{action} of {parameters['IndexName']}" if "IndexName" in parameters else action
            refused.setdefault(sid, []).append(f"{what} in {region} ({denial})")
    statements = {each["Sid"]: json.dumps(each) for each in policy(settings)["Statement"]}
    return [
        Problem(f"the role may not do {', '.join(what)}", f"allow it, with the account filled in: {statements[sid]}")
        for sid, what in refused.items()
    ]


def _requests(table: str, pk: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Statements of the policy, actions that they allow, and the parameters of a request that needs each of these."""
    never = Key(pk, "NEVER")
    key = wire_key(never)
    existing = {"TableName": table, "ConditionExpression": "attribute_exists(PK)"}
    yield "WriteOwnItems", "PutItem", {**existing, "Item": key}
    yield "WriteOwnItems", "UpdateItem", {**existing, "Key": key}
    yield "WriteOwnItems", "DeleteItem", {**existing, "Key": key}
    yield "WriteOwnItems", "BatchWriteItem", {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}
    yield "WriteOwnItems", "PartiQLUpdate", update_statement(table, never, {"name": "never"})
    yield "WriteOwnItems", "PartiQLDelete", delete_statement(table, never)
    yield "ReadOwnItems", "GetItem", {"TableName": table, "Key": key}
    query = {"TableName": table, "ExpressionAttributeValues": {":pk": {"S": pk}}}
    yield "ReadOwnItems", "Query", {**query, "KeyConditionExpression": "PK = :pk"}
    for index in TABLE["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        yield "QueryIndexes", "Query", {**query, "IndexName": name, "KeyConditionExpression": f"{name}PK = :pk"}


def _denial(client: Any, action: str, parameters: Mapping[str, Any]) -> str:
    """The code of AWS's refusal; empty when the request was allowed. Throttling and the like are no refusals."""
    operation = "ExecuteStatement" if action in STATEMENT_ACTIONS else action
    try:
        getattr(client, xform_name(operation))(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code.startswith(DENIED):
            return str(code) + (", by the KMS key" if "KMS" in error.response["Error"].get("Message", "") else "")
    except BotoCoreError:
        pass
    return ""
