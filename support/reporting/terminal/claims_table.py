"""What became of the page's claims in a run: a table in the terminal (`--claims`), and one in the report."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

import allure
import pytest

from support.page.claims import BROKEN, FAILED, Evidence, ScenarioOutcome, claims_in_words, tally
from support.page.page_map import Claim, page_map
from support.reporting.recording.outcome import outcome
from support.reporting.terminal.summary import recorded_findings

HEAD = ("claim", "section", "the page says", "state", "scenarios")
SECTION, SAYS = 40, 52


class ClaimsTable:
    """Follows a run, and ends it with what its scenarios have shown of the page's claims."""

    def __init__(self, mode: str, *, printed: bool, attached: bool) -> None:
        self._printed = printed
        self._attached = attached
        self._title = f"claims of the page, {mode}"
        self._outcomes: dict[str, ScenarioOutcome] = {}

    @property
    def evidence(self) -> Evidence:
        """How the scenarios went so far."""
        return Evidence(tuple(self._outcomes.values()))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record how a scenario went; with xdist this is the process that started the workers."""
        values: dict[str, Any] | None = getattr(report, "scenario", None)
        known = self._outcomes.get(report.nodeid)
        if values is None:
            return
        if known and report.when == "teardown" and report.passed:
            # What it found comes with the last report.
            [found] = [*(each.findings for each in recorded_findings([report])), []][:1]
            whole = outcome({**values, "status": known.status}, (each.to_json() for each in found))
            self._outcomes[report.nodeid] = replace(known, delays=whole.delays, winner=whole.winner)
        elif (report.when == "call" or not report.passed) and (known is None or known.status not in (FAILED, BROKEN)):
            self._outcomes[report.nodeid] = outcome(values)

    def pytest_sessionfinish(self) -> None:
        """Attach the table to the report as a whole."""
        if self._attached:
            table = as_csv(page_map().claims, self.evidence)
            allure.global_attach(table, self._title.capitalize(), allure.attachment_type.CSV)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table after everything else, if it was asked for."""
        if self._printed:
            terminalreporter.section(self._title)
            for line in lines(page_map().claims, self.evidence):
                terminalreporter.write_line(line)


def lines(claims: Sequence[Claim], evidence: Evidence) -> list[str]:
    """The table as text: a line for each claim, then how many there are of each state, then the sources."""
    rows = [HEAD, *(_short(claim, evidence) for claim in claims)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*table, "", _counted(claims, evidence), *_reasons(claims)]


def _short(claim: Claim, evidence: Evidence) -> tuple[str, ...]:
    section, says = shorten(claim.section, SECTION, placeholder="..."), shorten(claim.says, SAYS, placeholder="...")
    value = evidence.value(claim)
    went = tally(evidence.outcomes_of(claim))
    return claim.id, section, says, str(evidence.state(claim)), ": ".join(filter(None, (went, value)))


def _counted(claims: Sequence[Claim], evidence: Evidence) -> str:
    return claims_in_words(evidence.state(claim) for claim in claims)


def _reasons(claims: Sequence[Claim]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for claim in claims:
        if claim.reason:
            reasons.setdefault(claim.reason, []).append(claim.id)
    return [f"{', '.join(ids)}: {reason}" for reason, ids in reasons.items()]


def as_csv(claims: Sequence[Claim], evidence: Evidence) -> str:
    """The table with nothing shortened, for the report."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*HEAD, "how they went", "what they show", "value", "how", "source or reason"])
    for claim in claims:
        outcomes = evidence.outcomes_of(claim)
        instead = "" if claim.untestable else str(evidence.shown(claim))
        scenarios = "; ".join(dict.fromkeys(each.title for each in outcomes))
        state, value = str(evidence.state(claim)), evidence.value(claim)
        said = [claim.id, claim.section, claim.says, state, scenarios, tally(outcomes), instead, value]
        rows.writerow([*said, claim.how, claim.reason])
    return text.getvalue()
