"""Faults of reading: regions that do not show what they hold, or not what was asked for."""

from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams, answers_to, results_of
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import Request, Response

FORWARD = "facts 1.2: reads of an item never go back to an older version"
OWN = "facts 1.2: a region shows its own writes"
EXACT_KEYS = "troubleshooting: an exact match of the keys is required"
PLACE = "facts 1.2: reads are local"

Image = WireImage | None


def _found(seams: Seams, find: Callable[[Request, ItemKey, list[WireImage]], list[WireImage]]) -> None:
    """The seam of what a query for one item finds."""

    def query(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        values = request.parameters.get("ExpressionAttributeValues", {})
        if "IndexName" in request.parameters or set(values) != {":pk", ":sk"}:
            return result
        items = find(request, item_key((":pk", ":sk"), values), result["Items"])
        return {**result, "Items": items, "Count": len(items)}

    results_of("Query")(seams, query)


def _reads(seams: Seams, show: Callable[[str, ItemKey, Image], Image]) -> None:
    """The seam of reads of one item: `show` makes what is shown of the image that the region holds."""

    def get(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        shown = show(request.region, item_key(("PK", "SK"), request.parameters["Key"]), result.get("Item"))
        return {} if shown is None else {"Item": shown}

    def find(request: Request, key: ItemKey, items: list[WireImage]) -> list[WireImage]:
        shown = show(request.region, key, items[0] if items else None)
        return [] if shown is None else [shown]

    results_of("GetItem")(seams, get)
    _found(seams, find)


@fault(_found, EXACT_KEYS, "exercise_1", "exercise_2")
def query_finds_an_item_twice(seams: Seams, request: Request, key: ItemKey, items: list[WireImage]) -> list[WireImage]:
    """A query for one item finds it twice, as if it were stored in two places."""
    return items * 2


@fault(_reads, FORWARD, "scenario_1", "workload")
def flickers(seams: Seams, region: str, key: ItemKey, image: Image) -> Image:
    """Every third read in the replica's region shows the version before."""
    if region != seams.replica:
        return image
    versions: list[Image] = seams.memory.setdefault(key, [image])
    if versions[-1] != image:
        versions.append(image)
    return versions[-2] if seams.count(key) % 3 == 0 and len(versions) > 1 else image


@fault(_reads, FORWARD, "scenario_1", "workload")
def goes_back_once(seams: Seams, region: str, key: ItemKey, image: Image) -> Image:
    """A second after a region has shown a new version it shows the one before for a second."""
    versions: list[tuple[float, Image]] = seams.memory.setdefault((region, key), [(seams.now(), image)])
    if versions[-1][1] != image:
        versions.append((seams.now(), image))
    return versions[-2][1] if len(versions) > 1 and 1 < seams.now() - versions[-1][0] < 2 else image


@fault(_reads, FORWARD, "scenario_1", "scenario_2", "exercise_3", "workload")
def shows_nothing_now_and_then(seams: Seams, region: str, key: ItemKey, image: Image) -> Image:
    """Every fourth read in the replica's region finds no item."""
    return None if region == seams.replica and seams.count() % 4 == 0 else image


@fault(Seams.together, OWN, "scenario_1", "workload")
def shows_own_writes_late(seams: Seams) -> None:
    """A region shows its own writes half a second late: reads with ConsistentRead are not consistent."""
    before: dict[tuple[str, ItemKey], list[tuple[float, Image]]] = {}

    def write(request: Request, forward: Forward) -> Response:
        keys = request.parameters.get("Key") or request.parameters["Item"]
        replaced = before.setdefault((request.region, item_key(("PK", "SK"), keys)), [])
        replaced.append((seams.now(), seams.item(request, keys)))
        return forward(request)

    def show(region: str, key: ItemKey, image: Image) -> Image:
        return next((each for at, each in before.get((region, key), []) if seams.now() - at < 0.5), image)

    answers_to("PutItem", "UpdateItem", "DeleteItem")(seams, write)
    _reads(seams, show)


@fault(answers_to("GetItem", "Query"), PLACE, "exercise_1", "exercise_3", "scenario_1")
def reads_go_to_the_primary_region(seams: Seams, request: Request, forward: Forward) -> Response:
    """The replica's region passes reads on to the primary one."""
    return forward(request.to(seams.primary))


@fault(Seams.seeing_all, PLACE, "exercise_1", "exercise_3", "scenario_1")
def consistent_reads_are_global(seams: Seams, request: Request) -> bool:
    """A read with ConsistentRead shows the latest version of any region."""
    return bool(request.parameters.get("ConsistentRead"))


FORMS: dict[str, Callable[[str], str]] = {
    "in-any-case": str.lower,
    "without-punctuation": lambda key: "".join(filter(str.isalnum, key)),
}


@fault(_found, EXACT_KEYS, "exercise_1", "troubleshooting", cases=tuple(FORMS))
def keys_match(seams: Seams, how: str, request: Request, wanted: ItemKey, items: list[WireImage]) -> list[WireImage]:
    """A query finds an item whose keys are spelt with other capitals, or have the same letters and digits."""
    held = seams.engine.items(request.region, request.parameters["TableName"])
    return [image for key, image in held if [*map(FORMS[how], wanted)] == [*map(FORMS[how], key)]]


@fault(answers_to("Scan"), "troubleshooting 2: a Scan reads the table in pages", "troubleshooting")
def scans_ignore_the_limit(seams: Seams, request: Request, forward: Forward) -> Response:
    """A Scan gives the whole table in one page, however small a page was asked for."""
    return forward(request.with_parameters(Limit=1000))


@fault(results_of("Query"), "scenario 2: both regions find all recorded sales", "scenario_2")
def prefix_queries_find_one_item(seams: Seams, request: Request, result: dict[str, Any]) -> dict[str, Any]:
    """A query for the beginning of a sort key finds the first item only."""
    prefix = "begins_with" in request.parameters.get("KeyConditionExpression", "")
    return {**result, "Items": result["Items"][:1]} if prefix else result


@fault(_reads, "DynamoDB API: an item is found by its whole key", "scenario_3", "exercise_3")
def attributes_of_another_item_are_shown(seams: Seams, region: str, key: ItemKey, image: Image) -> Image:
    """A read of an order shows the amount of the order that was read before."""
    if image is None or "total_amount" not in image:
        return image
    before = seams.memory.get("amount", image["total_amount"])
    seams.memory["amount"] = image["total_amount"]
    return {**image, "total_amount": before}
