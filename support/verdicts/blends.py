"""Blends: images that merge the attributes of several versions, which last writer wins never leaves."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations

from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import same
from support.verdicts.versions import replaced_is_known


def blends(writes: Sequence[Write]) -> list[Image]:
    """The images that might stand if attributes were merged and of each the later change stayed: one for each order
    that the writes may have had. None if the example cannot show it.
    """
    known = all(write.replaced is not None and replaced_is_known(write, writes) for write in writes)
    if not known or any(write.left is None for write in writes):
        return []
    ordered = all(earlier.is_before(later) for earlier, later in pairwise(writes))
    return [_blend(order) for order in ([writes] if ordered else permutations(writes))]


def _blend(writes: Sequence[Write]) -> Image:
    blend = dict(writes[0].replaced or {})
    for write in writes:
        before, after = write.replaced or {}, write.left or {}
        untouched = {name: value for name, value in blend.items() if name in after or name not in before}
        blend = untouched | {name: value for name, value in after.items() if before.get(name) != value}
    return blend


def blend_in_words(writes: Sequence[Write], image: Image) -> str:
    """Which attributes an image has from which version: "a blend: status of the update of partner B with ...".

    Empty if an attribute has a value that no version had, or if one version explains all of them.
    """
    versions = _versions(writes)
    sources: dict[str, list[str]] = {}
    for name in sorted({*image, *(each for version in versions.values() for each in version)}):
        owners = [source for source, version in versions.items() if _same_attribute(name, version, image)]
        if not owners:
            return ""
        if len(owners) < len(versions):
            sources.setdefault(owners[-1], []).append(name)
    if len(sources) < 2:
        return ""
    return "a blend: " + " with ".join(f"{' and '.join(names)} of {source}" for source, names in sources.items())


def _versions(writes: Sequence[Write]) -> Mapping[str, Image]:
    before = [write.replaced for write in writes if write.outcome is Outcome.ACKNOWLEDGED and write.replaced]
    known = {write.name: write.left for write in writes if write.left_is_known and write.left}
    return {**({"the item before": before[0]} if before else {}), **known}


def _same_attribute(name: str, version: Image, image: Image) -> bool:
    return (name in version) == (name in image) and same(version.get(name), image.get(name))
