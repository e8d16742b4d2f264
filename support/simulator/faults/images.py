"""Faults of what arrives: images that are not exactly what was written."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from support.simulator.faults.fault import CASE, fault
from support.simulator.faults.seams import Seams
from support.simulator.replication.versions import Change

EXACT = "exercise 1, step 5: all attributes match exactly"
TYPES = "facts 1.1b: the whole image is replicated, with its types"
KEYS = ("PK", "SK")


@fault(EXACT, "exercise_1")
def loses_an_attribute(seams: Seams) -> None:
    """The attribute email gets lost on the way: one attribute of one kind of item."""
    seams.images(lambda region, image: {name: value for name, value in image.items() if name != "email"})


@fault(EXACT, "exercise_1", "exercise_2", takes="attribute", cases=("region_created", "created_timestamp"))
def attribute_rewritten(seams: Seams, attribute: str) -> None:
    """An attribute arrives as the name of the region that it arrives in: a helpful default."""
    seams.images(lambda region, image: {**image, attribute: {"S": region}} if attribute in image else image)


@fault("facts 1.6: version 2019.11.21 adds none", "exercise_1", "exercise_2")
def adds_an_attribute(seams: Seams) -> None:
    """An attribute aws:rep:updateregion is added: what the legacy version did."""
    seams.images(lambda region, image: {**image, "aws:rep:updateregion": {"S": region}})


CONVERSIONS: dict[str, tuple[str, Callable[[Any], tuple[str, Any]]]] = {
    "numbers-to-texts": ("N", lambda value: ("S", value)),
    "numbers-to-two-digits": ("N", lambda value: ("N", f"{Decimal(value):.1E}")),
    "numbers-to-doubles": ("N", lambda value: ("N", repr(float(value)))),
    "booleans-to-numbers": ("BOOL", lambda value: ("N", str(int(value)))),
    "texts-to-upper-case": ("S", lambda value: ("S", value.upper())),
    "texts-to-ascii": ("S", lambda value: ("S", value.encode("ascii", "replace").decode())),
    "texts-stripped": ("S", lambda value: ("S", value.strip())),
    "empty-texts-to-nulls": ("S", lambda value: ("S", value) if value else ("NULL", True)),
    "texts-of-255-characters": ("S", lambda value: ("S", value[:255])),
    "sets-to-lists": ("SS", lambda value: ("L", [{"S": each} for each in value])),
    "maps-emptied": ("M", lambda value: ("M", {})),
    "binaries-encoded-twice": ("B", lambda value: ("B", b64encode(value))),
}
"""Of which type, and what becomes of a value."""


@fault(TYPES, "exercise_1", "exercise_2", "exercise_3", "workload", takes=CASE, cases=tuple(CONVERSIONS))
def converts(seams: Seams, how: str) -> None:
    """Values of one type arrive converted: on a detour over something that has not DynamoDB's types."""
    type_, convert = CONVERSIONS[how]

    def converted(name: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
        is_key = name in KEYS or name.startswith("GSI")
        return value if is_key or type_ not in value else dict([convert(value[type_])])

    seams.images(lambda region, image: {name: converted(name, value) for name, value in image.items()})


@fault("facts 1.1b: attributes are never merged", "workload")
def sets_grow(seams: Seams) -> None:
    """Sets grow: what was in one stays in it: a union of the old set and the new one."""

    def receive(region: str, change: Change) -> Change:
        here = seams.image(region, change) or {}
        image = {
            name: {"SS": sorted({*value["SS"], *here[name]["SS"]})}
            if "SS" in value and "SS" in here.get(name, {})
            else value
            for name, value in (change.image or {}).items()
        }
        return replace(change, image=image) if change.image else change

    seams.arriving(receive)


@fault(TYPES, "workload")
def nulls_get_lost(seams: Seams) -> None:
    """Null attributes get lost: null is a value, not nothing."""
    seams.images(lambda region, image: {name: value for name, value in image.items() if "NULL" not in value})


@fault("facts 2.5: TTL is a setting, the attribute is data", "workload")
def time_to_live_items_get_lost(seams: Seams) -> None:
    """An item with a time to live does not arrive: as if it had expired."""
    seams.arriving(lambda region, change: None if "ttl" in (change.image or {}) else change)


@fault("facts 1.1b: the whole image replaces the other one", "workload")
def removed_attributes_stay(seams: Seams) -> None:
    """Attributes that were removed stay: an update where a put should be."""

    def receive(region: str, change: Change) -> Change:
        here = seams.image(region, change) or {}
        return replace(change, image={**here, **change.image}) if change.image else change

    seams.arriving(receive)


@fault("facts 1.1b: whole images", "exercise_3", "scenario_1")
def only_changed_attributes_arrive(seams: Seams) -> None:
    """Only the attributes that a write has changed arrive: a delta that is taken for the item."""

    def receive(_: str, change: Change) -> Change:
        before = change.replaced or {}
        image = {
            name: value for name, value in (change.image or {}).items() if name in KEYS or before.get(name) != value
        }
        return replace(change, image=image) if change.image else change

    seams.arriving(receive)


@fault("facts 1.4: new images", "exercise_3", "scenario_1")
def old_image_arrives(seams: Seams) -> None:
    """The image before the write arrives instead of the one after it: OldImage and NewImage mixed up."""
    seams.arriving(
        lambda region, change: replace(change, image=change.replaced) if change.image and change.replaced else change
    )


@fault("facts 1.4: one stream record for each write", "scenario_1", "workload")
def overwrites_arrive_as_delete_and_put(seams: Seams) -> None:
    """A change of an item arrives as its delete, and a moment later the new image."""

    def receive(region: str, change: Change) -> Change:
        if change.image is None or change.replaced is None:
            return change
        version = replace(change.version, written=change.version.written + 1)
        link = seams.replication.link(change.version.region, region)
        link.put_back(seams.replication.now() + 300_000, replace(change, version=version, replaced=None))
        return replace(change, image=None)

    seams.arriving(receive)


@fault("exercise 4: each region's index finds items of all regions", "exercise_4")
def index_keys_get_lost(seams: Seams) -> None:
    """Index keys get lost on the way: the item arrives, and no index finds it."""
    seams.images(lambda region, image: {name: each for name, each in image.items() if not name.startswith("GSI")})


@fault("scenario 1: one whole login", "scenario_1")
def arrives_in_halves(seams: Seams) -> None:
    """An item arrives in two halves, half a second apart: who reads in between sees a blend."""

    def receive(region: str, change: Change) -> Change:
        here = seams.image(region, change)
        if change.image is None or here is None or change.replaced is None:
            return change
        half = {name: value for name, value in change.image.items() if name < "last_login_region"}
        link = seams.replication.link(change.version.region, region)
        now = seams.replication.now()
        version = replace(change.version, written=change.version.written + 1)
        link.put_back(now + 500_000, replace(change, version=version, replaced=None))
        return replace(change, image={**here, **half})

    seams.arriving(receive)
