"""Rules that a reader might suspect behind an outcome, and whether an example excludes them.

AWS keeps the version with the latest time of its own (facts 1.1). An example in which a rival rule names the same
winner proves nothing against that rule: the report says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from support.verdicts.blends import blends
from support.verdicts.history import Image, Write


@dataclass(frozen=True)
class RuleCheck:
    """What a rival rule predicts (None: nothing in this example), and whether the outcome excludes it."""

    rule: str
    prediction: str | None
    excluded: bool


def check_rivals(writes: Sequence[Write], final: Image | None, primary: str) -> list[RuleCheck]:
    """Hold each rival rule against the image that all regions hold in the end; `primary` is the primary region."""
    checks = [_check_winner(rule, predict(writes), final) for rule, predict in _winners(primary).items()]
    return [*checks, _check_merge(writes, final)]


def _check_winner(rule: str, predicted: Write | None, final: Image | None) -> RuleCheck:
    if predicted is None:
        return RuleCheck(rule, None, excluded=False)
    return RuleCheck(rule, predicted.name, excluded=predicted.left != final)


def _check_merge(writes: Sequence[Write], final: Image | None) -> RuleCheck:
    rule, possible = "attributes are merged", blends(writes)
    if not possible:
        return RuleCheck(rule, None, excluded=False)
    predicted = final if final in possible else possible[0]
    prediction = next((write.name for write in writes if write.left == predicted), "a blend of the updates")
    return RuleCheck(rule, prediction, excluded=final not in possible)


def _greatest(attribute: str, writes: Sequence[Write]) -> Write | None:
    valued = [(write.left[attribute], write) for write in writes if write.left and attribute in write.left]
    if len(valued) < len(writes):
        return None
    greatest = max(value for value, _ in valued)
    (write, *others) = [write for value, write in valued if value == greatest]
    return None if others else write


def _of_region(region: str, writes: Sequence[Write]) -> Write | None:
    written_there = [write for write in writes if write.region == region]
    return written_there[0] if len(written_there) == 1 else None


def _first_writer(writes: Sequence[Write]) -> Write | None:
    first = min(writes, key=lambda write: write.invoked)
    return first if all(first is write or first.is_before(write) for write in writes) else None


def _winners(primary: str) -> dict[str, Callable[[Sequence[Write]], Write | None]]:
    return {
        "the later update_timestamp in the item wins": partial(_greatest, "update_timestamp"),
        "the larger total_amount wins": partial(_greatest, "total_amount"),
        "the primary region wins": partial(_of_region, primary),
        "the first writer wins": _first_writer,
    }
