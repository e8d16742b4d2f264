"""`python -m support.checklist --pk … --sk …`: the troubleshooting guide for one item of a table that exists.

Exit code 0: no cause remains; 1: one does; 2: the command can't be used like this, or the table can't be asked.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

from support.calls import Caller
from support.checklist import remaining, report, run_checklist
from support.clock import WallClock
from support.evidence import Question
from support.history import History, Key
from support.region import Region
from support.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE_NAME

NO_TABLE = "ResourceNotFoundException"
CURES = {
    "UnrecognizedClientException": "use credentials that AWS knows, and enable the region if it has to be",
    "InvalidSignatureException": "check the secret key and the clock of this machine",
    "ExpiredTokenException": "log in again: the credentials have expired",
    "AccessDeniedException": "allow dynamodb:DescribeTable, DescribeTimeToLive, GetItem and Query on the table",
}


class CannotAskError(Exception):
    """Nothing can be found out like this: one line with the cure."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checklist by hand."""
    options = _options(arguments)
    names = list(dict.fromkeys([*options.regions.split(","), options.region]))
    key = Key(options.pk, options.sk)
    question = Question(key, options.region, options.index, options.value, scanned=None, waited=options.waited)
    try:
        clients = {name: _client(name) for name in names}
        if not [name for name, client in clients.items() if _has_table(name, client, options.table_name)]:
            raise CannotAskError(f"no table {options.table_name} in {' or '.join(names)}; cure: {_NAME_ANOTHER}")
    except CannotAskError as error:
        print(f"checklist: {error}", file=sys.stderr)
        return 2
    clock, history = WallClock(), History()
    regions = {
        name: Region(name, options.table_name, Caller(name, options.table_name, client, clock), history, clock)
        for name, client in clients.items()
    }
    causes = run_checklist(regions, question)
    print("\n".join([f"{question.key} in {question.region}", *report(causes)]))
    return 1 if remaining(causes) else 0


_NAME_ANOTHER = "name the table with --table-name and its regions with --regions, or set AWS_ENDPOINT_URL_DYNAMODB"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m support.checklist",
        description="Run the page's Troubleshooting Guide for one item, with read-only calls.",
    )
    parser.add_argument("--pk", required=True, help="the partition key, such as USER#global-user-ada")
    parser.add_argument("--sk", required=True, help="the sort key, such as PROFILE")
    parser.add_argument("--region", default="", help="where the item was looked for (default: the last of --regions)")
    parser.add_argument("--regions", default=f"{PRIMARY_REGION},{REPLICA_REGION}", help="(default: %(default)s)")
    parser.add_argument("--table-name", default=TABLE_NAME, help="(default: %(default)s)")
    parser.add_argument("--index", default="", help="the index that was queried, such as GSI1")
    parser.add_argument("--value", default="", help="its partition key in that query")
    parser.add_argument("--waited", type=float, metavar="SECONDS", help="how long ago the item was written")
    options = parser.parse_args(arguments)
    options.region = options.region or options.regions.split(",")[-1]
    if bool(options.index) != bool(options.value):
        parser.error("--index and --value go together")
    if not all([options.pk, options.sk, *options.regions.split(",")]):
        parser.error("--pk, --sk and each of --regions need a value")
    return options


def _client(region: str) -> Any:
    config = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
    try:
        return boto3.session.Session().client("dynamodb", region_name=region, config=config)
    except (BotoCoreError, ValueError) as error:
        raise CannotAskError(f"{region}: {_one_line(error)}; cure: check the region's name and AWS_PROFILE") from None


def _has_table(region: str, client: Any, table: str) -> bool:
    """Whether the region has the table. Raises CannotAskError when it can't be asked at all."""
    try:
        client.describe_table(TableName=table)
    except NoCredentialsError:
        cure = "set AWS_PROFILE or run aws configure (for a simulator any access key will do)"
        raise CannotAskError(f"boto3 finds no credentials; cure: {cure}") from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == NO_TABLE:
            return False
        raise CannotAskError(f"{region}: {code}; cure: {CURES.get(code, 'see the error code')}") from None
    except EndpointConnectionError as error:
        cure = "check the network, the region's name and AWS_ENDPOINT_URL_DYNAMODB"
        raise CannotAskError(f"{_one_line(error)}; cure: {cure}") from None
    except BotoCoreError as error:
        cure = "check the credentials, the region and AWS_ENDPOINT_URL_DYNAMODB"
        raise CannotAskError(f"{region}: {_one_line(error)}; cure: {cure}") from None
    return True


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
