"""What is taken from AWS's answers of a table, what a table must be like, and the cure for what is not."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from support.page.workshop import TABLE
from support.tests.verdicts.histories import AP, EU, US
from support.verdicts.health import (
    REPLICA_CURES,
    SETTINGS,
    TABLE_CURES,
    UNKNOWN,
    Description,
    describe,
    identity,
    notes,
    other_replicas,
    problems,
    unequal_settings,
    unexpected_schema,
)

KEYS = [{"AttributeName": "PK", "KeyType": "HASH"}]
BARE = {"TableStatus": "CREATING", "KeySchema": KEYS, "AttributeDefinitions": []}


def arn(region: str, account: int) -> str:
    return f"arn:aws:dynamodb:{region}:{account}:table/orders"


def index(name: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": KEYS, "Projection": {"ProjectionType": "KEYS_ONLY"}}


FULL: dict[str, Any] = {
    "TableStatus": "ACTIVE",
    "TableArn": arn(US, 1),
    "KeySchema": KEYS,
    "AttributeDefinitions": [{"AttributeName": "SK"}, {"AttributeName": "GSI1PK"}, {"AttributeName": "PK"}],
    "GlobalSecondaryIndexes": [{**index("GSI2"), "IndexStatus": "ACTIVE"}, index("GSI1")],
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    "Replicas": [
        {"RegionName": EU, "ReplicaStatus": "CREATION_FAILED", "ReplicaStatusDescription": "no role",
         "ReplicaArn": arn(EU, 1)},
        {"RegionName": AP, "ReplicaStatus": "ACTIVE", "ReplicaArn": arn(AP, 2)},
        {"RegionName": "sa-east-1"},
    ],
    "GlobalTableVersion": "2019.11.21",
    "MultiRegionConsistency": "EVENTUAL",
    "GlobalTableSettingsReplicationMode": "ENABLED",
    "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
    "SSEDescription": {"KMSMasterKeyArn": "arn:aws:kms:us-east-1:1:key/2"},
}  # fmt: skip


def test_a_description_has_all_that_the_suite_relies_on() -> None:
    assert describe(US, FULL, {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}) == Description(
        region=US,
        status="ACTIVE",
        replicas={EU: "CREATION_FAILED", AP: "ACTIVE", "sa-east-1": "unknown"},
        stream="KEYS_ONLY",
        settings={
            "KeySchema": KEYS,
            "AttributeDefinitions": [{"AttributeName": "GSI1PK"}, {"AttributeName": "PK"}, {"AttributeName": "SK"}],
            "GlobalSecondaryIndexes": [index("GSI1"), index("GSI2")],
            "BillingMode": "PAY_PER_REQUEST",
            "TimeToLive": ("ENABLED", "expires"),
        },
        details={EU: "no role", AP: "", "sa-east-1": ""},
        foreign=(AP,),
        version="2019.11.21",
        consistency="EVENTUAL",
        mode="ENABLED",
        table_class="STANDARD_INFREQUENT_ACCESS",
        key="arn:aws:kms:us-east-1:1:key/2",
    )


@pytest.mark.parametrize(
    "answer",
    [
        {},
        *({name: {}} for name in ("BillingModeSummary", "TableClassSummary", "SSEDescription", "StreamSpecification")),
        {"StreamSpecification": {"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}},
        {"StreamSpecification": {"StreamEnabled": True}},
    ],
)
def test_what_an_answer_leaves_out_has_the_value_that_aws_means_by_it(answer: dict[str, Any]) -> None:
    settings = {
        "KeySchema": KEYS,
        "AttributeDefinitions": [],
        "GlobalSecondaryIndexes": [],
        "BillingMode": "PROVISIONED",
        "TimeToLive": ("DISABLED", None),
    }
    assert describe(US, {**BARE, **answer}, {}) == Description(US, "CREATING", {}, "", settings)


@pytest.mark.parametrize(("own", "replica"), [(arn(US, 1), None), (None, arn(EU, 2)), (arn(US, 1), arn(EU, 1))])
def test_a_replica_is_foreign_only_if_both_accounts_are_known(own: str | None, replica: str | None) -> None:
    answer = {**BARE, "TableArn": own, "Replicas": [{"RegionName": EU, "ReplicaArn": replica}]}
    assert describe(US, answer, {}).foreign == ()


@pytest.mark.parametrize(
    ("table_id", "known_by"),
    [({"TableId": "a1b2"}, "a1b2"), ({"TableId": ""}, "created 1754926200.0")],
)
def test_a_table_is_known_by_its_id_or_else_by_when_it_was_created(table_id: dict[str, str], known_by: str) -> None:
    created = datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
    assert identity({**table_id, "CreationDateTime": created}) == known_by


def enum(name: str) -> set[str]:
    """The values that the installed API model knows."""
    model = boto3.session.Session("a", "b", region_name=US).client("dynamodb").meta.service_model
    return set(vars(model.shape_for(name))["_shape_model"]["enum"])


def test_every_status_in_the_api_model_but_active_has_a_cure() -> None:
    assert set(REPLICA_CURES) == enum("ReplicaStatus") - {"ACTIVE"}
    assert set(TABLE_CURES) == enum("TableStatus") - {"ACTIVE"}


def test_a_status_that_aws_has_added_since_is_no_reason_to_go_on() -> None:
    found = problems({US: table(status="SLEEPING", replicas={EU: "SLEEPING"}), EU: table(EU)})
    assert [problem.cure for problem in found] == [UNKNOWN, UNKNOWN]


def table(region: str = US, settings: dict[str, Any] | None = None, **changes: Any) -> Description:
    """The workshop's table as a replica of itself."""
    names = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    usual = {"BillingMode": "PAY_PER_REQUEST", "TimeToLive": ("ENABLED", "ttl")}
    values = {"status": "ACTIVE", "replicas": {US: "ACTIVE", EU: "ACTIVE"}, "stream": "NEW_AND_OLD_IMAGES", **changes}
    return Description(
        region, settings={**{name: TABLE[name] for name in names}, **usual, **(settings or {})}, **values
    )


