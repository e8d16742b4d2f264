"""Is this target fit to be tested? What DescribeTable must say in every region, and the cure where it does not.

Which regions a replica list holds is not sure on AWS: the own region has been seen listed and left out (facts 2.1), so
only the others are looked for. Tags, point-in-time recovery, ARNs and item counts may differ (facts 2.5). The names of
statuses are those of AWS's API model (botocore 1.44); a test holds them against the installed one. What AWS says of
each stands there too; the 20 hours are facts 1.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from operator import itemgetter
from typing import Any

from support.page.workshop import TABLE
from support.verdicts.images import in_words

WAIT = "wait until it is ACTIVE"
REMOVED_AFTER = "after 20 hours AWS takes the replica out of the global table for good"


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be, and what to do about it."""

    text: str
    cure: str

    def __str__(self) -> str:
        return f"{self.text}; cure: {self.cure}"


_CURES = {
    "CREATING": WAIT,
    "UPDATING": WAIT,
    "ARCHIVING": "wait until it is archived, then restore it from its backup, or name another table",
    "ARCHIVED": "restore the table from its backup under another name, or name another table",
    "REPLICATION_NOT_AUTHORIZED": (
        f"allow replication in the resource policies of the tables, and let the service-linked role be; {REMOVED_AFTER}"
    ),
}
REPLICA_CURES: Mapping[str, str] = _CURES | {
    "CREATION_FAILED": (
        "remove this replica with UpdateTable and create it again; the description says why the creation failed"
    ),
    "DELETING": "wait until it is gone, then create the replica again, or name another region",
    "REGION_DISABLED": f"enable the region in the account's settings; {REMOVED_AFTER}",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": (
        f"enable the KMS key of that region, and let DynamoDB use it in the key's policy; {REMOVED_AFTER}"
    ),
}
"""The cure for each ReplicaStatus but ACTIVE."""

TABLE_CURES: Mapping[str, str] = _CURES | {
    "DELETING": "wait until it is gone, then create it again, or name another table",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": (
        "enable the KMS key of that region, and let DynamoDB use it; AWS archives the table after seven days"
    ),
}
"""The cure for each TableStatus but ACTIVE."""

UNKNOWN = "this status is newer than this suite: look it up in AWS's documentation of DescribeTable"


SETTINGS = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode", "TimeToLive")
"""What AWS keeps equal in all replicas, and this suite relies on."""

SAME_EVERYWHERE = ("KeySchema", "AttributeDefinitions")
"""What is equal even where GlobalTableSettingsReplicationMode is DISABLED, as in tables shared between accounts."""

LEGACY = "2017.11.29"
OWN_TEMPLATE = "python -m support.targets --print-template"
IMAGES = "NEW_AND_OLD_IMAGES"
MODE = "GlobalTableSettingsReplicationMode"


@dataclass(frozen=True)
class Description:
    """What one region tells of the table.

    `replicas` are ReplicaStatus by region, and `details` their ReplicaStatusDescription; `foreign` are the regions
    whose replica is in another account; `settings` are by the names in SETTINGS. The rest are AWS's own values, empty
    where the answer has none: `stream` the StreamViewType, `mode` the GlobalTableSettingsReplicationMode, `key` the
    KMS key's ARN.
    """

    region: str
    status: str
    replicas: Mapping[str, str]
    stream: str
    settings: Mapping[str, Any]
    details: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    version: str = ""
    consistency: str = ""
    mode: str = ""
    table_class: str = "STANDARD"
    key: str = ""


