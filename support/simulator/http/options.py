"""The options of `python -m support.simulator`, checked before anything is started."""

import re
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.evidence import MeasuredLags
from support.experiments import LATEST_EFFECT
from support.options import Option, OptionError, add_arguments, unless_empty, whole_number
from support.page.workshop import PRIMARY_REGION, REPLICA_REGION
from support.simulator.faults import check_together, fault_named
from support.simulator.http.control import seconds, usage
from support.simulator.isolated_session import known_regions

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


def _regions(text: str) -> tuple[str, ...]:
    regions = tuple(text.split(","))
    if unknown := [region for region in regions if region not in known_regions()]:
        raise ValueError(f"{unknown[0]!r} is no region: separate names like us-east-1,eu-west-1 by commas")
    if len(set(regions)) < len(regions):
        raise ValueError("a region is named twice: name each once")
    return regions


def _addresses(texts: Sequence[str]) -> dict[str, str]:
    """The address of the engine by region; under no name where one is for all."""
    found = [ENGINE.fullmatch(text) for text in texts]
    addresses = {each["region"] or "": each["url"] for each in found if each}
    if len(addresses) < len(texts):
        raise ValueError("use an address like http://127.0.0.1:8000, or REGION=URL once for each region")
    return addresses


OPTIONS = (
    Option("port", str(DEFAULT_PORT), "on loopback; 0: any that is free", whole_number(0, 2**16 - 1)),
    Option("regions", f"{PRIMARY_REGION},{REPLICA_REGION}", "separated by commas", _regions),
    Option("lag", "0.8", "the usual lag of a link in seconds", seconds),
    Option("lag-from", "", "draw the lags from what a live run has measured (its --evidence file)", metavar="FILE"),
    Option("seed", "1", "what the lags depend on"),
    Option("no-table", "", "start without the workshop's table", bool, "flag"),
    Option(
        "fault", "", "break the table, may be repeated", lambda texts: tuple(map(fault_named, texts)), "list",
        metavar="NAME[=VALUE]",
    ),
    Option("list-faults", "", "list the faults that there are, and serve nothing", bool, "flag"),
    Option(
        "publish-after", "", "seconds until CloudWatch shows a value, else when the period of its datapoint is over",
        unless_empty(seconds, None),
    ),
    Option(
        "experiment-delay", f"{LATEST_EFFECT:g}",
        "seconds after its start that an experiment of FIS may take to pause replication, at most", seconds,
    ),
    Option(
        "engine", "", "keep the items in another DynamoDB with streams, as in http://127.0.0.1:8000 (for one that"
        " serves a single region, once for each: us-east-1=http://127.0.0.1:8000), else in this process",
        _addresses, "list", metavar="[REGION=]URL",
    ),
)  # fmt: skip


def read_options(arguments: Sequence[str] | None) -> Namespace:
    """Options from texts: times in seconds; `engine` has the address of each region's, or is empty; `measured` has the
    lags of --lag-from, or is None. Raises OptionError for the first that can't be."""
    parser = ArgumentParser(
        prog="python -m support.simulator",
        description="Serve a simulated global table on this machine, until Ctrl-C.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_arguments(parser, OPTIONS)
    said = vars(parser.parse_args(arguments))
    given = Namespace(**{option.field: option.value(said[option.field]) for option in OPTIONS})
    option = "--fault"
    try:
        check_together(given.fault, given.regions)
        option = "--engine"
        given.engine = _engines(given.engine, given.regions)
        option = "--lag-from"
        given.measured = MeasuredLags.read(Path(given.lag_from), given.regions) if given.lag_from else None
    except ValueError as error:
        raise OptionError(f"{option}: {error}") from None
    return given


def _engines(given: Mapping[str, str], regions: Sequence[str]) -> dict[str, str]:
    """The address for each region: one for all, or one for each. Raises ValueError."""
    if list(given) == [""]:
        return dict.fromkeys(regions, given[""])
    if given and set(given) != set(regions):
        raise ValueError(f"give one address, or REGION=URL once for each of {', '.join(regions)}")
    return {region: given[region] for region in regions if given}
