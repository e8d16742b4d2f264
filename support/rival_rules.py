"""Rules that a reader might suspect behind an outcome, and whether an example excludes them.

AWS keeps the version with the latest time of its own (facts 1.1). An example in which a rival rule names the same
winner proves nothing against that rule: the report says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support.history import Image, Write
from support.workshop import PRIMARY_REGION


@dataclass(frozen=True)
class RuleCheck:
    """What a rival rule predicts (None: nothing in this example), and whether the outcome excludes it."""

    rule: str
    prediction: str | None
    excluded: bool


def check_rivals(writes: Sequence[Write], final: Image | None) -> list[RuleCheck]:
    """Hold each rival rule against the image that all regions hold in the end."""
    checks = [_check_winner(rule, predict(writes), final) for rule, predict in WINNERS.items()]
    return [*checks, _check_merge(writes, final)]


def merged(writes: Sequence[Write]) -> Image | None:
    """The image that would stand if attributes were merged; None if the example cannot show it."""
    images = [(write.replaced, write.left) for write in writes]
    if any(before is None or after is None for before, after in images):
        return None
    blend = dict(images[0][0] or {})
    for before, after in images:
        blend |= _changes(before or {}, after or {})
    return blend


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _check_winner(rule: str, predicted: Write | None, final: Image | None) -> RuleCheck:
    if predicted is None:
        return RuleCheck(rule, None, excluded=False)
    return RuleCheck(rule, predicted.name, excluded=predicted.left != final)


def _check_merge(writes: Sequence[Write], final: Image | None) -> RuleCheck:
    blend = merged(writes)
    if blend is None or any(blend == write.left for write in writes):
        return RuleCheck("attributes are merged", None, excluded=False)
    return RuleCheck("attributes are merged", "a blend of the updates", excluded=blend != final)


def _greatest(attribute: str) -> Callable[[Sequence[Write]], Write | None]:
    def predict(writes: Sequence[Write]) -> Write | None:
        valued = [(write.left[attribute], write) for write in writes if write.left and attribute in write.left]
        if len({value for value, _ in valued}) < len(writes):
            return None
        return max(valued, key=lambda pair: pair[0])[1]

    return predict


def _of_primary_region(writes: Sequence[Write]) -> Write | None:
    written_there = [write for write in writes if write.region == PRIMARY_REGION]
    return written_there[0] if len(written_there) == 1 else None


def _first_writer(writes: Sequence[Write]) -> Write | None:
    first = min(writes, key=lambda write: write.invoked)
    return first if all(first is write or first.is_before(write) for write in writes) else None


WINNERS: Mapping[str, Callable[[Sequence[Write]], Write | None]] = {
    "the later update_timestamp in the item wins": _greatest("update_timestamp"),
    "the larger total_amount wins": _greatest("total_amount"),
    "the primary region wins": _of_primary_region,
    "the first writer wins": _first_writer,
}
