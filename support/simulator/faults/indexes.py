"""Faults of the secondary indexes: stale, missing or too many entries, other projections, pages that do not add up."""

from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Arrival, Forward, Seams, answers_to, results_of
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import Request, Response
from support.simulator.replication.versions import Change, Version

OWN_INDEXES = "exercise 4: each region keeps its own indexes"
LEAVES = "exercise 4: an item that leaves a status leaves its index entry"
KEYS_ONLY = "facts 0.11: the workshop's indexes project KEYS_ONLY"
PAGES = "exercise 4: a query is read in pages, each item once"
SPARSE = "troubleshooting 2: an item without the keys of an index is not in it"

Entries = list[WireImage]


def _leaving_out(seams: Seams, leaves_out: Callable[[Arrival], bool]) -> None:
    """The seam of indexes that show the items as they were before the arriving changes that `leaves_out` names."""
    before: dict[tuple[str, str, ItemKey], tuple[WireImage | None, Version]] = {}

    def is_over(region: str, table: str, key: ItemKey) -> bool:
        """Whether the region has written the item since, or has the table anew."""
        held, (_, then) = seams.replication.versions[region].held(table, key), before[region, table, key]
        return held is None or (held.region == region and held != then)

    def receive(arrival: Arrival) -> Change:
        place = arrival.region, arrival.change.table, arrival.change.key
        if place in before and is_over(*place):
            del before[place]
        if leaves_out(arrival):
            before.setdefault(place, (arrival.here, arrival.held))
        return arrival.change

    def perform(request: Request, forward: Forward) -> Response:
        if request.operation not in ("Query", "Scan") or "IndexName" not in request.parameters:
            return forward(request)
        here = request.region, request.parameters["TableName"]
        after = {place: seams.engine.read(*place) for place in before if place[:2] == here and not is_over(*place)}
        try:
            for place in after:
                seams.engine.write(*place, before[place][0])
            return forward(request)
        finally:
            for place, image in after.items():
                seams.engine.write(*place, image)

    seams.arriving(receive)
    seams.performing(perform)


@fault(_leaving_out, OWN_INDEXES, "exercise_4", takes="region", cases=("eu-west-1", "us-east-1"))
def index_not_updated(seams: Seams, stale: str, arrival: Arrival) -> bool:
    """Arriving changes do not reach a region's indexes: a query of one is answered from the items before."""
    return arrival.region == stale


@fault(_leaving_out, LEAVES, "exercise_4")
def index_keeps_what_was_overwritten(seams: Seams, arrival: Arrival) -> bool:
    """A change that arrives for an item that is there leaves the item's index entries as they were."""
    return bool(arrival.change.image and arrival.here)


@fault(_leaving_out, OWN_INDEXES, "exercise_4")
def index_drops_updates_under_load(seams: Seams, arrival: Arrival) -> bool:
    """Of the changes that arrive in a region within a second only the first ten reach its indexes."""
    return seams.count(arrival.region, int(seams.now())) > 10


@fault(_leaving_out, OWN_INDEXES, "exercise_4")
def index_keeps_what_lost(seams: Seams, arrival: Arrival) -> bool:
    """What lost a conflict stays in its own region's indexes under its old value: only the table was repaired."""
    return arrival.is_conflict and arrival.change.version > arrival.held


@fault(_leaving_out, OWN_INDEXES, "exercise_4")
def index_keeps_deleted_items(seams: Seams, arrival: Arrival) -> bool:
    """A delete that arrives leaves the item's index entries."""
    return arrival.change.image is None


