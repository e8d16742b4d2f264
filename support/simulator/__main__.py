"""`python -m support.simulator --port 8555` serves a simulated global table on this machine, until Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from threading import Event

from support.clock import WallClock
from support.simulator.faults import SWITCHES, Fault
from support.simulator.links import Lag
from support.simulator.server import Server, serve
from support.simulator.simulator import Simulator
from support.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE, TIME_TO_LIVE_ATTRIBUTE


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Exit code 2 for options that can't be, or a port that is taken."""
    options = _options(arguments)
    # Started in the background by a shell, a process is told to ignore Ctrl-C: this one can be ended all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    regions = tuple(options.regions.split(","))
    simulator = Simulator(WallClock(), regions, options.seed, Lag(median=options.lag), options.fault)
    with closing(simulator):
        if not options.no_table:
            simulator.create_global_table(TABLE, TIME_TO_LIVE_ATTRIBUTE)
        try:
            with serve(simulator, options.port) as server:
                print(_ready(server, options), flush=True)
                Event().wait()
        except KeyboardInterrupt:
            return 0
        except OSError as error:
            print(f"port {options.port} can't be used: {error.strerror}; name another with --port", file=sys.stderr)
            return 2
    return 0


def _ready(server: Server, options: argparse.Namespace) -> str:
    tables = "no table" if options.no_table else f"the table {TABLE['TableName']}"
    faults = ", ".join(map(str, options.fault)) or "none"
    return "\n".join(
        [
            f"ready: {tables} in {options.regions}, lag around {options.lag:g} s, faults: {faults}",
            f"export AWS_ENDPOINT_URL_DYNAMODB={server.url} AWS_ENDPOINT_URL_CLOUDWATCH={server.url}",
            "export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated",
        ]
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m support.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8555, help="on loopback (default: 8555; 0: any that is free)")
    parser.add_argument("--regions", default=f"{PRIMARY_REGION},{REPLICA_REGION}", help="separated by commas")
    parser.add_argument("--lag", type=float, default=Lag.median, help="the usual lag of a link in seconds")
    parser.add_argument("--seed", default="1", help="what the lags depend on (default: 1)")
    parser.add_argument("--no-table", action="store_true", help="start without the workshop's table")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=_fault,
        metavar="NAME[=VALUE]",
        help=f"one of {', '.join(SWITCHES)}",
    )
    return parser.parse_args(arguments)


def _fault(text: str) -> Fault:
    try:
        return Fault.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
