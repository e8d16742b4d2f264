"""Preflight: each thing that makes a target unfit is found in seconds, with its cure, before anything is written."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from support.page.workshop import TABLE, TABLE_NAME
from support.settings import read_settings
from support.simulator.messages import DYNAMODB, Request, Response
from support.targets.live_run.preflight import examine
from support.targets.run import LiveRun
from support.tests.served import EU, KEYS, US, Served, served, telling

pytestmark = pytest.mark.slow

Asked = Callable[..., LiveRun]
GSI1, _ = TABLE["GlobalSecondaryIndexes"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What preflight finds, asked with the variables of a server."""

    def ask(server: Served, **options: Any) -> LiveRun:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        return examine(read_settings(mode="live", **options))

    return ask


@pytest.fixture(scope="module")
def fit() -> Iterator[Served]:
    with served() as server:
        yield server


def test_a_healthy_table_is_fit_and_an_endpoint_that_is_not_aws_is_named(fit: Served, asked: Asked) -> None:
    found = asked(fit)
    assert (found.problems, found.no_metrics) == ((), "")
    assert set(found.manifest.tables) == {US, EU}
    assert (found.target, found.rehearsal) == (f"{fit.url.removeprefix('http://')}, which is not AWS", True)
    assert any("may refuse a burst" in warning for warning in found.warnings)


def test_the_wrong_account_is_refused_with_the_end_of_the_number_that_was_found(fit: Served, asked: Asked) -> None:
    arn = fit.client(US).describe_table(TableName=TABLE_NAME)["Table"]["TableArn"]
    account = arn.split(":")[4]
    assert asked(fit, expect_account=account).problems == ()
    problems = asked(fit, expect_account="999999999999").problems
    assert len(problems) == 2
    assert f"ends in {account[-4:]}; cure: log in to the account" in problems[0]
    assert not any(account in problem or "999999999999" in problem for problem in problems)


def test_a_table_of_another_name_is_missing_in_both_regions(fit: Served, asked: Asked) -> None:
    problems = asked(fit, table_name="orders").problems
    assert [problem.partition(";")[0] for problem in problems] == ["us-east-1 has no orders", "eu-west-1 has no orders"]
    assert "python -m support.targets --print-template" in problems[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "localhost"])
