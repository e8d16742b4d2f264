"""`python -m support.benchmarks` measures what things cost, and says which bounds hold (exit code 1: not all do)."""

import os
from argparse import ArgumentParser
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

from support.benchmarks import simulator
from support.benchmarks.measuring import QUICK, Plan, Row, python
from support.command import run_command


def main(arguments: list[str] | None = None) -> int:
    parser = ArgumentParser(prog="python -m support.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure once and little: to see whether it works")
    parser.add_argument("--features", default="features/", help="what pytest runs as the whole suite")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    versions = ", ".join(f"{package} {version(package)}" for package in ("moto", "boto3", "pytest"))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {python_version()}, {versions}", flush=True)
    try:
        rows = [*suite_rows(plan, options.features), *simulator.rows(plan)]
    except CalledProcessError as error:
        raise SystemExit(f"{error}\n{error.stdout}{error.stderr}") from None
    print("\n| Work | Bound | Measured | |\n| --- | --- | --- | --- |", *rows, sep="\n")
    return 0 if all(row.holds for row in rows) else 1


def suite_rows(plan: Plan, features: str) -> list[Row]:
    suite = ("-m", "pytest", features, "-q")
    plain, bare, slow, reported = [], [], [], []
    with TemporaryDirectory() as folder:
        calls = str(Path(folder) / "calls.jsonl")
        python(*suite, "-p", "support.benchmarks.bare", "--record-calls", calls)
        for number in range(plan.rounds):
            plain.append(python(*suite))
            bare.append(python("-m", "support.benchmarks.bare", calls))
            slow.append(python(*suite, "-p", "support.tests.without_speed_ups"))
            reported.append(python(*suite, "--alluredir", str(Path(folder) / str(number))))
    ratios = [one / other for one, other in zip(plain, bare, strict=True)]
    shares = [100 * (1 - one / other) for one, other in zip(plain, reported, strict=True)]
    work = "the whole suite, simulated, start to exit"
    return [
        Row(work, 1.3, "x", "a bare script that makes the same calls on moto", ratios),
        Row(work, 10.0, " s", "", plain),
        Row(f"{work}, all speed-ups left out", 20.0, " s", "", slow),
        Row("reporting, with --alluredir", 15.0, "%", "of the suite's wall time", shares),
    ]


if __name__ == "__main__":
    run_command(main)
