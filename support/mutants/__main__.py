"""The command: run the features against each mutant, and say which were noticed, by which scenario, with what message.

Exit code 0 only if each mutant is killed by a scenario about the rule that it breaks, in words that name a region, no
scenario breaks instead of coming to a verdict, each scenario kills one, and the right table turns nothing red. 1: it
is not so, and the last lines say where. 2: a mistake on the command line.
"""

import argparse
import os
import signal
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from support.clock import WallClock
from support.command import demand_clone, demand_output, run_command
from support.mutants.results import MutantResult, Proof, line
from support.mutants.running import ROOT, run_all
from support.reporting.rendering.templates import cell
from support.simulator.faults import FAULTS, fault_named

OUTPUT = Path("reports/mutants.json")
REPORTS = Path(__file__).with_name("track_record.toml")
"""Public reports of trouble with replicated tables, and the scenario that notices each of them."""
TABLE = Path(__file__).with_name("TRACK_RECORD.md")


def main(arguments: Sequence[str]) -> int:
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not __debug__:
        parser.error("python -O leaves out every check: run it without")
    if chosen.track_record:
        TABLE.write_text(table(), encoding="utf-8")
        print(f"the track record is {TABLE}")
        return 0
    whole = not (chosen.only or chosen.feature or chosen.healthy_only)
    output = chosen.output or (OUTPUT if whole else None)
    demand_clone(ROOT)
    if output:
        demand_output("--output", output)
    try:
        mutants = [fault_named(text) for text in chosen.only] or [
            replace(each, value=case) for each in FAULTS.values() if each.subjects for case in each.cases
        ]
    except ValueError as error:
        parser.error(str(error))
    names = sorted(path.name for path in (ROOT / "features").glob("*.feature"))
    files = [f"features/{name}" for name in names if chosen.feature in name]
    if not files:
        parser.error(f"--feature {chosen.feature}: no file in features/ has this in its name")
    mutants = [] if chosen.healthy_only else mutants
    clock = WallClock()
    jobs = [("", seed) for seed in range(1, chosen.seeds + 1)] + [(str(each), 1) for each in mutants]
    runs = run_all(jobs, files, chosen.workers)
    healthy = [next(runs) for _ in range(chosen.seeds)]
    results = []
    for mutant, run in zip(mutants, runs, strict=True):
        results.append(MutantResult(mutant, run))
        print(line(results[-1]), flush=True)
    proof = Proof(results, healthy)
    problems = proof.problems(whole)
    if output:
        proof.write(output)
    killed = sum(each.status == "killed" for each in results)
    where = f"the table is {output}" if output else f"it is a part, so {OUTPUT} is left as it was"
    print(
        f"{killed} of {len(results)} mutants killed, {sum(each.status == 'equivalent' for each in results)} equivalent;"
        f" {len(healthy)} runs of a right table; {clock.elapsed():.0f} s; {where}"
    )
    print("".join(f"PROBLEM: {each}\n" for each in problems), end="")
    return 1 if problems else 0


def reports() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]
    return found


def table() -> str:
    """The reports in Markdown, for a reader; made by `python -m support.mutants --track-record`, never by hand."""
    lines = [
        "# What this suite would have noticed",
        "",
        f"{len(reports())} public reports of real trouble with replicated tables. Made from `track_record.toml` by"
        " `python -m support.mutants --track-record`; all were read on 2026-11-28.",
        "",
        "| What happened | The wrong rule | Scenario that notices | See it red: `pytest features/ --fault` |",
        "| --- | --- | --- | --- |",
    ]
    for each in reports():
        happened = f"{each['happened']} ([{each['title']}]({each['address']}))"
        cells = (happened, each["rule"], each["scenario"], f"`{each['fault']}`")
        lines.append(f"| {' | '.join(map(cell, cells))} |")
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m support.mutants", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help="this fault, may be repeated (listed by python -m support.simulator --list-faults)",
    )
    parser.add_argument("--feature", default="", metavar="TEXT", help="only feature files with this in their name")
    parser.add_argument("--seeds", type=_count, default=2, metavar="N", help="runs of a right table (default: 2)")
    parser.add_argument("--healthy-only", action="store_true", help="run no mutants, only the right table")
    parser.add_argument("--workers", type=_count, default=os.cpu_count() or 1, metavar="N", help="runs side by side")
    parser.add_argument("--output", type=Path, metavar="PATH", help=f"default: {OUTPUT}, if everything is run")
    parser.add_argument("--track-record", action="store_true", help="make the table of public reports anew")
    return parser


def _count(text: str) -> int:
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"use a whole number from 1 on, not {text!r}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run_command(partial(main, sys.argv[1:]))
    except KeyboardInterrupt:  # The pool has let the runs at work end.
        sys.exit("interrupted: no table was written")