@pytest.mark.parametrize(
    ("described", "problem"),
    [
        ({US: table(), EU: None}, "eu-west-1 has no orders; cure: create the table there as a replica"),
        ({US: None}, "us-east-1 has no orders; cure: deploy what"),
        ({US: table(foreign=(EU,)), EU: None}, "eu-west-1 has no orders in this account: the replica there belongs to"),
    ],
    ids=["in one region", "in any", "in this account"],
)
def test_a_missing_table_is_named_with_the_cure_that_its_other_regions_suggest(
    described: dict[str, Description | None], problem: str
) -> None:
    (found,) = problems(described, "orders")
    assert str(found).startswith(problem)


@pytest.mark.parametrize(
    ("change", "text", "cure"),
    [
        ({"status": "UPDATING"}, "us-east-1 is UPDATING, not ACTIVE", "wait until"),
        ({"stream": ""}, "us-east-1 has no stream", "NEW_AND_OLD_IMAGES"),
        ({"version": "2017.11.29", "replicas": {}}, "us-east-1 says that", "upgrade it to 2019.11.21"),
        ({"consistency": "STRONG"}, "us-east-1 says that MultiRegionConsistency is STRONG", "EVENTUAL"),
        ({"replicas": {US: "ACTIVE"}}, "us-east-1 has no replica in eu-west-1", "UpdateTable"),
        ({"replicas": {EU: "CREATION_FAILED"}, "details": {EU: "no role"}}, "CREATION_FAILED (no role)", "it again"),
        ({"replicas": {EU: "DELETING"}}, "us-east-1 lists its replica in eu-west-1 as DELETING", "until it is gone"),
        *(
            ({"settings": {name: "another"}}, f"{name} differs: another in us-east-1, ", "two tables of one name")
            for name in SETTINGS
        ),
    ],
    ids=lambda case: "+".join([*case, *case.get("settings", ())]) if isinstance(case, dict) else "",
)
def test_each_problem_is_told_with_its_region_and_its_cure(change: dict[str, Any], text: str, cure: str) -> None:
    (problem,) = problems({US: table(**change), EU: table(EU)})
    assert text in problem.text
    assert cure in problem.cure


def test_settings_are_compared_between_each_two_regions_and_only_those_that_are_named() -> None:
    modes = {US: "A", EU: "A", AP: "B"}
    described = {region: table(region, {"BillingMode": mode, "TimeToLive": mode}) for region, mode in modes.items()}
    assert [each.text for each in unequal_settings(described, ["BillingMode"])] == [
        "BillingMode differs: A in us-east-1, B in ap-southeast-2",
        "BillingMode differs: A in eu-west-1, B in ap-southeast-2",
    ]


def test_settings_that_may_differ_between_accounts_are_notes_and_no_problems() -> None:
    described = {US: table(mode="DISABLED"), EU: table(EU, dict.fromkeys(SETTINGS, "another"))}
    assert [each.text.partition(" ")[0] for each in problems(described)] == ["KeySchema", "AttributeDefinitions"]
    notable = ["GlobalSecondaryIndexes", "BillingMode", "TimeToLive"]
    assert [each.partition(" ")[0] for each in notes(described)] == notable
    assert notes({US: table(), EU: table(EU, {"TimeToLive": "another"})}) == []


def test_what_may_surprise_is_a_note_of_its_region_and_no_problem() -> None:
    described = {US: table(), EU: table(EU, stream="KEYS_ONLY", table_class="RARE", key="arn:aws:kms:1")}
    assert problems(described) == []
    told = ("eu-west-1 has a stream of KEYS_ONLY", "eu-west-1 has the class RARE", "eu-west-1 has a KMS key")
    assert all(words in note for words, note in zip(told, notes({**described, AP: None}), strict=True))
    assert "eu-west-1 is provisioned" in notes({US: table(), EU: table(EU, {"BillingMode": "PROVISIONED"})})[0]


def test_a_replica_in_a_region_that_is_not_tested_is_named() -> None:
    described = {US: table(replicas={EU: "ACTIVE", AP: "ACTIVE"}), EU: table(EU)}
    assert (problems(described), other_replicas(described)) == ([], [AP])


def test_a_schema_of_another_table_is_named_part_by_part() -> None:
    assert unexpected_schema(table()) == []
    _, gsi2 = TABLE["GlobalSecondaryIndexes"]
    other = {**gsi2, "KeySchema": "none", "Projection": "ALL"}
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    found = unexpected_schema(table(EU, {"KeySchema": keys, "GlobalSecondaryIndexes": [other]}))
    assert [each.text.partition(",")[0] for each in found] == [
        "the table in eu-west-1 has other keys than PK and SK: [('id'",
        "the table in eu-west-1 has no index GSI1",
        "KeySchema of GSI2 in eu-west-1 is none",
        "Projection of GSI2 in eu-west-1 is ALL",
    ]
    assert [each.cure.split()[0] for each in found] == ["name", "add", "create", "create"]
