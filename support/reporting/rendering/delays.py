"""How long replication took: the table of figures, and the timing plot of exercise 5, a curve for each direction that
says which share of the items had arrived when.

A delay is a bracket, from the last look without the item to the first with it: the curve is a band between both. An
item that did not arrive in time keeps its curve below 100 %.
"""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from support.page.workshop import Limits
from support.reporting.rendering.templates import NO, YES, render
from support.reporting.scenario_result import ScenarioResult, Values
from support.verdicts.delays import Arrivals, Timing, quantile

FIGURES = {
    "fastest": "fastest",
    "slowest": "slowest",
    "average": "average",
    "p50": "half arrived within (p50)",
    "p95": "95 of 100 arrived within (p95)",
    "p99": "99 of 100 arrived within (p99)",
}
ENOUGH_FOR_P99 = 100
"""Of fewer probes the 99th percentile is no more than the slowest one."""

TOP, HEIGHT = 46, 210
"""Pixels: the upper end of the curves, and their height."""

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
TICK = 80
"""Pixels between two labels of the axis at least."""

SHARES = {"half": 0.5, "95 of 100": 0.95}


def directions_of(result: ScenarioResult) -> dict[str, Sequence[Values]]:
    """The samples of each direction that a scenario has timed; empty for any other scenario."""
    return {each.direction: each.samples for each in result.found(Arrivals)}


def timing_plot(
    directions: Mapping[str, Sequence[Values]],
    *,
    simulated: bool,
    usual: float = Limits.usual_delay,
    width: int = 960,
) -> Markup:
    """The picture as SVG of this width; empty without samples. `usual`: the page's "usually" in seconds."""
    if not directions:
        return Markup()
    ends = [each["first_hit"] or each["gave_up"] or 0.0 for samples in directions.values() for each in samples]
    longest = max(usual * 1.15, *(end * 1.08 for end in ends))
    left, right = 52, width - 16

    def place(at: float) -> float:
        return round(left + min(at / longest, 1.0) * (right - left), 1)

    step = next((each for each in STEPS if longest / each <= (right - left) / TICK), longest)
    return render(
        "timing_plot.svg",
        directions=[_direction(name, samples, place, right) for name, samples in directions.items()],
        ticks=[(place(step * number), f"{step * number:g}") for number in range(int(longest / step) + 1)],
        usual=(place(usual), f"{usual:g}"),
        simulated=simulated,
        left=left,
        right=right,
        top=TOP,
        bottom=TOP + HEIGHT,
        width=width,
    )


def _direction(name: str, samples: Sequence[Values], place: Callable[[float], float], right: float) -> Values:
    """The probes of one direction: the band and its later edge as paths, and (x, y, label) of what half and 95 of 100
    had arrived within.
    """
    arrived = [each for each in samples if each["first_hit"] is not None]
    lows, highs = (sorted(each[end] or 0.0 for each in arrived) for end in ("last_miss", "first_hit"))

    def height(number: float) -> float:
        return round(TOP + HEIGHT * (1 - number / len(samples)), 1)

    def stairs(moments: Sequence[float]) -> list[tuple[float, float]]:
        return [(place(at), height(number + up)) for number, at in enumerate(moments) for up in (0, 1)]

    late = len(samples) - len(arrived)
    edge = [*stairs(highs), *([(right, height(len(arrived)))] if arrived and late else [])]
    points = [
        (place(at), height(share * len(samples)), f"{words} within {at:.2f} s")
        for words, share in SHARES.items()
        if share * len(samples) <= len(arrived) and (at := quantile(highs, share * len(samples) / len(arrived)))
    ]
    band = _path([*stairs(lows), *reversed(stairs(highs))])
    return {"name": name, "number": len(samples), "late": late, "band": band, "edge": _path(edge), "points": points}


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in corners) if corners else ""


def figures(timings: Sequence[Timing]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of delays: a column for each direction."""
    if not timings:
        return [], []
    enough = all(each.probes >= ENOUGH_FOR_P99 for each in timings)
    names = [name for name in FIGURES if name != "p99" or enough]
    rows = [
        ["items", *(str(each.probes) for each in timings)],
        ["did not arrive in time (censored)", *(str(each.censored) for each in timings)],
        *([FIGURES[name], *(each.in_words(name) for each in timings)] for name in names),
        [f"usually below {timings[0].usual:g} s (by p50)", *(YES if each.usually_below else NO for each in timings)],
    ]
    return ["", *(each.direction for each in timings)], rows
