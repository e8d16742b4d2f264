"""`python -m support.benchmarks` measures what things cost, and says which bounds hold (exit code 1: not all do)."""

import os
import sys
from argparse import ArgumentParser
from importlib.metadata import version
from platform import python_version
from subprocess import CalledProcessError

from support.benchmarks import over_http, simulator, suite
from support.benchmarks.measuring import QUICK, Plan


def main(arguments: list[str] | None = None) -> int:
    parser = ArgumentParser(prog="python -m support.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure once and little: to see whether it works")
    parser.add_argument("--features", default="features/", help="what pytest runs as the whole suite")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    # At a load above 1 the figures in seconds say little, the ratios still do.
    versions = ", ".join(f"{package} {version(package)}" for package in ("moto", "boto3", "pytest"))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {python_version()}, {versions}", flush=True)
    try:
        rows = [*suite.rows(plan, options.features), *simulator.rows(plan), over_http.row(plan)]
    except CalledProcessError as error:
        print(f"{error}\n{error.stdout}{error.stderr}", file=sys.stderr)
        return 1
    print("\n| Work | Bound | Measured | |\n| --- | --- | --- | --- |", *rows, sep="\n")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
