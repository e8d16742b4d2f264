"""The settings that AWS keeps equal in all replicas (facts 2.5): those of a new one, and what becomes of its indexes.

An UpdateTable of indexes is checked whole before anything is changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from support.simulator.messages import RefusedError, invalid

Settings = Mapping[str, Any]
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}

LOCAL_SETTINGS = ("DeletionProtectionEnabled",)
"""Parameters of UpdateTable that each replica has for itself (facts 2.5)."""
ACTIONS = ("Create", "Update", "Delete")
INDEX_SETTINGS = ("IndexName", "KeySchema", "Projection")


def checked_updates(described: Settings, parameters: Settings) -> dict[str, Any]:
    """The parameters for each region: with the definitions of all keys that the table then has.

    A client gives the definitions of the new keys only, which are added to the others; the engine may replace all.
    Raises RefusedError.
    """
    updates = _actions(parameters)
    names = [settings["IndexName"] for _, settings in updates]
    indexes = {index["IndexName"]: index for index in described.get("GlobalSecondaryIndexes", ())}
    unknown = sorted({action for action, _ in updates} - set(ACTIONS))
    if unknown:
        raise RefusedError(f"the simulator has no {unknown[0]} of an index: it has {', '.join(ACTIONS)}")
    if sum(action in ("Create", "Delete") for action, _ in updates) > 1:
        raise RefusedError(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
            "LimitExceededException",
        )
    if len(set(names)) < len(names):
        raise RefusedError("Only one global secondary index update per index is allowed simultaneously")
    for action, settings in updates:
        name = settings["IndexName"]
        if action == "Create":
            _check_creation(described, settings, parameters.get("AttributeDefinitions", ()))
            indexes[name] = settings
        elif name not in indexes:
            raise RefusedError(f"Requested resource not found: Index: {name} not found", "ResourceNotFoundException")
        elif action == "Delete":
            del indexes[name]
    given = {each["AttributeName"]: each for each in parameters.get("AttributeDefinitions", ())}
    known = {each["AttributeName"]: each for each in described["AttributeDefinitions"]}
    used = keys_of([described, *indexes.values(), *described.get("LocalSecondaryIndexes", ())])
    if unused := sorted(set(given) - used):
        raise invalid(f"Some AttributeDefinitions are not used: {unused}")
    if other := sorted(name for name, each in given.items() if known.get(name, each) != each):
        raise invalid(f"{other[0]} is defined with another type already")
    return {**parameters, "AttributeDefinitions": [each for name, each in {**known, **given}.items() if name in used]}


def undoing(described: Settings, parameters: Settings) -> dict[str, Any]:
    indexes = {index["IndexName"]: index for index in described.get("GlobalSecondaryIndexes", ())}
    updates = []
    for action, settings in _actions(parameters):
        before = indexes.get(settings["IndexName"], {})
        if action == "Create":
            updates.append({"Delete": {"IndexName": settings["IndexName"]}})
        elif action == "Delete":
            updates.append({"Create": index_settings(described, before)})
        else:
            updates.append({"Update": {"IndexName": before["IndexName"], **throughput_of(before)}})
    kept = {name: described[name] for name in ("TableName", "AttributeDefinitions")}
    return {**kept, "GlobalSecondaryIndexUpdates": updates}


def index_settings(table: Settings, index: Settings) -> dict[str, Any]:
    settings = {name: index[name] for name in INDEX_SETTINGS}
    return {**settings, **(throughput_of(index) if is_provisioned(table) else {})}


def throughput_of(described: Settings) -> dict[str, Any]:
    units = described["ProvisionedThroughput"]
    return {"ProvisionedThroughput": {name: units[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}}


def is_provisioned(table: Settings) -> bool:
    return bool(table.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST")


def keys_of(described: Iterable[Settings]) -> set[str]:
    return {key["AttributeName"] for each in described for key in each["KeySchema"]}


def _actions(parameters: Settings) -> list[tuple[str, Settings]]:
    return [action for update in parameters["GlobalSecondaryIndexUpdates"] for action in update.items()]


def _check_creation(described: Settings, index: Settings, given: Sequence[Settings]) -> None:
    existing = [*described.get("GlobalSecondaryIndexes", ()), *described.get("LocalSecondaryIndexes", ())]
    if index["IndexName"] in [each["IndexName"] for each in existing]:
        raise RefusedError(f"Attempting to create an index which already exists: {index['IndexName']}")
    if [key["KeyType"] for key in index["KeySchema"]][:1] != ["HASH"]:
        raise invalid("No Hash Key specified in schema. All Dynamo DB tables must have exactly one hash key")
    missing = sorted(keys_of([index]) - {each["AttributeName"] for each in given})
    if missing:
        raise invalid(f"Some index key attributes are not defined in AttributeDefinitions: {missing}")
    if is_provisioned(described) != ("ProvisionedThroughput" in index):
        problem = "is not specified" if is_provisioned(described) else "should not be specified"
        raise invalid(f"ProvisionedThroughput {problem} for index: {index['IndexName']}")


def settings_of_replica(described: Settings) -> dict[str, Any]:
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
