"""Faults of the links: changes that get lost, come late, come twice, or travel where they must not."""

import math

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Arrival, Departures, Seams
from support.simulator.replication.links import Link
from support.simulator.replication.versions import Change

ITSELF = "applying the version that is already there again changes nothing: DynamoDB itself may deliver more than once"
LOSSLESS = "facts 1.5b: unpropagated writes are delayed, never lost"
BOTH_WAYS = "exercise 2: replication is bi-directional"
LATENCY = "exercise 5: usually < 2 seconds, up to 2 minutes possible"
ISOLATION = "facts 1.5b: what is pending on a cut link arrives when it heals"


@fault(Seams.losing, LOSSLESS, "exercise_1", "exercise_2", "health", takes="share, 0 to 1", cases=("1",))
def lost_write(seams: Seams, share: str, link: Link, change: Change) -> bool:
    """Changes vanish on their way: with a share of 1 these are two tables that know nothing of each other."""
    return seams.random.random() < float(share)


@fault(Seams.losing, BOTH_WAYS, "exercise_1", "exercise_2", "health", takes="region", cases=("us-east-1", "eu-west-1"))
def loses_changes_from(seams: Seams, region: str, link: Link, change: Change) -> bool:
    """Changes from a region get lost: replication in one direction only, as active-passive copies do."""
    return link.source == region


@fault(Seams.losing, "facts 1.1: each write replicates", "exercise_3", "scenario_1")
def replicates_creations_only(seams: Seams, link: Link, change: Change) -> bool:
    """New items replicate, changes of them do not: a copy instead of replication."""
    return change.old_image is not None


@fault(Seams.losing, "exercise 1, step 4", "exercise_1", "exercise_2")
def replicates_changes_only(seams: Seams, link: Link, change: Change) -> bool:
    """Changes of existing items replicate, new items do not: the item arrives with its first update."""
    return change.old_image is None


@fault(Seams.losing, "facts 1.3: deletes replicate", "exercise_3", "health", "workload")
def loses_deletes(seams: Seams, link: Link, change: Change) -> bool:
    """Deletes do not replicate: an item that is deleted in one region stays in the other one."""
    return change.image is None


@fault(Seams.losing, LOSSLESS, "exercise_5", "workload")
def loses_every_seventh_change(seams: Seams, link: Link, change: Change) -> bool:
    """Every seventh change of a link gets lost: a leak that a single item rarely meets."""
    return seams.count(link.source) % 7 == 0


# AWS may combine quick changes of an item into one (facts 1.4): into the last one, never into the first.
@fault(Seams.losing, "facts 1.4: the last one arrives", "workload")
def combines_into_the_first(seams: Seams, link: Link, change: Change) -> bool:
    """A change is lost if an earlier one of its item is still on its way."""
    return link.next_due_of(change.table, change.key) is not None


@fault(Seams.losing, "exercise 2: all items replicate", "exercise_2", "exercise_4")
def replicates_users_only(seams: Seams, link: Link, change: Change) -> bool:
    """Only items of users replicate: a filter on the partition key."""
    return "USER#" not in change.key[0]


@fault(Seams.losing, LOSSLESS, "workload")
def loses_large_items(seams: Seams, link: Link, change: Change) -> bool:
    """What is larger than four kilobytes does not arrive: a page of something in between."""
    return len(str(change.image)) > 4096


@fault(Seams.arriving, "facts 1.3: a delete is a write like any other", "workload")
def loses_what_is_created_again(seams: Seams, arrival: Arrival) -> Change | None:
    """What is created within ten seconds after a delete of the same item has arrived gets lost."""
    place = arrival.region, arrival.change.key
    if arrival.change.image is None:
        seams.memory[place] = seams.now()
    elif seams.now() - seams.memory.pop(place, -math.inf) < 10.0:
        return None
    return arrival.change


@fault(Seams.losing, LOSSLESS, "exercise_4", "exercise_5")
def replicates_five_items(seams: Seams, link: Link, change: Change) -> bool:
    """Only the first five items of a partition key's kind replicate: a batch that is never followed by the next one."""
    items = seams.memory.setdefault((link.source, change.key[0].partition("#")[0]), set())
    items.add(change.key)
    return len(items) > 5


@fault(Seams.losing, LOSSLESS, "exercise_4")
def loses_what_exceeds_a_batch(seams: Seams, link: Link, change: Change) -> bool:
    """Of what is written within a second only the first ten changes replicate: the rest was left unprocessed."""
    return seams.count(link.source, int(seams.now())) > 10


@fault(Seams.departing, "facts 1.1: a version is not later than itself", "workload", equivalent=ITSELF)
def delivers_twice(seams: Seams, link: Link, change: Change) -> Departures:
    """Each change arrives a second time: at least once instead of exactly once."""
    return [(0, change), (5, change)]


