"""What became of the page's claims in a run: a table in the terminal (`--claims`), and one in the report."""

import csv
import io
from collections.abc import Sequence
from textwrap import shorten

import allure
import pytest

from support.page.claims import Evidence, claims_in_words, tally
from support.page.page_map import Claim, page_map
from support.reporting.recording.extent import Extent
from support.reporting.recording.recorder import Recorder

HEAD = ("claim", "section", "the page says", "state", "scenarios")
SECTION, SAYS = 40, 52


class ClaimsTable:
    """Ends a run with what its scenarios have shown of the page's claims."""

    def __init__(self, recorder: Recorder, mode: str, *, printed: bool, attached: bool) -> None:
        self._recorder = recorder
        self._printed = printed
        self._attached = attached
        self._title = f"claims of the page, {mode}"

    @property
    def _evidence(self) -> Evidence:
        return Evidence(tuple(each for each in self._recorder.results if each.feature))

    def pytest_sessionfinish(self) -> None:
        """Attach the table to the report as a whole."""
        if self._attached:
            table = as_csv(page_map().claims, self._evidence)
            allure.global_attach(table, self._title.capitalize(), allure.attachment_type.CSV)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print the table after everything else, if it was asked for, and say that a part is one."""
        if self._printed:
            terminalreporter.section(self._title)
            for line in lines(page_map().claims, self._evidence):
                terminalreporter.write_line(line)
        if part := Extent.of(config, self._recorder).part:
            terminalreporter.write_line(f"{part} scenarios; of the others this run says nothing")


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
