"""`python -m support.checklist --pk … --sk …`: the troubleshooting guide for one item of a table that exists.

Exit code 0: no cause remains; 1: one does; 2: the command can't be used like this, or the table can't be asked.
"""

import argparse
import sys
from collections.abc import Sequence

from support.checklist.causes import judged, remaining, report
from support.checklist.evidence import Question, gather
from support.clock import WallClock
from support.command import run_command
from support.page.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE_NAME
from support.table.aws_clients import Clients
from support.table.calls import Caller
from support.table.region import Region, described_table
from support.verdicts.errors import TargetTroubleError
from support.verdicts.history import History, Key

PATIENCE = 10.0
"""Seconds for which a region is asked that does not answer."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    names = list(dict.fromkeys([*options.regions.split(","), options.region]))
    key = Key(options.pk, options.sk)
    question = Question(key, options.region, options.index, options.value, scanned=None, waited=options.waited)
    clock, history, always = WallClock(), History(), {"TableName": options.table_name}
    try:
        clients = Clients()
        callers = {
            name: Caller(name, clients.client("dynamodb", name), clock, always, patience=PATIENCE) for name in names
        }
        described = [described_table(caller) for caller in callers.values()]
        if not any(described):
            raise TargetTroubleError(f"no table {options.table_name} in {' or '.join(names)}; cure: {_NAME_ANOTHER}")
    except TargetTroubleError as error:
        print(f"checklist: {error}", file=sys.stderr)
        return 2
    regions = {name: Region(name, options.table_name, caller, history, clock) for name, caller in callers.items()}
    found = gather(regions, question, None)
    causes = judged(found)
    there = found.held.get(question.region) is not None
    print("\n".join([f"{question.key} in {question.region}", *report(causes, there)]))
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


if __name__ == "__main__":
    run_command(main)
