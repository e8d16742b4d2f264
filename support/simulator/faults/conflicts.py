"""Faults of conflict resolution: every rule but the documented one, and regions that do not follow one rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from support.clock import MICROSECONDS
from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Arrival, Departures, Forward, Seams, answers_to, changed
from support.simulator.items import WireImage, item_key
from support.simulator.messages import Request, Response
from support.simulator.replication.links import Link
from support.simulator.replication.versions import Change

LAST_WRITER = "facts 1.1: the version that was written last wins, in every region"
WHOLE = "facts 1.1b: whole images replace each other, attributes are never merged"
DELETES = "facts 1.3: a delete is a write like any other"
TOMBSTONES = "facts 1.3: a late, older put stays away"


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", "scenario_3", "workload")
def first_writer_wins(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """Of two conflicting versions the first one stays: the same in both regions, so that they agree."""
    return not accepted


@fault(answers_to("DeleteItem"), "assumption A9: a delete that finds no item makes no version", "workload")
def deletes_of_nothing_count(seams: Seams, request: Request, forward: Forward) -> Response:
    """A delete that finds no item leaves a tombstone in its region, which what was written before does not pass."""
    if seams.item(request) is None:
        key, now = item_key(("PK", "SK"), request.parameters["Key"]), seams.replication.now()
        versions = seams.replication.versions[request.region]
        versions.stamp(request.parameters["TableName"], key, now, request.region, now)
    return forward(request)


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", takes="seconds", cases=("60",))
def far_apart_is_no_conflict(seams: Seams, seconds: str, arrival: Arrival, accepted: bool) -> bool:
    """Of two versions that were written further apart than this the one that arrives last stays."""
    return accepted or abs(arrival.change.version.written - arrival.held.written) > float(seconds) * MICROSECONDS


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", takes="seconds", cases=("60", "3600"))
def times_compared_within(seams: Seams, seconds: str, arrival: Arrival, accepted: bool) -> bool:
    """Of two versions the one with the later minutes or seconds stays: the hour is not compared, or the minute."""
    span = round(float(seconds) * MICROSECONDS)
    arrived, held = arrival.change.version.written % span, arrival.held.written % span
    return accepted if arrived == held else arrived > held


@fault(Seams.accepting, LAST_WRITER, "exercise_3", "workload")
def last_arrival_wins(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """A region applies whatever arrives last: versions are not compared at all."""
    return True


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", "workload")
def own_region_wins(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """A region keeps its own version in a conflict: the regions never agree."""
    return False


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", "workload")
def other_region_wins(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """In a conflict the regions exchange their versions: the regions never agree."""
    return True


REGIONS = ("us-east-1", "eu-west-1")


@fault(Seams.conflicts, LAST_WRITER, "exercise_3", "scenario_3", "workload", takes="region", cases=REGIONS)
def region_wins(seams: Seams, winner: str, arrival: Arrival, accepted: bool) -> bool:
    """One region wins every conflict: a rule that many expect, and the page's own example can't tell."""
    return arrival.change.version.region == winner


def _greater_wins(seams: Seams, measure: Callable[[WireImage | None], Any]) -> None:
    """The seam of conflicts that are decided by a measure of both images, by their time only if these are equal."""

    def accepts(arrival: Arrival, accepted: bool) -> bool:
        arriving, here = measure(arrival.change.image), measure(arrival.here)
        return accepted if arriving == here else bool(arriving > here)

    seams.conflicts(accepts)


CONTENT = "exercise 3: the service's time decides, never the content"


@fault(_greater_wins, CONTENT, "exercise_3", takes="attribute", cases=("update_timestamp", "total_amount"))
def greater_attribute_wins(seams: Seams, attribute: str, image: WireImage | None) -> tuple[float, str]:
    """The greater value of an attribute wins: for update_timestamp what the page says, and AWS does not document."""
    ((kind, text),) = (image or {}).get(attribute, {"S": ""}).items()
    return (float(text), "") if kind == "N" else (0.0, str(text))


SIZES: Mapping[str, Callable[[WireImage], int]] = {"attributes": len, "characters": lambda image: len(str(image))}


@fault(_greater_wins, LAST_WRITER, "exercise_3", "scenario_3", "workload", cases=tuple(SIZES))
def larger_image_wins(seams: Seams, measure: str, image: WireImage | None) -> int:
    """The image with more of something wins: a rule on the size; of equal sizes the later one."""
    return SIZES[measure](image or {})


@fault(_greater_wins, DELETES, "exercise_3", "workload")
def deletes_win(seams: Seams, image: WireImage | None) -> bool:
    """A delete wins every conflict: a later update does not bring the item back."""
    return image is None


@fault(_greater_wins, DELETES, "exercise_3", "workload")
def deletes_lose(seams: Seams, image: WireImage | None) -> bool:
    """A delete loses every conflict: an earlier update survives it."""
    return image is not None


@fault(Seams.together, LAST_WRITER, "region_lost", "workload")
def more_often_changed_item_wins(seams: Seams) -> None:
    """In a conflict the version with more changes behind it wins; of equally many the later one."""
    changes = seams.memory

    def send(_: Link, change: Change) -> Departures:
        changes[change.key, change.version] = changes.get((change.key, change.replaces), 0) + 1
        return [(0, change)]

    def accepts(arrival: Arrival, accepted: bool) -> bool:
        counts = [changes.get((arrival.change.key, each), 0) for each in (arrival.change.version, arrival.held)]
        return accepted if counts[0] == counts[1] else counts[0] > counts[1]

    seams.departing(send)
    seams.conflicts(accepts)


def _is_tie(arrival: Arrival) -> bool:
    held, version = arrival.held, arrival.change.version
    return held.written == version.written and held.region != version.region


@fault(Seams.accepting, LAST_WRITER, "exercise_3")
def ties_are_kept(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """Of two writes at the same moment each region keeps its own: the regions never agree."""
    return accepted and not _is_tie(arrival)


@fault(Seams.accepting, LAST_WRITER, "exercise_3")
def ties_are_exchanged(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """Of two writes at the same moment each region takes the other's: the regions never agree."""
    return accepted or _is_tie(arrival)


