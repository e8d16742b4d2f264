"""What became of the page's claims in a run: a table in the terminal (`--claims`), and one in the report."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Literal

import allure
import pytest

from support.page.claims import Claim, Outcomes, State, shown, state, tally
from support.page.page_claims import CLAIMS

HEAD = ("claim", "section", "the page says", "state", "scenarios")
SAYS, SCENARIO = 52, 60


class ClaimsTable:
    """Follows a run, and ends it with what its scenarios have shown of the page's claims."""

    def __init__(self, mode: str, *, printed: bool, attached: bool) -> None:
        self._printed = printed
        self._attached = attached
        self._title = f"claims of the page, {mode}"
        self._runs: dict[str, str] = {}

    @property
    def outcomes(self) -> Outcomes:
        """How the scenarios went so far."""
        return by_scenario(self._runs.items())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put down how a test went; with xdist this is the process that started the workers."""
        word = _outcome(report)
        if word and self._runs.get(report.nodeid) not in ("failed", "broken"):
            self._runs[report.nodeid] = word

    def pytest_sessionfinish(self) -> None:
        """Attach the table to the report as a whole."""
        if self._attached:
            table = as_csv(CLAIMS, self.outcomes)
            allure.global_attach(table, self._title.capitalize(), allure.attachment_type.CSV)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table after everything else, if it was asked for."""
        if self._printed:
            terminalreporter.section(self._title)
            for line in lines(CLAIMS, self.outcomes):
                terminalreporter.write_line(line)


def _outcome(report: pytest.TestReport) -> Literal["passed", "failed", "broken", "skipped"] | None:
    """What a report says of its test; None: nothing yet, or nothing new."""
    if report.failed:
        return "broken" if report.when in ("setup", "teardown") else "failed"
    if report.skipped:
        return "skipped"
    return "passed" if report.when == "call" else None


def by_scenario(runs: Iterable[tuple[str, str]]) -> Outcomes:
    """The outcomes of each scenario under its name as it is written: node ids have the rows of outlines in brackets."""
    outcomes: dict[str, list[str]] = defaultdict(list)
    for nodeid, outcome in runs:
        path, _, test = nodeid.partition("::")
        if path.endswith(".feature"):
            outcomes[test.partition("[")[0]].append(outcome)
    return dict(outcomes)


def lines(claims: Sequence[Claim], outcomes: Outcomes) -> list[str]:
    """The table as text: a line for each claim, then how many there are of each state, then the sources."""
    rows = [HEAD, *(_short(claim, outcomes) for claim in claims)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*table, "", _counted(claims, outcomes), *_reasons(claims)]


def _short(claim: Claim, outcomes: Outcomes) -> tuple[str, ...]:
    first = shorten(claim.scenarios[0], SCENARIO, placeholder="...") if claim.scenarios else ""
    more = f" and {len(claim.scenarios) - 1} more" if len(claim.scenarios) > 1 else ""
    went = f"{tally(claim, outcomes)}: " if claim.scenarios else ""
    says = shorten(claim.says, SAYS, placeholder="...")
    return claim.id, claim.section, says, str(state(claim, outcomes)), f"{went}{first}{more}"


def _counted(claims: Sequence[Claim], outcomes: Outcomes) -> str:
    states = [state(claim, outcomes) for claim in claims]
    return ", ".join([f"{len(claims)} claims", *(f"{states.count(each)} {each}" for each in State if each in states)])


def _reasons(claims: Sequence[Claim]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for claim in claims:
        if claim.reason:
            reasons.setdefault(claim.reason, []).append(claim.id)
    return [f"{', '.join(ids)}: {reason}" for reason, ids in reasons.items()]


def as_csv(claims: Sequence[Claim], outcomes: Outcomes) -> str:
    """The table with nothing shortened, for the report."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*HEAD, "how they went", "what they show", "source or reason"])
    for claim in claims:
        scenarios = "; ".join(claim.scenarios)
        went = tally(claim, outcomes)
        instead = "" if claim.untestable else str(shown(claim, outcomes))
        rows.writerow(
            [claim.id, claim.section, claim.says, str(state(claim, outcomes)), scenarios, went, instead, claim.reason]
        )
    return text.getvalue()
