"""Faults of the links: changes that get lost, come late, come twice, or travel where they must not."""

import math
from collections import Counter
from collections.abc import Callable

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Departures, Seams
from support.simulator.replication.links import Link
from support.simulator.replication.versions import Change

LOSSLESS = "facts 1.5b: unpropagated writes are delayed, never lost"
BOTH_WAYS = "exercise 2: replication is bi-directional"
LATENCY = "exercise 5: usually < 2 seconds, up to 2 minutes possible"
ISOLATION = "facts 1.5b: what a cut link owes arrives when it heals"


@fault(LOSSLESS, "exercise_1", "exercise_2", "health", takes="share, 0 to 1", cases=("1",))
def lost_write(seams: Seams, share: str) -> None:
    """Changes vanish on their way: with a share of 1 these are two tables that know nothing of each other."""
    random = seams.random("lost-write")
    seams.departing(lambda link, change: [] if random.random() < float(share) else [(0, change)])


@fault(BOTH_WAYS, "exercise_1", "exercise_2", "health", takes="region", cases=("us-east-1", "eu-west-1"))
def loses_changes_from(seams: Seams, region: str) -> None:
    """Changes from a region get lost: replication in one direction only, as active-passive copies do."""
    seams.departing(lambda link, change: [] if link.source == region else [(0, change)])


@fault("facts 1.1: each write replicates", "exercise_3", "scenario_1")
def replicates_creations_only(seams: Seams) -> None:
    """New items replicate, changes of them do not: a copy instead of replication."""
    seams.departing(lambda link, change: [(0, change)] if change.replaced is None else [])


@fault("exercise 1, step 4", "exercise_1", "exercise_2")
def replicates_changes_only(seams: Seams) -> None:
    """Changes of existing items replicate, new items do not: the item arrives with its first update."""
    seams.departing(lambda link, change: [] if change.replaced is None else [(0, change)])


@fault("facts 1.3: deletes replicate", "exercise_3", "health", "workload")
def loses_deletes(seams: Seams) -> None:
    """Deletes do not replicate: an item that is deleted in one region stays in the other one."""
    seams.departing(lambda link, change: [] if change.image is None else [(0, change)])


@fault(LOSSLESS, "exercise_5", "workload")
def loses_every_seventh_change(seams: Seams) -> None:
    """Every seventh change of a link gets lost: a leak that a single item rarely meets."""
    sent: Counter[str] = Counter()

    def send(link: Link, change: Change) -> Departures:
        sent[link.source] += 1
        return [] if sent[link.source] % 7 == 0 else [(0, change)]

    seams.departing(send)


@fault("facts 1.4: the last one arrives", "workload")
def combines_into_the_first(seams: Seams) -> None:
    """A change is lost if an earlier one of its item is still on its way.

    AWS may combine quick changes of an item into one (facts 1.4): into the last one, never into the first.
    """

    def send(link: Link, change: Change) -> Departures:
        return [] if link.next_due_of(change.table, change.key) is not None else [(0, change)]

    seams.departing(send)


@fault("exercise 2: all items replicate", "exercise_2", "exercise_4")
def replicates_users_only(seams: Seams) -> None:
    """Only items of users replicate: a filter on the partition key."""
    seams.departing(lambda link, change: [(0, change)] if "USER#" in change.key[0] else [])


@fault(LOSSLESS, "workload")
def loses_large_items(seams: Seams) -> None:
    """What is larger than four kilobytes does not arrive: a page of something in between."""
    seams.departing(lambda link, change: [] if len(str(change.image)) > 4096 else [(0, change)])


@fault("facts 1.3: a delete is a write like any other", "workload")
def loses_what_is_created_again(seams: Seams) -> None:
    """What is created within ten seconds after a delete of the same item has arrived gets lost."""
    deleted: dict[tuple[str, object], float] = {}

    def receive(region: str, change: Change) -> Change | None:
        if change.image is None:
            deleted[region, change.key] = seams.now()
        elif seams.now() - deleted.pop((region, change.key), -math.inf) < 10.0:
            return None
        return change

    seams.arriving(receive)


@fault(LOSSLESS, "exercise_4", "exercise_5")
def replicates_five_items(seams: Seams) -> None:
    """Only the first five items of a partition key's kind replicate: a batch that is never followed by the next one."""
    seen: dict[tuple[str, str], set[tuple[str, ...]]] = {}

    def send(link: Link, change: Change) -> Departures:
        items = seen.setdefault((link.source, change.key[0].partition("#")[0]), set())
        items.add(change.key)
        return [(0, change)] if len(items) <= 5 else []

    seams.departing(send)


@fault(LOSSLESS, "exercise_4")
def loses_what_exceeds_a_batch(seams: Seams) -> None:
    """Of what is written within a second only the first ten changes replicate: the rest was left unprocessed."""
    sent: Counter[tuple[str, int]] = Counter()

    def send(link: Link, change: Change) -> Departures:
        sent[link.source, int(seams.now())] += 1
        return [(0, change)] if sent[link.source, int(seams.now())] <= 10 else []

    seams.departing(send)


