"""Faults of the secondary indexes: stale, missing or too many entries, other projections, pages that do not add up."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import Request, Response
from support.simulator.replication.versions import Change

OWN_INDEXES = "exercise 4: each region keeps its own indexes"
KEYS_ONLY = "facts 0.11: the workshop's indexes project KEYS_ONLY"
PAGES = "exercise 4: a query is read in pages, each item once"
SPARSE = "troubleshooting 2: an item without the keys of an index is not in it"

Entries = list[dict[str, Any]]


@fault(OWN_INDEXES, "exercise_4", takes="region", cases=("eu-west-1", "us-east-1"))
def index_not_updated(seams: Seams, stale: str) -> None:
    """Arriving changes do not reach a region's indexes: a query of one is answered from the items before."""
    _leave_out(seams, lambda region, change: region == stale)


@fault("exercise 4: an item that leaves a status leaves its index entry", "exercise_4")
def index_keeps_what_was_overwritten(seams: Seams) -> None:
    """A change that arrives for an item that is there leaves the item's index entries as they were."""
    _leave_out(seams, lambda region, change: bool(change.image and seams.image(region, change)))


@fault(OWN_INDEXES, "exercise_4")
def index_drops_updates_under_load(seams: Seams) -> None:
    """Of the changes that arrive in a region within a second only the first ten reach its indexes."""
    arrived: Counter[tuple[str, int]] = Counter()

    def is_too_much(region: str, _: Change) -> bool:
        arrived[region, int(seams.now())] += 1
        return arrived[region, int(seams.now())] > 10

    _leave_out(seams, is_too_much)


@fault(OWN_INDEXES, "exercise_4")
def index_lacks_own_items(seams: Seams) -> None:
    """The indexes of the replica's region do not have what was created there."""

    def own(request: Request, entry: dict[str, Any]) -> bool:
        image = seams.engine.read(request.region, request.parameters["TableName"], item_key(("PK", "SK"), entry))
        return request.region == seams.replica and (image or {}).get("region_created") == {"S": seams.replica}

    _entries(seams, lambda request, entries: [each for each in entries if not own(request, each)])


@fault("exercise 4: an item that leaves a status leaves its index entry", "exercise_4")
def index_keeps_old_entries(seams: Seams) -> None:
    """An index goes on to show what it has once shown under a value."""
    shown: dict[tuple[str, str], Entries] = {}

    def keep(request: Request, entries: Entries) -> Entries:
        known = shown.setdefault((request.region, str(request.parameters["ExpressionAttributeValues"])), [])
        known += [each for each in entries if each not in known]
        return list(known)

    _entries(seams, keep)


@fault(KEYS_ONLY, "exercise_4")
def index_projects_all_attributes(seams: Seams) -> None:
    """A query of an index gives whole items."""

    def whole(request: Request, entry: dict[str, Any]) -> dict[str, Any]:
        image = seams.engine.read(request.region, request.parameters["TableName"], item_key(("PK", "SK"), entry))
        return dict(image or entry)

    _entries(seams, lambda request, entries: [whole(request, each) for each in entries])


@fault(KEYS_ONLY, "exercise_4")
def index_leaves_out_its_sort_key(seams: Seams) -> None:
    """A query of an index lacks one of the keys."""
    _entries(
        seams,
        lambda request, entries: [
            {name: value for name, value in each.items() if name != f"{request.parameters['IndexName']}SK"}
            for each in entries
        ],
    )


@fault(PAGES, "exercise_4")
def index_has_one_page_only(seams: Seams) -> None:
    """The first page does not say that others follow."""
    _index_results(
        seams, lambda _, result: {name: value for name, value in result.items() if name != "LastEvaluatedKey"}
    )


@fault(PAGES, "exercise_4")
def index_repeats_an_entry_on_each_page(seams: Seams) -> None:
    """Each page begins with the last entry of the one before."""
    last: dict[str, dict[str, Any]] = {}

    def repeat(request: Request, entries: Entries) -> Entries:
        again = [last[request.region]] if "ExclusiveStartKey" in request.parameters else []
        last[request.region] = entries[-1] if entries else {}
        return [*again, *entries[len(again) :]] if again else entries

    _entries(seams, repeat)


@fault(PAGES, "exercise_4")
def index_ignores_the_limit(seams: Seams) -> None:
    """All entries come in one page, however small a page was asked for."""

    def answer(request: Request, forward: Forward) -> Response:
        if "IndexName" not in request.parameters:
            return forward(request)
        return forward(request.with_parameters(Limit=1000))

    _queries(seams, answer)


