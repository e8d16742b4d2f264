"""Is this target fit to be tested? What DescribeTable must say in every region, and the cure where it does not.

Which regions a replica list holds is not sure on AWS: the own region has been seen listed and left out (facts 2.1), so
only the others are looked for. Tags, point-in-time recovery, ARNs and item counts may differ (facts 2.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

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


def problems(descriptions: Mapping[str, Description | None]) -> list[Problem]:
    """All that is wrong with a table, from its descriptions by region (None: there is no such table)."""
    missing = [
        Problem(f"{region} has no such table", "create the table there as a replica, or name another region")
        for region, each in descriptions.items()
        if each is None
    ]
    known = [each for each in descriptions.values() if each is not None]
    found = [problem for each in known for problem in (*_of_status(each), *_of_replicas(each, list(descriptions)))]
    found += [problem for each in known for problem in _of_stream(each)]
    return missing + found + [problem for a, b in combinations(known, 2) for problem in unequal(a, b)]


def unequal(one: Description, other: Description) -> list[Problem]:
    """The settings in which two replicas differ."""
    return [
        Problem(
            f"{name} differs: {one.settings[name]} in {one.region}, {other.settings[name]} in {other.region}",
            "AWS keeps it equal in the replicas of one global table: these may be two tables of one name",
        )
        for name in SETTINGS
        if one.settings[name] != other.settings[name]
    ]


def _of_status(described: Description) -> list[Problem]:
    if described.status == "ACTIVE":
        return []
    return [Problem(f"the table in {described.region} is {described.status}, not ACTIVE", "wait until it is ACTIVE")]


def _of_replicas(described: Description, regions: list[str]) -> list[Problem]:
    found = []
    for other in regions:
        if other == described.region:
            continue
        status = described.replicas.get(other)
        if status is None:
            text = f"{described.region} has no replica in {other}: replica missing"
            cure = "add the replica with UpdateTable; the workshop's own template creates none"
            found.append(Problem(text, cure))
        elif status != "ACTIVE":
            found.append(
                Problem(f"{described.region} lists its replica in {other} as {status}", "wait until it is ACTIVE")
            )
    return found


def _of_stream(described: Description) -> list[Problem]:
    if described.stream == "NEW_AND_OLD_IMAGES":
        return []
    shown = described.stream or "no stream"
    return [Problem(f"{described.region} has {shown}", "enable a stream with NEW_AND_OLD_IMAGES")]


def _by_name(indexes: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(indexes, key=lambda index: str(index["IndexName"]))


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    return {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
