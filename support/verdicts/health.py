"""Is this target fit to be tested? What DescribeTable must say in every region, and the cure where it does not.

Which regions a replica list holds is not sure on AWS: the own region has been seen listed and left out (facts 2.1), so
only the others are looked for. Tags, point-in-time recovery, ARNs and item counts may differ (facts 2.5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from support.page.workshop import TABLE

SETTINGS = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode", "TimeToLive")
"""What AWS keeps equal in all replicas, and this suite relies on."""


@dataclass(frozen=True)
class Description:
    """What one region tells of the table; `replicas` are ReplicaStatus by region, `settings` by the names above."""

    region: str
    status: str
    replicas: Mapping[str, str]
    stream: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be, and what to do about it."""

    text: str
    cure: str

    def __str__(self) -> str:
        return f"{self.text}; cure: {self.cure}"


def describe(region: str, table: Mapping[str, Any], time_to_live: Mapping[str, Any]) -> Description:
    """A description from the answers of DescribeTable ("Table") and DescribeTimeToLive."""
    stream = table.get("StreamSpecification", {})
    replicas = {each["RegionName"]: each.get("ReplicaStatus", "unknown") for each in table.get("Replicas", [])}
    billing = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    settings = {
        "KeySchema": table["KeySchema"],
        "AttributeDefinitions": sorted(table["AttributeDefinitions"], key=lambda each: str(each["AttributeName"])),
        "GlobalSecondaryIndexes": [_index(each) for each in _by_name(table.get("GlobalSecondaryIndexes", []))],
        "BillingMode": billing,
        "TimeToLive": (time_to_live.get("TimeToLiveStatus", "DISABLED"), time_to_live.get("AttributeName")),
    }
    enabled = stream.get("StreamViewType", "") if stream.get("StreamEnabled") else ""
    return Description(region, table["TableStatus"], replicas, enabled, settings)


def identity(table: Mapping[str, Any]) -> str:
    """What no other table has, from the answer of DescribeTable: its TableId, which not every emulator gives."""
    return str(table.get("TableId") or f"created {table['CreationDateTime'].timestamp()}")


def problems(described: Mapping[str, Description | None], table: str = "such table") -> list[Problem]:
    """All that is wrong with a table, from its descriptions by region (None: there is no such table)."""
    return [
        *missing_tables(described, table),
        *status_problems(described),
        *replica_problems(described),
        *stream_problems(described),
        *unequal_settings(described),
    ]


def missing_tables(described: Mapping[str, Description | None], table: str = "such table") -> list[Problem]:
    """Regions without the table."""
    return [
        Problem(f"{region} has no {table}", "create the table there as a replica, or name another region")
        for region, each in described.items()
        if each is None
    ]


def status_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    """Regions whose table is not ACTIVE."""
    return [
        Problem(f"the table in {each.region} is {each.status}, not ACTIVE", "wait until it is ACTIVE")
        for each in _known(described)
        if each.status != "ACTIVE"
    ]


def replica_problems(described: Mapping[str, Description | None]) -> list[Problem]:
    """Regions that do not list another one as an ACTIVE replica."""
    found = []
    for each in _known(described):
        for other in described:
            status = each.replicas.get(other)
            if other == each.region or status == "ACTIVE":
                continue
            if status is None:
                cure = "add the replica with UpdateTable; the workshop's own template creates none"
                found.append(Problem(f"{each.region} has no replica in {other}: replica missing", cure))
            else:
                found.append(
                    Problem(f"{each.region} lists its replica in {other} as {status}", "wait until it is ACTIVE")
                )
    return found


def stream_problems(described: Mapping[str, Description | None], view: str = "NEW_AND_OLD_IMAGES") -> list[Problem]:
    """Regions without a stream of this view type."""
    return [
        Problem(f"{each.region} has {each.stream or 'no stream'}", f"enable a stream with {view}")
        for each in _known(described)
        if each.stream != view
    ]


def unequal_settings(described: Mapping[str, Description | None], names: Sequence[str] = SETTINGS) -> list[Problem]:
    """Settings in which two replicas differ. Raises KeyError for a name that is not one of SETTINGS."""
    return [
        Problem(
            f"{name} differs: {a.settings[name]} in {a.region}, {b.settings[name]} in {b.region}",
            "AWS keeps it equal in the replicas of one global table: these may be two tables of one name",
        )
        for a, b in combinations(_known(described), 2)
        for name in names
        if a.settings[name] != b.settings[name]
    ]


def unexpected_schema(described: Description) -> list[Problem]:
    """How the table in a region differs from the workshop's: in its keys, or in an index that it lacks."""
    region = described.region
    keys = [(key["AttributeName"], key["KeyType"]) for key in described.settings["KeySchema"]]
    expected = [(key["AttributeName"], key["KeyType"]) for key in TABLE["KeySchema"]]
    cure = "name the workshop's table with --table-name, or create it anew from the workshop's template"
    found = [] if keys == expected else [Problem(f"the table in {region} has other keys than PK and SK: {keys}", cure)]
    indexes = {index["IndexName"]: index for index in described.settings["GlobalSecondaryIndexes"]}
    for index in TABLE["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        if name not in indexes:
            found.append(Problem(f"the table in {region} has no index {name}", f"add {name} with UpdateTable"))
            continue
        for setting in ("KeySchema", "Projection"):
            if indexes[name][setting] != index[setting]:
                text = f"{setting} of {name} in {region} is {indexes[name][setting]}, not {index[setting]}"
                found.append(Problem(text, f"create {name} anew as the workshop's template has it"))
    return found


def _known(described: Mapping[str, Description | None]) -> list[Description]:
    return [each for each in described.values() if each is not None]


def _by_name(indexes: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(indexes, key=lambda index: str(index["IndexName"]))


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    return {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