@fault(SPARSE, "troubleshooting")
def index_has_items_without_its_sort_key(seams: Seams) -> None:
    """An index shows an item that has its partition key only."""

    def more(request: Request, entries: Entries) -> Entries:
        name = request.parameters["IndexName"]
        (value,) = request.parameters["ExpressionAttributeValues"].values()
        images = [dict(image) for _, image in seams.engine.items(request.region, request.parameters["TableName"])]
        return [*entries, *(each for each in images if each.get(f"{name}PK") == value and f"{name}SK" not in each)]

    _entries(seams, more)


@fault("exercise 4: a query finds the items under its value", "exercise_4")
def index_ignores_the_value(seams: Seams) -> None:
    """A query of an index gives all its entries, whatever value was asked for."""

    def every(request: Request, _: Entries) -> Entries:
        name = request.parameters["IndexName"]
        names = {"PK", "SK", f"{name}PK", f"{name}SK"}
        images = [dict(image) for _, image in seams.engine.items(request.region, request.parameters["TableName"])]
        return [{key: image[key] for key in names} for image in images if names <= set(image)]

    _entries(seams, every)


@fault(OWN_INDEXES, "exercise_4")
def index_is_that_of_the_primary_region(seams: Seams) -> None:
    """Queries of an index are answered from the primary region, whichever region is asked: one index for all."""
    _queries(
        seams,
        lambda request, forward: forward(request.to(seams.primary) if "IndexName" in request.parameters else request),
    )


@fault(OWN_INDEXES, "exercise_4")
def index_keeps_what_lost(seams: Seams) -> None:
    """What lost a conflict stays in its own region's indexes under its old value: only the table was repaired."""

    def loses(region: str, change: Change) -> bool:
        held = seams.replication.versions[region].held(change.table, change.key)
        return held is not None and change.conflicts_with(held) and change.version > held

    _leave_out(seams, loses)


@fault(OWN_INDEXES, "exercise_4")
def index_keeps_deleted_items(seams: Seams) -> None:
    """A delete that arrives leaves the item's index entries."""
    _leave_out(seams, lambda region, change: change.image is None)


@fault("exercise 4, step 2: within 2 minutes", "exercise_4")
def index_of_arrivals_is_four_minutes_late(seams: Seams) -> None:
    """What was written elsewhere is in a region's index four minutes later than in its table."""

    def due(request: Request, entry: dict[str, Any]) -> bool:
        versions = seams.replication.versions[request.region]
        held = versions.held(request.parameters["TableName"], item_key(("PK", "SK"), entry))
        return held is None or held.region == request.region or seams.now() - held.written / 1e6 > 240

    _entries(seams, lambda request, entries: [each for each in entries if due(request, each)])


def _leave_out(seams: Seams, leaves_out: Callable[[str, Change], bool]) -> None:
    """Let the indexes of a region show the items as they were before the arriving changes that `leaves_out` names."""
    before: dict[tuple[str, str, ItemKey], WireImage | None] = {}

    def receive(region: str, change: Change) -> Change:
        if leaves_out(region, change):
            before.setdefault((region, change.table, change.key), seams.image(region, change))
        return change

    def perform(request: Request, forward: Forward) -> Response:
        table = request.parameters.get("TableName")
        places = [place for place in before if place[:2] == (request.region, table)]
        if request.operation not in ("Query", "Scan") or "IndexName" not in request.parameters:
            return forward(request)
        after = {place: seams.engine.read(*place) for place in places}
        try:
            for place in places:
                seams.engine.write(*place, before[place])
            return forward(request)
        finally:
            for place, image in after.items():
                seams.engine.write(*place, image)

    seams.arriving(receive)
    seams.written(lambda *place: before.pop(place, None))
    seams.performing(perform)


def _queries(seams: Seams, answer: Callable[[Request, Forward], Response]) -> None:
    seams.answering(
        lambda request, forward: answer(request, forward) if request.operation == "Query" else forward(request)
    )


def _index_results(seams: Seams, change: Callable[[Request, dict[str, Any]], dict[str, Any]]) -> None:
    """Change the results of queries of indexes."""
    seams.results(
        "Query", lambda request, found: change(request, found) if "IndexName" in request.parameters else found
    )


def _entries(seams: Seams, change: Callable[[Request, Entries], Entries]) -> None:
    """Change the entries that queries of indexes find."""

    def with_entries(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        entries = change(request, result["Items"])
        return {**result, "Items": entries, "Count": len(entries)}

    _index_results(seams, with_entries)
