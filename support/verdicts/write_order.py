"""The order of writes, as far as it can be known from their requests and answers."""

from collections.abc import Sequence

from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import same


def final_writes(writes: Sequence[Write]) -> list[Write]:
    """The writes that may be the last one: no acknowledged write is known to come after them."""
    certain = [write for write in writes if write.outcome is Outcome.ACKNOWLEDGED]
    last = [write for write in writes if not any(comes_before(write, other, writes) for other in certain)]
    return last or list(writes)  # if each has replaced what another one left, all in a ring, nothing is known


def comes_before(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether a write is known to come before another: it was answered before that one was sent, or seen by it."""
    return write.is_before(other) or (has_seen(other, write, writes) and not may_have_seen(write, other))


def may_have_been_done_twice(write: Write, writes: Sequence[Write]) -> bool:
    """Whether an attempt without an answer may have been done, and overwritten before the write was done again.

    What was there before both attempts was not written between them.
    """
    between = [other for other in writes if other is not write and not other.is_before(write)]
    return (
        write.repeated
        and not same(write.replaced, write.left)
        and any(other.left_is_known and same(other.left, write.replaced) for other in between)
    )


def replaced_is_known(write: Write, writes: Sequence[Write]) -> bool:
    """Whether `replaced` is what the write found when it was done first: else it may have replaced itself."""
    replaced_itself = write.repeated and same(write.replaced, write.left)
    done = write.outcome is Outcome.ACKNOWLEDGED
    return done and not replaced_itself and not may_have_been_done_twice(write, writes)


def has_seen(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether a write surely replaced what another one had left: the very image, which nothing else can have left.

    No item at all tells nothing: it may not have arrived yet.
    """
    return other.left is not None and may_have_seen(write, other) and not _was_left_otherwise(write, other, writes)


def may_have_seen(write: Write, other: Write) -> bool:
    """Whether what a write replaced equals what another one had left."""
    possible = write.outcome is Outcome.ACKNOWLEDGED and write is not other and not write.is_before(other)
    return possible and other.left_is_known and write.replaced == other.left


def may_have_left(write: Write, image: Image | None, writes: Sequence[Write]) -> bool:
    """Whether a write can have left this image: of an update without an answer, or done twice, it may be any."""
    twice = write.action == "update" and may_have_been_done_twice(write, writes)
    return same(image, write.left) if write.left_is_known and not twice else image is not None


def _was_left_otherwise(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether what another write left may have been there for another reason: a third write, or from the start."""
    third = [each for each in writes if each is not write and each is not other]
    before = _surely_before(writes)
    return not before or other.left in before or any(may_have_left(each, other.left, writes) for each in third)


def _surely_before(writes: Sequence[Write]) -> list[Image | None]:
    """What was there before all the writes, as far as that is sure: the first one replaced it, or none has left it."""
    return [
        write.replaced
        for write in writes
        if replaced_is_known(write, writes)
        and (
            all(write.is_before(other) for other in writes if other is not write)
            or not any(may_have_left(other, write.replaced, writes) for other in writes)
        )
    ]
