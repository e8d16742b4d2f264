"""The options of `python -m support.simulator`, checked before anything is started."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import NoReturn

from support.page.workshop import PRIMARY_REGION, REPLICA_REGION
from support.simulator.faults import FAULTS, Fault, check_together, fault_named
from support.simulator.http.control import usage
from support.simulator.isolated_session import known_regions
from support.simulator.replication.links import Lag
from support.simulator.replication.measured_lags import MeasuredLags

DEFAULT_PORT = 8555
ENGINE = re.compile(r"(?:(?P<region>[\w-]+)=)?(?P<url>https?://[^/\s]+)/?")

COMMANDS = "\n  ".join(usage())
EPILOG = f"""\
while it runs, on the same port (python -m support.simulator switch --port {DEFAULT_PORT} WORDS; or with curl:
curl -H 'X-Simulator: yes' -d 'WORDS' http://127.0.0.1:{DEFAULT_PORT}/simulator):
  {COMMANDS}

with --engine: the tables that are created through the simulator are deleted from the engine when it ends; tables that
were there before are left alone.
"""


class OneLineParser(ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}\n")


def read_options(arguments: Sequence[str] | None) -> Namespace:
    """Options from texts: times in seconds; `engines` has the address of each region's, or is None; `measured` has the
    lags of --lag-from, or is None. Ends the process with one line and exit code 2 for the first that can't be."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.list_faults:
        print(list_of_faults(), end="")
        parser.exit()
    given.engines = given.measured = None
    option = "--fault"
    try:
        check_together(given.fault, given.regions)
        option = "--engine"
        given.engines = _engines(given.engine, given.regions)
        option = "--lag-from"
        given.measured = MeasuredLags.read(given.lag_from, given.regions) if given.lag_from else None
    except ValueError as error:
        parser.error(f"argument {option}: {error}")
    return given


def list_of_faults() -> str:
    """A line for each fault, with the kind of its value and the rule that it breaks."""
    lines = [
        f"{kind.area:<14} {kind.name}{kind.takes and f'={kind.values}'}: {kind.says} ({kind.rule})\n"
        for kind in FAULTS.values()
    ]
    return "".join(lines)


def _parser() -> ArgumentParser:
    parser = OneLineParser(
        prog="python -m support.simulator",
        description="Serve a simulated global table on this machine, until Ctrl-C.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=_port, default=DEFAULT_PORT, help="on loopback (default: 8555; 0: any that is free)")
    regions = f"{PRIMARY_REGION},{REPLICA_REGION}"
    add("--regions", type=_regions, default=regions, help=f"separated by commas (default: {regions})")
    add("--lag", type=_seconds, default=Lag.median, help="the usual lag of a link in seconds (default: 0.8)")
    lag_from = "draw the lags from what a live run has measured (its --evidence file)"
    add("--lag-from", type=Path, metavar="FILE", help=lag_from)
    add("--seed", default="1", help="what the lags depend on (default: 1)")
    add("--no-table", action="store_true", help="start without the workshop's table")
    add(
        "--fault",
        action="append",
        default=[],
        type=_fault,
        metavar="NAME[=VALUE]",
        help="break the table on purpose; may be repeated",
    )
    add("--list-faults", action="store_true", help="list the faults that there are, and serve nothing")
    publish = "seconds until CloudWatch shows a value (default: when the period of its datapoint is over)"
    add("--publish-after", type=_seconds, metavar="SECONDS", help=publish)
    engine = "keep the items in another DynamoDB with streams, as in http://127.0.0.1:8000 (default: in this process)"
    for_each = "; for one that serves a single region, once for each: us-east-1=http://127.0.0.1:8000"
    add("--engine", action="append", default=[], type=_engine, metavar="[REGION=]URL", help=engine + for_each)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise ArgumentTypeError(f"{text!r} is no port: use a number from 0 (any that is free) to {2**16 - 1}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not (isfinite(seconds) and seconds >= 0):
        raise ArgumentTypeError(f"{text!r} is no time: use seconds from 0, as in 0.8")
    return seconds


def _regions(text: str) -> tuple[str, ...]:
    regions = tuple(text.split(","))
    unknown = [region for region in regions if region not in known_regions()]
    if unknown:
        raise ArgumentTypeError(f"{unknown[0]!r} is no region: separate names like us-east-1,eu-west-1 by commas")
    if len(set(regions)) < len(regions):
        raise ArgumentTypeError(f"{text} names a region twice: name each once")
    return regions


def _fault(text: str) -> Fault:
    try:
        return fault_named(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _engine(text: str) -> tuple[str, str]:
    found = ENGINE.fullmatch(text)
    if not found:
        raise ArgumentTypeError(f"{text!r} is no address of an engine: use one like http://127.0.0.1:8000")
    return found["region"] or "", found["url"]


def _engines(given: Sequence[tuple[str, str]], regions: Sequence[str]) -> Mapping[str, str] | None:
    """The address for each region: one for all, or one for each. Raises ValueError."""
    engines = dict(given)
    if not given:
        return None
    if len(given) == 1 and "" in engines:
        return dict.fromkeys(regions, engines[""])
    if len(engines) < len(given) or set(engines) != set(regions):
        raise ValueError(f"give one address, or REGION=URL once for each of {', '.join(regions)}")
    return {region: engines[region] for region in regions}
