"""Faults of conflict resolution: every rule but the documented one, and regions that do not follow one rule."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from support.clock import MICROSECONDS
from support.simulator.faults.fault import CASE, fault
from support.simulator.faults.seams import Departures, Seams
from support.simulator.items import ItemKey, WireImage
from support.simulator.replication.links import Link
from support.simulator.replication.versions import Change, Version

Merge = Callable[[dict[str, dict[str, str]], dict[str, dict[str, str]], WireImage], WireImage]
"""Makes one image of the earlier and the later one, and the one that was there before both."""

LAST_WRITER = "facts 1.1: the version that was written last wins, in every region"
WHOLE = "facts 1.1b: whole images replace each other, attributes are never merged"
DELETES = "facts 1.3: a delete is a write like any other"


@fault(LAST_WRITER, "exercise_3", "scenario_3", "workload")
def first_writer_wins(seams: Seams) -> None:
    """Of two conflicting versions the first one stays: the same in both regions, so that they agree."""
    seams.conflicts(lambda region, change, here, accepted: not accepted)


@fault(LAST_WRITER, "exercise_3", "workload")
def last_arrival_wins(seams: Seams) -> None:
    """A region applies whatever arrives last: versions are not compared at all."""
    seams.accepting(lambda region, change, held, accepted: True)


@fault(LAST_WRITER, "exercise_3", "workload")
def own_region_wins(seams: Seams) -> None:
    """A region keeps its own version in a conflict: the regions never agree."""
    seams.conflicts(lambda region, change, here, accepted: False)


@fault(LAST_WRITER, "exercise_3", "workload")
def other_region_wins(seams: Seams) -> None:
    """In a conflict the regions exchange their versions: the regions never agree."""
    seams.conflicts(lambda region, change, here, accepted: True)


@fault(LAST_WRITER, "exercise_3", "scenario_3", "workload", takes="region", cases=("us-east-1", "eu-west-1"))
def region_wins(seams: Seams, winner: str) -> None:
    """One region wins every conflict: a rule that many expect, and the page's own example can't tell."""
    seams.conflicts(lambda region, change, here, accepted: change.version.region == winner)


@fault(
    "exercise 3: the service's time decides, never the content", "exercise_3",
    takes="attribute", cases=("update_timestamp", "total_amount"),
)  # fmt: skip
def greater_attribute_wins(seams: Seams, attribute: str) -> None:
    """The greater value of an attribute wins: for update_timestamp what the page says, and AWS does not document."""

    def value(image: WireImage | None) -> tuple[float, str]:
        ((kind, text),) = (image or {}).get(attribute, {"S": ""}).items()
        return (float(text), "") if kind == "N" else (0.0, str(text))

    def accepts(_: str, change: Change, here: WireImage | None, accepted: bool) -> bool:
        values = value(change.image), value(here)
        return accepted if values[0] == values[1] else values[0] > values[1]

    seams.conflicts(accepts)


SIZES: Mapping[str, Callable[[WireImage], int]] = {"attributes": len, "characters": lambda image: len(str(image))}


@fault(LAST_WRITER, "exercise_3", "scenario_3", "workload", takes=CASE, cases=tuple(SIZES))
def larger_image_wins(seams: Seams, measure: str) -> None:
    """The image with more of something wins: a rule on the size; of equal sizes the later one."""

    def accepts(_: str, change: Change, here: WireImage | None, accepted: bool) -> bool:
        sizes = SIZES[measure](change.image or {}), SIZES[measure](here or {})
        return accepted if sizes[0] == sizes[1] else sizes[0] > sizes[1]

    seams.conflicts(accepts)


@fault(LAST_WRITER, "workload")
def more_often_changed_item_wins(seams: Seams) -> None:
    """In a conflict the version with more changes behind it wins; of equally many the later one."""
    changes: Counter[tuple[ItemKey, Version | None]] = Counter()

    def send(_: Link, change: Change) -> Departures:
        changes[change.key, change.version] = changes[change.key, change.replaces] + 1
        return [(0, change)]

    def accepts(_: str, change: Change, held: Version | None, accepted: bool) -> bool:
        counts = changes[change.key, change.version], changes[change.key, held]
        return accepted if not change.conflicts_with(held) or counts[0] == counts[1] else counts[0] > counts[1]

    seams.departing(send)
    seams.accepting(accepts)


@fault(WHOLE, "exercise_3")
def ties_take_the_greater_of_each_attribute(seams: Seams) -> None:
    """Of two writes at the same moment the greater value of each attribute stays: in both regions, and a blend."""

    def receive(region: str, change: Change) -> Change:
        held, here = seams.replication.versions[region].held(change.table, change.key), seams.image(region, change)
        if held is None or not _is_tie(change, held) or here is None or change.image is None:
            return change
        names = {**here, **change.image}
        image = {name: max(here.get(name, {}), change.image.get(name, {}), key=str) for name in names}
        return replace(change, image=image, version=replace(held, written=held.written + 1))

    seams.arriving(receive)


@fault(LAST_WRITER, "exercise_3")
def ties_are_kept(seams: Seams) -> None:
    """Of two writes at the same moment each region keeps its own: the regions never agree."""
    seams.accepting(lambda region, change, held, accepted: accepted and not _is_tie(change, held))


@fault(LAST_WRITER, "exercise_3")
def ties_are_exchanged(seams: Seams) -> None:
    """Of two writes at the same moment each region takes the other's: the regions never agree."""
    seams.accepting(lambda region, change, held, accepted: accepted or _is_tie(change, held))


