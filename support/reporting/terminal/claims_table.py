"""What became of the page's claims in a run: a table in the terminal (`--claims`), and one in the report."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

import allure
import pytest

from support.page.claims import Evidence, claims_in_words, tally
from support.page.page_map import Claim, page_map
from support.reporting.recording.extent import Extent
from support.reporting.recording.recorder import Recorder
from support.reporting.terminal.summary import aligned

HEAD = ("claim", "section", "the page says", "state", "scenarios")
SECTION, SAYS = 40, 52


@dataclass(eq=False)
class ClaimsTable:
    """Ends a run with what its scenarios have shown of the page's claims."""

    recorder: Recorder
    title: str
    printed: bool
    attached: bool

    @property
    def _evidence(self) -> Evidence:
        return Evidence(tuple(each for each in self.recorder.results if each.feature))

    def pytest_sessionfinish(self) -> None:
        if self.attached:
            table = as_csv(page_map().claims, self._evidence)
            allure.global_attach(table, self.title.capitalize(), allure.attachment_type.CSV)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print the table after everything else, if it was asked for, and say that a part is one."""
        if self.printed:
            terminalreporter.section(self.title)
            for line in lines(page_map().claims, self._evidence):
                terminalreporter.write_line(line)
        if part := Extent.of(config, self.recorder).part:
            terminalreporter.write_line(f"{part} scenarios; of the others this run says nothing")


def lines(claims: Sequence[Claim], evidence: Evidence) -> list[str]:
    """The table as text: a line for each claim, then how many there are of each state, then the sources."""
    reasons: dict[str, list[str]] = {}
    for claim in claims:
        if claim.reason:
            reasons.setdefault(claim.reason, []).append(claim.id)
    table = aligned([HEAD, *(_short(claim, evidence) for claim in claims)], str.ljust)
    sources = [f"{', '.join(ids)}: {reason}" for reason, ids in reasons.items()]
    return [*table, "", claims_in_words(evidence.state(claim) for claim in claims), *sources]


def _short(claim: Claim, evidence: Evidence) -> tuple[str, ...]:
    section, says = shorten(claim.section, SECTION, placeholder="..."), shorten(claim.says, SAYS, placeholder="...")
    went = ": ".join(filter(None, (tally(evidence.outcomes_of(claim)), evidence.value(claim))))
    return claim.id, section, says, str(evidence.state(claim)), went


def as_csv(claims: Sequence[Claim], evidence: Evidence) -> str:
    """The table with nothing shortened, for the report."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*HEAD, "how they went", "what they show", "value", "how", "source or reason"])
    for claim in claims:
        outcomes = evidence.outcomes_of(claim)
        instead = "" if claim.untestable else str(evidence.shown(claim))
        scenarios = "; ".join(dict.fromkeys(each.title for each in outcomes))
        told = [claim.id, claim.section, claim.says, str(evidence.state(claim)), scenarios, tally(outcomes), instead]
        rows.writerow([*told, evidence.value(claim), claim.how, claim.reason])
    return text.getvalue()
