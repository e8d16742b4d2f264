"""The replication timeline: a lane for each region, what was written there, the journey of each version to the other
regions, and what the region showed meanwhile. Long pauses are left out, and said to be.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup

from support.page.workshop import REGION_NAMES
from support.reporting.rendering.templates import NO, YES, render
from support.reporting.scenario_result import ScenarioResult, Values

PAUSE = 10.0
"""Seconds without any operation that are cut out."""

LEAST = 0.15
"""The least share of the axis for a stretch of time, however short it is."""

GAP = 0.08
"""The share of the axis that a pause which was cut out takes."""

WIDE, NARROW = 960, 360
TOP, LANE, ROW = 16, 92, 17
"""Pixels: above the first lane, from lane to lane, and of a row of labels above a lane."""

CHARACTER = {WIDE: 7.2, NARROW: 6.2}
"""Pixels that a character of a label takes at most, on average."""

FEW = 8
"""So many writes are drawn one by one; more of them as a band."""

SHOWN = {"absent": "no item", "unknown": "what no write left", "no answer": "no answer"}
PARTNERS = ("one", "two", "three", "four")
"""The colours of those who contend, in the order in which they wrote."""

LABEL = {WIDE: 84, NARROW: 70}
"""Pixels that the label of a moment takes."""

SPACING, ROUND = 96, (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Pixels between two moments, and seconds that may lie between them."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time without a long pause, in seconds, and where it lies on the axis (0 to 1)."""

    begin: float
    end: float
    left: float
    right: float

    def position(self, at: float) -> float:
        if self.end == self.begin:
            return (self.left + self.right) / 2
        return self.left + (at - self.begin) / (self.end - self.begin) * (self.right - self.left)


class TimeAxis:
    """Places moments on an axis from 0 to 1."""

    def __init__(self, moments: Sequence[float]) -> None:
        ordered = sorted(set(moments))
        cuts = [number for number, (one, other) in enumerate(pairwise(ordered), 1) if other - one > PAUSE]
        parts = [ordered[begin:end] for begin, end in pairwise([0, *cuts, len(ordered)])]
        total = sum(part[-1] - part[0] for part in parts) or 1.0
        shares = [max(LEAST, (part[-1] - part[0]) / total) for part in parts]
        room = max(1 - GAP * len(cuts), 0.4)
        self.stretches: list[Stretch] = []
        left = 0.0
        for part, share in zip(parts, shares, strict=True):
            width = share / sum(shares) * room
            self.stretches.append(Stretch(part[0], part[-1], left, left + width))
            left += width + GAP

    def position(self, at: float) -> float:
        """Where a moment is; one within a pause is at its beginning."""
        stretch = next((each for each in reversed(self.stretches) if each.begin <= at), self.stretches[0])
        return stretch.position(min(max(at, stretch.begin), stretch.end))

    def pauses(self) -> Iterator[tuple[float, str]]:
        """For each pause that was cut out, the middle of its gap on the axis, and how long it is."""
        for one, other in pairwise(self.stretches):
            seconds = other.begin - one.end
            words = f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
            yield (one.right + other.left) / 2, words


def timeline(result: ScenarioResult, width: int = WIDE) -> Markup:
    """The picture of a scenario as SVG of this width; empty if nothing was written or read in it."""
    moments = [each[name] for each in (*result.writes, *result.reads)
               for name in ("invoked", "answered")]  # fmt: skip
    return _Timeline(result, TimeAxis(moments), width).draw() if moments else Markup()


