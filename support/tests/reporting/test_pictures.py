"""The replication timeline and the timing plot: what is drawn of what."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from support.reporting.rendering.delays import directions_of, timing_plot
from support.reporting.rendering.timeline import CHARACTER, LABEL, NARROW, WIDE, TimeAxis, timeline
from support.tests.reporting.records import BASE, A, B, conflict, look, made, timed
from support.tests.verdicts.histories import EU, US, put, write
from support.verdicts.conflicts import contention
from support.verdicts.findings import Note


def labels(svg: str) -> list[str]:
    """The texts of a picture, which has to be well-formed."""
    root = ET.fromstring(svg)
    return [" ".join("".join(each.itertext()).split()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_without_operations_nothing_is_drawn() -> None:
    assert timeline(made()) == ""
    assert timing_plot({}, simulated=True) == ""
    assert directions_of(made(put(US, 0, BASE), findings=[Note("seen")])) == {}


def test_the_timeline_says_who_won_where_and_when_and_that_it_is_simulated() -> None:
    shown = labels(timeline(conflict()))
    marked = ("✘ partner A (150)", "✔ partner B (120)", "partner B (120)")  # Writes, and what a region showed.
    for words in ("us-east-1", "eu-west-1", *marked, "15:30:00.0", "10 min left out", "SIMULATED"):
        assert words in shown


def test_only_a_losing_update_has_a_journey_that_ends_where_it_was_never_shown() -> None:
    assert "overtaken, never shown there" in labels(timeline(conflict()))
    first, second = write(US, 600, BASE, A, "A"), write(EU, 605, A, B, "B")
    looks = [look(US, 606, B), look(EU, 606, B)]
    overwrite = made(put(US, 0, BASE), first, second, *looks, findings=[contention([first, second])])
    assert "overtaken, never shown there" not in labels(timeline(overwrite))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_picture_fits_its_width(width: int) -> None:
    plot = timing_plot(directions_of(timed(0.5, 0.9, None)), simulated=True, usual=2.0, width=width)
    for svg in (timeline(conflict(), width), plot):
        assert f'width="{width}"' in svg
        assert all(float(x) <= width for x in re.findall(r'<(?:text|rect|circle)[^>]* c?x="([\d.]+)"', svg))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_line_and_no_bar_crosses_the_name_of_a_region(width: int) -> None:
    drawn = timeline(conflict(), width).partition("<g transform")[0]  # without the legend
    names = re.findall(r'<text x="([\d.]+)"[^>]*>(us-east-1|eu-west-1|N. Virginia|Ireland)<', drawn)
    lines, bars = re.findall(r'd="M([\d.]+) [\d.]+[HL]', drawn), re.findall(r'<rect x="([\d.]+)"', drawn)
    first = min(map(float, [*lines, *bars]))
    assert len(names) == 4
    assert all(float(x) + CHARACTER[width] * len(words) <= first for x, words in names)


def test_moments_below_the_picture_do_not_cover_each_other() -> None:
    writes = put(US, 0, BASE), look(EU, 1, BASE), write(US, 600, BASE, A, "A"), look(EU, 603, A)
    drawn = timeline(made(*writes), NARROW)
    found = re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)" class="soft"[^>]*>[\d:.]+<', drawn)
    ends = [float(x) + {"start": LABEL[NARROW], "middle": LABEL[NARROW] / 2, "end": 0}[anchor] for x, anchor in found]
    assert len(ends) > 1
    assert all(end <= other - LABEL[NARROW] for end, other in pairwise(ends))


def test_labels_of_writes_at_the_same_moment_do_not_cover_each_other() -> None:
    writes = [write(US, 600 + number / 1000, BASE, A, name) for number, name in enumerate("ABC")]
    svg = timeline(made(put(US, 0, BASE), *writes, look(US, 601, A)))
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" class="plain halo">([^<]*)<', svg)
    places = [
        (float(x) - (CHARACTER[WIDE] * len(words) if end == "end" else 0), float(y), words)
        for x, y, end, words in found
    ]
    for number, (x, y, words) in enumerate(places):
        for other, at, _ in places[number + 1 :]:
            assert y != at or other >= x + CHARACTER[WIDE] * len(words) or x >= other + CHARACTER[WIDE] * len(words)
    assert len(places) == 4


def test_many_versions_are_a_band_not_a_tangle() -> None:
    puts = [put(US, 0, {**BASE, "SK": f"ORDER#{number}"}) for number in range(20)]
    assert "put" not in labels(timeline(made(*puts, look(EU, 1, None))))


def test_moments_keep_their_order_and_pauses_take_no_room() -> None:
    axis = TimeAxis([0, 1, 600, 601])
    places = [axis.position(at) for at in (0, 0.5, 1, 600, 600.5, 601)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == pytest.approx(1)
    assert [pause for _, pause in axis.pauses()] == ["10 min"]
    assert 0 <= TimeAxis([5.0]).position(5.0) <= 1


@pytest.mark.parametrize(
    ("delays", "words"),
    [
        ((0.5, 0.9, None), f"{US} to {EU}, 3 items: half within 0.90 s, 1 not in time"),
        ((0.5, 0.9), f"{US} to {EU}, 2 items: half within 0.50 s, 95 of 100 within 0.90 s"),
        ((None, None), f"{US} to {EU}, 2 items: 2 not in time"),
        ((0.5, 45.0), "40"),
        ((0.5,), "the page's 2 s"),
        ((0.5,), "SIMULATED"),
    ],
)
def test_the_plot_tells_how_many_arrived_when(delays: tuple[float | None, ...], words: str) -> None:
    assert words in labels(timing_plot(directions_of(timed(*delays)), simulated=True, usual=2.0))
