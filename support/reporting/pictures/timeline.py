"""The replication timeline: a lane for each region, with what was written and read there and when versions arrived."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from support.page.workshop import REGION_NAMES
from support.reporting.pictures.drawing import leave_margins, new_figure, svg_of
from support.reporting.pictures.time_axis import TimeAxis

Values = Mapping[str, Any]

OBSERVATIONS: Mapping[str, Mapping[str, Any]] = {
    "current": {"marker": "o", "facecolors": "black", "edgecolors": "black"},
    "stale": {"marker": "^", "facecolors": "#bbbbbb", "edgecolors": "black"},
    "absent": {"marker": "o", "facecolors": "white", "edgecolors": "black"},
    "unknown": {"marker": "X", "facecolors": "black", "edgecolors": "black"},
    "no answer": {"marker": "_", "facecolors": "black", "edgecolors": "black"},
}
OBSERVATION_NAMES = {
    "current": "read: current (what was written last)",
    "stale": "read: stale (an older version)",
    "absent": "read: absent (no item)",
    "unknown": "read: an item nobody wrote",
    "no answer": "read: no answer",
}
"""Shapes and fillings, not colours, tell them apart."""

ABOVE, BELOW = 0.16, 0.16
LABEL = 0.12
"""The share of the axis that the label of a moment takes."""

ROUND = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Seconds that may lie between two labels."""

FEW = 8
"""So many writes are named; the names of more would cover each other."""


def timeline(record: Values) -> str:
    """The picture of a scenario as SVG; empty if nothing was written or read in it."""
    moments = list(_moments(record))
    if not moments:
        return ""
    axis, lanes = TimeAxis(moments), _lanes(record)
    figure = new_figure(10, 1.5 + 0.75 * len(lanes))
    leave_margins(figure, left=1.1, bottom=1.1, top=0.1)
    axes = figure.add_subplot()
    for y in lanes.values():
        axes.axhline(y, color="#999999", linewidth=0.8, zorder=0)
    _draw_reads(axes, record, axis, lanes)
    _draw_arrivals(axes, record, axis, lanes)
    _draw_writes(axes, record, axis, lanes)
    _draw_time(axes, record, axis, lanes)
    figure.legend(loc="lower center", ncols=3, frameon=False, fontsize=8)
    return svg_of(figure)


def _moments(record: Values) -> Iterator[float]:
    for operation in (*record.get("writes", ()), *record.get("reads", ())):
        yield operation["invoked"]
        yield operation["answered"]


def _lanes(record: Values) -> dict[str, float]:
    """The height of each region's lane: the workshop's regions in the page's order from the top, then any other."""
    used = {operation["region"] for operation in (*record["writes"], *record["reads"])}
    ordered = [*REGION_NAMES, *sorted(used - set(REGION_NAMES))]
    return {region: float(-number) for number, region in enumerate(ordered)}


def _draw_reads(axes: Any, record: Values, axis: TimeAxis, lanes: Mapping[str, float]) -> None:
    for kind, look in OBSERVATIONS.items():
        # Probes that run side by side look at the same moments: one mark is enough.
        places = {
            (round(axis.position(read["answered"]), 4), lanes[read["region"]] - BELOW)
            for read in record["reads"]
            if read["kind"] == kind
        }
        if places:
            x, y = zip(*sorted(places), strict=True)
            axes.scatter(x, y, s=26, linewidths=0.8, label=OBSERVATION_NAMES[kind], zorder=3, **look)


def _draw_arrivals(axes: Any, record: Values, axis: TimeAxis, lanes: Mapping[str, float]) -> None:
    writes = {write["number"]: write for write in record["writes"]}
    for number, arrival in enumerate(record["arrivals"]):
        write = writes[arrival["write"]]
        begin = (axis.position(write["invoked"]), lanes[write["region"]])
        end = (axis.position(arrival["seen"]), lanes[arrival["region"]])
        axes.plot(*zip(begin, end, strict=True), color="#555555", linestyle=":", linewidth=1, zorder=1)
        missed = axis.position(write["invoked"] if arrival["last_miss"] is None else arrival["last_miss"])
        axes.plot([missed, end[0]], [end[1], end[1]], color="black", linewidth=3, zorder=2)
        label = None if number else "arrival: between the last look without it and the first with it"
        axes.scatter(*end, marker="D", s=34, color="black", zorder=4, label=label)


def _draw_writes(axes: Any, record: Values, axis: TimeAxis, lanes: Mapping[str, float]) -> None:
    named = len(record["writes"]) <= FEW
    for number, write in enumerate(record["writes"]):
        x, y = axis.position(write["invoked"]), lanes[write["region"]] + ABOVE
        filled = "black" if write["outcome"] == "acknowledged" else "white"
        label = None if number else "write (empty: refused, or no answer)"
        axes.scatter([x], [y], marker="s", s=44, facecolors=filled, edgecolors="black", zorder=4, label=label)
        if named:
            side = "right" if x > 0.8 else "left"
            place = {"textcoords": "offset points", "ha": side, "zorder": 5}
            ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8}
            axes.annotate(_name(write), (x, y), (5 if side == "left" else -5, 5), bbox=ground, **place)


def _name(write: Values) -> str:
    amount = (write["left"] or {}).get("total_amount")
    shown = f" ({amount})" if amount is not None and write["by"] else ""
    return f"{write['by'] or write['action']}{shown}"


def _draw_time(axes: Any, record: Values, axis: TimeAxis, lanes: Mapping[str, float]) -> None:
    start = _start(record)
    ticks = [(x, _clock(start, at)) for x, at in _ticks(axis)]
    axes.set_xticks([x for x, _ in ticks], [label for _, label in ticks])
    axes.set_yticks(list(lanes.values()), [_lane_name(region) for region in lanes])
    for x, seconds in axis.pauses():
        axes.axvspan(x - 0.012, x + 0.012, facecolor="white", edgecolor="#999999", hatch="////", linewidth=0, zorder=5)
        note = {"ha": "center", "va": "top", "fontsize": 7, "zorder": 6, "backgroundcolor": "white"}
        axes.annotate(f"{_in_words(seconds)}\nleft out", (x, 0.72), **note)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(min(lanes.values()) - 0.5, 0.75)
    axes.set_xlabel(f"time of day (UTC{', simulated' if record['simulated'] else ''})")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _lane_name(region: str) -> str:
    name = REGION_NAMES.get(region)
    return f"{region}\n({name})" if name else region


def _ticks(axis: TimeAxis) -> Iterator[tuple[float, float]]:
    """The beginning of each stretch, and round moments after it as far as there is room for their labels."""
    for stretch in axis.stretches:
        long, room = stretch.end - stretch.begin, int((stretch.right - stretch.left) / LABEL)
        step = next((step for step in ROUND if step * room >= long), long) if room else long
        for number in range(int(long / step + 1e-6) + 1 if long and room else 1):
            yield stretch.position(stretch.begin + number * step), stretch.begin + number * step


def _start(record: Values) -> datetime | None:
    """The time of day at second 0 of the scenario, if anything was written in it."""
    first: Sequence[Values] = record["writes"]
    return datetime.fromisoformat(first[0]["at"]) - timedelta(seconds=first[0]["invoked"]) if first else None


def _clock(start: datetime | None, at: float) -> str:
    if start is None:
        return f"{at:.1f} s"
    return f"{start + timedelta(seconds=at + 0.05):%H:%M:%S.%f}"[:-5]  # rounded to tenths


def _in_words(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
