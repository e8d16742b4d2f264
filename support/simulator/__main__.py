"""`python -m support.simulator --port 8555` serves a simulated global table on this machine, until Ctrl-C.

`python -m support.simulator switch` moves its switches meanwhile: it asks the server, over its port.
"""

import os
import signal
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from threading import Event

from support.clock import WallClock
from support.command import run_command
from support.page.workshop import ON_DEMAND, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE
from support.simulator.engines.compatibility import check_compatibility
from support.simulator.engines.endpoint_engine import EndpointEngine
from support.simulator.engines.engine import EngineError
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.faults import list_of_faults
from support.simulator.http.control import usage
from support.simulator.http.options import DEFAULT_PORT, read_options
from support.simulator.http.server import CONTROL_HEADER, CONTROL_PATH, LOOPBACK, Server, serve
from support.simulator.replication.links import Lag
from support.simulator.simulator import Simulator

SECONDS_TO_ANSWER = 30


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
        epilog="words:\n  " + "\n  ".join(usage()),
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


if __name__ == "__main__":
    run_command(main)
