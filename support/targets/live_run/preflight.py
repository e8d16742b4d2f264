"""Preflight: asks a live target, in seconds and without changing an item, whether it is fit to be tested."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from support.clock import WallClock
from support.experiments import ACTION, AT_WORK, MINUTES, RESOURCE, TAG
from support.housekeeping.guard import Owner, guard
from support.housekeeping.journal import RunManifest
from support.housekeeping.policy import STATEMENT_ACTIONS, policy
from support.page.workshop import KEY_PREFIXES, TABLE
from support.settings import Settings
from support.table.aws_clients import Clients
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch
from support.table.region import described_table
from support.table.wire import delete_statement, update_statement, wire_key
from support.targets.run import LiveRun
from support.verdicts import health
from support.verdicts.errors import TargetTroubleError
from support.verdicts.health import Problem
from support.verdicts.history import Key

PATIENCE = 10.0
"""Seconds for which a region is asked that does not answer."""

WRITE_SCALING = "ReplicaProvisionedWriteCapacityAutoScalingSettings"
AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
DENIED = ("AccessDenied", "UnauthorizedOperation", "NotAuthorized")


@dataclass(frozen=True)
class _Asked:
    """What one region answered; `trouble` is why it did not."""

    region: str
    table: Mapping[str, Any]
    description: health.Description | None = None
    host: str = ""
    trouble: str = ""
    no_metrics: str = ""
    unscaled: str = ""
    tells_capacity: bool = False


def examine(settings: Settings) -> LiveRun:
    started = WallClock().now().isoformat(timespec="seconds")
    manifest = RunManifest(Owner.of_new_run(settings.participant).name, settings.table_name, {}, started)
    try:
        clients = Clients(settings.aws_profile)
    except TargetTroubleError as error:
        return LiveRun(manifest, problems=(str(error),))
    with ThreadPoolExecutor(len(settings.regions)) as threads:
        asked = list(threads.map(lambda region: _ask(clients, settings, region), settings.regions))
    trouble = list(dict.fromkeys(each.trouble for each in asked if each.trouble))
    described = {each.region: each.description for each in asked if not each.trouble}
    known = {each.region: each.table for each in asked if each.description}
    accounts = {region: "".join(str(table.get("TableArn", "")).split(":")[4:5]) for region, table in known.items()}
    wrong = [
        *trouble,
        *_foreign_accounts(settings.expect_account, accounts),
        *(health.problems(described, settings.table_name) if not trouble else []),
        *(problem for each in described.values() if each for problem in health.unexpected_schema(each)),
    ]
    template, lacking = _experiments(clients, settings) if settings.experiments and not wrong else ("", [])
    refused = wrong or [*missing_permissions(clients, settings), *lacking]
    no_metrics = next((each.no_metrics for each in asked if each.no_metrics), "")
    hosts = sorted({each.host for each in asked if not each.host.endswith(AWS_HOSTS)} - {""})
    others = ", ".join(health.other_replicas(described))
    warnings = [
        *([f"monitoring scenarios are skipped: {no_metrics}"] if no_metrics else []),
        *([f"the table has replicas in other regions too, of which this run says nothing: {others}"] if others else []),
        *health.notes(described),
        *dict.fromkeys(each.unscaled for each in asked if each.unscaled),
    ]
    return LiveRun(
        replace(
            manifest, tables={region: health.identity(table) for region, table in known.items()}, template=template
        ),
        target=f"{' and '.join(hosts)}, which is not AWS" if hosts else "AWS",
        problems=tuple(map(str, refused)),
        warnings=tuple(warnings),
        no_metrics=no_metrics,
        tells_capacity=all(each.tells_capacity for each in asked),
        rehearsal=bool(hosts),
        account=next(iter(accounts.values()), ""),
        other_replicas=others,
    )


def _ask(clients: Clients, settings: Settings, region: str) -> _Asked:
    table = settings.table_name
    try:
        client = clients.client("dynamodb", region)
        caller = Caller(region, client, WallClock(), {"TableName": table}, patience=PATIENCE)
        described = described_table(caller)
        if described is None:
            return _Asked(region, {})
        time_to_live = caller.call("describe_time_to_live").answer["TimeToLiveDescription"]
    except TargetTroubleError as error:
        return _Asked(region, {}, trouble=str(error))
    description = health.describe(region, described, time_to_live)
    if not description.version and _is_legacy(client, table):
        description = replace(description, version=health.LEGACY)
    host = urlsplit(client.meta.endpoint_url).netloc.rpartition("@")[2]
    no_metrics = _trouble_with_metrics(clients, table, region)
    provisioned = description.settings["BillingMode"] == "PROVISIONED"
    unscaled = _without_auto_scaling(client, table) if provisioned else ""
    missing = Key(f"{KEY_PREFIXES[-1]}{settings.participant}-preflight", "NEVER")
    read = caller.call("get_item", raising=False, Key=wire_key(missing), ReturnConsumedCapacity="TOTAL")
    tells_capacity = "ConsumedCapacity" in read.answer
    return _Asked(region, described, description, host, "", no_metrics, unscaled, tells_capacity)


def _experiments(clients: Clients, settings: Settings) -> tuple[str, list[Problem]]:
    """The template of experiments that pause this table and no other; and why it can't be used."""
    region, table = settings.primary_region, settings.table_name
    service = Caller(f"FIS in {region}", clients.client("fis", region), WallClock(), {}, patience=PATIENCE)
    deploy = "deploy what python -m support.targets --print-template --experiments prints"
    try:
        listed = service.call("list_experiment_templates", maxResults=100).answer["experimentTemplates"]
        names = [str(each["id"]) for each in listed if each.get("tags", {}).get(TAG) == table]
        if len(names) != 1:
            what = f"of FIS's experiment templates in {region} {len(names)} have the tag {TAG}={table}, not one"
            return "", [Problem(what, deploy)]
        template = service.call("get_experiment_template", id=names[0]).answer["experimentTemplate"]
        running = service.call("list_experiments", maxResults=100, experimentTemplateId=names[0]).answer["experiments"]
    except TargetTroubleError as error:
        allow = "allow what python -m support.housekeeping --print-policy --experiments prints"
        return "", [Problem(str(error), allow)]
    wanted = {"resourceType": RESOURCE, "resourceTags": {TAG: table}}
    targets = [{name: each.get(name) for name in wanted} for each in template["targets"].values()]
    actions = [(each["actionId"], each["parameters"].get("duration")) for each in template["actions"].values()]
    if targets != [wanted] or actions != [(ACTION, f"PT{MINUTES}M")]:
        return "", [Problem(f"the experiment template {names[0]} is for something else than this table", deploy)]
    if busy := [each["id"] for each in running if each["state"]["status"] in AT_WORK]:
        return "", [Problem(f"the experiment {busy[0]} pauses replication", "wait for its end, or stop it")]
    return names[0], []


