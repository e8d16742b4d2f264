"""What is taken from AWS's answers of a table."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support.verdicts.health.problems import Description, describe, identity

HERE, THERE, ELSEWHERE = "us-east-1", "eu-west-1", "ap-southeast-2"
KEYS = [{"AttributeName": "PK", "KeyType": "HASH"}]
PROJECTION = {"ProjectionType": "KEYS_ONLY"}
BARE = {"TableStatus": "CREATING", "KeySchema": KEYS, "AttributeDefinitions": []}


def arn(region: str, account: int) -> str:
    return f"arn:aws:dynamodb:{region}:{account}:table/orders"


def index(name: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": KEYS, "Projection": PROJECTION}


FULL: dict[str, Any] = {
    "TableStatus": "ACTIVE",
    "TableArn": arn(HERE, 1),
    "KeySchema": KEYS,
    "AttributeDefinitions": [{"AttributeName": "SK"}, {"AttributeName": "GSI1PK"}, {"AttributeName": "PK"}],
    "GlobalSecondaryIndexes": [{**index("GSI2"), "IndexStatus": "ACTIVE"}, index("GSI1")],
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    "Replicas": [
        {
            "RegionName": THERE,
            "ReplicaStatus": "CREATION_FAILED",
            "ReplicaStatusDescription": "no role",
            "ReplicaArn": arn(THERE, 1),
        },
        {"RegionName": ELSEWHERE, "ReplicaStatus": "ACTIVE", "ReplicaArn": arn(ELSEWHERE, 2)},
        {"RegionName": "sa-east-1"},
    ],
    "GlobalTableVersion": "2019.11.21",
    "MultiRegionConsistency": "EVENTUAL",
    "GlobalTableSettingsReplicationMode": "ENABLED",
    "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
    "SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:us-east-1:1:key/2"},
}


def test_a_description_has_all_that_the_suite_relies_on() -> None:
    assert describe(HERE, FULL, {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}) == Description(
        region=HERE,
        status="ACTIVE",
        replicas={THERE: "CREATION_FAILED", ELSEWHERE: "ACTIVE", "sa-east-1": "unknown"},
        stream="KEYS_ONLY",
        settings={
            "KeySchema": KEYS,
            "AttributeDefinitions": [{"AttributeName": "GSI1PK"}, {"AttributeName": "PK"}, {"AttributeName": "SK"}],
            "GlobalSecondaryIndexes": [index("GSI1"), index("GSI2")],
            "BillingMode": "PAY_PER_REQUEST",
            "TimeToLive": ("ENABLED", "expires"),
        },
        details={THERE: "no role", ELSEWHERE: "", "sa-east-1": ""},
        foreign=(ELSEWHERE,),
        version="2019.11.21",
        consistency="EVENTUAL",
        mode="ENABLED",
        table_class="STANDARD_INFREQUENT_ACCESS",
        key="arn:aws:kms:us-east-1:1:key/2",
    )


def test_what_an_answer_leaves_out_has_the_value_that_aws_means_by_it() -> None:
    assert describe(HERE, BARE, {}) == Description(
        region=HERE,
        status="CREATING",
        replicas={},
        stream="",
        settings={
            "KeySchema": KEYS,
            "AttributeDefinitions": [],
            "GlobalSecondaryIndexes": [],
            "BillingMode": "PROVISIONED",
            "TimeToLive": ("DISABLED", None),
        },
    )


@pytest.mark.parametrize(
    "answer",
    [{"BillingModeSummary": {}}, {"TableClassSummary": {}}, {"SSEDescription": {}}, {"StreamSpecification": {}}],
    ids=lambda answer: next(iter(answer)),
)
def test_an_empty_part_of_an_answer_is_as_none(answer: dict[str, Any]) -> None:
    assert describe(HERE, {**BARE, **answer}, {}) == describe(HERE, BARE, {})


@pytest.mark.parametrize("stream", [{"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}, {"StreamEnabled": True}])
def test_a_stream_that_is_off_or_of_no_type_is_none(stream: dict[str, Any]) -> None:
    assert describe(HERE, {**BARE, "StreamSpecification": stream}, {}).stream == ""


@pytest.mark.parametrize(
    ("own", "replica"), [(arn(HERE, 1), None), (None, arn(THERE, 2)), (arn(HERE, 1), arn(THERE, 1))]
)
def test_a_replica_is_foreign_only_if_both_accounts_are_known(own: str | None, replica: str | None) -> None:
    answer = {**BARE, "TableArn": own, "Replicas": [{"RegionName": THERE, "ReplicaArn": replica}]}
    assert describe(HERE, answer, {}).foreign == ()


def test_a_table_is_known_by_its_id_or_else_by_when_it_was_created() -> None:
    created = datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
    assert identity({"TableId": "a1b2", "CreationDateTime": created}) == "a1b2"
    assert identity({"CreationDateTime": created}) == "created 1754926200.0"
    assert identity({"TableId": "", "CreationDateTime": created}) == "created 1754926200.0"