def _entries(seams: Seams, change: Callable[[Request, Entries], Entries]) -> None:
    """The seam of the entries that a query of an index finds."""

    def with_entries(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        if "IndexName" not in request.parameters:
            return result
        entries = change(request, result["Items"])
        return {**result, "Items": entries, "Count": len(entries)}

    results_of("Query")(seams, with_entries)


def _images(seams: Seams, request: Request) -> Entries:
    return [dict(image) for _, image in seams.engine.items(request.region, request.parameters["TableName"])]


@fault(_entries, OWN_INDEXES, "exercise_4")
def index_lacks_own_items(seams: Seams, request: Request, entries: Entries) -> Entries:
    """The indexes of the replica's region do not have what was created there."""
    if request.region != seams.replica:
        return entries
    own = {"S": seams.replica}
    return [each for each in entries if (seams.item(request, each) or {}).get("region_created") != own]


@fault(_entries, LEAVES, "exercise_4")
def index_keeps_old_entries(seams: Seams, request: Request, entries: Entries) -> Entries:
    """An index goes on to show what it has once shown under a value."""
    values = str(request.parameters["ExpressionAttributeValues"])
    known: Entries = seams.memory.setdefault((request.region, values), [])
    known += [each for each in entries if each not in known]
    return list(known)


@fault(_entries, KEYS_ONLY, "exercise_4")
def index_projects_all_attributes(seams: Seams, request: Request, entries: Entries) -> Entries:
    """A query of an index gives whole items."""
    return [dict(seams.item(request, each) or each) for each in entries]


@fault(_entries, KEYS_ONLY, "exercise_4")
def index_leaves_out_its_sort_key(seams: Seams, request: Request, entries: Entries) -> Entries:
    """A query of an index lacks one of the keys."""
    missing = f"{request.parameters['IndexName']}SK"
    return [{name: value for name, value in each.items() if name != missing} for each in entries]


@fault(results_of("Query"), PAGES, "exercise_4")
def index_has_one_page_only(seams: Seams, request: Request, result: dict[str, Any]) -> dict[str, Any]:
    """The first page does not say that others follow."""
    hidden = "LastEvaluatedKey" if "IndexName" in request.parameters else ""
    return {name: value for name, value in result.items() if name != hidden}


@fault(_entries, PAGES, "exercise_4")
def index_pages_leave_out_equal_sort_keys(seams: Seams, request: Request, entries: Entries) -> Entries:
    """A page leaves out entries whose sort key is that of the last entry before it."""
    name = f"{request.parameters['IndexName']}SK"
    last = request.parameters.get("ExclusiveStartKey", {}).get(name)
    return [each for each in entries if last is None or each.get(name) != last]


@fault(_entries, PAGES, "exercise_4")
def index_repeats_an_entry_on_each_page(seams: Seams, request: Request, entries: Entries) -> Entries:
    """Each page begins with the last entry of the one before."""
    before = seams.memory.get(request.region, [])
    seams.memory[request.region] = entries[-1:]
    return [*before, *entries[1:]] if "ExclusiveStartKey" in request.parameters else entries


@fault(answers_to("Query"), PAGES, "exercise_4")
def index_ignores_the_limit(seams: Seams, request: Request, forward: Forward) -> Response:
    """All entries come in one page, however small a page was asked for."""
    return forward(request.with_parameters(Limit=1000) if "IndexName" in request.parameters else request)


@fault(_entries, SPARSE, "troubleshooting")
def index_has_items_without_its_sort_key(seams: Seams, request: Request, entries: Entries) -> Entries:
    """An index shows an item that has its partition key only."""
    name = request.parameters["IndexName"]
    (value,) = request.parameters["ExpressionAttributeValues"].values()
    images = _images(seams, request)
    return [*entries, *(each for each in images if each.get(f"{name}PK") == value and f"{name}SK" not in each)]


@fault(_entries, "exercise 4: a query finds the items under its value", "exercise_4")
def index_ignores_the_value(seams: Seams, request: Request, entries: Entries) -> Entries:
    """A query of an index gives all its entries, whatever value was asked for."""
    index = request.parameters["IndexName"]
    names = ("PK", "SK", f"{index}PK", f"{index}SK")
    return [{key: image[key] for key in names} for image in _images(seams, request) if set(names) <= set(image)]


@fault(answers_to("Query"), OWN_INDEXES, "exercise_4")
def index_is_that_of_the_primary_region(seams: Seams, request: Request, forward: Forward) -> Response:
    """Queries of an index are answered from the primary region, whichever region is asked: one index for all."""
    return forward(request.to(seams.primary) if "IndexName" in request.parameters else request)


@fault(_entries, "exercise 4, step 2: within 2 minutes", "exercise_4")
def index_of_arrivals_is_four_minutes_late(seams: Seams, request: Request, entries: Entries) -> Entries:
    """What was written elsewhere is in a region's index four minutes later than in its table."""

    def is_due(entry: WireImage) -> bool:
        versions = seams.replication.versions[request.region]
        held = versions.held(request.parameters["TableName"], item_key(("PK", "SK"), entry))
        return held is None or held.region == request.region or seams.now() - held.written / 1e6 > 240

    return [each for each in entries if is_due(each)]
