"""A CloudFormation template of a table that preflight finds fit: the workshop's keys and indexes, with a replica.

The workshop's own template makes a table without one. This one is on demand, so that no burst is refused and nothing is
paid for while no test runs.
"""

from collections.abc import Sequence
from typing import Any

from support.page.workshop import ON_DEMAND, TIME_TO_LIVE_ATTRIBUTE
from support.settings import Settings

STACK = "global-tables-acceptance"
TAGS = ({"Key": "purpose", "Value": "acceptance tests of the workshop page Multi-Region Operations"},)


def template(settings: Settings) -> dict[str, Any]:
    """The template as JSON has it. It is deployed in the primary region."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The table of the global tables acceptance suite, with a replica in each of its regions",
        "Resources": {
            "GlobalTable": {
                "Type": "AWS::DynamoDB::GlobalTable",
                # The table is for tests only: it goes when its stack goes.
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": properties(settings.table_name, settings.regions),
            }
        },
    }


def properties(table: str, regions: Sequence[str]) -> dict[str, Any]:
    """The properties of AWS::DynamoDB::GlobalTable."""
    return {
        **ON_DEMAND,
        "TableName": table,
        "StreamSpecification": {"StreamViewType": ON_DEMAND["StreamSpecification"]["StreamViewType"]},
        "TimeToLiveSpecification": {"AttributeName": TIME_TO_LIVE_ATTRIBUTE, "Enabled": True},
        "Replicas": [{"Region": region, "DeletionProtectionEnabled": False, "Tags": list(TAGS)} for region in regions],
    }


def commands(settings: Settings, file: str = "table.json") -> dict[str, str]:
    """The command lines that deploy the template from a file, delete what it has made, and remove the replica alone."""
    home, replica = settings.regions
    return {
        "deploy": f"aws cloudformation deploy --region {home} --stack-name {STACK} --template-file {file}",
        "delete": f"aws cloudformation delete-stack --region {home} --stack-name {STACK}",
        "alone": f"aws dynamodb update-table --region {home} --table-name {settings.table_name} "
        f"--replica-updates Delete={{RegionName={replica}}}",
    }