NO_WINNER = "AWS documents no winner of a tie, only that the regions agree: so they do here"


@fault(Seams.accepting, "assumption A1: a tie's winner", "exercise_3", equivalent=NO_WINNER)
def first_name_wins_ties(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """Of two writes at the same moment the region wins whose name sorts first."""
    return not accepted if _is_tie(arrival) else accepted


@fault(Seams.accepting, LAST_WRITER, "exercise_3", "workload")
def whole_seconds(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """Write times are kept in whole seconds: the region's name decides within a second."""
    held, version = arrival.held, arrival.change.version
    same = version.written // MICROSECONDS == held.written // MICROSECONDS
    return version.region > held.region if same else accepted


@fault(Seams.stamping, LAST_WRITER, "exercise_3", "workload", takes="REGION:SECONDS", cases=("eu-west-1:-60",))
def clock_skew(seams: Seams, skew: str, region: str, now: int) -> int:
    """A region's clock is wrong: if it is slow, its conflicting writes lose, though they were last."""
    skewed, _, seconds = skew.partition(":")
    return now + round(float(seconds) * MICROSECONDS) if region == skewed else now


@fault(Seams.accepting, LAST_WRITER, "exercise_3", "scenario_3", takes="REGION:SECONDS", cases=("eu-west-1:-60",))
def discards_updates_by_a_slow_clock(seams: Seams, skew: str, arrival: Arrival, accepted: bool) -> bool:
    """What a region with a slow clock writes is discarded elsewhere, though it has seen what it replaces."""
    slow, _, seconds = skew.partition(":")
    written = arrival.change.version.written + round(float(seconds) * MICROSECONDS)
    by_slow = arrival.held.region != slow and arrival.change.version.region == slow
    return accepted and not (by_slow and written <= arrival.held.written)


def _merging(seams: Seams, merge: Callable[[Arrival, WireImage, WireImage], WireImage | None]) -> None:
    """The seam of conflicts of two images: `merge` makes one of the earlier and the later one, or leaves both."""

    def receive(arrival: Arrival) -> Change:
        change, held, here = arrival.change, arrival.held, arrival.here
        if not arrival.is_conflict or here is None or change.image is None:
            return change
        images = (here, change.image) if change.version > held else (change.image, here)
        version = max(change.version, replace(held, written=held.written + 1))
        merged = merge(arrival, *images)
        return replace(change, image=merged, version=version) if merged else change

    seams.arriving(receive)


@fault(_merging, WHOLE, "exercise_3", "scenario_3", "workload")
def merged_attributes(seams: Seams, arrival: Arrival, earlier: WireImage, later: WireImage) -> WireImage:
    """Conflicting images are merged, and the later one wins each attribute."""
    return {**earlier, **changed(later, arrival.change.old_image)}


@fault(_merging, WHOLE, "exercise_3", "scenario_3")
def merges_attributes_backwards(seams: Seams, arrival: Arrival, earlier: WireImage, later: WireImage) -> WireImage:
    """Conflicting images are united, and the earlier one wins each attribute: the union of both images."""
    return {**later, **changed(earlier, arrival.change.old_image)}


@fault(_merging, WHOLE, "exercise_3", "scenario_2")
def merges_numbers(seams: Seams, arrival: Arrival, earlier: WireImage, later: WireImage) -> WireImage:
    """In a conflict the larger of two numbers stays: a register that only grows, as a CRDT has it."""
    numbers = [name for name in earlier if "N" in earlier[name] and "N" in later.get(name, {})]
    return {**later, **{name: {"N": max(earlier[name]["N"], later[name]["N"], key=Decimal)} for name in numbers}}


@fault(_merging, WHOLE, "scenario_2")
def merges_sales(seams: Seams, arrival: Arrival, earlier: WireImage, later: WireImage) -> WireImage:
    """In a conflict both sales are taken off the stock: a counter, as a CRDT has it: no sale gets lost."""
    images = (earlier, later, arrival.change.old_image or {})
    if not all("stock" in each for each in images):
        return later
    one, other, before = (int(each["stock"]["N"]) for each in images)
    return {**later, "stock": {"N": str(one + other - before)}}


@fault(_merging, WHOLE, "exercise_3")
def ties_take_the_greater_of_each_attribute(
    seams: Seams, arrival: Arrival, earlier: WireImage, later: WireImage
) -> WireImage | None:
    """Of two writes at the same moment the greater value of each attribute stays: in both regions, and a blend."""
    if not _is_tie(arrival):
        return None
    return {name: max(earlier.get(name, {}), later.get(name, {}), key=str) for name in {**earlier, **later}}


@fault(Seams.accepting, DELETES, "exercise_3", "workload")
def applies_late_deletes(seams: Seams, arrival: Arrival, accepted: bool) -> bool:
    """A delete that arrives is done without a look at what is there: an unconditional DeleteItem of a replicator."""
    return accepted or arrival.change.image is None


@fault(Seams.conflicts, TOMBSTONES, "exercise_3", "workload", takes="seconds", cases=("0", "5", "900"))
def forgets_deletes(seams: Seams, seconds: str, arrival: Arrival, accepted: bool) -> bool:
    """A delete is forgotten so soon: no tombstones, or some that are removed while older changes are pending."""
    forgotten = seams.now() - arrival.held.written / MICROSECONDS >= float(seconds)
    return accepted or (forgotten and arrival.here is None)


@fault(Seams.accepting, LAST_WRITER, "exercise_3", "scenario_3", takes="region", cases=REGIONS[::-1])
def keeps_own_version(seams: Seams, keeper: str, arrival: Arrival, accepted: bool) -> bool:
    """A region never lets go of what was written there."""
    return accepted and not arrival.held.region == arrival.region == keeper
