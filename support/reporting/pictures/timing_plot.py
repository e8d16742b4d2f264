"""The timing plot of exercise 5: how the delays of each direction are distributed, and which share had arrived when."""

from collections.abc import Mapping, Sequence
from typing import Any

from support.reporting.pictures.drawing import leave_margins, new_figure, svg_of

Values = Mapping[str, Any]

LOOKS: Sequence[Mapping[str, Any]] = (
    {"color": "#0072b2", "linestyle": "-", "hatch": "////"},
    {"color": "#d55e00", "linestyle": "--", "hatch": "\\\\\\\\"},
)
"""Two colours that colour-blind readers tell apart; lines and hatches do it in black and white."""

BINS = 16


def timing_plot(record: Values) -> str:
    """The picture of a scenario that timed probes as SVG; empty for any other scenario."""
    directions = [finding["values"] for finding in record.get("findings", ()) if "samples" in finding.get("values", {})]
    if not directions:
        return ""
    usual = _usual(record)
    longest = max(usual * 1.15, *(_longest(direction) * 1.05 for direction in directions))
    figure = new_figure(10, 3.8)
    leave_margins(figure, left=0.6, bottom=0.9, top=0.4)
    distribution, curve = figure.subplots(1, 2)
    for number, direction in enumerate(directions):
        look = LOOKS[number % len(LOOKS)]
        _draw_distribution(distribution, direction, look, longest, number, len(directions))
        _draw_curve(curve, direction, look, longest)
    for axes in (distribution, curve):
        axes.axvline(usual, color="black", linewidth=1.5, linestyle="-.", label=f"the page's {usual:g} seconds")
        axes.set_xlim(0, longest)
        axes.set_xlabel(f"replication delay in seconds{' (simulated)' if record['simulated'] else ''}")
        axes.spines[["top", "right"]].set_visible(False)
    distribution.set_ylabel("items")
    distribution.set_title("Distribution of the delays")
    curve.set_ylabel("share of the items that had arrived")
    curve.set_ylim(0, 1.03)
    curve.set_title("Empirical curve: how many had arrived by when")
    handles, labels = curve.get_legend_handles_labels()
    figure.subplots_adjust(wspace=0.15)
    figure.legend(handles, labels, loc="lower center", ncols=3, frameon=False)
    return svg_of(figure)


def _draw_distribution(axes: Any, direction: Values, look: Values, longest: float, number: int, count: int) -> None:
    """Bars of the directions stand side by side within a bin."""
    width = longest / BINS
    delays = _delays(direction)
    heights = [sum(place * width <= delay < (place + 1) * width for delay in delays) for place in range(BINS)]
    lefts = [(place + number / count) * width for place in range(BINS)]
    style = {"hatch": look["hatch"], "edgecolor": look["color"], "facecolor": "white"}
    axes.bar(lefts, heights, width / count, align="edge", **style)


def _draw_curve(axes: Any, direction: Values, look: Values, longest: float) -> None:
    """A step for each item that arrived; those that did not keep the curve below 1."""
    samples, delays = direction["samples"], sorted(_delays(direction))
    censored = len(samples) - len(delays)
    shares = [number / len(samples) for number in range(len(delays) + 1)]
    label = f"{direction['direction']}: n = {len(samples)}, {censored} censored"
    line = {"color": look["color"], "linestyle": look["linestyle"], "linewidth": 2}
    axes.step([0, *delays, longest], [*shares, shares[-1]], where="post", label=label, **line)
    earliest = sorted(sample["last_miss"] or 0 for sample in samples if sample["first_hit"] is not None)
    axes.step([0, *earliest], shares, where="post", color=look["color"], linewidth=0.6, alpha=0.7)


def _delays(direction: Values) -> list[float]:
    return [sample["first_hit"] for sample in direction["samples"] if sample["first_hit"] is not None]


def _longest(direction: Values) -> float:
    return max(
        (sample["first_hit"] if sample["first_hit"] is not None else sample["gave_up"] or 0)
        for sample in direction["samples"]
    )


def _usual(record: Values) -> float:
    """The limit that the scenario was held against; the page's 2 seconds."""
    return next((finding["values"]["usual"] for finding in record["findings"] if finding["kind"] == "timing"), 2.0)