def describe(region: str, table: Mapping[str, Any], time_to_live: Mapping[str, Any]) -> Description:
    """A description from the answers of DescribeTable ("Table") and DescribeTimeToLive."""
    stream, arn = table.get("StreamSpecification", {}), table.get("TableArn")
    replicas = {each["RegionName"]: each for each in table.get("Replicas", [])}
    indexes = sorted(table.get("GlobalSecondaryIndexes", []), key=itemgetter("IndexName"))
    settings = {
        "KeySchema": table["KeySchema"],
        "AttributeDefinitions": sorted(table["AttributeDefinitions"], key=itemgetter("AttributeName")),
        "GlobalSecondaryIndexes": [
            {name: each[name] for name in ("IndexName", "KeySchema", "Projection")} for each in indexes
        ],
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "TimeToLive": (time_to_live.get("TimeToLiveStatus", "DISABLED"), time_to_live.get("AttributeName")),
    }
    return Description(
        region=region,
        status=table["TableStatus"],
        replicas={name: each.get("ReplicaStatus", "unknown") for name, each in replicas.items()},
        stream=stream.get("StreamViewType", "") if stream.get("StreamEnabled") else "",
        settings=settings,
        details={name: each.get("ReplicaStatusDescription", "") for name, each in replicas.items()},
        foreign=tuple(name for name, each in replicas.items() if _is_foreign(each.get("ReplicaArn"), arn)),
        version=table.get("GlobalTableVersion", ""),
        consistency=table.get("MultiRegionConsistency", ""),
        mode=table.get(MODE, ""),
        table_class=table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        key=table.get("SSEDescription", {}).get("KMSMasterKeyArn", ""),
    )


def identity(table: Mapping[str, Any]) -> str:
    """What no other table has, from the answer of DescribeTable: its TableId, which not every emulator gives."""
    return str(table.get("TableId") or f"created {table['CreationDateTime'].timestamp()}")


def problems(described: Mapping[str, Description | None], table: str = "such table") -> list[Problem]:
    """All that is wrong with a table, from its descriptions by region (None: there is no such table)."""
    return [
        *missing_tables(described, table),
        *status_problems(described),
        *version_problems(described),
        *replica_problems(described),
        *stream_problems(described),
        *unequal_settings(described),
    ]


def notes(described: Mapping[str, Description | None]) -> list[str]:
    """What may surprise in a run, and is no reason to refuse the table."""
    found = []
    for each in _known(described):
        if each.stream and each.stream != IMAGES:
            found.append(f"{each.region} has a stream of {each.stream}: replication does not depend on what it shows")
        if each.settings["BillingMode"] == "PROVISIONED":
            found.append(
                f"the table in {each.region} is provisioned, which AWS wants with auto scaling: it may refuse a burst, "
                "or replicated writes; calls are tried again, and the report says how often"
            )
        if each.table_class != "STANDARD":
            text = f"the table in {each.region} has the class {each.table_class}: requests cost more than the estimate"
            found.append(text)
        if each.key:
            found.append(f"the table in {each.region} has a KMS key, which the role has to be allowed to use there")
    if _own_settings(described):
        differ = _differences(described, [name for name in SETTINGS if name not in SAME_EVERYWHERE])
        found.extend(f"{text}, as it may where {MODE} is DISABLED" for text in differ)
    return found


def other_replicas(described: Mapping[str, Description | None]) -> list[str]:
    """The regions of replicas that are not tested."""
    listed = dict.fromkeys(region for each in _known(described) for region in each.replicas)
    return [region for region in listed if region not in described]


def missing_tables(described: Mapping[str, Description | None], table: str = "such table") -> list[Problem]:
    cure = f"deploy what {OWN_TEMPLATE} prints, or name another table or region"
    if _known(described):
        cure = (
            f"create the table there as a replica ({OWN_TEMPLATE} prints a template that does), or name another region"
        )
    missing = {region: Problem(f"{region} has no {table}", cure) for region, each in described.items() if each is None}
    for region in missing.keys() & {region for each in _known(described) for region in each.foreign}:
        missing[region] = Problem(
            f"{region} has no {table} in this account: the replica there belongs to another account",
            "name a region whose replica is in this account: the suite has the credentials of one",
        )
    return list(missing.values())


def status_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    return [
        Problem(f"the table in {each.region} is {each.status}, not ACTIVE", TABLE_CURES.get(each.status, UNKNOWN))
        for each in _known(described)
        if each.status != "ACTIVE"
    ]


