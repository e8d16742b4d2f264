"""`python -m support.targets --print-template`: a CloudFormation template of a table that the suite can be run against.

The template goes to stdout, what to do with it to stderr. Exit code 2: the command can't be used like this.
"""

import argparse
import json
import sys
from collections.abc import Sequence

from support.command import run_command
from support.options import add_arguments
from support.settings import options_named, read_settings
from support.targets.template import commands, template

ADVICE = """\
deploy it (a few minutes):
  {deploy}
then see that it is fit:
  pytest features/ --mode live --preflight-only{more}
delete it:
  {delete}
if that fails, because AWS keeps a table for 24 hours that a replica was made from, remove the replica first:
  {alone}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print."""
    parser = argparse.ArgumentParser(prog="python -m support.targets", description=__doc__)
    parser.add_argument("--print-template", action="store_true", required=True, help="print the template as JSON")
    parser.add_argument("--experiments", action="store_true", help="with an experiment of FIS that pauses replication")
    add_arguments(parser, options_named("table-name", "primary-region", "replica-region"))
    options = vars(parser.parse_args(arguments))
    del options["print_template"]
    pausing = options.pop("experiments")
    settings = read_settings(**options)
    print(json.dumps(template(settings, pausing), indent=2))
    print(ADVICE.format(**commands(settings, pausing)), file=sys.stderr)
    return 0


if __name__ == "__main__":
    run_command(main)
