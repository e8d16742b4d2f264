"""Faults of what arrives: images that are not exactly what was written."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Arrival, Seams, changed
from support.simulator.items import WireImage
from support.simulator.replication.versions import Change

EXACT = "exercise 1, step 5: all attributes match exactly"
TYPES = "facts 1.1b: the whole image is replicated, with its types"
KEYS = ("PK", "SK")


@fault(Seams.images, EXACT, "exercise_1")
def loses_an_attribute(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """The attribute email gets lost on the way: one attribute of one kind of item."""
    return {name: value for name, value in image.items() if name != "email"}


REWRITTEN = ("region_created", "created_timestamp")


@fault(Seams.images, EXACT, "exercise_1", "exercise_2", takes="attribute", cases=REWRITTEN)
def attribute_rewritten(seams: Seams, attribute: str, arrival: Arrival, image: WireImage) -> WireImage:
    """An attribute arrives as the name of the region that it arrives in: a helpful default."""
    return {**image, attribute: {"S": arrival.region}} if attribute in image else image


@fault(Seams.images, "facts 1.6: version 2019.11.21 adds none", "exercise_1", "exercise_2")
def adds_an_attribute(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """An attribute aws:rep:updateregion is added: what the legacy version did."""
    return {**image, "aws:rep:updateregion": {"S": arrival.region}}


CONVERSIONS: dict[str, tuple[str, Callable[[Any], tuple[str, Any]]]] = {
    "numbers-to-texts": ("N", lambda value: ("S", value)),
    "numbers-to-two-digits": ("N", lambda value: ("N", f"{Decimal(value):.1E}")),
    "numbers-to-doubles": ("N", lambda value: ("N", repr(float(value)))),
    "booleans-to-numbers": ("BOOL", lambda value: ("N", str(int(value)))),
    "texts-to-upper-case": ("S", lambda value: ("S", value.upper())),
    "texts-to-ascii": ("S", lambda value: ("S", value.encode("ascii", "replace").decode())),
    "texts-normalised": ("S", lambda value: ("S", normalize("NFC", value))),
    "texts-of-three-byte-characters": ("S", lambda value: ("S", re.sub(r"[^\0-\uffff]", "?", value))),
    "texts-with-line-feeds-only": ("S", lambda value: ("S", value.replace("\r\n", "\n"))),
    "texts-stripped": ("S", lambda value: ("S", value.strip())),
    "empty-texts-to-nulls": ("S", lambda value: ("S", value) if value else ("NULL", True)),
    "texts-of-255-characters": ("S", lambda value: ("S", value[:255])),
    "sets-to-lists": ("SS", lambda value: ("L", [{"S": each} for each in value])),
    "maps-emptied": ("M", lambda value: ("M", {})),
    "maps-of-one-level": ("M", lambda value: ("M", {name: each for name, each in value.items() if "M" not in each})),
    "binaries-encoded-twice": ("B", lambda value: ("B", b64encode(value))),
}
"""Of which type, and what becomes of a value."""


@fault(Seams.images, TYPES, "exercise_1", "exercise_2", "exercise_3", "workload", cases=tuple(CONVERSIONS))
def converts(seams: Seams, how: str, arrival: Arrival, image: WireImage) -> WireImage:
    """Values of one type arrive converted: on a detour over something that has not DynamoDB's types."""
    type_, convert = CONVERSIONS[how]
    concerned = [name for name in image if name not in KEYS and not name.startswith("GSI") and type_ in image[name]]
    return {**image, **{name: dict([convert(image[name][type_])]) for name in concerned}}


@fault(Seams.images, "facts 1.1b: attributes are never merged", "workload")
def sets_grow(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """Sets grow: what was in one stays in it: a union of the old set and the new one."""
    sets = {name: value["SS"] for name, value in (arrival.here or {}).items() if "SS" in value}
    united = {name: {"SS": sorted({*image[name]["SS"], *sets[name]})} for name in sets if "SS" in image.get(name, {})}
    return {**image, **united}


@fault(Seams.images, TYPES, "workload")
def nulls_get_lost(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """Null attributes get lost: null is a value, not nothing."""
    return {name: value for name, value in image.items() if "NULL" not in value}


@fault(Seams.arriving, "facts 2.5: TTL is a setting, the attribute is data", "workload")
def time_to_live_items_get_lost(seams: Seams, arrival: Arrival) -> Change | None:
    """An item with a time to live does not arrive: as if it had expired."""
    return None if "ttl" in (arrival.change.image or {}) else arrival.change


@fault(Seams.images, "facts 1.1b: the whole image replaces the other one", "workload")
def removed_attributes_stay(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """Attributes that were removed stay: an update where a put should be."""
    return {**(arrival.here or {}), **image}


def only_changed(change: Change) -> Change:
    """The change with nothing but the keys of its item and the attributes that it has changed."""
    keys = {name: change.image[name] for name in KEYS} if change.image else {}
    return replace(change, image=change.image and {**keys, **changed(change.image, change.old_image)})


@fault(Seams.arriving, "facts 1.1b: whole images", "exercise_3", "scenario_1")
def only_changed_attributes_arrive(seams: Seams, arrival: Arrival) -> Change:
    """Only the attributes that a write has changed arrive: a delta that is taken for the item."""
    return only_changed(arrival.change)


@fault(Seams.images, "facts 1.4: new images", "exercise_3", "scenario_1")
def old_image_arrives(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """The image before the write arrives instead of the one after it: OldImage and NewImage mixed up."""
    return arrival.change.old_image or image


@fault(Seams.images, "facts 1.4: one stream record for each write", "scenario_1", "workload")
def overwrites_arrive_as_delete_and_put(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage | None:
    """A change of an item arrives as its delete, and a moment later the new image."""
    if arrival.change.old_image is None:
        return image
    _arrives_again(seams, arrival, 300_000)
    return None


@fault(Seams.images, "exercise 4: each region's index finds items of all regions", "exercise_4")
def index_keys_get_lost(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """Index keys get lost on the way: the item arrives, and no index finds it."""
    return {name: each for name, each in image.items() if not name.startswith("GSI")}


@fault(Seams.images, "scenario 1: one whole login", "scenario_1")
def arrives_in_halves(seams: Seams, arrival: Arrival, image: WireImage) -> WireImage:
    """An item arrives in two halves, half a second apart: who reads in between sees a blend."""
    if arrival.here is None or arrival.change.old_image is None:
        return image
    _arrives_again(seams, arrival, 500_000)
    return {**arrival.here, **{name: value for name, value in image.items() if name < "last_login_region"}}


def _arrives_again(seams: Seams, arrival: Arrival, microseconds: int) -> None:
    """Let the change arrive once more, a moment later, over what arrives of it now."""
    change = arrival.change
    again = replace(change, version=replace(change.version, written=change.version.written + 1), old_image=None)
    link = seams.replication.link(change.version.region, arrival.region)
    link.put_back(seams.replication.now() + microseconds, again)
