"""The settings of a table that a new replica takes over (facts 2.5: those that AWS keeps equal in all replicas)."""

from collections.abc import Mapping
from typing import Any

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}

LOCAL_SETTINGS = ("DeletionProtectionEnabled",)
"""Parameters of UpdateTable that each replica has for itself (facts 2.5)."""


def settings_of_replica(described: Mapping[str, Any]) -> dict[str, Any]:
    """The CreateTable parameters for a replica of the table that DescribeTable describes."""
    provisioned = described.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST"
    settings = {name: described[name] for name in ("TableName", "AttributeDefinitions", "KeySchema")}
    settings["BillingMode"] = "PROVISIONED" if provisioned else "PAY_PER_REQUEST"
    settings["StreamSpecification"] = described.get("StreamSpecification", STREAM)
    if provisioned:
        settings["ProvisionedThroughput"] = _units(described)
    if described.get("GlobalSecondaryIndexes"):
        indexes = described["GlobalSecondaryIndexes"]
        settings["GlobalSecondaryIndexes"] = [
            _index(index) | ({"ProvisionedThroughput": _units(index)} if provisioned else {}) for index in indexes
        ]
    if described.get("LocalSecondaryIndexes"):
        settings["LocalSecondaryIndexes"] = [_index(index) for index in described["LocalSecondaryIndexes"]]
    return settings


def _index(described: Mapping[str, Any]) -> dict[str, Any]:
    return {name: described[name] for name in ("IndexName", "KeySchema", "Projection")}


def _units(described: Mapping[str, Any]) -> dict[str, int]:
    units = described["ProvisionedThroughput"]
    return {name: units[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}
