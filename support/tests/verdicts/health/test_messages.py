"""Each problem of a table in words, with its cure: of hand-written descriptions."""

from typing import Any

import pytest

from support.page.workshop import TABLE
from support.verdicts.health.problems import (
    Description,
    missing_tables,
    notes,
    problems,
    unequal_settings,
    unexpected_schema,
)
from support.verdicts.health.states import Problem
from support.verdicts.images import in_words

HERE, THERE = "us-east-1", "eu-west-1"
TWO_TABLES = "AWS keeps it equal in the replicas of one global table: these may be two tables of one name"


def table(region: str = HERE, settings: dict[str, Any] | None = None, **changes: Any) -> Description:
    """The workshop's table as a replica of itself."""
    all_settings = {
        "KeySchema": TABLE["KeySchema"],
        "AttributeDefinitions": TABLE["AttributeDefinitions"],
        "GlobalSecondaryIndexes": TABLE["GlobalSecondaryIndexes"],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLive": ("ENABLED", "ttl"),
        **(settings or {}),
    }
    values = {"status": "ACTIVE", "replicas": {HERE: "ACTIVE", THERE: "ACTIVE"}, "stream": "NEW_AND_OLD_IMAGES"}
    return Description(region, settings=all_settings, **{**values, **changes})


def test_a_missing_table_is_named_with_the_cure_that_its_other_regions_suggest() -> None:
    template = "python -m support.targets --print-template"
    assert problems({HERE: table(), THERE: None}, "orders") == [
        Problem(
            "eu-west-1 has no orders",
            f"create the table there as a replica ({template} prints a template that does), or name another region",
        )
    ]
    nowhere = f"deploy what {template} prints, or name another table or region"
    assert problems({HERE: None}) == [Problem("us-east-1 has no such table", nowhere)]


def test_only_the_regions_without_a_table_are_missing_it() -> None:
    (problem,) = missing_tables({HERE: table(), THERE: None})
    assert problem.text == "eu-west-1 has no such table"


def test_a_replica_of_another_account_is_named_as_such() -> None:
    assert problems({HERE: table(foreign=(THERE,)), THERE: None}, "orders") == [
        Problem(
            "eu-west-1 has no orders in this account: the replica there belongs to another account",
            "name a region whose replica is in this account: the suite has the credentials of one",
        )
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"status": "UPDATING"}, Problem("the table in us-east-1 is UPDATING, not ACTIVE", "wait until it is ACTIVE")),
        ({"stream": ""}, Problem("us-east-1 has no stream", "enable a stream with NEW_AND_OLD_IMAGES")),
        (
            {"version": "2017.11.29"},
            Problem(
                "us-east-1 says that the global table is of version 2017.11.29, which has rules of its own",
                "upgrade it to 2019.11.21 in the DynamoDB console, or name another table",
            ),
        ),
        (
            {"consistency": "STRONG"},
            Problem(
                "us-east-1 says that MultiRegionConsistency is STRONG: writes in two regions end in "
                "ReplicatedWriteConflictException, and there is no TTL, no transaction and no ReplicationLatency, "
                "so nothing that the page claims of conflicts and delays can be shown",
                "name a table with EVENTUAL, such as python -m support.targets --print-template describes",
            ),
        ),
        (
            {"replicas": {HERE: "ACTIVE"}},
            Problem(
                "us-east-1 has no replica in eu-west-1: replica missing",
                "add the replica with UpdateTable, or deploy what python -m support.targets --print-template prints; "
                "the workshop's own creates none",
            ),
        ),
        (
            {"replicas": {THERE: "CREATING"}, "details": {THERE: "a sentence of AWS's"}},
            Problem(
                "us-east-1 lists its replica in eu-west-1 as CREATING (a sentence of AWS's)", "wait until it is ACTIVE"
            ),
        ),
        (
            {"replicas": {THERE: "DELETING"}},
            Problem(
                "us-east-1 lists its replica in eu-west-1 as DELETING",
                "wait until it is gone, then create the replica again, or name another region",
            ),
        ),
        (
            {"settings": {"BillingMode": "PROVISIONED"}},
            Problem("BillingMode differs: PROVISIONED in us-east-1, PAY_PER_REQUEST in eu-west-1", TWO_TABLES),
        ),
    ],
    ids=lambda case: "+".join(case) if isinstance(case, dict) else "",
)
def test_a_problem_is_one_sentence_with_its_cure(change: dict[str, Any], problem: Problem) -> None:
    assert problems({HERE: table(**change), THERE: table(THERE)}) == [problem]


