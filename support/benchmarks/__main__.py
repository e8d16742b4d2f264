"""`python -m support.benchmarks` measures what things cost, and says which bounds hold (exit code 1: not all do)."""

import os
import sys
from argparse import ArgumentParser
from importlib.metadata import version
from platform import python_version

from support.benchmarks import growth, memory, over_http, probes, simulator, suite
from support.benchmarks.measuring import QUICK, Plan
from support.benchmarks.rows import Row, exit_code, table
from support.command import run_command


def main(arguments: list[str] | None = None) -> int:
    """Measure everything in one run, and print the table."""
    parser = ArgumentParser(prog="python -m support.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure once and little: to see whether it works")
    parser.add_argument(
        "--memory", action="store_true", help="measure the memory of 100,000 items and a million requests, and no more"
    )
    parser.add_argument("--features", default="features/", help="what pytest runs as the whole suite")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    print(machine(), flush=True)
    rows = [memory.full_row()] if options.memory else _all_rows(plan, options.features)
    print(table(rows))
    return exit_code(rows)


def _all_rows(plan: Plan, features: str) -> list[Row]:
    _say("the suite, the bare script and the suite with a report take turns: the whole run takes some three minutes")
    rounds = suite.measure(plan, features)
    _say("the simulator and bare moto take turns")
    simulated = simulator.rows(plan)
    _say("requests among many items and among few take turns, and what stays in memory")
    grown = [*growth.rows(plan), memory.row(plan)]
    _say("requests over HTTP, beside DynamoDB Local if $DYNAMODB_LOCAL names its folder")
    served = over_http.rows(plan)
    _say("timing probes")
    return [*suite.suite_rows(rounds), *simulated, *grown, *served, *probes.rows(plan), *suite.reporting_rows(rounds)]


def machine() -> str:
    """What it is measured on, in one line; at a load above 1 the figures in seconds say little, the ratios still do."""
    versions = ", ".join(f"{package} {version(package)}" for package in ("moto", "boto3", "pytest"))
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {python_version()}, {versions}"


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    run_command(main)
