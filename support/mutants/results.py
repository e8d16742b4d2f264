"""What the runs show together: the table of scenarios and mutants, what speaks against the suite, and the file."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.mutants.running import Run
from support.page.workshop import REGION_NAMES
from support.reporting.scenario_result import ScenarioResult
from support.simulator import Fault

PYTHON = re.compile(r"Traceback|Decimal\(|datetime\.| at 0x|\{'")
"""What a message has that was made of objects instead of words."""


@dataclass(frozen=True)
class MutantResult:
    """What the features said of a broken table."""

    mutant: Fault
    run: Run

    @property
    def killed_by(self) -> list[ScenarioResult]:
        """The scenarios with a verdict against the table, first those about the rule that it breaks."""
        failed = [each for each in self.run.scenarios if each.status == "failed"]
        return sorted(failed, key=lambda each: not self._is_subject(each))

    def _is_subject(self, scenario: ScenarioResult) -> bool:
        return not set(self.mutant.subjects).isdisjoint(scenario.tags)

    @property
    def status(self) -> str:
        if self.mutant.equivalent:
            return "equivalent"
        return "killed" if self.killed_by else "survived"

    @property
    def problem(self) -> str:
        """Why the mutant speaks against the suite, in one sentence; empty if it does not."""
        if self.run.trouble:
            return f"the features could not be run: {self.run.trouble}"
        for each in self.run.red:
            if each.status == "broken" and not each.inconclusive:
                return f"{each.title} breaks instead of coming to a verdict: {each.headline}"
        if self.mutant.equivalent:
            found = ", ".join(each.title for each in self.killed_by)
            return f"it is called equivalent, and is killed by {found}" if found else ""
        if not self.killed_by:
            return "no scenario notices it"
        if not self._is_subject(self.killed_by[0]) and any(map(self._is_subject, self.run.scenarios)):
            return f"only scenarios about something else notice it, none of {', '.join(self.mutant.subjects)}"
        for each in self.killed_by:
            if lacks := lacking(each.message):
                return f"the message of {each.title} {lacks}: {each.headline}"
        return ""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": str(self.mutant),
            "says": self.mutant.says,
            "rule": self.mutant.rule,
            "area": self.mutant.area,
            "status": self.status,
            "reason": self.mutant.equivalent or self.problem,
            "killed_by": _messages(self.killed_by),
            "inconclusive": _messages(each for each in self.run.red if each.inconclusive),
            "broken": _messages(each for each in self.run.red if each.status == "broken" and not each.inconclusive),
        }


def _messages(scenarios: Iterable[ScenarioResult]) -> list[dict[str, str]]:
    return [{"scenario": each.node_id, "message": each.message} for each in scenarios]


@dataclass(frozen=True)
class Proof:
    """All runs: one for each mutant, and those of the right table with different seeds."""

    mutants: Sequence[MutantResult]
    healthy: Sequence[Run]

    @property
    def kills(self) -> list[tuple[ScenarioResult, list[str]]]:
        """Each scenario of the right table, with the names of the mutants that it has killed."""
        scenarios = self.healthy[0].scenarios if self.healthy else ()
        killers = [(str(each.mutant), {killer.node_id for killer in each.killed_by}) for each in self.mutants]
        return [
            (scenario, [mutant for mutant, ids in killers if scenario.node_id in ids])
            for scenario in scenarios
            if scenario.status != "skipped"
        ]

    def problems(self, whole: bool) -> list[str]:
        """All that speaks against the suite, in lines. What no scenario kills counts only if the `whole` was run."""
        found = [f"{each.mutant}: {each.problem}" for each in self.mutants if each.problem]
        for run in self.healthy:
            found += [f"seed {run.seed}: the features could not be run: {run.trouble}"] if run.trouble else []
            found += [f"seed {run.seed}: {each.title} is red on a right table: {each.message}" for each in run.red]
        if whole:
            found += [f"{each.node_id} kills no mutant" for each, kills in self.kills if not kills]
        return found

    def write(self, path: Path) -> None:
        red = sum(bool(run.red or run.trouble) for run in self.healthy)
        content = {
            "schema": 1,
            "mutants": [each.to_json() for each in self.mutants],
            "scenarios": [{"node_id": each.node_id, "title": each.title, "kills": kills} for each, kills in self.kills],
            "healthy_seeds": {"runs": len(self.healthy), "red": red},
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n")


def lacking(message: str) -> str:
    """What the message of a scenario that turned red lacks for a reader; empty for nothing.

    Its first line is what the terminal shows, and so has to name the region by itself.
    """
    if not any(region in message.partition("\n")[0] for region in REGION_NAMES):
        return "names no region in its first line"
    if found := PYTHON.search(message):
        return f"shows Python ({found[0]}) instead of words"
    return ""


def line(result: MutantResult) -> str:
    """What the terminal shows of a mutant: its status, and the first message of a scenario that is about its rule."""
    head = f"{result.status:<10} {result.mutant}: {result.mutant.says}"
    if result.problem:
        return f"{head}\n    PROBLEM: {result.problem}"
    if not result.killed_by:
        return f"{head}\n    {result.mutant.equivalent}"
    first, *others = result.killed_by
    more = f" and {len(others)} more" if others else ""
    return f"{head}\n    by {first.title!r}{more}: {first.headline}"
