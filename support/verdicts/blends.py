"""Blends: images whose attributes come from several versions, which no write left like that."""

from collections.abc import Mapping, Sequence

from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import same


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
