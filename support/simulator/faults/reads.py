"""Faults of reading: regions that do not show what they hold, or not what was asked for."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import Request, Response

FORWARD = "facts 1.2: reads of an item never go back to an older version"
OWN = "facts 1.2: a region shows its own writes"
EXACT_KEYS = "troubleshooting: an exact match of the keys is required"
PLACE = "facts 1.2: reads are local"

Show = Callable[[str, ItemKey, WireImage | None], WireImage | None]


@fault(FORWARD, "scenario_1", "workload")
def flickers(seams: Seams) -> None:
    """Every third read in the replica's region shows the version before."""
    reads: Counter[ItemKey] = Counter()
    shown: dict[ItemKey, list[WireImage | None]] = {}

    def show(region: str, key: ItemKey, image: WireImage | None) -> WireImage | None:
        if region != seams.replica:
            return image
        versions = shown.setdefault(key, [image])
        if versions[-1] != image:
            versions.append(image)
        reads[key] += 1
        return versions[-2] if reads[key] % 3 == 0 and len(versions) > 1 else image

    _reads(seams, show)


@fault(FORWARD, "scenario_1", "workload")
def goes_back_once(seams: Seams) -> None:
    """A second after a region has shown a new version it shows the one before for a second."""
    shown: dict[tuple[str, ItemKey], list[tuple[float, WireImage | None]]] = {}

    def show(region: str, key: ItemKey, image: WireImage | None) -> WireImage | None:
        versions = shown.setdefault((region, key), [(seams.now(), image)])
        if versions[-1][1] != image:
            versions.append((seams.now(), image))
        back = len(versions) > 1 and 1 < seams.now() - versions[-1][0] < 2
        return versions[-2][1] if back else image

    _reads(seams, show)


@fault(FORWARD, "scenario_1", "scenario_2", "exercise_3", "workload")
def shows_nothing_now_and_then(seams: Seams) -> None:
    """Every fourth read in the replica's region finds no item."""
    reads: Counter[str] = Counter()

    def show(region: str, _: ItemKey, image: WireImage | None) -> WireImage | None:
        reads[region] += 1
        return None if region == seams.replica and reads[region] % 4 == 0 else image

    _reads(seams, show)


@fault(OWN, "scenario_1", "workload")
def shows_own_writes_late(seams: Seams) -> None:
    """A region shows its own writes half a second late: reads with ConsistentRead are not consistent."""
    before: dict[tuple[str, ItemKey], list[tuple[float, WireImage | None]]] = {}

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation not in ("PutItem", "UpdateItem", "DeleteItem"):
            return forward(request)
        key = item_key(("PK", "SK"), request.parameters.get("Key") or request.parameters["Item"])
        image = seams.engine.read(request.region, request.parameters["TableName"], key)
        before.setdefault((request.region, key), []).append((seams.now(), image))
        return forward(request)

    def show(region: str, key: ItemKey, image: WireImage | None) -> WireImage | None:
        recent = [each for at, each in before.get((region, key), []) if seams.now() - at < 0.5]
        return recent[0] if recent else image

    seams.answering(answer)
    _reads(seams, show)


@fault(PLACE, "exercise_1", "exercise_3", "scenario_1")
def reads_go_to_the_primary_region(seams: Seams) -> None:
    """The replica's region passes reads on to the primary one."""

    def answer(request: Request, forward: Forward) -> Response:
        reads = request.operation in ("GetItem", "Query")
        return forward(request.to(seams.primary) if reads else request)

    seams.answering(answer)


@fault(PLACE, "exercise_1", "exercise_3", "scenario_1")
def consistent_reads_are_global(seams: Seams) -> None:
    """A read with ConsistentRead shows the latest version of any region."""

    def perform(request: Request, forward: Forward) -> Response:
        if request.parameters.get("ConsistentRead"):
            seams.bring_up_to_date(request.region)
        return forward(request)

    seams.performing(perform)


@fault(EXACT_KEYS, "exercise_1", "troubleshooting")
def keys_match_in_any_case(seams: Seams) -> None:
    """A query finds an item whose keys are spelt with other capitals."""
    _finds(seams, lambda wanted, key: [each.lower() for each in wanted] == [each.lower() for each in key])


@fault(EXACT_KEYS, "troubleshooting")
def keys_match_without_punctuation(seams: Seams) -> None:
    """A query finds an item whose keys have the same letters and digits."""

    def letters(key: ItemKey) -> list[str]:
        return ["".join(filter(str.isalnum, part)) for part in key]

    _finds(seams, lambda wanted, key: letters(wanted) == letters(key))


@fault("troubleshooting 2: a Scan reads the table in pages", "troubleshooting")
def scans_ignore_the_limit(seams: Seams) -> None:
    """A Scan gives the whole table in one page, however small a page was asked for."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation != "Scan":
            return forward(request)
        return forward(request.with_parameters(Limit=1000))

    seams.answering(answer)


@fault("scenario 2: both regions find all recorded sales", "scenario_2")
def prefix_queries_find_one_item(seams: Seams) -> None:
    """A query for the beginning of a sort key finds the first item only."""

    def first(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        prefix = "begins_with" in request.parameters.get("KeyConditionExpression", "")
        return {**result, "Items": result["Items"][:1]} if prefix else result

    seams.results("Query", first)


@fault("DynamoDB API: an item is found by its whole key", "scenario_3", "exercise_3")
def attributes_of_another_item_are_shown(seams: Seams) -> None:
    """A read of an order shows the amount of the order that was read before."""
    amounts: list[Any] = []

    def show(_: str, key: ItemKey, image: WireImage | None) -> WireImage | None:
        if image is None or "total_amount" not in image:
            return image
        amounts.append(image["total_amount"])
        return {**image, "total_amount": amounts[-2]} if len(amounts) > 1 and key else image

    _reads(seams, show)


def _reads(seams: Seams, show: Show) -> None:
    """Let reads of one item show what `show` makes of the image that their region holds."""

    def get(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        shown = show(request.region, item_key(("PK", "SK"), request.parameters["Key"]), result.get("Item"))
        return {} if shown is None else {"Item": shown}

    def query(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        key = _wanted(request)
        if key is None:
            return result
        shown = show(request.region, key, next(iter(result["Items"]), None))
        items = [] if shown is None else [shown]
        return {**result, "Items": items, "Count": len(items)}

    seams.results("GetItem", get)
    seams.results("Query", query)


def _finds(seams: Seams, matches: Callable[[ItemKey, ItemKey], bool]) -> None:
    """Let queries for one item find the items whose keys match."""

    def query(request: Request, result: dict[str, Any]) -> dict[str, Any]:
        wanted = _wanted(request)
        if wanted is None:
            return result
        items = seams.engine.items(request.region, request.parameters["TableName"])
        found = [image for key, image in items if matches(wanted, key)]
        return {**result, "Items": found, "Count": len(found)}

    seams.results("Query", query)


def _wanted(request: Request) -> ItemKey | None:
    """The key that a Query is for; None for a query of an index, or for several items."""
    values = request.parameters.get("ExpressionAttributeValues", {})
    if "IndexName" in request.parameters or set(values) != {":pk", ":sk"}:
        return None
    return item_key((":pk", ":sk"), values)