@fault(
    "assumption A1: a tie's winner",
    "exercise_3",
    equivalent="AWS documents no winner of a tie, only that the regions agree: so they do here",
)
def first_name_wins_ties(seams: Seams) -> None:
    """Of two writes at the same moment the region wins whose name sorts first."""
    seams.accepting(
        lambda region, change, held, accepted: (
            change.version.region < held.region if held and _is_tie(change, held) else accepted
        )
    )


@fault(LAST_WRITER, "exercise_3", "workload")
def whole_seconds(seams: Seams) -> None:
    """Write times are kept in whole seconds: the region's name decides within a second."""

    def accepts(_: str, change: Change, held: Version | None, accepted: bool) -> bool:
        seconds = change.version.written // MICROSECONDS, held.written // MICROSECONDS if held else -1
        return accepted if held is None or seconds[0] != seconds[1] else change.version.region > held.region

    seams.accepting(accepts)


@fault(LAST_WRITER, "exercise_3", "workload", takes="REGION:SECONDS", cases=("eu-west-1:-60",))
def clock_skew(seams: Seams, skew: str) -> None:
    """A region's clock is wrong: if it is slow, its conflicting writes lose, though they were last."""
    skewed, _, seconds = skew.partition(":")
    seams.stamping(lambda region, now: now + round(float(seconds) * MICROSECONDS) if region == skewed else now)


@fault(LAST_WRITER, "exercise_3", "scenario_3", takes="REGION:SECONDS", cases=("eu-west-1:-60",))
def discards_updates_by_a_slow_clock(seams: Seams, skew: str) -> None:
    """What a region with a slow clock writes is discarded elsewhere, though it has seen what it replaces."""
    slow, _, seconds = skew.partition(":")

    def accepts(_: str, change: Change, held: Version | None, accepted: bool) -> bool:
        written = change.version.written + round(float(seconds) * MICROSECONDS)
        by_slow = held is not None and held.region != slow and change.version.region == slow
        return accepted and not (by_slow and held is not None and written <= held.written)

    seams.accepting(accepts)


@fault(WHOLE, "exercise_3", "scenario_3", "workload")
def merged_attributes(seams: Seams) -> None:
    """Conflicting images are merged, and the later one wins each attribute."""
    _merge(seams, lambda earlier, later, before: earlier | _changed(later, before))


@fault(WHOLE, "exercise_3", "scenario_3")
def merges_attributes_backwards(seams: Seams) -> None:
    """Conflicting images are united, and the earlier one wins each attribute: the union of both images."""
    _merge(seams, lambda earlier, later, before: {**later, **_changed(earlier, before)})


