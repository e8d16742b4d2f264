"""Writes and images in the words of messages: which write left an image, and how it differs from what one left."""

from collections.abc import Sequence

from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import ABSENT, difference, same
from support.verdicts.versions import left_by, was_replaced


def names(writes: Sequence[Write]) -> str:
    return " and ".join(write.name for write in writes)


def shown_as(writes: Sequence[Write], image: Image | None) -> str:
    """An image by the write that left it."""
    if image is None:
        return "no item"
    if left := left_by(writes, image):
        return f"what {left[0].name} left"
    return "the item as it was before" if was_replaced(writes, image) else "another image"


def compared(write: Write, image: Image | None) -> str:
    return f"compared with what {write.name} left, {difference(write.new_image, image)}"


def blend_in_words(writes: Sequence[Write], image: Image) -> str:
    """Which attributes an image has from which version: "a blend: status of the update of partner B with ...".

    Last writer wins never leaves such an image. Empty if an attribute has a value that no version had, or if one
    version explains all of them.
    """
    before = [write.old_image for write in writes if write.outcome is Outcome.ACKNOWLEDGED and write.old_image]
    left = [(write.name, write.new_image) for write in writes if write.new_image_is_known and write.new_image]
    versions = dict([*(("the item before", image) for image in before[:1]), *left])
    sources: dict[str, list[str]] = {}
    for name in sorted({*image, *(each for version in versions.values() for each in version)}):
        value = image.get(name, ABSENT)
        owners = [source for source, version in versions.items() if same(version.get(name, ABSENT), value)]
        if not owners:
            return ""
        if len(owners) < len(versions):
            sources.setdefault(owners[-1], []).append(name)
    if len(sources) < 2:
        return ""
    return "a blend: " + " with ".join(f"{' and '.join(each)} of {source}" for source, each in sources.items())
