"""The winner card: readable without colours, and it says who won, why, and what each partner had seen."""

import re
from html import unescape

import pytest

from support.reporting.rendering.templates import render
from support.reporting.rendering.winner_cards import winner_cards
from support.reporting.scenario_result import ScenarioResult
from support.tests.reporting.records import BASE, A, B, conflict, look, made
from support.tests.verdicts.histories import EU, KEY, US, delete, put, unanswered, write
from support.verdicts.conflicts import contention
from support.verdicts.history import Image, Write


def cards(result: ScenarioResult) -> str:
    return "".join(render("winner_card.html", card=card, inline=True) for card in winner_cards(result))


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " | ", html))


def rows(html: str) -> dict[str, list[str]]:
    """The cells of each row of all tables under its first cell."""
    found: dict[str, list[str]] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        name, *others = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
        found.setdefault(name, others)
    return found


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("", ["Partner A", "Partner B"]),
        ("region", [US, EU]),
        ("sent", ["15:40:00.000 UTC", "15:40:00.100 UTC"]),
        ("acknowledged", ["after 0 ms", "after 0 ms"]),
        ("update_timestamp in the item", ["2025-08-11T15:40:00Z", "2025-08-11T15:40:05Z"]),
        ("amount", ["150", "120"]),
        ("had seen before writing", ["the item as it was before both"] * 2),
        ("what became of it", ["✘ lost: dropped whole", "✔ won: kept whole"]),
        *((each, ["the update of partner B", "what the update of partner B left", "✔"]) for each in (US, EU)),
        ("the larger total_amount wins", ["✘ excluded"]),
        ("the later update_timestamp in the item wins", ["? names the same winner"]),
    ],
)
def test_updates_regions_and_rival_rules_stand_side_by_side(row: str, cells: list[str]) -> None:
    found = rows(cards(conflict()))[row]
    assert [cell[: len(words)] for cell, words in zip(found, cells, strict=True)] == cells


def test_a_conflict_and_a_sequential_overwrite_are_told_apart() -> None:
    assert "This is a conflict" in cards(conflict())
    overwrite = cards(conflict(seen=True))
    assert "This is a sequential overwrite, not a conflict" in overwrite
    assert rows(overwrite)["had seen before writing"][1] == "the update of partner A"
    assert rows(overwrite)["what became of it"][0] == "✘ overwritten"


def raced(first: Write, second: Write, *found: Image | None) -> ScenarioResult:
    """Two writes without a verdict of a step, and what both regions showed then, if they were read."""
    looks = [look(region, 601, image) for image in found for region in (US, EU)]
    return made(BEFORE, first, second, *looks, findings=[contention([first, second])])


BEFORE = put(US, 0, BASE)
BY_A, BY_B, BY_B_GONE = write(US, 600, BASE, A, "A"), write(EU, 600.1, BASE, B, "B"), delete(EU, 600.1, BASE, "B")
BLENDED = (
    write(US, 600, BASE, {**BASE, "total_amount": 150}, "A"),
    write(EU, 600.1, BASE, {**BASE, "status": "shipped"}, "B"),
    {**BASE, "total_amount": 150, "status": "shipped"},
)


@pytest.mark.parametrize(
    ("result", "headline", "shown"),
    [
        (conflict(), "the update of partner B (eu-west-1) won: it was written last, 0.1 s later", "✔"),
        (conflict(winner=A), "Wrong: the update of partner A (us-east-1) won: yet", "✘ differs"),
        (conflict(decided=False), "the update of partner B (eu-west-1) won", "✔"),
        (raced(BY_A, BY_B), "no verdict was reached", "No region was read after the updates."),
        (raced(BY_A, BY_B_GONE, None), "the delete of partner B (eu-west-1) won", "no item, as the delete of"),
        (raced(BY_A, unanswered(EU, 600.1, B, "B"), B), "No winner: it is not known whether", "? undecided"),
        (raced(*BLENDED), "No winner: the attributes of the updates were merged", "a blend: status of the update of "),
    ],
    ids=["decided", "wrong", "made afterwards", "not looked at", "a delete", "no answer", "a blend"],
)
def test_the_headline_says_who_won_and_why_and_never_more_than_was_shown(
    result: ScenarioResult, headline: str, shown: str
) -> None:
    assert winner_cards(result)[0].headline.startswith(headline)
    assert shown in text(cards(result))


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ({**A, "status": "shipped"}, "update that changed status to shipped"),
        ({**A, "status": "shipped", "by": "A"}, "update that changed status to shipped, by to A"),
        ({"PK": KEY.pk, "SK": KEY.sk, "total_amount": 150}, "update that removed status"),
        (A, "update"),
        (BASE, "update that changed nothing"),
    ],
)
def test_a_card_says_what_an_update_changed_and_not_that_it_was_all_that_it_wrote(left: Image, told: str) -> None:
    card = rows(cards(raced(write(US, 600, BASE, left, "A"), BY_B)))
    assert card["what was done"][0] == told


def test_a_verdict_that_is_told_elsewhere_is_not_told_again() -> None:
    [card] = winner_cards(conflict(winner=A))
    assert "yet the update of partner B was written later" in render("winner_card.html", card=card, inline=True)
    assert "yet the update of" not in render("winner_card.html", card=card, inline=True, told=True)


def test_words_of_an_item_are_no_markup() -> None:
    evil = write(US, 600, BASE, {**A, "status": "<script>alert(1)</script>"}, "A")
    card = cards(raced(evil, BY_B))
    assert "<script>" not in card
    assert "<script>alert(1)</script>" in text(card)
