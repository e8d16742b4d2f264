"""Faults of what arrives: images that are not exactly what was written."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Seams
from support.simulator.items import WireImage
from support.simulator.replication.versions import Change

EXACT = "exercise 1, step 5: all attributes match exactly"
TYPES = "facts 1.1: the whole image is replicated, with its types"
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


@fault(TYPES, "exercise_2", "scenario_2")
def numbers_become_texts(seams: Seams) -> None:
    """Numbers arrive as texts: a detour over JSON that quotes them."""
    _values(seams, lambda kind, value: ("S", value) if kind == "N" else (kind, value))


@fault(TYPES, "exercise_2", "workload")
def numbers_are_rounded(seams: Seams) -> None:
    """Numbers arrive rounded to two digits: 299 becomes 3.0E+2."""
    _values(seams, lambda kind, value: ("N", f"{Decimal(value):.1E}") if kind == "N" else (kind, value))


@fault("facts 1.1: 38 digits", "workload")
def numbers_become_doubles(seams: Seams) -> None:
    """Numbers arrive with the precision of a double: seventeen digits instead of thirty-eight."""
    _values(seams, lambda kind, value: ("N", repr(float(value))) if kind == "N" else (kind, value))


@fault(TYPES, "exercise_3", "workload")
def booleans_become_numbers(seams: Seams) -> None:
    """True and false arrive as 1 and 0: equal for Python, not for DynamoDB."""
    _values(seams, lambda kind, value: ("N", str(int(value))) if kind == "BOOL" else (kind, value))


@fault(EXACT, "exercise_1", "exercise_2")
def texts_become_upper_case(seams: Seams) -> None:
    """Texts arrive in upper case: all attributes but those of keys."""
    _values(seams, lambda kind, value: (kind, value.upper()) if kind == "S" else (kind, value))


@fault(TYPES, "workload")
def texts_become_ascii(seams: Seams) -> None:
    """Texts arrive without letters beyond ASCII: an encoding that replaces what it does not know."""
    _values(
        seams, lambda kind, value: (kind, value.encode("ascii", "replace").decode()) if kind == "S" else (kind, value)
    )


@fault(TYPES, "workload")
def sets_become_lists(seams: Seams) -> None:
    """Sets arrive as lists: what JSON makes of them."""
    _values(seams, lambda kind, value: ("L", [{"S": each} for each in value]) if kind == "SS" else (kind, value))


@fault("facts 1.1: attributes are never merged", "workload")
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
def nested_attributes_get_lost(seams: Seams) -> None:
    """Nested attributes get lost below the first level: maps arrive empty."""
    _values(seams, lambda kind, value: (kind, {}) if kind == "M" else (kind, value))


@fault(TYPES, "workload")
def binaries_are_encoded_twice(seams: Seams) -> None:
    """Binaries arrive as their own Base64: encoded once more than decoded."""
    _values(seams, lambda kind, value: (kind, b64encode(value)) if kind == "B" else (kind, value))


@fault(TYPES, "workload")
def texts_lose_their_spaces(seams: Seams) -> None:
    """Texts arrive without the spaces at their ends."""
    _values(seams, lambda kind, value: (kind, value.strip()) if kind == "S" else (kind, value))


@fault(TYPES, "workload")
def texts_are_cut_off(seams: Seams) -> None:
    """Of a text the first 255 characters arrive: the column of a table that is none."""
    _values(seams, lambda kind, value: (kind, value[:255]) if kind == "S" else (kind, value))


@fault(TYPES, "workload")
def nulls_get_lost(seams: Seams) -> None:
    """Null attributes get lost: null is a value, not nothing."""
    seams.images(lambda region, image: {name: value for name, value in image.items() if "NULL" not in value})


@fault("facts 2.5: TTL is a setting, the attribute is data", "workload")
def time_to_live_items_get_lost(seams: Seams) -> None:
    """An item with a time to live does not arrive: as if it had expired."""
    seams.arriving(lambda region, change: None if "ttl" in (change.image or {}) else change)


@fault("facts 1.1: the whole image replaces the other one", "workload")
def removed_attributes_stay(seams: Seams) -> None:
    """Attributes that were removed stay: an update where a put should be."""

    def receive(region: str, change: Change) -> Change:
        here = seams.image(region, change) or {}
        return replace(change, image={**here, **change.image}) if change.image else change

    seams.arriving(receive)


@fault("facts 1.1: whole images", "exercise_3", "scenario_1")
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


def _values(seams: Seams, convert: Callable[[str, Any], tuple[str, Any]]) -> None:
    """Let all values but those of keys arrive as `convert` makes them, from their type and their value."""

    def converted(value: Mapping[str, Any]) -> Mapping[str, Any]:
        return dict(convert(kind, content) for kind, content in value.items())

    def rewrite(_: str, image: WireImage) -> WireImage:
        return {
            name: value if name in KEYS or name.startswith("GSI") else converted(value) for name, value in image.items()
        }

    seams.images(rewrite)
