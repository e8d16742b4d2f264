"""`python -m support.reporting` makes one HTML page of the results of a run, and summaries for other tools.

Exit codes: 0 the page is made, 1 it can't be (one line says why), 3 it is made, but the run is not complete. Failed
scenarios are no reason for any of them: that is what pytest's own exit code says.
"""

import os
import sys
import webbrowser
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from support.command import demand_output, run_command
from support.options import OptionError
from support.reporting.report.build import build
from support.reporting.report.first_page import moment
from support.reporting.report.history import as_past, comparison
from support.reporting.report.run import ReportError, Run, read_run
from support.reporting.report.summaries import JOB_SUMMARY, write_results, write_summary

CANNOT, INCOMPLETE = 1, 3


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        for option in ("json", "summary", "output", "history"):
            demand_output(f"--{option}", getattr(options, option), folder=option in ("output", "history"))
        if os.environ.get(JOB_SUMMARY):
            demand_output(f"${JOB_SUMMARY}", Path(os.environ[JOB_SUMMARY]))
        runs = _labelled([read_run(folder) for folder in options.results])
        write_results(runs, options.json)
        write_summary(runs, options.summary)
        keep = not options.no_history
        page = build(runs, options.output, options.history, keep=keep, mutants=options.mutants)
    except (ReportError, OptionError) as error:
        print(f"support.reporting: {error}", file=sys.stderr)
        return CANNOT
    for run in runs:
        began = f" The run began {moment(run.started)}." if run.started else ""
        print(f"{run.label}: {run.verdict}{began}")
        for problem in run.problems:
            print(f"{run.label}: THIS RUN IS NOT COMPLETE: {problem}", file=sys.stderr)
    if len(runs) > 1:
        for kind, changed in comparison(*map(as_past, runs)).items():
            for name, before, now in changed:
                print(f"differs, {kind}: {name}: {before}, then {now}")
    print(f"the report is {page}")
    if options.open:
        webbrowser.open(page.resolve().as_uri())
    return INCOMPLETE if any(run.problems for run in runs) else 0


def _labelled(runs: Sequence[Run]) -> list[Run]:
    """One run, or two to compare, each under a label of its own."""
    if len(runs) > 2:
        raise ReportError(f"{len(runs)} folders are too many; cure: name one, or two to compare")
    alike = len({run.mode for run in runs}) < len(runs)
    return [replace(run, label=f"{run.mode}-{number}") for number, run in enumerate(runs, 1)] if alike else list(runs)


def _options(arguments: list[str] | None) -> Namespace:
    reports = Path("reports")
    parser = ArgumentParser(prog="python -m support.reporting", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "results",
        nargs="*",
        type=Path,
        default=[reports / "allure-results"],
        help="what pytest was given as --alluredir; two folders to compare two runs (default: %(default)s)",
    )
    parser.add_argument("--output", type=Path, default=reports / "html", help="(default: %(default)s)")
    parser.add_argument("--history", type=Path, default=reports, help="where histories are kept (default: %(default)s)")
    parser.add_argument("--json", type=Path, default=reports / "results.json", help="(default: %(default)s)")
    parser.add_argument("--summary", type=Path, default=reports / "summary.md", help="(default: %(default)s)")
    parser.add_argument(
        "--mutants", type=Path, default=reports / "mutants.json", help="what the suite was proved against, if it was"
    )
    parser.add_argument("--no-history", action="store_true", help="leave this run out of the trends, as a part of one")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run_command(main)
