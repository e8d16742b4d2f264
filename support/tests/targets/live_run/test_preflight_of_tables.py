"""Preflight looks at how a table is built: keys, indexes, streams, replicas, capacity, version."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from support.page.workshop import TABLE, TABLE_NAME
from support.simulator.messages import Request, Response
from support.targets.live_run.preflight import Readiness
from support.tests.served import EU, US, served, telling
from support.verdicts.health.states import REPLICA_CURES

Asked = Callable[..., Readiness]
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def indexes(*changes: Mapping[str, Any]) -> dict[str, Any]:
    """The workshop's table with other indexes."""
    return {**TABLE, "GlobalSecondaryIndexes": list(changes)}


GSI1, GSI2 = TABLE["GlobalSecondaryIndexes"]


def test_the_template_s_table_without_a_replica_is_told_so(asked: Asked) -> None:
    with served(table=None) as server:
        server.client(US).create_table(**TABLE)
        problems = asked(server).problems
    assert problems == (
        "eu-west-1 has no demo-ecommerce-freetier; cure: create the table there as a replica (python -m "
        "support.targets --print-template prints a template that does), or name another region",
        "us-east-1 has no replica in eu-west-1: replica missing; cure: add the replica with UpdateTable, or deploy "
        "what python -m support.targets --print-template prints; the workshop's own creates none",
    )


def test_a_replica_that_is_not_active_yet_is_waited_for_by_the_user(asked: Asked) -> None:
    with served(table=None) as server:
        virginia = server.client(US)
        virginia.create_table(**TABLE)
        virginia.update_table(TableName=TABLE_NAME, ReplicaUpdates=[{"Create": {"RegionName": EU}}])
        problems = asked(server).problems
    assert any("lists its replica in eu-west-1 as CREATING; cure: wait until it is ACTIVE" in text for text in problems)


def test_two_tables_of_one_name_are_no_global_table(asked: Asked) -> None:
    with served(table=None) as server:
        for region in (US, EU):
            server.client(region).create_table(**TABLE)
        problems = asked(server).problems
    assert len([text for text in problems if "replica missing" in text]) == 2


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (indexes(GSI1), "the table in us-east-1 has no index GSI2; cure: add GSI2 with UpdateTable"),
        (
            indexes(GSI1, {**GSI2, "Projection": {"ProjectionType": "ALL"}}),
            "Projection of GSI2 in us-east-1 is {'ProjectionType': 'ALL'}, not {'ProjectionType': 'KEYS_ONLY'}",
        ),
        (
            indexes(GSI1, {**GSI2, "KeySchema": GSI2["KeySchema"][:1]}),
            "KeySchema of GSI2 in us-east-1 is ",
        ),
    ],
)
def test_a_table_of_another_build_is_refused(table: Mapping[str, Any], says: str, asked: Asked) -> None:
    used = {key["AttributeName"] for index in table["GlobalSecondaryIndexes"] for key in index["KeySchema"]}
    names = used | {"PK", "SK"}
    definitions = [each for each in TABLE["AttributeDefinitions"] if each["AttributeName"] in names]
    with served(table={**table, "AttributeDefinitions": definitions}) as server:
        assert any(text.startswith(says) for text in asked(server).problems)


def test_other_keys_than_the_page_s_are_refused(asked: Asked) -> None:
    names = {"TableName": TABLE_NAME, "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": STREAM}
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    definitions = [{"AttributeName": "id", "AttributeType": "S"}]
    with served(table={**names, "KeySchema": keys, "AttributeDefinitions": definitions}) as server:
        problems = asked(server).problems
    assert "the table in us-east-1 has other keys than PK and SK: [('id', 'HASH')]" in problems[0]


def test_a_stream_without_images_is_a_note(asked: Asked) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    with served(table={**TABLE, "StreamSpecification": stream}) as server:
        found = asked(server)
    assert found.problems == ()
    assert "us-east-1 has a stream of KEYS_ONLY: replication does not depend on what it shows" in found.warnings


def described_as(**changes: Any) -> Callable[[Request, Response], Response]:
    """DescribeTable's answer with other values; `replicas` are added to each replica that it lists."""
    replicas = changes.pop("replicas", {})

    def change(_: Request, response: Response) -> Response:
        table = {**response.result["Table"], **changes}
        table["Replicas"] = [{**each, **replicas} for each in table.get("Replicas", [])]
        return Response.of({"Table": table})

    return change


@pytest.mark.slow
@pytest.mark.parametrize("status", sorted(REPLICA_CURES))
def test_each_status_of_a_replica_ends_with_its_cure(status: str, asked: Asked) -> None:
    with served() as server:
        said = {"ReplicaStatus": status, "ReplicaStatusDescription": "told by AWS"}
        telling(server, "DescribeTable", described_as(replicas=said))
        problems = asked(server).problems
    assert problems[0] == f"{US} lists its replica in {EU} as {status} (told by AWS); cure: {REPLICA_CURES[status]}"
    assert len(problems) == 2


def test_strong_consistency_is_refused_in_one_line(asked: Asked) -> None:
    with served() as server:
        telling(server, "DescribeTable", described_as(MultiRegionConsistency="STRONG"))
        problems = asked(server).problems
    assert all("MultiRegionConsistency is STRONG" in text and "\n" not in text for text in problems)
    assert len(problems) == 2


@pytest.mark.slow
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


def test_a_table_of_the_legacy_version_is_found_by_the_operation_that_knows_it(asked: Asked) -> None:
    legacy = Response.of({"GlobalTableDescription": {"GlobalTableName": TABLE_NAME, "GlobalTableStatus": "ACTIVE"}})
    with served(table=None) as server:
        for region in (US, EU):
            server.client(region).create_table(**TABLE)
        telling(server, "DescribeGlobalTable", lambda *_: legacy)
        problems = asked(server).problems
    assert [text.partition(", which")[0] for text in problems] == [
        f"{region} says that the global table is of version 2017.11.29" for region in (US, EU)
    ]
