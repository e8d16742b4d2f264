"""What it costs that replication was cut: which acknowledged writes another region lacks, and which of them are gone.

AWS acknowledges a write before it has replicated it, and tells no one which of two conflicting writes it drops (facts
1.1, 1.5). Both can be seen from outside: pure functions over what was written and what the regions showed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from support.verdicts.errors import WrongImageError
from support.verdicts.findings import Note
from support.verdicts.history import Image, Key, Outcome, Write, in_order
from support.verdicts.images import in_words, same
from support.verdicts.versions import left_by


@dataclass(frozen=True, kw_only=True)
class Recovery(Note):
    """A figure on replication that was cut, with what became of writes: in short, and in numbers."""

    figure: str
    short: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class RecoveryPoint:
    """The acknowledged writes of one region that another one does not have, in the order in which they were sent."""

    region: str
    other: str
    missing: tuple[Write, ...]

    def finding(self) -> Recovery:
        """For the report, with the seconds from when the first was sent until the last one was acknowledged."""
        writes, seconds, over = _counted(self.missing), 0.0, ""
        if self.missing:
            seconds = max(write.answered for write in self.missing) - self.missing[0].invoked
            over = f", written over {seconds:.1f} s"
        title = f"recovery point: {self.other} lacks {writes} that {self.region} has acknowledged{over}"
        details = [(write.name, f"{self.region}, {write.at:%H:%M:%S}") for write in self.missing]
        numbers = {"writes": len(self.missing), "seconds": round(seconds, 3)}
        return Recovery(title, details, figure="recovery point", short=f"{writes} in {seconds:.1f} s", numbers=numbers)


@dataclass(frozen=True)
class Fate:
    """What became of a write: it stayed, or another one took its place."""

    write: Write
    overtaken_by: Write | None = None

    def __str__(self) -> str:
        other = self.overtaken_by
        return f"overtaken by {other.name} in {other.region}, {other.at:%H:%M:%S}" if other else "arrived"

    @property
    def outcome(self) -> str:
        return f"overtaken in {self.overtaken_by.region}" if self.overtaken_by else "arrived"


def recovery_point(
    writes: Iterable[Write], region: str, other: str, shown: Mapping[Key, Image | None]
) -> RecoveryPoint:
    """Which writes of a region the other one lacks, from what that one shows of their items.

    It has a write if it shows what the write left, or what a later one of the same region and item left.
    """
    own = in_order(write for write in writes if write.region == region and write.outcome is Outcome.ACKNOWLEDGED)
    missing = []
    for write in own:
        later = [each for each in own if each.key == write.key and write.is_before(each)]
        if not left_by((write, *later), shown[write.key]):
            missing.append(write)
    return RecoveryPoint(region, other, tuple(missing))


def fates(of: Iterable[Write], writes: Sequence[Write], held: Mapping[Key, Image | None]) -> list[Fate]:
    """What became of some of the writes, from the image of each item that all regions hold in the end.

    Raises WrongImageError for an item that none of the writes has left.
    """
    found = []
    for write in of:
        left = left_by([each for each in writes if each.key == write.key], held[write.key])
        if not left:
            raise WrongImageError(f"{write.key} is as none of the writes has left it: {in_words(held[write.key])}")
        last = in_order(left)[-1]
        found.append(Fate(write, None if last is write else last))
    return found


def gone(writes: Sequence[Write], held: Mapping[Key, Image | None]) -> list[Fate]:
    """The acknowledged writes of which nothing is left: the one that stayed had not seen them. Raises as `fates` does.

    A write that the last one had seen, be it through others, is no loss: the last one was made on top of it.
    """
    acknowledged = [write for write in writes if write.outcome is Outcome.ACKNOWLEDGED]
    return [
        fate
        for fate in fates(acknowledged, writes, held)
        if fate.overtaken_by and fate.write not in _seen_by(fate.overtaken_by, acknowledged)
    ]


def report_of_fates(found: Sequence[Fate]) -> Recovery:
    arrived = sum(fate.overtaken_by is None for fate in found)
    overtaken = len(found) - arrived
    title = f"of {_counted(found)} that were missing {arrived} have arrived"
    if overtaken:
        title += f", and {overtaken} {'was' if overtaken == 1 else 'were'} overtaken"
    short = f"{arrived} of {len(found)} arrived"
    numbers = {"arrived": arrived, "overtaken": overtaken}
    return Recovery(title, _rows(found), figure="fate of what was missing", short=short, numbers=numbers)


def report_of_losses(lost: Sequence[Fate]) -> Recovery:
    """For the report: the list that AWS gives no one."""
    title = f"acknowledged, and gone: {_counted(lost)}, overwritten by later ones"
    return Recovery(title, _rows(lost), figure="acknowledged and gone", short=_counted(lost))


def report_of_catching_up(least: float, most: float) -> Recovery:
    """For the report: between how many seconds after replication went on all regions held all that was written."""
    title = f"catch-up: both regions held everything {most:.2f} s at most after replication went on"
    numbers = {"last_miss": least, "first_hit": most}
    return Recovery(title, figure="catch-up", short=f"at most {most:.2f} s", numbers=numbers)


def report_of_switch(slowest: float, waited: float, missing: int, written: int) -> Recovery:
    """For the report: what was missing after the wait that AWS advises before a planned switch."""
    title = (
        f"planned switch: {waited:.1f} s after the last write, ten times the slowest delay of just before, "
        f"{slowest:.2f} s, {missing} of {written} writes were missing; while replication is cut no wait helps"
    )
    numbers = {"slowest": slowest, "waited": waited, "missing": missing, "written": written}
    short = f"{missing} missing after {waited:.1f} s"
    return Recovery(title, figure="planned switch", short=short, numbers=numbers)


def _counted(writes: Sequence[Write | Fate]) -> str:
    return f"{len(writes)} write{'' if len(writes) == 1 else 's'}"


def _rows(found: Sequence[Fate]) -> list[tuple[str, str]]:
    return [(f"{each.write.name} in {each.write.region}, {each.write.at:%H:%M:%S}", str(each)) for each in found]


def _seen_by(last: Write, writes: Sequence[Write]) -> Iterator[Write]:
    """The writes that one was made on top of: what it replaced, and what that one had replaced.

    One that was done twice may have replaced itself: then it is what its own region was asked for before.
    """
    itself = last.repeated and same(last.old_image, last.new_image)
    for write in writes:
        seen = write.region == last.region if itself else same(write.new_image, last.old_image)
        if write.key == last.key and write.is_before(last) and seen:
            yield write
            yield from _seen_by(write, writes)
