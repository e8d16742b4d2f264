"""What a region showed of an item, held against the versions that it may have: all that no replication delay explains.

A region never goes back: once it had a version, it shows that one or a later one. It has its own write from the answer
on, and what a look found from that look on. Ten thousand operations on a few items are checked in some seconds.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from support.verdicts.history import Image, Outcome, Read, Write
from support.verdicts.versions import Version, Versions, is_version

Moment = tuple[float, float]
"""Seconds, and the number of the operation, which tells the order of operations of one moment."""


@dataclass(frozen=True)
class Sight:
    """What a region held: a look found it there, or a `write` replaced it, between these two moments.

    Looks in a row that found the same are one, which was `answered` first and `asked` for last.
    """

    region: str
    image: Image | None
    asked: Moment
    answered: Moment
    write: Write | None = None

    @property
    def image_is_known(self) -> bool:
        """Whether the image is known."""
        return self.write is None or self.write.reports_old_image

    @property
    def number(self) -> int:
        return int(self.asked[1])


@dataclass(frozen=True)
class Floor:
    """A lower bound of what a region may show since a sight: it had one of these versions, so none older than them.

    With `deleted_by`, a delete whose answer did not report what it deleted, the one version itself is gone too.
    """

    versions: tuple[Version, ...]
    since: Sight
    deleted_by: Write | None = None

    @property
    def newer(self) -> Write:
        """The oldest of the versions that may not be followed by an older one."""
        return next(each for each in (self.deleted_by, *self.versions) if each)


@dataclass(frozen=True)
class Contradiction:
    """What a region held although it had had something newer; or (`floor` None) no write can have left it by then."""

    sight: Sight
    floor: Floor | None


def sight(operation: Write | Read) -> Sight:
    """What an acknowledged operation shows."""
    asked, answered = (operation.invoked, operation.number), (operation.answered, operation.number)
    if isinstance(operation, Read):
        return Sight(operation.region, operation.found, asked, answered)
    return Sight(operation.region, operation.old_image, asked, answered, operation)


def contradictions(versions: Versions, sights: Iterable[Sight]) -> Iterator[Contradiction]:
    """What the sights of one region contradict, in the order in which they were asked for."""
    floors: list[Floor] = []
    coming: list[Floor] = []
    for each in sorted(sights, key=attrgetter("asked")):
        while coming and coming[0].since.answered < each.asked:
            floors = _raised(floors, coming.pop(0), versions)
        possible: list[Version] = []
        if each.image_is_known:
            seen = max(each.asked, each.answered)[0]
            # Only a write that was sent twice may have replaced what it left itself.
            left = [one for one in versions.of(each.image, seen) if not one or one is not each.write or one.repeated]
            possible = [one for one in left if not any(_is_below(one, floor, versions) for floor in floors)]
            if not possible:
                above = [floor for floor in floors if left and _is_below(left[-1], floor, versions)]
                yield Contradiction(each, above[-1] if above else None)
        for floor in _floors_of(each, possible, floors):
            insort(coming, floor, key=lambda floor: floor.since.answered)


def _is_below(version: Version, floor: Floor, versions: Versions) -> bool:
    return version is floor.versions[0] if floor.deleted_by else versions.is_older(version, floor.versions)


def _floors_of(seen: Sight, possible: list[Version], floors: list[Floor]) -> list[Floor]:
    """What the region surely has after a sight: the own write, or else one of the versions that it may have shown."""
    write = seen.write
    if write and is_version(write):
        return [Floor((write,), seen)]
    if write and not seen.image_is_known:
        return [Floor(floor.versions, seen, deleted_by=write) for floor in floors if _is_sure_item(floor.versions)]
    return [Floor(tuple(possible), seen)] if possible else []


def _is_sure_item(versions: tuple[Version, ...]) -> bool:
    """Whether it is one item, of a write that was done once."""
    version = versions[0] if len(versions) == 1 else None
    if version is None or version.action == "delete":
        return False
    return version.outcome is Outcome.ACKNOWLEDGED and not version.repeated


def _raised(floors: list[Floor], new: Floor, versions: Versions) -> list[Floor]:
    """The floors with a new one, without those that it makes needless: so there are few at any time."""
    if any(floor.versions == new.versions and bool(floor.deleted_by) == bool(new.deleted_by) for floor in floors):
        return floors
    if new.deleted_by:
        return [*floors, new]
    return [*(floor for floor in floors if not all(_is_below(each, new, versions) for each in floor.versions)), new]
