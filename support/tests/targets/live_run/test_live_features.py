"""Features against a port that is not always kind: what the network does is no verdict, and the policy is enough."""

import json
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from support.housekeeping.policy import policy
from support.settings import read_settings
from support.simulator.messages import DYNAMODB, Request
from support.tests.served import served

pytestmark = pytest.mark.slow

CONFLICTS = ("features/exercise_3_conflict_resolution.feature", "features/scenario_2_inventory_management.feature")
EXERCISE_4 = "features/exercise_4_query_patterns.feature"
GUIDE = "features/troubleshooting_1_replication_not_working.feature"
READING = (GUIDE, EXERCISE_4, "features/global_table_health.feature")


def statuses(results: Path) -> Counter[str]:
    """How many results there are of each status."""
    return Counter(json.loads(path.read_text())["status"] for path in results.glob("*-result.json"))


def test_throttling_errors_and_lost_answers_are_tried_again_and_are_no_verdict(tmp_path: Path) -> None:
    with served("throttling=0.1", "errors=0.1", "lost-answers=0.05", "connection-resets=0.05") as server:
        ran = server.run(*CONFLICTS, "-n", "4", "-q", f"--alluredir={tmp_path}")
        left = server.items("us-east-1") + server.items("eu-west-1") if ran.code == 0 else []
    found = statuses(tmp_path)
    assert found["failed"] == 0, ran.lines
    assert found["passed"] >= 15, ran.lines
    assert left == []
    texts = "".join(path.read_text() for path in tmp_path.glob("*-result.json"))
    assert "calls that were tried again: " in texts
    assert "us-east-1, ProvisionedThroughputExceededException" in ran.line("calls that were tried again: ")


def test_the_rules_hold_under_a_random_load_with_lost_answers_and_nothing_is_left(tmp_path: Path) -> None:
    load = ("--load-minutes", "0.2", "--load-pace", "3", "--load-items", "2")
    with served("throttling=0.05", "lost-answers=0.05") as server:
        ran = server.run("features/random_load.feature", *load, "-q", f"--alluredir={tmp_path}")
        left = server.items("us-east-1") + server.items("eu-west-1")
    assert statuses(tmp_path) == {"passed": 1, "skipped": 1}, ran.lines
    assert left == []


def allowed(request: Request) -> bool:
    """Whether the policy of the participant ada allows a request, as IAM would read it."""
    parameters = request.parameters
    nothing: dict[str, Any] = {}
    named = parameters.get("Key") or parameters.get("Item") or nothing
    values = parameters.get("ExpressionAttributeValues") or nothing
    key = str((named.get("PK") or next(iter(values.values()), nothing)).get("S", ""))
    index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
    resource = f"arn:aws:dynamodb:{request.region}:ACCOUNT:table/{parameters['TableName']}{index}"
    for statement in policy(read_settings())["Statement"]:
        keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ["*"])
        if (
            f"dynamodb:{request.operation}" in statement["Action"]
            and any(fnmatchcase(resource, pattern) for pattern in statement["Resource"])
            and any(fnmatchcase(key, pattern) for pattern in keys)
        ):
            return True
    return False


def test_a_run_asks_for_nothing_that_its_policy_does_not_allow() -> None:
    with served() as server:
        ran = server.run(*READING, "-n", "2", "-q")
    requests = [request for request in server.requests if request.service == DYNAMODB]
    assert ran.code == 0, ran.lines
    assert {"PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "DescribeTable"} <= {
        request.operation for request in requests
    }
    assert [request for request in requests if not allowed(request)] == []


def test_the_policy_does_not_allow_what_a_run_has_no_use_for() -> None:
    wire = {"PK": {"S": "USER#global-user-grace-1"}, "SK": {"S": "PROFILE"}}
    table = "demo-ecommerce-freetier"
    for operation, parameters in (("PutItem", {"Item": wire}), ("Scan", {}), ("GetItem", {"Key": wire})):
        body = json.dumps({"TableName": table, **parameters}).encode()
        assert not allowed(Request("us-east-1", DYNAMODB, {"X-Amz-Target": f"x.{operation}"}, body))
