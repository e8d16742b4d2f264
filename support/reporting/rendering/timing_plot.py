"""The timing plot of exercise 5: when each item arrived, a strip of marks for each direction, and which share had
arrived when. An item that did not arrive in time stands at the right edge, and keeps its curve below 100 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from support.page.workshop import Limits
from support.reporting.rendering.templates import render

Values = Mapping[str, Any]

LEFT, RIGHT, STRIP, CURVE = 150, 900, 54, 190
"""Pixels: the ends of the axis of seconds, the height of a strip, the height of the curves."""

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = 10


@dataclass(frozen=True)
class Direction:
    """The probes of one direction: marks (x from, x to, y) of those that arrived, how many did not, and their curve."""

    name: str
    y: float
    marks: Sequence[tuple[float, float, float]]
    late: int
    median: float | None
    curve: str


def directions_of(record: Values) -> dict[str, Sequence[Values]]:
    """The samples of each direction that a scenario has timed; empty for any other scenario."""
    found = (finding.get("values", {}) for finding in record.get("findings", ()))
    return {values["direction"]: values["samples"] for values in found if values.get("samples")}


def timing_plot(directions: Mapping[str, Sequence[Values]], *, simulated: bool, usual: float | None = None) -> Markup:
    """The picture as SVG; empty without samples. `usual`: the page's "usually" in seconds."""
    usual = Limits.usual_delay if usual is None else usual
    if not directions:
        return Markup()
    ends = [each["first_hit"] or each["gave_up"] or 0.0 for samples in directions.values() for each in samples]
    longest = max(usual * 1.15, *(end * 1.08 for end in ends))

    def place(at: float) -> float:
        return round(LEFT + min(at / longest, 1.0) * (RIGHT - LEFT), 1)

    top = 30 + STRIP * len(directions)
    return render(
        "timing_plot.svg",
        directions=[
            _direction(name, samples, 30 + STRIP * number, top + 20, place)
            for number, (name, samples) in enumerate(directions.items())
        ],
        ticks=[(place(at), f"{at:g}") for at in _ticks(longest)],
        usual=(place(usual), f"{usual:g}"),
        simulated=simulated,
        left=LEFT,
        right=RIGHT,
        top=top + 20,
        bottom=top + 20 + CURVE,
    )


def _direction(name: str, samples: Sequence[Values], y: float, top: float, place: Any) -> Direction:
    arrived = sorted((each for each in samples if each["first_hit"] is not None), key=lambda each: each["first_hit"])
    # Marks of like delays would cover each other, so they take turns in height.
    marks = [
        (place(each["last_miss"] or 0.0), place(each["first_hit"]), y + 8 + 6 * (number % 5))
        for number, each in enumerate(arrived)
    ]
    half = -(-len(samples) // 2) - 1
    points, height = [f"M{LEFT} {top + CURVE}"], top + CURVE
    for number, each in enumerate(arrived, 1):
        height = round(top + CURVE * (1 - number / len(samples)), 1)
        points += [f"H{place(each['first_hit'])}", f"V{height}"]
    median = place(arrived[half]["first_hit"]) if half < len(arrived) else None
    return Direction(name, y, marks, len(samples) - len(arrived), median, " ".join([*points, f"H{RIGHT}"]))


def _ticks(longest: float) -> list[float]:
    step = next((each for each in STEPS if longest / each <= MOST_TICKS), longest)
    return [step * number for number in range(int(longest / step) + 1)]
