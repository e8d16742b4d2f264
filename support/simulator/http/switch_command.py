"""`python -m support.simulator switch` moves the switches of a simulator that is serving on this machine."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from support.simulator.http.control import usage
from support.simulator.http.options import DEFAULT_PORT
from support.simulator.http.server import CONTROL_HEADER, CONTROL_PATH, LOOPBACK

SECONDS_TO_ANSWER = 30


def main(arguments: Sequence[str]) -> int:
    """Say the words to the server, and print the state that it answers. Exit code 2 for what can't be done."""
    parser = ArgumentParser(
        prog="python -m support.simulator switch",
        description=__doc__,
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
