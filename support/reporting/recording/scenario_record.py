"""The record of a scenario: what was done and seen in it, as plain values in a file next to its Allure result.

The report, results.json and the summaries are made from these files after the run, so that pictures cost the run
nothing. Nothing in them is secret: items are the page's, and no account, host or path is known to a history.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.clock import Clock
from support.page.claims import FailedStep
from support.reporting.recording.contention import contentions
from support.reporting.recording.scenario_identity import ScenarioIdentity
from support.verdicts.findings import Finding
from support.verdicts.history import History, Image, Write
from support.verdicts.observations import Arrival, Observation, arrivals, observations

SCHEMA = 1
SUFFIX = "-scenario.json"


class RecordingContext(NamedTuple):
    """What a scenario works on, as far as the report is concerned."""

    history: History
    clock: Clock
    regions: tuple[str, ...] = ()
    """The primary one first."""


recording_context_key = pytest.StashKey[RecordingContext]()
"""Where conftest.py puts the history and the clock of a test."""


def record(
    identity: ScenarioIdentity,
    context: RecordingContext | None,
    findings: Iterable[Finding],
    failed_step: FailedStep | None = None,
    *,
    where: str = "",
    message: str = "",
    inconclusive: bool = False,
    trouble: str = "",
) -> dict[str, Any]:
    """All that the report needs of a scenario; without operations if it never got as far as a table.

    `where` is the worker of xdist that ran it, `message` what it ended with; `inconclusive` says that a later try may
    replace this one, `trouble` why there is no verdict.
    """
    found = list(findings)
    known = {
        "schema": SCHEMA,
        **identity.values(),
        "failed_step": failed_step and asdict(failed_step),
        "where": where,
        "message": message,
        "inconclusive": inconclusive,
        "findings": [finding.to_json() for finding in found],
    }
    if context is None:
        return {**known, "simulated": False, "seconds": 0.0, "real_seconds": 0.0} | _operations(History(), [])
    clock = context.clock
    times = {"simulated": clock.simulated, "seconds": clock.elapsed(), "real_seconds": clock.real_elapsed()}
    return {**known, **times, **_operations(context.history, found, trouble, context.regions)}


def write_record(folder: Path, uuid: str, values: dict[str, Any]) -> dict[str, Any]:
    """Put a record next to the results, and give it back as it will be read; `uuid` is that of the result."""
    text = json.dumps({"uuid": uuid, **values}, default=_plain, ensure_ascii=False)
    (folder / f"{uuid}{SUFFIX}").write_text(text, encoding="utf-8")
    plain: dict[str, Any] = json.loads(text)
    return plain


def _operations(
    history: History, findings: Sequence[Finding], trouble: str = "", regions: Sequence[str] = ()
) -> dict[str, Any]:
    seen = observations(history)
    return {
        "writes": [_write(each) for each in history if isinstance(each, Write)],
        "reads": [_read(each) for each in seen],
        "arrivals": [_arrival(each) for each in arrivals(seen)],
        "contentions": list(contentions(history, seen, findings, regions, trouble)),
    }


def _write(write: Write) -> dict[str, Any]:
    return {
        "number": write.number,
        "region": write.region,
        "item": str(write.key),
        "action": write.action,
        "by": write.by,
        "name": write.name,
        "invoked": write.invoked,
        "answered": write.answered,
        "at": write.at,
        "outcome": write.outcome,
        "attempts": write.attempts,
        "replaced": _attributes(write.replaced),
        "left": _attributes(write.left),
    }


def _attributes(image: Image | None) -> dict[str, Any] | None:
    """An item without the keys of the table and its indexes, which say nothing to a reader."""
    return None if image is None else {name: value for name, value in image.items() if not name.endswith(("PK", "SK"))}


def _read(seen: Observation) -> dict[str, Any]:
    read = seen.read
    return {
        "region": read.region,
        "item": str(read.key),
        "invoked": read.invoked,
        "answered": read.answered,
        "kind": seen.kind,
        "write": seen.write.number if seen.write else None,
    }


def _arrival(arrival: Arrival) -> dict[str, Any]:
    return {
        "write": arrival.write.number,
        "region": arrival.region,
        "last_miss": arrival.last_miss,
        "seen": arrival.seen,
    }


def _plain(value: object) -> object:
    """Values that JSON does not know."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
