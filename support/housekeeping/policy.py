"""The least that a live run has to be allowed: an IAM policy for its table, regions and participant (facts 7)."""

from collections.abc import Iterator
from typing import Any

from support.experiments import RUN_TAG, TAG
from support.page.workshop import KEY_PREFIXES
from support.settings import Settings

DESCRIBE = ("DescribeTable", "DescribeTimeToLive", "DescribeTableReplicaAutoScaling")
SCALING = ("DescribeScalableTargets", "DescribeScalingPolicies")

STATEMENT_ACTIONS = ("PartiQLUpdate", "PartiQLDelete")
WRITE_ACTIONS = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", *STATEMENT_ACTIONS)
"""What the writes are called in policies: a transaction needs the actions of its parts, a statement one of its own."""

ACCOUNT = "ACCOUNT"
"""Stands for the number of the account, which is to be filled in."""


def policy(settings: Settings, pausing: bool = False) -> dict[str, Any]:
    """The policy as AWS's JSON; `pausing` adds what --experiments needs.

    Writes are allowed to the participant's own partition keys only. Reads are so too, but under any prefix: the
    troubleshooting scenarios query misspelt keys. `ForAllValues` is AWS's own form for LeadingKeys; that the key which
    is compared in a Query of an index is the index's is not documented, so indexes have a statement without it.
    """
    tables = [f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{settings.table_name}" for region in settings.regions]
    in_regions = {"Condition": {"StringEquals": {"aws:RequestedRegion": list(settings.regions)}}}
    own = [f"{prefix}{settings.participant}-*" for prefix in KEY_PREFIXES]
    return {
        "Version": "2012-10-17",
        "Statement": [
            _statement("Describe", [f"dynamodb:{name}" for name in DESCRIBE], tables),
            # What DescribeTableReplicaAutoScaling asks in turn; without it preflight can't tell of auto scaling.
            _statement("ReadAutoScaling", [f"application-autoscaling:{name}" for name in SCALING], "*") | in_regions,
            _statement("WriteOwnItems", [f"dynamodb:{name}" for name in WRITE_ACTIONS], tables)
            | {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": own}}},
            _statement("ReadOwnItems", ["dynamodb:GetItem", "dynamodb:Query"], tables)
            | {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"*-{settings.participant}-*"]}}},
            _statement("QueryIndexes", ["dynamodb:Query"], [f"{table}/index/*" for table in tables]),
            _statement("ReadMetrics", ["cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"], "*") | in_regions,
            *(_pausing(settings) if pausing else ()),
        ],
    }


def _pausing(settings: Settings) -> Iterator[dict[str, Any]]:
    """What it takes to pause this table's replication by the one template that is for it, and to go on."""
    everywhere = f"arn:aws:fis:{settings.primary_region}:{ACCOUNT}"
    of_table = {"Condition": {"StringEquals": {f"aws:ResourceTag/{TAG}": settings.table_name}}}
    templates, experiments = [f"{everywhere}:experiment-template/*"], [f"{everywhere}:experiment/*"]
    yield _statement("FindExperiments", ["fis:ListExperimentTemplates", "fis:ListExperiments"], "*")
    yield _statement("UseTemplate", ["fis:GetExperimentTemplate", "fis:StartExperiment"], templates) | of_table
    yield _statement("StartExperiment", ["fis:StartExperiment", "fis:GetExperiment", "fis:TagResource"], experiments)
    yield _statement("StopOwnExperiment", ["fis:StopExperiment"], experiments) | {
        "Condition": {"StringLike": {f"aws:ResourceTag/{RUN_TAG}": f"{settings.participant}-*"}}
    }
    # The first experiment of an account makes FIS's own role.
    service = {"Condition": {"StringEquals": {"iam:AWSServiceName": "fis.amazonaws.com"}}}
    yield _statement("FirstExperiment", ["iam:CreateServiceLinkedRole"], "*") | service


def _statement(sid: str, actions: list[str], resource: list[str] | str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