def version_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    """Regions whose table is a global table of another kind: its rules are not those of the page."""
    found = []
    for each in _known(described):
        if each.version == LEGACY:
            text = f"{each.region} says that the global table is of version {LEGACY}, which has rules of its own"
            found.append(Problem(text, "upgrade it to 2019.11.21 in the DynamoDB console, or name another table"))
        if each.consistency == "STRONG":
            text = (
                f"{each.region} says that MultiRegionConsistency is STRONG: writes in two regions end in "
                "ReplicatedWriteConflictException, and there is no TTL, no transaction and no ReplicationLatency, "
                "so nothing that the page claims of conflicts and delays can be shown"
            )
            found.append(Problem(text, f"name a table with EVENTUAL, such as {OWN_TEMPLATE} describes"))
    return found


def replica_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    """Regions that do not list another one as an ACTIVE replica."""
    return [
        replica_problem(each, other)
        for each in _known(described)
        for other in described
        if other != each.region and each.version != LEGACY and each.replicas.get(other) != "ACTIVE"
    ]


def replica_problem(each: Description, other: str) -> Problem:
    """Why a region does not list another one as an ACTIVE replica."""
    if other not in each.replicas:
        cure = (
            f"add the replica with UpdateTable, or deploy what {OWN_TEMPLATE} prints; the workshop's own creates none"
        )
        return Problem(f"{each.region} has no replica in {other}: replica missing", cure)
    status, detail = each.replicas[other], each.details.get(other)
    told = f"{status} ({detail})" if detail else status
    return Problem(f"{each.region} lists its replica in {other} as {told}", REPLICA_CURES.get(status, UNKNOWN))


def stream_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    """Regions without a stream. Replication reads it, whatever its view type is (facts 1.4)."""
    return [
        Problem(f"{each.region} has no stream", f"enable a stream with {IMAGES}")
        for each in _known(described)
        if not each.stream
    ]


def unequal_settings(described: Mapping[str, Description | None], names: Sequence[str] = SETTINGS) -> list[Problem]:
    """Settings in which two replicas differ and must not. Raises KeyError for a name that is not one of SETTINGS."""
    cure = "AWS keeps it equal in the replicas of one global table: these may be two tables of one name"
    compared = [name for name in names if name in SAME_EVERYWHERE or not _own_settings(described)]
    return [Problem(text, cure) for text in _differences(described, compared)]


def unexpected_schema(described: Description) -> list[Problem]:
    """How the table in a region differs from the workshop's: in its keys, or in an index that it lacks."""
    region = described.region
    found = []
    if described.settings["KeySchema"] != TABLE["KeySchema"]:
        keys = [(key["AttributeName"], key["KeyType"]) for key in described.settings["KeySchema"]]
        cure = f"name the workshop's table with --table-name, or create it as {OWN_TEMPLATE} describes it"
        found.append(Problem(f"the table in {region} has other keys than PK and SK: {keys}", cure))
    indexes = {index["IndexName"]: index for index in described.settings["GlobalSecondaryIndexes"]}
    for index in TABLE["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        if name not in indexes:
            found.append(Problem(f"the table in {region} has no index {name}", f"add {name} with UpdateTable"))
            continue
        for setting in ("KeySchema", "Projection"):
            if indexes[name][setting] != index[setting]:
                text = f"{setting} of {name} in {region} is {indexes[name][setting]}, not {index[setting]}"
                found.append(Problem(text, f"create {name} anew as {OWN_TEMPLATE} describes it"))
    return found


def _own_settings(described: Mapping[str, Description | None]) -> bool:
    """Whether AWS leaves the settings of the replicas to their owners."""
    return any(each.mode == "DISABLED" for each in _known(described))


def _differences(described: Mapping[str, Description | None], names: Sequence[str]) -> list[str]:
    return [
        f"{name} differs: {_shown(a.settings[name])} in {a.region}, {_shown(b.settings[name])} in {b.region}"
        for a, b in combinations(_known(described), 2)
        for name in names
        if a.settings[name] != b.settings[name]
    ]


def _shown(setting: object) -> str:
    return setting if isinstance(setting, str) else in_words(setting)


def _is_foreign(arn: str | None, own: str | None) -> bool:
    """Whether two ARNs are known to be of different accounts, which stand in their fifth part."""
    return arn is not None and own is not None and arn.split(":")[4] != own.split(":")[4]


def _known(described: Mapping[str, Description | None]) -> list[Description]:
    return [each for each in described.values() if each is not None]
