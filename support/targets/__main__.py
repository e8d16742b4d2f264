"""`python -m support.targets --print-template`: a CloudFormation template of a table that the suite can be run against.

The template goes to stdout, what to do with it to stderr. Exit code 2: the command can't be used like this.

The workshop's own template makes a table without a replica. This one is on demand, so that no burst is refused and
nothing is paid for while no test runs.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from support.command import run_command
from support.experiments import ACTION, MINUTES, RESOURCE, TAG
from support.options import add_arguments
from support.page.workshop import ON_DEMAND, TIME_TO_LIVE_ATTRIBUTE
from support.settings import Settings, options_named, read_settings

STACK = "global-tables-acceptance"
PURPOSE = {"Key": "purpose", "Value": "acceptance tests of the workshop page Multi-Region Operations"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m support.targets", description=__doc__)
    parser.add_argument("--print-template", action="store_true", required=True, help="print the template as JSON")
    parser.add_argument("--experiments", action="store_true", help="with an experiment of FIS that pauses replication")
    chosen = options_named("table-name", "primary-region", "replica-region")
    add_arguments(parser, chosen)
    options = parser.parse_args(arguments)
    settings = read_settings(**{each.field: getattr(options, each.field) for each in chosen})
    print(json.dumps(template(settings, options.experiments), indent=2))
    print(advice(settings, options.experiments), file=sys.stderr)
    return 0


def template(settings: Settings, pausing: bool) -> dict[str, Any]:
    """It is deployed in the primary region. `pausing` adds an experiment of the Fault Injection Service that pauses the
    table's replication, and its role.
    """
    tags = [PURPOSE, {"Key": TAG, "Value": settings.table_name}] if pausing else [PURPOSE]
    replicas = [{"Region": each, "DeletionProtectionEnabled": False, "Tags": tags} for each in settings.regions]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The table of the global tables acceptance suite, with a replica in each of its regions",
        "Resources": {
            "GlobalTable": {
                "Type": "AWS::DynamoDB::GlobalTable",
                # The table is for tests only: it goes when its stack goes.
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": {
                    **ON_DEMAND,
                    "TableName": settings.table_name,
                    "StreamSpecification": {"StreamViewType": ON_DEMAND["StreamSpecification"]["StreamViewType"]},
                    "TimeToLiveSpecification": {"AttributeName": TIME_TO_LIVE_ATTRIBUTE, "Enabled": True},
                    "Replicas": replicas,
                },
            },
            **(_experiment(settings.table_name) if pausing else {}),
        },
    }


def _experiment(table: str) -> dict[str, Any]:
    """The experiment template, and the role in which AWS pauses replication: by the resource policies of this table and
    its stream, and of no other (facts 4).
    """
    policies = ["GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"]
    statements = [
        {
            "Effect": "Allow",
            "Action": [f"dynamodb:{name}" for name in ("DescribeTable", *policies)],
            "Resource": [{"Fn::GetAtt": ["GlobalTable", "Arn"]}, {"Fn::Sub": "${GlobalTable.Arn}/stream/*"}],
        },
        {"Effect": "Allow", "Action": ["tag:GetResources"], "Resource": "*"},  # has no narrower form
    ]
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "fis.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    policy = {"PolicyName": "pause", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}, "Policies": [policy]}
    target = {"ResourceType": RESOURCE, "ResourceTags": {TAG: table}, "SelectionMode": "ALL"}
    action = {"ActionId": ACTION, "Parameters": {"duration": f"PT{MINUTES}M"}, "Targets": {"Tables": "table"}}
    experiment = {
        "Description": f"Pauses the replication of {table}, for at most {MINUTES} minutes",
        "RoleArn": {"Fn::GetAtt": ["PausingRole", "Arn"]},
        "Targets": {"table": target},
        "Actions": {"pause": action},
        "StopConditions": [{"Source": "none"}],
        "Tags": {TAG: table},
    }
    return {
        "PausingRole": {"Type": "AWS::IAM::Role", "Properties": role},
        "Pausing": {"Type": "AWS::FIS::ExperimentTemplate", "Properties": experiment},
    }


def advice(settings: Settings, pausing: bool) -> str:
    """How to deploy the template from a file, delete what it has made, and remove the replica alone."""
    home, replica = settings.regions
    alone = f"--replica-updates Delete={{RegionName={replica}}}"
    stack = f"--region {home} --stack-name {STACK}"
    return f"""\
deploy it (a few minutes):
  aws cloudformation deploy {stack} --template-file table.json{" --capabilities CAPABILITY_IAM" if pausing else ""}
then see that it is fit:
  pytest features/ --mode live --preflight-only{" --experiments" if pausing else ""}
delete it:
  aws cloudformation delete-stack {stack}
if that fails, because AWS keeps a table for 24 hours that a replica was made from, remove the replica first:
  aws dynamodb update-table --region {home} --table-name {settings.table_name} {alone}"""


if __name__ == "__main__":
    run_command(main)
