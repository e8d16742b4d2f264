"""A CloudFormation template of a table that preflight finds fit: the workshop's keys and indexes, with a replica.

The workshop's own template makes a table without one. This one is on demand, so that no burst is refused and nothing is
paid for while no test runs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from support.experiments import ACTION, MINUTES, RESOURCE, TAG
from support.page.workshop import ON_DEMAND, TIME_TO_LIVE_ATTRIBUTE
from support.settings import Settings

STACK = "global-tables-acceptance"
TAGS = ({"Key": "purpose", "Value": "acceptance tests of the workshop page Multi-Region Operations"},)


def template(settings: Settings, pausing: bool = False) -> dict[str, Any]:
    """The template as JSON has it. It is deployed in the primary region.

    `pausing` adds an experiment of the Fault Injection Service that pauses the table's replication, and its role.
    """
    tags = [*TAGS, {"Key": TAG, "Value": settings.table_name}] if pausing else TAGS
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The table of the global tables acceptance suite, with a replica in each of its regions",
        "Resources": {
            "GlobalTable": {
                "Type": "AWS::DynamoDB::GlobalTable",
                # The table is for tests only: it goes when its stack goes.
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": properties(settings.table_name, settings.regions, tags),
            },
            **(_experiment(settings) if pausing else {}),
        },
    }


def _experiment(settings: Settings) -> dict[str, Any]:
    """The experiment template, and the role in which AWS pauses replication: by the resource policies of this table and
    its stream, and of no other (facts 4).
    """
    table = {"Fn::GetAtt": ["GlobalTable", "Arn"]}
    policies = ["GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"]
    statements = [
        {
            "Effect": "Allow",
            "Action": [f"dynamodb:{name}" for name in ("DescribeTable", *policies)],
            "Resource": [table, {"Fn::Sub": "${GlobalTable.Arn}/stream/*"}],
        },
        {"Effect": "Allow", "Action": ["tag:GetResources"], "Resource": "*"},  # has no narrower form
    ]
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "fis.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {"PolicyName": "pause", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}},
        ],
    }
    target = {"ResourceType": RESOURCE, "ResourceTags": {TAG: settings.table_name}, "SelectionMode": "ALL"}
    action = {"ActionId": ACTION, "Parameters": {"duration": f"PT{MINUTES}M"}, "Targets": {"Tables": "table"}}
    experiment = {
        "Description": f"Pauses the replication of {settings.table_name}, for at most {MINUTES} minutes",
        "RoleArn": {"Fn::GetAtt": ["PausingRole", "Arn"]},
        "Targets": {"table": target},
        "Actions": {"pause": action},
        "StopConditions": [{"Source": "none"}],
        "Tags": {TAG: settings.table_name},
    }
    return {
        "PausingRole": {"Type": "AWS::IAM::Role", "Properties": role},
        "Pausing": {"Type": "AWS::FIS::ExperimentTemplate", "Properties": experiment},
    }


def properties(table: str, regions: Sequence[str], tags: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The properties of AWS::DynamoDB::GlobalTable."""
    return {
        **ON_DEMAND,
        "TableName": table,
        "StreamSpecification": {"StreamViewType": ON_DEMAND["StreamSpecification"]["StreamViewType"]},
        "TimeToLiveSpecification": {"AttributeName": TIME_TO_LIVE_ATTRIBUTE, "Enabled": True},
        "Replicas": [{"Region": region, "DeletionProtectionEnabled": False, "Tags": list(tags)} for region in regions],
    }


def commands(settings: Settings, pausing: bool = False, file: str = "table.json") -> dict[str, str]:
    """The command lines that deploy the template from a file, delete what it has made, and remove the replica alone."""
    home, replica = settings.regions
    role = " --capabilities CAPABILITY_IAM" if pausing else ""
    return {
        "deploy": f"aws cloudformation deploy --region {home} --stack-name {STACK} --template-file {file}{role}",
        "more": " --experiments" if pausing else "",
        "delete": f"aws cloudformation delete-stack --region {home} --stack-name {STACK}",
        "alone": f"aws dynamodb update-table --region {home} --table-name {settings.table_name} "
        f"--replica-updates Delete={{RegionName={replica}}}",
    }