def test_a_region_with_several_faults_has_each_of_them_named() -> None:
    described = {HERE: table(version="2017.11.29", consistency="STRONG", stream=""), THERE: table(THERE)}
    assert [each.text.split(" ")[1] for each in problems(described)] == ["says", "says", "has"]


def test_settings_are_compared_between_each_two_regions_and_only_those_that_are_named() -> None:
    described = {
        region: table(region, {"BillingMode": mode, "TimeToLive": mode})
        for region, mode in ((HERE, "A"), (THERE, "A"), ("ap-southeast-2", "B"))
    }
    assert [each.text for each in unequal_settings(described, ["BillingMode"])] == [
        "BillingMode differs: A in us-east-1, B in ap-southeast-2",
        "BillingMode differs: A in eu-west-1, B in ap-southeast-2",
    ]


def test_settings_that_may_differ_between_accounts_are_notes_and_no_problems() -> None:
    settings = dict.fromkeys(("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "TimeToLive"), "another")
    described = {HERE: table(mode="DISABLED"), THERE: table(THERE, {**settings, "BillingMode": "PAY_PER_REQUEST"})}
    assert [each.text.partition(" ")[0] for each in problems(described)] == ["KeySchema", "AttributeDefinitions"]
    allowed = "as it may where GlobalTableSettingsReplicationMode is DISABLED"
    ours = in_words(TABLE["GlobalSecondaryIndexes"])
    indexes = f"GlobalSecondaryIndexes differs: {ours} in us-east-1, another in eu-west-1"
    time_to_live = "TimeToLive differs: ('ENABLED', 'ttl') in us-east-1, another in eu-west-1"
    assert notes(described) == [f"{indexes}, {allowed}", f"{time_to_live}, {allowed}"]


def test_settings_that_must_not_differ_are_no_notes() -> None:
    assert notes({HERE: table(), THERE: table(THERE, {"TimeToLive": "another"})}) == []


def test_what_may_surprise_is_a_note_of_its_region() -> None:
    odd = table(THERE, {"BillingMode": "PROVISIONED"}, stream="KEYS_ONLY", table_class="RARE", key="arn:aws:kms:1")
    assert notes({HERE: table(), THERE: odd, "ap-southeast-2": None}) == [
        "eu-west-1 has a stream of KEYS_ONLY: replication does not depend on what it shows",
        "the table in eu-west-1 is provisioned, which AWS wants with auto scaling: it may refuse a burst, or "
        "replicated writes; calls are tried again, and the report says how often",
        "the table in eu-west-1 has the class RARE: requests cost more than the estimate",
        "the table in eu-west-1 has a KMS key, which the role has to be allowed to use there",
    ]


def test_the_workshops_own_schema_is_expected() -> None:
    assert unexpected_schema(table()) == []


def test_a_schema_of_another_table_is_named_part_by_part() -> None:
    first, *others = TABLE["GlobalSecondaryIndexes"]
    assert first["IndexName"] == "GSI1"
    assert len(others) == 1
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    other = {**others[0], "KeySchema": "none", "Projection": "ALL"}
    template = "python -m support.targets --print-template"
    name = other["IndexName"]
    assert unexpected_schema(table(THERE, {"KeySchema": keys, "GlobalSecondaryIndexes": [other]})) == [
        Problem(
            "the table in eu-west-1 has other keys than PK and SK: [('id', 'HASH')]",
            f"name the workshop's table with --table-name, or create it as {template} describes it",
        ),
        Problem("the table in eu-west-1 has no index GSI1", "add GSI1 with UpdateTable"),
        Problem(
            f"KeySchema of {name} in eu-west-1 is none, not {others[0]['KeySchema']}",
            f"create {name} anew as {template} describes it",
        ),
        Problem(
            f"Projection of {name} in eu-west-1 is ALL, not {others[0]['Projection']}",
            f"create {name} anew as {template} describes it",
        ),
    ]