@fault(
    "facts 1.1: a version is not later than itself",
    "workload",
    equivalent=(
        "applying the version that is already there again changes nothing: DynamoDB itself may deliver more than once"
    ),
)
def delivers_twice(seams: Seams) -> None:
    """Each change arrives a second time: at least once instead of exactly once."""
    seams.departing(lambda link, change: [(0, change), (5, change)])


@fault("facts 1.1: an older version never returns", "scenario_3", "exercise_3", "workload")
def applies_second_deliveries(seams: Seams) -> None:
    """Each change arrives a second time, and is applied over later ones."""
    seams.departing(lambda link, change: [(0, change), (8, change)])
    seams.accepting(lambda region, change, held, accepted: True)


@fault("facts 1.4: ordered per item", "workload")
def reorders_changes_of_an_item(seams: Seams) -> None:
    """Changes of an item that was changed before overtake each other, and the last one to arrive stays."""
    sent: Counter[str] = Counter()

    def send(link: Link, change: Change) -> Departures:
        sent[link.source] += 1
        return [(3.0 * (sent[link.source] % 2), change)]

    def accepts(region: str, change: Change, held: object, accepted: bool) -> bool:
        versions = seams.replication.versions[region].held(change.table, change.key)
        return accepted or (versions is not None and versions.region == change.version.region)

    seams.departing(send)
    seams.accepting(accepts)


@fault(LATENCY, "exercise_5", takes="seconds", cases=("30",))
def extra_lag(seams: Seams, seconds: str) -> None:
    """Every change takes longer."""
    seams.departing(lambda link, change: [(float(seconds), change)])


@fault(LATENCY, "exercise_5", takes="region", cases=("us-east-1", "eu-west-1"))
def lags_from(seams: Seams, region: str) -> None:
    """Changes from a region take four seconds longer: asymmetric lag."""
    seams.departing(lambda link, change: [(4 if link.source == region else 0, change)])


@fault(LATENCY, "exercise_5")
def has_a_slow_tail(seams: Seams) -> None:
    """Every third change takes three minutes longer: the median looks well."""
    sent: Counter[str] = Counter()

    def send(link: Link, change: Change) -> Departures:
        sent[link.source] += 1
        return [(180 if sent[link.source] % 3 == 0 else 0, change)]

    seams.departing(send)


@fault("exercise 1, step 5: if delayed, try again", "exercise_1", "scenario_1")
def arrives_at_once(seams: Seams) -> None:
    """Changes arrive at once, though the link is slow: what a single shared table would look like."""
    seams.departing(lambda link, change: [(-1000, change)])


@fault(ISOLATION, "exercise_3", "exercise_5")
def cannot_be_cut(seams: Seams) -> None:
    """A link that is cut delivers all the same: regions that are isolated from each other still agree."""
    seams.cutting(lambda link, is_cut: False)


@fault(ISOLATION, "exercise_1", "exercise_2", takes="SOURCE>DESTINATION", cases=("us-east-1>eu-west-1",))
def cut_link(seams: Seams, link: str) -> None:
    """A link delivers nothing, and keeps what it owes."""
    seams.cutting(lambda each, is_cut: is_cut or f"{each.source}>{each.destination}" == link)


@fault(ISOLATION, "exercise_3")
def never_heals(seams: Seams) -> None:
    """A link that was cut never delivers again: delayed for ever."""
    seams.healing(lambda link, heal: None)


@fault(ISOLATION, "exercise_3", "workload")
def forgets_its_backlog(seams: Seams) -> None:
    """A link that was cut has forgotten what it owed: replication goes on with the next write."""

    def heal(link: Link, original: Callable[[], None]) -> None:
        while len(link):
            link.take()
        original()

    seams.healing(heal)


@fault(ISOLATION, "exercise_3", takes="seconds", cases=("300",))
def gives_up_on_what_is_held_up(seams: Seams, seconds: str) -> None:
    """A link that heals has forgotten what it owed for longer than this: hints, or a stream, that are kept so long."""

    def heal(link: Link, original: Callable[[], None]) -> None:
        for due, change in [link.take() for _ in range(len(link))]:
            if seams.now() - change.sent / 1e6 < float(seconds):
                link.put_back(due, change)
        original()

    seams.healing(heal)


@fault(ISOLATION, "exercise_3", takes="region", cases=("eu-west-1", "us-east-1"))
def rolls_back_when_it_heals(seams: Seams, region: str) -> None:
    """What a region has written while it was cut off is rolled back when it is connected again."""

    def heal(link: Link, original: Callable[[], None]) -> None:
        for _, change in [link.take() for _ in range(len(link) if link.source == region else 0)]:
            held = seams.replication.versions[link.destination].held(change.table, change.key) or change.version
            seams.engine.write(region, change.table, change.key, seams.image(link.destination, change))
            seams.replication.versions[region].hold(change.table, change.key, held)
        original()

    seams.healing(heal)


@fault(ISOLATION, "exercise_3", "workload")
def delivers_half_of_its_backlog(seams: Seams) -> None:
    """Of a backlog only one change of two is delivered: a stream whose oldest records were trimmed."""

    def heal(link: Link, original: Callable[[], None]) -> None:
        for due, change in [link.take() for _ in range(len(link))][1::2]:
            link.put_back(due, change)
        original()

    seams.healing(heal)
