"""The page's Troubleshooting Guide as a tool: read-only probes that exclude causes, and name the one that remains.

It runs whenever a check of convergence or of a query fails; by hand: `python -m support.checklist --pk … --sk …`.
It makes no Scan, which AWS's least-privilege policies leave out, and what it reads is not put into the history.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from support.checklist.causes import CAUSES
from support.checklist.evidence import Cause, Evidence, Known, Question
from support.table.region import Region
from support.verdicts.errors import TargetTroubleError
from support.verdicts.findings import Finding
from support.verdicts.history import Key

Answer = TypeVar("Answer")


def run_checklist(regions: Mapping[str, Region], question: Question, known: Known | None = None) -> list[Cause]:
    """All causes of the guide, in the page's order, with what is known of each. Never raises for silent regions."""
    return judged(gather(regions, question, known))


def judged(evidence: Evidence) -> list[Cause]:
    return [cause(evidence) for cause in CAUSES]


def gather(regions: Mapping[str, Region], question: Question, known: Known | None) -> Evidence:
    """Read from the regions everything that causes are judged by; a region without an answer is noted as silent."""
    silent: dict[str, str] = {}

    def ask(region: str, probe: Callable[[Region], Answer]) -> Iterator[Answer]:
        if region in regions and region not in silent:
            try:
                yield probe(regions[region])
            except TargetTroubleError as error:
                silent[region] = str(error)

    described = {name: each for name in regions for each in ask(name, lambda region: region.describe())}
    there = [name for name, each in described.items() if each is not None]
    held = {name: image for name in there for image in ask(name, lambda region: region.peek(question.key))}
    neighbours: dict[Key, None] = {}
    if not any(held.values()):
        for name in there:
            for items in ask(name, lambda region: region.items_of(question.key.pk)):
                neighbours |= dict.fromkeys(map(Key.of, items))
    indexed = None
    if question.index and question.region in held:
        for pages in ask(question.region, lambda region: region.query_index(question.index, question.value)):
            indexed = question.key in [Key.of(entry) for page in pages for entry in page]
    return Evidence(question, known, described, held, silent, list(neighbours), indexed)


def remaining(causes: Sequence[Cause]) -> list[Cause]:
    """The causes that are not excluded and not in doubt."""
    return [cause for cause in causes if cause.state == "remains"]


def report(causes: Sequence[Cause], there: bool = False) -> list[str]:
    """What the checklist says, in lines; the last one is what to do. A doubt without a cure gets no line of its own.

    `there`: the item was found where it was looked for, so that without a cause nothing is to be explained.
    """
    doubts = [cause for cause in causes if cause.state == "cannot be known"]
    unknown = [f"{cause.name} ({cause.evidence})" for cause in doubts if not cause.cure]
    excluded = [cause.name for cause in causes if cause.state == "excluded"]
    lines = [f"checklist: {len(excluded)} of {len(causes)} causes excluded: {', '.join(excluded) or 'none'}"]
    lines += [f"  cannot be known: {', '.join(unknown)}"] if unknown else []
    lines += [f"  cannot be known: {cause}" for cause in doubts if cause.cure]
    lines += [f"  remaining: {cause}" for cause in remaining(causes)]
    if not remaining(causes):
        cure = "look again, then check the global table's health"
        lines.append(f"  remaining: none that the page names; {'the item is there' if there else f'cure: {cure}'}")
    return lines


def finding(question: Question, causes: Sequence[Cause]) -> Finding:
    names = ", ".join(cause.name for cause in remaining(causes)) or "no cause that the page names"
    details = tuple((cause.name, f"{cause.state}: {cause.told}") for cause in causes)
    return Finding("note", f"checklist for {question.key} in {question.region}: {names} remains", details)
