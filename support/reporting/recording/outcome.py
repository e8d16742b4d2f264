"""What the page's claims need to know of a scenario: how it ended, the delays it measured, which update won."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from support.page.claims import PASSED, FailedStep, ScenarioOutcome

Values = Mapping[str, Any]


def outcome(values: Values, findings: Iterable[Values] = ()) -> ScenarioOutcome:
    """The outcome of a scenario from plain values (the fields of ScenarioOutcome) and its findings (as by `to_json`).

    A scenario that passed has no failed step, whatever the values say.
    """
    found = list(findings)
    step = values.get("failed_step") if values["status"] != PASSED else None
    return ScenarioOutcome(
        node_id=str(values["node_id"]),
        title=str(values["title"]),
        tags=tuple(values.get("tags", ())),
        status=str(values["status"]),
        failed_step=FailedStep(**step) if step else None,
        delays=tuple(_delays(found)),
        winner=next(_winners(found), ""),
    )


def _delays(findings: Iterable[Values]) -> Iterator[tuple[str, float]]:
    """Direction and seconds of each delay, infinite for an item that did not arrive in time."""
    for finding in findings:
        values = finding.get("values", {})
        single = [values] if finding["kind"] == "delay" and "first_hit" in values else []
        for sample in values.get("samples", single):
            hit = sample["first_hit"]
            yield str(values.get("direction", "")), math.inf if hit is None else float(hit)


def _winners(findings: Iterable[Values]) -> Iterator[str]:
    for finding in findings:
        winner = finding.get("values", {}).get("winner_name", "") if finding["kind"] == "conflict" else ""
        if winner:
            yield str(winner)
