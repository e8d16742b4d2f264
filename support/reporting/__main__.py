"""`python -m support.reporting` makes one HTML page of the results of a run; exit code 3: the run is not complete."""

import sys
import webbrowser
from argparse import ArgumentParser, Namespace
from pathlib import Path

from support.reporting.build import build
from support.reporting.figures import verdict
from support.reporting.results import ReportError, read_run

CANNOT, INCOMPLETE = 1, 3


def main(arguments: list[str] | None = None) -> int:
    """Read the results, make the page, and say what it says."""
    options = _options(arguments)
    try:
        runs = [read_run(folder) for folder in options.results]
        if len({run.mode for run in runs}) < len(runs):
            raise ReportError("two of the folders are of the same mode; cure: name one for each, simulated and live")
        page = build(runs, options.output, options.history)
    except ReportError as error:
        print(f"support.reporting: {error}", file=sys.stderr)
        return CANNOT
    for run in runs:
        print(f"{run.mode}: {verdict(run)}")
        for problem in run.problems:
            print(f"{run.mode}: THIS RUN IS NOT COMPLETE: {problem}", file=sys.stderr)
    print(f"the report is {page}")
    if options.open:
        webbrowser.open(page.resolve().as_uri())
    return INCOMPLETE if any(run.problems for run in runs) else 0


def _options(arguments: list[str] | None) -> Namespace:
    reports = Path("reports")
    parser = ArgumentParser(prog="python -m support.reporting", description=__doc__)
    parser.add_argument(
        "results",
        nargs="*",
        type=Path,
        default=[reports / "allure-results"],
        help="what pytest was given as --alluredir; two folders for a simulated and a live run (default: %(default)s)",
    )
    parser.add_argument("--output", type=Path, default=reports / "html", help="(default: %(default)s)")
    parser.add_argument("--history", type=Path, default=reports, help="where histories are kept (default: %(default)s)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