def test_an_endpoint_that_cannot_be_reached_is_told_once_for_each_region(
    url: str, fit: Served, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support.targets.live_run.preflight.PATIENCE", 1.0)
    problems = asked(Served(fit.simulator, url)).problems
    assert len(problems) == 2
    assert all("cure: check the network" in text and "AWS_ENDPOINT_URL_DYNAMODB" in text for text in problems)


def test_a_file_that_cannot_be_opened_is_told(fit: Served, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    assert "'/nowhere/keys'; cure: check the variable that names it" in asked(fit).problems[0]


def test_missing_credentials_and_a_profile_that_does_not_exist_are_told_once(
    fit: Served, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = asked(fit, aws_profile="nobody").problems
    assert "nobody" in problem
    assert "cure: name one of aws configure list-profiles" in problem
    for name in KEYS:
        monkeypatch.delenv(name)
    (problem,) = examine(read_settings(mode="live")).problems
    assert "NoCredentialsError: " in problem
    assert "; cure: set AWS_PROFILE" in problem


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("ExpiredTokenException", "log in again"),
        ("UnrecognizedClientException", "use credentials that AWS knows"),
        ("AccessDeniedException", "allow what python -m support.housekeeping --print-policy prints"),
    ],
)
def test_refused_credentials_are_told_with_the_cure_and_no_account(code: str, cure: str, asked: Asked) -> None:
    with served(refusing=(code, DYNAMODB)) as server:
        problems = asked(server).problems
    assert len(problems) == 2
    assert all(f" {code}: " in text and f"; cure: {cure}" in text for text in problems)
    assert not any("123456789012" in text for text in problems)


def test_a_target_that_stumbles_now_and_then_is_fit_all_the_same(asked: Asked) -> None:
    with served("throttling=0.2", "errors=0.1") as server:
        assert asked(server).problems == ()


def refused(request: Request, _: Response) -> Response:
    return Response.error("AccessDeniedException", f"arn:aws:iam::123456789012:user/ada not in {request.region}", 400)


def refused_verb(verb: str) -> Callable[[Request, Response], Response]:
    def change(request: Request, response: Response) -> Response:
        return refused(request, response) if request.parameters["Statement"].startswith(verb) else response

    return change


@pytest.mark.parametrize(
    ("operation", "change", "action", "sid"),
    [
        ("PutItem", refused, "PutItem", "WriteOwnItems"),
        ("BatchWriteItem", refused, "BatchWriteItem", "WriteOwnItems"),
        ("GetItem", refused, "GetItem", "ReadOwnItems"),
        ("Query", refused, "Query", "QueryIndexes"),
        ("ExecuteStatement", refused_verb("UPDATE"), "PartiQLUpdate", "WriteOwnItems"),
        ("ExecuteStatement", refused_verb("DELETE"), "PartiQLDelete", "WriteOwnItems"),
    ],
)
def test_a_role_that_may_not_do_it_is_told_before_the_run_with_the_statement(
    operation: str, change: Any, action: str, sid: str, asked: Asked
) -> None:
    with served() as server:
        telling(server, operation, change)
        problems = asked(server).problems
        assert server.items(US) == []
    (problem,) = (text for text in problems if f'"Sid": "{sid}"' in text)
    assert problem.startswith(f"the role may not do {action}")
    assert f"in {EU} (AccessDeniedException)" in problem
    assert f'"dynamodb:{action}"' in problem
    assert "123456789012" not in problem


def test_asking_for_permission_changes_no_item(asked: Asked) -> None:
    with served() as server:
        assert asked(server).problems == ()
        asked_for = {request.operation for request in server.requests}
        assert {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ExecuteStatement"} <= asked_for
        creating = [request for request in server.requests if request.operation in ("PutItem", "UpdateItem")]
        assert {request.parameters["ConditionExpression"] for request in creating} == {"attribute_exists(PK)"}
        assert server.items(US) == server.items(EU) == []


def test_the_template_s_table_without_a_replica_is_told_so(asked: Asked) -> None:
    with served(table=None) as server:
        server.client(US).create_table(**TABLE)
        other, own = asked(server).problems
    assert "eu-west-1 has no demo-ecommerce-freetier; cure: " in other
    assert "us-east-1 has no replica in eu-west-1: replica missing; cure: " in own
    assert "the workshop's own creates none" in own


def test_two_tables_of_one_name_are_no_global_table_unless_it_is_of_the_legacy_version(asked: Asked) -> None:
    legacy = Response.of({"GlobalTableDescription": {"GlobalTableName": TABLE_NAME, "GlobalTableStatus": "ACTIVE"}})
    with served(table=None) as server:
        for region in (US, EU):
            server.client(region).create_table(**TABLE)
        problems = asked(server).problems
        assert len([text for text in problems if "replica missing" in text]) == 2
        telling(server, "DescribeGlobalTable", lambda *_: legacy)
        problems = asked(server).problems
    assert len(problems) == 2
    assert all("the global table is of version 2017.11.29" in text for text in problems)


def test_a_table_of_another_build_is_refused(asked: Asked) -> None:
    keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "GlobalSecondaryIndexes": [GSI1]}
    used = ["id", *(key["AttributeName"] for key in GSI1["KeySchema"])]
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in used]
    with served(table={**TABLE, **keys, "AttributeDefinitions": definitions}) as server:
        problems = asked(server).problems
    assert any("the table in us-east-1 has other keys than PK and SK: [('id', 'HASH')]" in text for text in problems)
    assert any("has no index GSI2; cure: add GSI2 with UpdateTable" in text for text in problems)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda _: '{"experimentTemplates": []}', "--print-template --experiments"),
        (lambda body: body.replace('"resourceTags": {', '"resourceTags": {"team": "x", '), "else than this table"),
    ],
    ids=["no template", "one for other tables"],
)
def test_a_table_without_experiments_of_its_own_is_not_fit_for_them(
    change: Callable[[str], str], says: str, asked: Asked
) -> None:
    with served() as server:
        assert asked(server, experiments=True).problems == ()
        answer = server.simulator.experiment

        def changed(region: str, method: str, path: str, parameters: Mapping[str, Any]) -> Response:
            return Response.of(json.loads(change(answer(region, method, path, parameters).body.decode())))

        server.simulator.experiment = changed  # type: ignore[method-assign]
        (problem,) = asked(server, experiments=True).problems
    assert says in problem


def test_a_table_that_another_experiment_pauses_is_not_fit_for_more(asked: Asked) -> None:
    with served() as server:
        service = server.client(US, "fis")
        (template,) = service.list_experiment_templates()["experimentTemplates"]
        service.start_experiment(clientToken="another", experimentTemplateId=template["id"])
        (problem,) = asked(server, experiments=True).problems
    assert "pauses replication" in problem


@pytest.mark.parametrize(
    ("ireland", "told"),
    [({}, True), ({"AutoScalingDisabled": True}, True), ({"MinimumUnits": 5, "MaximumUnits": 50}, False)],
)
def test_provisioned_writes_without_auto_scaling_are_a_note(ireland: Any, told: bool, asked: Asked) -> None:
    scaling = "ReplicaProvisionedWriteCapacityAutoScalingSettings"
    replicas = [{"RegionName": US, scaling: {"MinimumUnits": 5}}, {"RegionName": EU, scaling: ireland}]
    answer = Response.of({"TableAutoScalingDescription": {"TableName": TABLE_NAME, "Replicas": replicas}})
    with served() as server:
        telling(server, "DescribeTableReplicaAutoScaling", lambda *_: answer)
        found = asked(server)
    assert found.problems == ()
    assert any(f"no auto scaling of writes in {EU}: " in note for note in found.warnings) is told