class _Timeline:
    def __init__(self, result: ScenarioResult, axis: TimeAxis, width: int) -> None:
        self._result, self._axis, self._width = result, axis, width
        self._writes = result.writes
        self._many = len(self._writes) > FEW
        verdicts = [each["verdict"] for each in result.contentions if each["verdict"]]
        self._lost = {each for verdict in verdicts if verdict["winner"] is not None for each in verdict["losers"]}
        self._won = {verdict["winner"] for verdict in verdicts} - self._lost
        self._arrivals = {(each["write"], each["region"]): each for each in result.arrivals}
        winner = next((each for each in self._writes if each["number"] in self._won), None)
        self._won_at: dict[str, float] = {}
        """When each region had the version that won."""
        if winner:
            arrived = [each for each in result.arrivals if each["write"] == winner["number"]]
            self._won_at = {each["region"]: each["seen"] for each in arrived} | {winner["region"]: winner["invoked"]}
        contenders = [write["number"] for each in result.contentions for write in each["contenders"]]
        self._colours: dict[int, str] = dict(zip(dict.fromkeys(contenders), PARTNERS, strict=False))
        used = {each["region"] for each in (*result.writes, *result.reads)}
        regions = [*(each for each in REGION_NAMES if each in used), *sorted(used - set(REGION_NAMES))]
        longest = max(len(words) for region in regions for words in _title(region))
        self._left = 130.0 if width == WIDE else 22 + CHARACTER[NARROW] * longest
        self._right = width - (30.0 if width == WIDE else 14.0)
        self._marks = {region: self._marks_of(region) for region in regions}
        self._lanes: dict[str, float] = {}
        y = float(TOP)
        for region in regions:
            y += ROW * max([1, *(mark["row"] + 1 for mark in self._marks[region])]) + 8
            self._lanes[region] = y
            y += LANE - ROW
        self._bottom = y - 12

    def draw(self) -> Markup:
        shown = [each for region in self._lanes for each in self._shown(region)]
        return render(
            "timeline.svg",
            lanes=[(*_title(region), y, self._marks[region]) for region, y in self._lanes.items()],
            row=ROW,
            journeys=[] if self._many else list(self._journeys()),
            bands=list(self._bands()) if self._many else [],
            shown=shown,
            legend=sorted({(each["colour"], each["words"]) for each in shown if not each["label"]}),
            pauses=[(self._scaled(x), pause) for x, pause in self._axis.pauses()],
            ticks=list(self._ticks()),
            simulated=self._result.simulated,
            width=self._width,
            left=self._left,
            right=self._right,
            top=TOP,
            bottom=self._bottom,
        )

    def _scaled(self, share: float) -> float:
        return self._left + share * (self._right - self._left)

    def _x(self, at: float) -> float:
        return round(self._scaled(self._axis.position(at)), 1)

    def _marks_of(self, region: str) -> list[dict[str, Any]]:
        """Each write of a region: where it is, whose it is (a colour), and its label, with the anchor and the row of
        that: labels never share a place.
        """
        marks: list[dict[str, Any]] = []
        ends: list[float] = []
        there = [] if self._many else [each for each in self._writes if each["region"] == region]
        for write in sorted(there, key=lambda write: write["invoked"]):
            x, label = self._x(write["invoked"]), self._sign(write) + _name(write)
            width = CHARACTER[self._width] * len(label)
            anchor = "end" if x + width > self._width - 8 else "start"
            begin = x - width if anchor == "end" else x
            least = 1 if anchor == "end" else 0  # below it passes what ends at the write
            ends += [-math.inf] * (least - len(ends))
            row = next((row for row, end in enumerate(ends[least:], least) if end + 12 <= begin), len(ends))
            ends[row : row + 1] = [begin + width]
            whose = {"colour": self._colour(write), "refused": write["outcome"] != "acknowledged"}
            marks.append({**whose, "x": x, "label": label, "anchor": anchor, "row": row})
        return marks

    def _journeys(self) -> Iterator[Values]:
        for write in self._writes:
            if write["outcome"] == "acknowledged":
                ends = (self._end(write, region) for region in self._lanes if region != write["region"])
                x, y = self._x(write["invoked"]), self._lanes[write["region"]]
                yield from ({"colour": self._colour(write), "x": x, "y": y, **end} for end in ends if end)

    def _end(self, write: Values, region: str) -> Values | None:
        """Where a version arrived in a region: at the look that found it (`missed` is the last one without it), or with
        the write that had seen it at the latest, which is a look too. A loser that was never shown there was dropped at
        a moment that nothing tells: it ends where a later version had overtaken it, or at the last look.
        """
        arrival = self._arrivals.get((write["number"], region))
        seers = [each["invoked"] for each in self._writes if each["region"] == region
                 and each["invoked"] > write["invoked"] and each["old_image"] == write["new_image"]]  # fmt: skip
        looks = [each["answered"] for each in self._result.reads
                 if each["region"] == region and each["answered"] > write["invoked"]]  # fmt: skip
        if arrival:
            end = arrival["seen"]
            missed = arrival["last_miss"] if arrival["last_miss"] is not None else write["invoked"]
        elif seers:
            end = min(seers)
            missed = max([write["invoked"], *(look for look in looks if look < end)])
        elif write["number"] in self._lost and looks:
            overtaken = self._won_at.get(region, 0.0)
            end = missed = overtaken if overtaken > write["invoked"] else max(looks)
        else:
            return None
        return {
            "end_x": self._x(end),
            "end_y": self._lanes[region],
            "missed": self._x(missed),
            "dropped": not (arrival or seers),
        }

    def _sign(self, write: Values) -> str:
        return f"{NO} " if write["number"] in self._lost else f"{YES} " if write["number"] in self._won else ""

    def _colour(self, write: Values) -> str:
        return self._colours.get(write["number"], "plain")

    def _bands(self) -> Iterator[Values]:
        """Many versions of one region on their way to another one, as the corners of an area."""
        writes = {write["number"]: write for write in self._writes}
        ways: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for arrival in self._result.arrivals:
            write = writes[arrival["write"]]
            moments = (self._x(write["invoked"]), self._x(arrival["seen"]))
            ways.setdefault((write["region"], arrival["region"]), []).append(moments)
        for (source, destination), journeys in ways.items():
            sent, seen = zip(*journeys, strict=True)
            y, end_y = self._lanes[source], self._lanes[destination]
            corners = (min(sent), y), (max(sent), y), (max(seen), end_y), (min(seen), end_y)
            points = " ".join(f"{x},{at}" for x, at in corners)
            label = f"{len(journeys)} item{'s' if len(journeys) > 1 else ''}"
            yield {"points": points, "label": label, "x": (min(seen) + max(seen)) / 2, "y": end_y - 12}

    def _shown(self, region: str) -> Iterator[dict[str, Any]]:
        """What a region showed for a while, from the first to the last look that found the same: whose version it was
        (a colour), or what else; nothing where several items were looked at, which differ.
        """
        reads = [each for each in self._result.reads if each["region"] == region]
        if len({each["item"] for each in reads}) > 1:
            return
        written = {write["number"]: write for write in self._writes}
        for (kind, number), alike in groupby(
            sorted(reads, key=lambda each: each["answered"]), key=lambda each: (each["kind"], each["write"])
        ):
            looks = [self._x(each["answered"]) for each in alike]
            width = max(looks[-1] - looks[0], 8.0)
            write = written.get(number)
            words = _name(write) if write else SHOWN.get(kind, "as it was before")
            whose = {"colour": self._colour(write) if write else kind.replace(" ", "-"), "words": words}
            place = {"x": min(looks[0], self._right + 8 - width), "y": self._lanes[region] + 14, "width": width}
            yield {**whose, **place, "label": words if CHARACTER[NARROW] * len(words) < width else ""}

    def _ticks(self) -> Iterator[tuple[float, str, str]]:
        """The beginning of each stretch, and round moments after it as far as there is room for their labels: where
        they are, the anchors of the labels, and these.
        """
        label, last, start = LABEL[self._width], -math.inf, None
        if self._writes:
            first = self._writes[0]
            start = datetime.fromisoformat(first["at"]) - timedelta(seconds=first["invoked"])
        for stretch in self._axis.stretches:
            long = stretch.end - stretch.begin
            room = int((stretch.right - stretch.left) * (self._right - self._left) / SPACING)
            step = next((step for step in ROUND if step * room >= long), long) if room else long
            for number in range(int(long / step + 1e-6) + 1 if long and room else 1):
                at = stretch.begin + number * step
                x = round(self._scaled(stretch.position(at)), 1)
                anchor, end = ("end", x) if x > self._right - label / 2 else ("middle", x + label / 2)
                if end - label >= last:
                    yield x, anchor, _clock(start, at)
                    last = end


def _title(region: str) -> tuple[str, str]:
    return region, REGION_NAMES.get(region, "")


def _name(write: Values) -> str:
    amount = (write["new_image"] or {}).get("total_amount")
    shown = f" ({amount})" if amount is not None and write["by"] else ""
    deleted = " deletes" if write["action"] == "delete" and write["by"] else ""
    return f"{write['by'] or write['action']}{deleted}{shown}"


def _clock(start: datetime | None, at: float) -> str:
    if start is None:
        return f"{at:.1f} s"
    return f"{start + timedelta(seconds=at + 0.05):%H:%M:%S.%f}"[:-5]  # rounded to tenths
