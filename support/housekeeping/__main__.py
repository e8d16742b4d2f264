"""`python -m support.housekeeping`: what runs have left in live tables, its removal, and the policy that a run needs.

Exit code 0: nothing is left (or the policy was printed); 1: something is; 2: the command can't be used like this.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from support.command import run_command
from support.housekeeping.journal import FOLDER, Leftover, leftovers
from support.housekeeping.policy import policy
from support.housekeeping.sweep import report, sweep
from support.options import add_arguments
from support.settings import options_named, read_settings

ROOT = Path(__file__).parents[2]
NAMES = ("participant", "table-name", "primary-region", "replica-region")


def main(arguments: Sequence[str] | None = None, folder: Path = ROOT / FOLDER) -> int:
    options = _options(arguments)
    settings = read_settings(**{each.field: getattr(options, each.field) for each in options_named(*NAMES)})
    if options.print_policy:
        print(json.dumps(policy(settings, options.experiments), indent=2))
        return 0
    if options.delete:
        swept = sweep(folder, options.aws_profile)
        lines, clean = report(swept), all(each.clean for each in swept)
    else:
        lines = [_line(each) for each in leftovers(folder) if each.keys]
        clean = not lines
    print("\n".join(lines or [f"housekeeping: nothing is left in {folder}"]))
    return 0 if clean else 1


def _line(leftover: Leftover) -> str:
    manifest = leftover.manifest
    what = f"{len(leftover.keys)} items of run {manifest.owner}, which began {manifest.started}"
    where = f"in table {manifest.table} in {' and '.join(manifest.regions)}"
    state = "still at work" if leftover.in_use else "--delete removes them"
    return f"housekeeping: {what}, {where}: {state}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m support.housekeeping", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--delete", action="store_true", help="remove what is left, and nothing else")
    what.add_argument("--print-policy", action="store_true", help="print the IAM policy that a live run needs")
    parser.add_argument("--experiments", action="store_true", help="with what pausing replication needs in the policy")
    parser.add_argument("--aws-profile", default="", help="the profile of boto3's configuration")
    add_arguments(parser, options_named(*NAMES))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run_command(main)
