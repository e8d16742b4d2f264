"""What stands at the top of a scenario in any Allure: which update won and why, how long replication took, what the
feature file says in tables and JSON, and the pictures. Allure itself shows the message of a failure, so it is not
repeated here.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from support.page.workshop import Limits
from support.reporting.rendering.contention import contentions_of
from support.reporting.rendering.templates import NO, YES, render, seconds
from support.reporting.rendering.timeline import timeline
from support.reporting.rendering.timing_plot import directions_of, timing_plot
from support.reporting.scenario_result import ScenarioResult

Values = Mapping[str, Any]

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


class Picture(NamedTuple):
    """A picture of a scenario as SVG."""

    title: str
    svg: Markup
    caption: str


def description(result: ScenarioResult, drawn: Sequence[Picture]) -> str:
    return render(
        "description.html",
        inline=True,
        result=result,
        cards=contentions_of(result),
        delays=[_delay(each.values) for each in result.findings if each.kind == "delay" and each.values],
        timings=figures([each.values for each in result.findings if each.kind == "timing"]),
        pictures=[(each, b64encode(each.svg.encode()).decode()) for each in drawn],
    )


def pictures(result: ScenarioResult) -> list[Picture]:
    usual = next((each.values.get("usual") for each in result.findings if each.kind == "timing"), None)
    plot = timing_plot(directions_of(result), simulated=result.simulated, usual=usual)
    each = [
        Picture("Timing plot", plot, "An item's true delay lies in the band; figures count its later edge."),
        Picture("Replication timeline", timeline(result), "Each version travels from its write to the other regions."),
    ]
    return [picture for picture in each if picture.svg]


def figures(directions: Sequence[Values]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of delays: a column for each direction."""
    if not directions:
        return [], []
    enough = all(each["probes"] >= ENOUGH_FOR_P99 for each in directions)
    names = [name for name in FIGURES if name != "p99" or enough]
    usual = directions[0].get("usual", Limits.usual_delay)
    rows = [
        ["items", *(str(each["probes"]) for each in directions)],
        ["did not arrive in time (censored)", *(str(each["censored"]) for each in directions)],
        *([FIGURES[name], *(_figure(each, name) for each in directions)] for name in names),
        [f"usually below {usual:g} s (by p50)", *(YES if each["usually_below"] else NO for each in directions)],
    ]
    return ["", *(each["direction"] for each in directions)], rows


def _figure(direction: Values, name: str) -> str:
    return seconds(direction[name], None if name == "average" else direction["gave_up"])


def _delay(values: Values) -> list[str]:
    if values.get("first_hit") is None:
        return [values.get("direction", ""), "did not arrive in time", "", ""]
    missed, hit = values.get("last_miss"), values["first_hit"]
    bracket = "the first look found it" if missed is None else f"between {missed:.2f} s and {hit:.2f} s"
    clock = f"simulated; really waited {values['waited']:.3f} s" if values["simulated"] else "real"
    return [values["direction"], f"{hit:.2f} s", bracket, clock]
