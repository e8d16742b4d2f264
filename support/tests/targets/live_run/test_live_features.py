"""Features against a port that is not always kind: what the network does is no verdict, and the policy is enough."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from support.housekeeping.policy import WRITE_ACTIONS, policy
from support.page.workshop import TABLE_NAME
from support.settings import read_settings
from support.simulator import Lag
from support.simulator.messages import DYNAMODB, Request
from support.table.wire import delete_statement
from support.tests.served import served
from support.tests.suite_runs import allure_results
from support.verdicts.history import Key

pytestmark = pytest.mark.slow

CONFLICTS = ("features/exercise_3_conflict_resolution.feature", "features/scenario_2_inventory_management.feature")
RANDOM_LOAD = "features/random_load.feature"
READING = ("features/troubleshooting_2_queries_returning_empty.feature", "features/global_table_health.feature")
POLICY = policy(read_settings())
FOREIGN = {"PK": {"S": "TEST#load-grace-1"}, "SK": {"S": "PROFILE"}}


def statuses(results: Path) -> Counter[str]:
    """How many results there are of each status."""
    return Counter(each["status"] for each in allure_results(results))


def test_throttling_errors_and_lost_answers_are_tried_again_and_are_no_verdict(tmp_path: Path) -> None:
    with served("throttling=0.1", "errors=0.1", "lost-answers=0.05", "connection-resets=0.05") as server:
        some = "removes or brings or moment or plenty or falls or derive"
        ran = server.run(*CONFLICTS, "-k", some, "-q", f"--alluredir={tmp_path}")
        left = server.items("us-east-1") + server.items("eu-west-1") if ran.code == 0 else []
    found = statuses(tmp_path)
    assert found["failed"] == 0, ran.lines
    assert found["passed"] >= 5, ran.lines
    assert left == []
    assert "us-east-1, ProvisionedThroughputExceededException" in ran.line("calls that were tried again: ")


def test_the_rules_hold_under_a_random_load_with_lost_answers_and_nothing_is_left(tmp_path: Path) -> None:
    load = ("--load-minutes", "0.1", "--load-pace", "6", "--load-items", "2")
    with served("throttling=0.05", "lost-answers=0.05") as server:
        ran = server.run(RANDOM_LOAD, *load, "-q", f"--alluredir={tmp_path}")
        requests = [request for request in server.requests if request.service == DYNAMODB]
        left = server.items("us-east-1") + server.items("eu-west-1")
    assert statuses(tmp_path) == {"passed": 3, "skipped": 2}, ran.lines
    assert left == []
    assert {*WRITE_ACTIONS} <= {need.action for request in requests for need in needed(request)}
    assert "TransactWriteItems" in {request.operation for request in requests}
    assert [request for request in requests if not allowed(request)] == []


def test_a_target_on_which_no_two_writes_meet_is_reported_once_and_not_tried_over_and_over() -> None:
    with served(lag=Lag(median=0)) as server:
        ran = server.run(*CONFLICTS, "-k", "arrived or piece", "-q", "-p", "no:allure_pytest")
    assert ran.code == 1
    # Six tries of the first scenario, and one of each of the others.
    assert "no two writes met in 8 tries of 3 scenarios" in ran.line("no two writes met")
    assert not ran.has("ConditionFailedError: ")
    assert "3 failed, 1 passed" in ran.lines[-1]


@dataclass(frozen=True)
class Needed:
    """What IAM has to allow for a request, or for a part of it: an action on a table or an index, and on a key."""

    action: str
    table: str
    pk: str
    index: str = ""


def needed(request: Request) -> Iterator[Needed]:
    """What a request needs: a transaction the actions of its parts, a statement one of its own."""
    parameters: dict[str, Any] = request.parameters
    if request.operation == "BatchWriteItem":
        for table, requests in parameters["RequestItems"].items():
            for each in (part for one in requests for part in one.values()):
                yield Needed("BatchWriteItem", table, pk_of(each))
    elif request.operation == "TransactWriteItems":
        for kind, each in (pair for item in parameters["TransactItems"] for pair in item.items()):
            yield Needed(f"{kind}Item", each["TableName"], pk_of(each))
    elif request.operation == "ExecuteStatement":
        verb, table = re.match(r'(UPDATE|DELETE FROM) "(.+?)"', parameters["Statement"]).groups()  # type: ignore[union-attr]
        action = "PartiQLUpdate" if verb == "UPDATE" else "PartiQLDelete"
        yield Needed(action, table, parameters["Parameters"][-2]["S"])
    else:
        yield Needed(request.operation, parameters["TableName"], pk_of(parameters), parameters.get("IndexName", ""))


def pk_of(parameters: Mapping[str, Any]) -> str:
    """The partition key in the parameters of a request; empty for those that have none."""
    nothing: dict[str, Any] = {}
    named = parameters.get("Key") or parameters.get("Item") or nothing
    values = parameters.get("ExpressionAttributeValues") or nothing
    return str((named.get("PK") or next(iter(values.values()), nothing)).get("S", ""))


def allowed(request: Request) -> bool:
    """Whether the policy of the participant ada allows a request, as IAM would read it."""
    return all(any(allows(each, request.region, need) for each in POLICY["Statement"]) for need in needed(request))


def allows(statement: Mapping[str, Any], region: str, need: Needed) -> bool:
    resource = f"arn:aws:dynamodb:{region}:ACCOUNT:table/{need.table}" + (f"/index/{need.index}" if need.index else "")
    keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ["*"])
    return (
        f"dynamodb:{need.action}" in statement["Action"]
        and any(fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        and any(fnmatchcase(need.pk, pattern) for pattern in keys)
    )


def test_a_run_asks_for_nothing_that_its_policy_does_not_allow() -> None:
    with served() as server:
        ran = server.run(*READING, "-q")
    requests = [request for request in server.requests if request.service == DYNAMODB]
    assert ran.code == 0, ran.lines
    assert {"GetItem", "Query", "DescribeTable"} <= {need.action for each in requests for need in needed(each)}
    assert [request for request in requests if not allowed(request)] == []


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("PutItem", {"TableName": TABLE_NAME, "Item": FOREIGN}),
        ("Scan", {"TableName": TABLE_NAME}),
        ("GetItem", {"TableName": TABLE_NAME, "Key": FOREIGN}),
        ("BatchWriteItem", {"RequestItems": {TABLE_NAME: [{"DeleteRequest": {"Key": FOREIGN}}]}}),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"TableName": TABLE_NAME, "Key": FOREIGN}}]}),
        ("ExecuteStatement", delete_statement(TABLE_NAME, Key("TEST#load-grace-1", "PROFILE"))),
    ],
)
def test_the_policy_does_not_allow_what_a_run_has_no_use_for(operation: str, parameters: Mapping[str, Any]) -> None:
    body = json.dumps(parameters).encode()
    assert not allowed(Request("us-east-1", DYNAMODB, {"X-Amz-Target": f"x.{operation}"}, body))
