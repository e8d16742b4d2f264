"""Contending writes of one item as plain values: what each had seen, who should have won, what the regions showed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from support.verdicts.blends import blend_in_words
from support.verdicts.conflicts.verdict import decide
from support.verdicts.findings import Finding
from support.verdicts.history import History, Image, Write
from support.verdicts.observations import Observation
from support.verdicts.write_order import final_writes, has_seen

NEVER = float("inf")
CONTENDERS = "contenders"
RULING = "ruling"


def contentions(
    history: History,
    seen: Sequence[Observation],
    findings: Sequence[Finding],
    regions: Sequence[str] = (),
    trouble: str = "",
) -> Iterator[dict[str, Any]]:
    """A contention for each finding that names contenders, with the verdict that was found on them, or can be made.

    None is made for a scenario that ended in `trouble` with the target: what was seen until then shows nothing.
    `regions` has the primary one first.
    """
    writes = {each.number: each for each in history if isinstance(each, Write)}
    for finding in findings:
        if CONTENDERS in finding.values:
            contenders = [writes[number] for number in finding.values[CONTENDERS]]
            contest = _contest(contenders, history, seen, findings, regions, trouble)
            yield contest | {"kind": finding.values["kind"], "trouble": trouble}


def _contest(
    contenders: Sequence[Write],
    history: History,
    seen: Sequence[Observation],
    findings: Sequence[Finding],
    regions: Sequence[str],
    trouble: str,
) -> dict[str, Any]:
    last = _last_observations(contenders, history, seen)
    return {
        CONTENDERS: [write.number for write in contenders],
        "item": str(contenders[0].key),
        "had_seen": {write.number: _had_seen(write, contenders) for write in contenders},
        "predicted": [write.number for write in final_writes(contenders)],
        "observed": [
            {
                "region": region,
                "write": each.write.number if each.write else None,
                "kind": str(each.kind),
                "blend": blend_in_words(contenders, each.read.found) if each.read.found else "",
                "at": each.read.at.isoformat(),
            }
            for region, each in last.items()
        ],
        "verdict": _found(contenders, findings) or (None if trouble else _made(contenders, history, last, regions)),
    }


def _last_observations(
    contenders: Sequence[Write], history: History, seen: Sequence[Observation]
) -> dict[str, Observation]:
    """What each region showed last before the item was written again."""
    key, sent = contenders[0].key, max(write.number for write in contenders)
    later = min((write.number for write in history.writes(key) if write.number > sent), default=NEVER)
    there = [each for each in seen if each.read.key == key and sent < each.read.number < later]
    last = {each.read.region: each for each in sorted(there, key=lambda each: each.read.number)}
    return dict(sorted(last.items(), reverse=True))


def _had_seen(write: Write, contenders: Sequence[Write]) -> list[int]:
    return [other.number for other in contenders if other is not write and has_seen(write, other, contenders)]


def _found(contenders: Sequence[Write], findings: Sequence[Finding]) -> Mapping[str, Any] | None:
    """The verdict of a step. One without a winner names no writes; there is one contention in such a scenario."""
    numbers = {write.number for write in contenders}
    for finding in findings:
        values = finding.values
        if RULING in values and values["winner"] in {*numbers, None}:
            return values
    return None


def _made(
    contenders: Sequence[Write], history: History, last: Mapping[str, Observation], regions: Sequence[str]
) -> Mapping[str, Any] | None:
    """The verdict that no step has asked for; None as long as a region that took part was not looked at again."""
    if {each.region for each in history} != set(last):
        return None
    ordered = sorted(last, key=lambda region: (region not in regions[:1], region))
    held: dict[str, Image | None] = {region: last[region].read.found for region in ordered}
    return decide(contenders, held).values()
