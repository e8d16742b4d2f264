"""The order of the page: which part of it a scenario belongs to, and what comes before what."""

from collections.abc import Collection, Mapping
from typing import Any

PARTS: Mapping[str, str] = {
    "exercise": "1 Exercises",
    "scenario": "2 Real-world scenarios",
    "monitoring": "3 Performance monitoring",
    "troubleshooting": "4 Troubleshooting guide",
    "health": "5 Global table health",
}
"""The parts in the page's order, under the first word of the tag that each of their features has.

They are numbered because Allure sorts by name.
"""

ELSEWHERE = "6 Other tests"


def part_of(tags: Collection[str]) -> str:
    """The part of the page that a feature with these tags transcribes; empty for one that transcribes none."""
    kinds = {tag.partition("_")[0] for tag in tags}
    return next((part for kind, part in PARTS.items() if kind in kinds), "")


def place_on_page(record: Mapping[str, Any]) -> tuple[int, str, int, int]:
    """Sort by this to have the records of scenarios in the order of the page."""
    parts = list(PARTS.values())
    part = parts.index(record["part"]) if record["part"] in parts else len(parts)
    return part, record["feature"], record["line"], record["row"]