def _without_auto_scaling(client: Any, table: str) -> str:
    """Which replicas of a provisioned table do not scale their writes, which AWS demands (facts 2.6); empty: all do, or
    the target does not say.
    """
    try:
        described = client.describe_table_replica_auto_scaling(TableName=table)["TableAutoScalingDescription"]
        settings = {each["RegionName"]: each.get(WRITE_SCALING, {}) for each in described["Replicas"]}
    except (BotoCoreError, ClientError, KeyError):
        return ""
    unscaled = [region for region, each in settings.items() if each.get("AutoScalingDisabled", not each)]
    what = "replicated writes may be throttled, and late for it; set it, or use on-demand capacity"
    return f"there is no auto scaling of writes in {' and '.join(sorted(unscaled))}: {what}" if unscaled else ""


def _is_legacy(client: Any, table: str) -> bool:
    """Whether the table is a global table of version 2017.11.29, of which DescribeTable need not tell.

    AWS answers GlobalTableNotFoundException for all others (facts 2.2). A refusal, or an emulator without the
    operation, is taken for a no: then it says that the replica is missing.
    """
    with suppress(BotoCoreError, ClientError, KeyError):
        return bool(client.describe_global_table(GlobalTableName=table)["GlobalTableDescription"])
    return False


def _trouble_with_metrics(clients: Clients, table: str, region: str) -> str:
    """Why CloudWatch can't be read; empty when it can."""
    clock = WallClock()
    try:
        caller = Caller(f"CloudWatch in {region}", clients.client("cloudwatch", region), clock, {}, patience=PATIENCE)
        cloudwatch = CloudWatch(table, {region: caller}, clock)
        cloudwatch.latency(region, region)
        cloudwatch.publishes(region, "ReplicationLatency")
    except TargetTroubleError as error:
        return str(error)
    return ""


