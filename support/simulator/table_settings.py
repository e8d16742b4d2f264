"""The settings of a table that a new replica takes over (facts 2.5: those that AWS keeps equal in all replicas)."""

from collections.abc import Mapping
from typing import Any

from support.simulator.index_updates import INDEX_SETTINGS, index_settings, is_provisioned, keys_of, throughput_of

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}

LOCAL_SETTINGS = ("DeletionProtectionEnabled",)
"""Parameters of UpdateTable that each replica has for itself (facts 2.5)."""


def settings_of_replica(described: Mapping[str, Any]) -> dict[str, Any]:
    settings = {name: described[name] for name in ("TableName", "KeySchema")}
    settings["BillingMode"] = "PROVISIONED" if is_provisioned(described) else "PAY_PER_REQUEST"
    settings["StreamSpecification"] = described.get("StreamSpecification", STREAM)
    if is_provisioned(described):
        settings |= throughput_of(described)
    global_indexes, local_indexes = (described.get(f"{kind}SecondaryIndexes") or [] for kind in ("Global", "Local"))
    if global_indexes:
        settings["GlobalSecondaryIndexes"] = [index_settings(described, index) for index in global_indexes]
    if local_indexes:
        settings["LocalSecondaryIndexes"] = [{name: index[name] for name in INDEX_SETTINGS} for index in local_indexes]
    used = keys_of([described, *global_indexes, *local_indexes])
    definitions = described["AttributeDefinitions"]
    settings["AttributeDefinitions"] = [each for each in definitions if each["AttributeName"] in used]
    return settings