@fault(Seams.together, "facts 1.1: an older version never returns", "scenario_3", "exercise_3", "workload")
def applies_second_deliveries(seams: Seams) -> None:
    """Each change arrives a second time, and is applied over later ones."""
    seams.departing(lambda link, change: [(0, change), (8, change)])
    seams.accepting(lambda arrival, accepted: True)


@fault(Seams.together, "facts 1.4: ordered per item", "workload")
def reorders_changes_of_an_item(seams: Seams) -> None:
    """Changes of an item that was changed before overtake each other, and the last one to arrive stays."""
    seams.delaying(lambda link, change: 3.0 * (seams.count(link.source) % 2))
    seams.accepting(lambda arrival, accepted: accepted or arrival.held.region == arrival.change.version.region)


@fault(Seams.delaying, LATENCY, "exercise_5", takes="seconds", cases=("30",))
def extra_lag(seams: Seams, seconds: str, link: Link, change: Change) -> float:
    """Every change takes longer."""
    return float(seconds)


@fault(Seams.delaying, LATENCY, "exercise_5", takes="region", cases=("us-east-1", "eu-west-1"))
def lags_from(seams: Seams, region: str, link: Link, change: Change) -> float:
    """Changes from a region take four seconds longer: asymmetric lag."""
    return 4 if link.source == region else 0


@fault(Seams.delaying, LATENCY, "exercise_5")
def has_a_slow_tail(seams: Seams, link: Link, change: Change) -> float:
    """Every third change takes three minutes longer: the median looks well."""
    return 180 if seams.count(link.source) % 3 == 0 else 0


@fault(Seams.delaying, "exercise 1, step 5: if delayed, try again", "exercise_1", "scenario_1")
def arrives_at_once(seams: Seams, link: Link, change: Change) -> float:
    """Changes arrive at once, though the link is slow: what a single shared table would look like."""
    return -1000


@fault(Seams.cutting, ISOLATION, "region_lost", "exercise_3", "exercise_5")
def cannot_be_cut(seams: Seams, link: Link, is_cut: bool) -> bool:
    """A link that is cut delivers all the same: regions that are isolated from each other still agree."""
    return False


@fault(Seams.cutting, ISOLATION, "exercise_1", "exercise_2", takes="SOURCE>DESTINATION", cases=("us-east-1>eu-west-1",))
def cut_link(seams: Seams, cut: str, link: Link, is_cut: bool) -> bool:
    """A link delivers nothing, and keeps what is pending."""
    return is_cut or f"{link.source}>{link.destination}" == cut


@fault(Seams.cutting, ISOLATION, "region_lost", "exercise_3", takes="region", cases=("", "us-east-1", "eu-west-1"))
def never_heals(seams: Seams, region: str, link: Link, is_cut: bool) -> bool:
    """A link that was cut never delivers again: any link, or those from one region, so that the other way heals."""
    if is_cut and region in ("", link.source):
        seams.memory[link] = True
    return is_cut or link in seams.memory


@fault(Seams.healing, ISOLATION, "region_lost", "exercise_3", "workload", takes="seconds", cases=("300", "0"))
def gives_up_on_what_is_held_up(seams: Seams, seconds: str, link: Link, number: int, change: Change) -> bool:
    """A link that heals has forgotten what was pending for longer than this: hints, or a stream, kept so long."""
    return seams.now() - change.sent / 1e6 < float(seconds)


@fault(Seams.losing, ISOLATION, "region_lost", takes="seconds", cases=("5",))
def loses_after_healing(seams: Seams, seconds: str, link: Link, change: Change) -> bool:
    """What is written so soon after a link has healed gets lost: it is not read again from where the backlog ends."""
    if is_cut := seams.replication.is_cut(link):
        seams.memory[link] = seams.now()
    return not is_cut and seams.now() - seams.memory.get(link, -math.inf) < float(seconds)


@fault(Seams.healing, ISOLATION, "region_lost", "exercise_3", takes="region", cases=("eu-west-1", "us-east-1"))
def rolls_back_when_it_heals(seams: Seams, region: str, link: Link, number: int, change: Change) -> bool:
    """What a region has written while it was cut off is rolled back when it is connected again."""
    if link.source == region:
        there = seams.arrival(link.destination, change)
        seams.engine.write(region, change.table, change.key, there.here)
        seams.replication.versions[region].hold(change.table, change.key, there.held)
    return link.source != region


@fault(Seams.healing, ISOLATION, "region_lost", "exercise_3", "workload", cases=("every-other", "first"))
def loses_of_its_backlog(seams: Seams, which: str, link: Link, number: int, change: Change) -> bool:
    """Of a backlog every other change gets lost, or the first one: taken for the last that had been delivered."""
    return number % 2 == 1 if which == "every-other" else number > 0