def _foreign_accounts(expected: str, accounts: Mapping[str, str]) -> list[Problem]:
    """Regions whose table is in another account. Of the number four digits are shown: enough to know it again."""
    cure = "log in to the account that --expect-account names, or correct it"
    return [
        Problem(f"the table in {region} is in another account than expected, one that ends in {account[-4:]}", cure)
        for region, account in accounts.items()
        if expected and account != expected
    ]


def missing_permissions(clients: Clients, settings: Settings) -> list[Problem]:
    """What the role may not do: a problem for each statement of the policy that it lacks.

    Each kind of request is made once, so that nothing has to be known of its policies. AWS checks permissions before it
    looks at an item. So every write is sent for an item that does not exist: on condition that it exists, as a delete,
    or as a PartiQL UPDATE, which needs the item. One that is allowed changes nothing, and one that is not ends with
    AccessDeniedException. A transaction needs the permissions of its parts, and no other. Unlike
    iam:SimulatePrincipalPolicy, this needs no permission of its own, and heeds resource policies, service control
    policies, session policies and KMS keys as well.
    """
    owner = Owner.of_new_run(settings.participant)
    guarded = {
        region: guard(clients.client("dynamodb", region), settings.table_name, owner, note=lambda _: None)
        for region in settings.regions
    }
    pk = f"TEST#monitoring-{owner.name}-preflight"
    asked = [(region, *each) for region in settings.regions for each in _requests(settings.table_name, pk)]
    with ThreadPoolExecutor(len(asked)) as threads:
        denials = list(threads.map(lambda each: _denial(guarded[each[0]], *each[2:]), asked))
    refused: dict[str, list[str]] = {}
    for (region, sid, action, parameters), denial in zip(asked, denials, strict=True):
        if denial:
            what = f"{action} of {parameters['IndexName']}" if "IndexName" in parameters else action
            refused.setdefault(sid, []).append(f"{what} in {region} ({denial})")
    statements = {each["Sid"]: json.dumps(each) for each in policy(settings)["Statement"]}
    return [
        Problem(f"the role may not do {', '.join(what)}", f"allow it, with the account filled in: {statements[sid]}")
        for sid, what in refused.items()
    ]


def _requests(table: str, pk: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Statements of the policy, actions that they allow, and the parameters of a request that needs each of these."""
    never = Key(pk, "NEVER")
    key = wire_key(never)
    existing = {"TableName": table, "ConditionExpression": "attribute_exists(PK)"}
    yield "WriteOwnItems", "PutItem", {**existing, "Item": key}
    yield "WriteOwnItems", "UpdateItem", {**existing, "Key": key}
    yield "WriteOwnItems", "DeleteItem", {**existing, "Key": key}
    yield "WriteOwnItems", "BatchWriteItem", {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}
    yield "WriteOwnItems", "PartiQLUpdate", update_statement(table, never, {"name": "never"})
    yield "WriteOwnItems", "PartiQLDelete", delete_statement(table, never)
    yield "ReadOwnItems", "GetItem", {"TableName": table, "Key": key}
    query = {"TableName": table, "ExpressionAttributeValues": {":pk": {"S": pk}}}
    yield "ReadOwnItems", "Query", {**query, "KeyConditionExpression": "PK = :pk"}
    for index in TABLE["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        yield "QueryIndexes", "Query", {**query, "IndexName": name, "KeyConditionExpression": f"{name}PK = :pk"}


def _denial(client: Any, action: str, parameters: Mapping[str, Any]) -> str:
    """The code of AWS's refusal; empty when the request was allowed. Throttling and the like are no refusals."""
    operation = "ExecuteStatement" if action in STATEMENT_ACTIONS else action
    try:
        getattr(client, xform_name(operation))(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code.startswith(DENIED):
            return str(code) + (", by the KMS key" if "KMS" in error.response["Error"].get("Message", "") else "")
    except BotoCoreError:
        pass
    return ""
