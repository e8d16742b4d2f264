"""`python -m support.simulator --port 8555` serves a simulated global table on this machine, until Ctrl-C.

`python -m support.simulator switch` moves its switches meanwhile: it asks the server, over its port.
"""

import os
import re
import signal
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event

from support.clock import WallClock
from support.command import run_command
from support.evidence import MeasuredLags
from support.experiments import LATEST_EFFECT
from support.options import Option, OptionError, add_arguments, unless_empty, whole_number
from support.page.workshop import ON_DEMAND, PRIMARY_REGION, REPLICA_REGION, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE
from support.simulator.engines.endpoint_engine import EndpointEngine, check_compatibility
from support.simulator.engines.engine import EngineError
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.faults import check_together, fault_named, list_of_faults
from support.simulator.http.control import seconds, usage
from support.simulator.http.server import CONTROL_HEADER, CONTROL_PATH, LOOPBACK, Server, serve
from support.simulator.isolated_session import known_regions
from support.simulator.replication.links import Lag
from support.simulator.simulator import Simulator

SECONDS_TO_ANSWER = 30
DEFAULT_PORT = 8555
ENGINE = re.compile(r"(?:(?P<region>[\w-]+)=)?(?P<url>https?://[^/\s]+)/?")
COMMANDS = "\n  ".join(usage())
EPILOG = f"""\
while it runs, on the same port (python -m support.simulator switch --port {DEFAULT_PORT} WORDS; or with curl:
curl -H '{CONTROL_HEADER}: yes' -d 'WORDS' http://{LOOPBACK}:{DEFAULT_PORT}{CONTROL_PATH}):
  {COMMANDS}

with --engine: the tables that are created through the simulator are deleted from the engine when it ends; tables that
were there before are left alone.
"""


def main() -> int:
    """Serve until interrupted. Exit code 2 for options, a port or an engine that can't be used."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["switch"]:
        return switch(arguments[1:])
    options = read_options(arguments)
    if options.list_faults:
        print(list_of_faults(), end="")
        return 0
    # Started in the background by a shell, a process is told to ignore Ctrl-C: this one can be ended all the same.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    clock = WallClock()
    moto = MotoEngine()
    engine = EndpointEngine(options.engine, moto) if options.engine else moto
    lags = options.measured.lags if options.measured else {}
    measured = {link: Lag.measured(brackets) for link, brackets in lags.items()}
    lag = Lag(median=options.lag)
    simulator = Simulator(
        clock, options.regions, options.seed, lag, options.fault, engine, options.publish_after, measured,
        options.experiment_delay,
    )  # fmt: skip
    with closing(simulator):
        try:
            if isinstance(engine, EndpointEngine):
                check_compatibility(engine, None if options.no_table else TABLE_NAME)
            if not options.no_table:
                simulator.create_global_table(ON_DEMAND, TIME_TO_LIVE_ATTRIBUTE)
            with serve(simulator, options.port) as server:
                print(_ready(server, options, moto.account), flush=True)
                Event().wait()
        except KeyboardInterrupt:
            return 0
        except BrokenPipeError:
            raise
        except (EngineError, RuntimeError) as error:
            print(error, file=sys.stderr)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            print(f"port {options.port} can't be used: {reason}; name another with --port", file=sys.stderr)
    return 2


def switch(arguments: Sequence[str]) -> int:
    """Say the words to a server, and print the state that it answers. Exit code 2 for what can't be done."""
    command = "python -m support.simulator switch"
    parser = ArgumentParser(
        prog=command,
        description=f"`{command}` moves the switches of a simulator that is serving on this machine.",
        epilog=f"words:\n  {COMMANDS}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where it serves (default: {DEFAULT_PORT})")
    parser.add_argument("words", nargs="+", metavar="WORD", help="what to do, as in: on throttling=0.2")
    options = parser.parse_args(arguments)
    try:
        with closing(HTTPConnection(LOOPBACK, options.port, timeout=SECONDS_TO_ANSWER)) as connection:
            connection.request("POST", CONTROL_PATH, " ".join(options.words), {CONTROL_HEADER: "yes"})
            response = connection.getresponse()
            if not response.getheader("Content-Type", "").startswith(("application/json", "text/plain")):
                raise HTTPException
            answer = response.read().decode()
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        start = f"start one with python -m support.simulator --port {options.port}, or name another with --port"
        print(f"no simulator answers on port {options.port} ({reason}): {start}", file=sys.stderr)
        return 2
    print(answer.strip(), file=sys.stdout if response.status == 200 else sys.stderr)
    return 0 if response.status == 200 else 2


def _ready(server: Server, options: Namespace, account: str) -> str:
    table = "no table" if options.no_table else f"the table {TABLE_NAME}"
    faults = ", ".join(map(str, options.fault)) or "none"
    engines = ", ".join(dict.fromkeys(options.engine.values()))
    kept = f", kept in {engines}" if engines else f", account {account}"
    lag = f"lags of {options.measured}" if options.measured else f"lag around {options.lag:g} s"
    addresses = [
        f"AWS_ENDPOINT_URL_{each}={server.url}" for each in ("DYNAMODB", "DYNAMODB_STREAMS", "CLOUDWATCH", "FIS")
    ]
    return f"""\
ready: {table} in {",".join(options.regions)}, {lag}, faults: {faults}{kept}
export {" ".join(addresses)}
export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated AWS_DEFAULT_REGION={options.regions[0]}
faults and links: python -m support.simulator switch --port {server.server_port} state\
 (or: curl -H '{CONTROL_HEADER}: yes' -d state {server.url}{CONTROL_PATH})"""


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


if __name__ == "__main__":
    run_command(main)