@fault(WHOLE, "exercise_3", "scenario_2")
def merges_numbers(seams: Seams) -> None:
    """In a conflict the larger of two numbers stays: a register that only grows, as a CRDT has it."""

    def larger(earlier: dict[str, dict[str, str]], later: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        numbers = {name for name in earlier if "N" in earlier[name] and "N" in later.get(name, {})}
        return {**later, **{name: {"N": max(earlier[name]["N"], later[name]["N"], key=Decimal)} for name in numbers}}

    _merge(seams, lambda earlier, later, before: larger(earlier, later))


@fault(WHOLE, "scenario_2")
def merges_sales(seams: Seams) -> None:
    """In a conflict both sales are taken off the stock: a counter, as a CRDT has it: no sale gets lost."""

    def count(earlier: dict[str, dict[str, str]], later: dict[str, dict[str, str]], before: WireImage) -> WireImage:
        if "stock" not in later or "stock" not in earlier or "stock" not in before:
            return later
        left = int(earlier["stock"]["N"]) + int(later["stock"]["N"]) - int(before["stock"]["N"])
        return {**later, "stock": {"N": str(left)}}

    _merge(seams, count)


@fault(DELETES, "exercise_3", "workload")
def deletes_win(seams: Seams) -> None:
    """A delete wins every conflict: a later update does not bring the item back."""
    seams.conflicts(
        lambda region, change, here, accepted: (
            accepted if (change.image is None) == (here is None) else change.image is None
        )
    )


@fault(DELETES, "exercise_3", "workload")
def applies_late_deletes(seams: Seams) -> None:
    """A delete that arrives is done without a look at what is there: an unconditional DeleteItem of a replicator."""
    seams.accepting(lambda region, change, held, accepted: accepted or change.image is None)


@fault(DELETES, "exercise_3", "workload")
def deletes_lose(seams: Seams) -> None:
    """A delete loses every conflict: an earlier update survives it."""
    seams.conflicts(
        lambda region, change, here, accepted: accepted if (change.image is None) == (here is None) else here is None
    )


@fault("facts 1.3: a late, older put stays away", "exercise_3", "workload")
def forgets_deletes(seams: Seams) -> None:
    """A delete is forgotten as soon as it is done: no tombstones."""
    seams.conflicts(lambda region, change, here, accepted: accepted or here is None)


@fault("facts 1.3: a late, older put stays away", "exercise_3", "workload")
def forgets_deletes_soon(seams: Seams) -> None:
    """A delete is forgotten after five seconds: tombstones that are removed while a link owes something older."""

    def accepts(region: str, change: Change, held: Version | None, accepted: bool) -> bool:
        old = held is not None and seams.now() - held.written / MICROSECONDS > 5
        return accepted or (old and seams.image(region, change) is None)

    seams.accepting(accepts)


@fault(LAST_WRITER, "exercise_3", "scenario_3", takes="region", cases=("eu-west-1", "us-east-1"))
def keeps_own_version(seams: Seams, keeper: str) -> None:
    """A region never lets go of what was written there."""
    seams.accepting(
        lambda region, change, held, accepted: (
            accepted and not (region == keeper and held is not None and held.region == region)
        )
    )


def _is_tie(change: Change, held: Version | None) -> bool:
    return held is not None and held.written == change.version.written and held.region != change.version.region


def _changed(image: WireImage, before: WireImage) -> dict[str, dict[str, str]]:
    return {name: dict(value) for name, value in image.items() if before.get(name) != value}


def _merge(seams: Seams, merge: Merge) -> None:
    """Let conflicting images become one in each region: `merge` has the earlier, the later and the one before."""

    def receive(region: str, change: Change) -> Change:
        versions = seams.replication.versions[region]
        held, here = versions.held(change.table, change.key), seams.image(region, change)
        if held is None or not change.conflicts_with(held) or here is None or change.image is None:
            return change
        later = change.version > held
        one, other = (here, change.image) if later else (change.image, here)
        merged = merge(
            {name: dict(each) for name, each in one.items()},
            {name: dict(each) for name, each in other.items()},
            change.replaced or {},
        )
        return replace(change, image=merged, version=max(change.version, replace(held, written=held.written + 1)))

    seams.arriving(receive)
