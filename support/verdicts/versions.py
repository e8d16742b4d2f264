"""What an item may show: the versions that its writes made, which of them an image may be, and which came before which.

The rules are those of a table whose last writer wins (facts 1.1 to 1.4), as far as they can be seen from outside: the
order of two writes is known only if one was answered before the other was sent, or had seen it. Convergence, conflicts
and the random load are judged by these rules.
"""

import math
from collections.abc import Sequence

from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import same

WRITE_ID = "write_id"
"""The attribute by which an image names the write that left it: its `by`. The items of the page have none."""

Version = Write | None
"""What may have left an image; None: it was there before all the writes."""


class Versions:
    """The versions of one item, from the writes to it."""

    def __init__(self, writes: Sequence[Write]) -> None:
        self._writes = [write for write in writes if may_be_version(write)]
        self._deletes = [write for write in self._writes if write.action == "delete"]
        self._by_id = {write.by: write for write in writes}
        first = [each for each in writes if not any(other.is_before(each) for other in writes)]
        self._before = [each.old_image for each in first if old_image_is_known(each, self._writes)]
        self._before_is_known = bool(first) and len(self._before) == len(first)

    def author(self, image: Image | None) -> Write | None:
        """The write that an image names; None also for an image that names none."""
        return self._by_id.get(str(image.get(WRITE_ID))) if image else None

    def of(self, image: Image | None, seen: float = math.inf) -> list[Version]:
        """What may have left an image that was seen by then, in seconds."""
        before: list[Version] = []
        if image is not None and WRITE_ID in image:
            named = self.author(image)
            possible = [named] if named and may_be_version(named) else []
        else:
            possible = self._deletes if image is None else self._writes
            if not self._before_is_known or any(same(image, each) for each in self._before):
                before = [None]
        left = [each for each in possible if each.invoked <= seen and may_have_left(each, image, self._writes)]
        return [*before, *left]

    def is_older(self, version: Version, than: Sequence[Version]) -> bool:
        """Whether a version comes before others, whichever of them it was."""
        return all(each is not None and (version is None or comes_before(version, each, self._writes)) for each in than)


def is_version(write: Write) -> bool:
    """Whether a write surely made a version, if it was done: a delete of no item makes none (assumption A9)."""
    return write.action != "delete" or (write.reports_old_image and write.old_image is not None)


def may_be_version(write: Write) -> bool:
    """Whether a write may have made a version: a delete does not if it tells that it found no item."""
    found_none = write.outcome is Outcome.ACKNOWLEDGED and write.reports_old_image and not write.repeated
    return write.outcome is not Outcome.FAILED and (is_version(write) or not found_none)


def left_by(writes: Sequence[Write], image: Image | None) -> list[Write]:
    """The writes that are known to leave this image if they are done."""
    return [write for write in writes if write.new_image_is_known and same(write.new_image, image)]


def was_replaced(writes: Sequence[Write], image: Image | None) -> bool:
    """Whether one of the writes says that it has replaced this image."""
    return any(same(write.old_image, image) for write in writes if write.outcome is Outcome.ACKNOWLEDGED)


def final_writes(writes: Sequence[Write]) -> list[Write]:
    """The writes that may be the last one: no acknowledged write is known to come after them."""
    versions = [write for write in writes if may_be_version(write)] or writes
    certain = [write for write in versions if write.outcome is Outcome.ACKNOWLEDGED and is_version(write)]
    last = [write for write in versions if not any(comes_before(write, other, writes) for other in certain)]
    return last or list(versions)  # if each has replaced what another one left, all in a ring, nothing is known


def comes_before(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether a write is known to come before another: it was answered before that one was sent, or seen by it."""
    return write.is_before(other) or (has_seen(other, write, writes) and not may_have_seen(write, other))


def may_have_been_done_twice(write: Write, writes: Sequence[Write]) -> bool:
    """Whether an attempt without an answer may have been done, and overwritten before the write was done again.

    What was there before both attempts was not written between them.
    """
    if not write.repeated or not write.reports_old_image:
        return write.repeated
    between = [other for other in writes if other is not write and not other.is_before(write)]
    return not same(write.old_image, write.new_image) and bool(left_by(between, write.old_image))


def old_image_is_known(write: Write, writes: Sequence[Write]) -> bool:
    """Whether `old_image` is what the write found when it was done first: else it may have replaced itself."""
    replaced_itself = write.repeated and same(write.old_image, write.new_image)
    reported = write.outcome is Outcome.ACKNOWLEDGED and write.reports_old_image
    return reported and not replaced_itself and not may_have_been_done_twice(write, writes)


def has_seen(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether a write surely replaced what another one had left: the very image, which nothing else can have left.

    No item at all tells nothing: it may not have arrived yet.
    """
    return other.new_image is not None and may_have_seen(write, other) and not _was_left_otherwise(write, other, writes)


def may_have_seen(write: Write, other: Write) -> bool:
    """Whether what a write replaced equals what another one had left."""
    reported = write.outcome is Outcome.ACKNOWLEDGED and write.reports_old_image
    possible = reported and write is not other and not write.is_before(other)
    return possible and other.new_image_is_known and same(write.old_image, other.new_image)


def may_have_left(write: Write, image: Image | None, writes: Sequence[Write]) -> bool:
    """Whether a write can have left this image: of an update without an answer, or done twice, it may be any."""
    twice = write.action == "update" and may_have_been_done_twice(write, writes)
    return same(image, write.new_image) if write.new_image_is_known and not twice else image is not None


def _was_left_otherwise(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether the image that the `other` write left may have been in the region of `write` for another reason: a third
    write may have left it, or it was there before all the writes, as far as what was there is not known to differ.
    """
    before = [
        each.old_image
        for each in writes
        if old_image_is_known(each, writes)
        and (
            all(each.is_before(later) for later in writes if later is not each)
            or not any(may_have_left(one, each.old_image, writes) for one in writes)
        )
    ]
    third = [each for each in writes if each is not write and each is not other]
    return (
        not before or other.new_image in before or any(may_have_left(each, other.new_image, writes) for each in third)
    )
