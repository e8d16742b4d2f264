"""The winner card: readable without colours, and it says who won, why, and what each partner had seen."""

import re
from html import unescape
from typing import Any

import pytest

from support.reporting.rendering.templates import render
from support.reporting.rendering.winner_card import verdict_sentence
from support.reporting.rendering.winner_card import winner_cards as cards_of
from support.tests.reporting.records import BASE, A, B, conflict, look, made
from support.tests.verdicts.histories import EU, US, delete, put, unanswered, write
from support.verdicts.conflicts.verdict import contention


def winner_cards(record: dict[str, Any]) -> str:
    """The cards of a scenario as HTML."""
    return "".join(render("winner_card.html", card=card, inline=True) for card in cards_of(record))


def text(html: str) -> str:
    """What is left when the markup is gone."""
    return unescape(re.sub(r"<[^>]+>", " | ", html))


def rows(html: str) -> dict[str, list[str]]:
    """The cells of each row of all tables under its first cell."""
    found: dict[str, list[str]] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        name, *others = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
        found.setdefault(name, others)
    return found


def sentence(record: dict[str, Any]) -> str:
    writes = {write["number"]: write for write in record["writes"]}
    return verdict_sentence(record["contentions"][0], writes)


def test_without_a_contention_there_is_no_card() -> None:
    assert winner_cards(made(put(US, 0, BASE))) == ""


def test_it_says_who_won_and_why() -> None:
    assert sentence(conflict()) == (
        "the update of partner B (eu-west-1) won: it was written last, 0.1 s later, before the update of partner A had "
        "reached its region."
    )


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
    ],
)
def test_both_updates_stand_side_by_side(row: str, cells: list[str]) -> None:
    assert rows(winner_cards(conflict()))[row] == cells


def test_a_conflict_and_a_sequential_overwrite_are_told_apart() -> None:
    assert "This is a conflict" in text(winner_cards(conflict()))
    overwrite = text(winner_cards(conflict(seen=True)))
    assert "This is a sequential overwrite, not a conflict" in overwrite
    assert rows(winner_cards(conflict(seen=True)))["had seen before writing"][1] == "the update of partner A"
    assert rows(winner_cards(conflict(seen=True)))["what became of it"][0] == "✘ overwritten"


def test_each_region_is_held_against_the_prediction() -> None:
    expected = ["the update of partner B", "what the update of partner B left, at 15:40:01.000 UTC", "✔"]
    card = rows(winner_cards(conflict()))
    assert card[US] == expected
    assert card[EU] == expected


def test_a_wrong_winner_is_called_wrong_and_differs_from_the_prediction() -> None:
    record = conflict(winner=A)
    assert (
        sentence(record)
        == "Wrong: the update of partner A (us-east-1) won: yet the update of partner B was written later."
    )
    assert "✘ differs" in text(winner_cards(record))
    assert "would explain what was found" in text(winner_cards(record))


def test_rival_rules_that_the_example_excludes_are_named() -> None:
    card = rows(winner_cards(conflict()))
    assert card["the larger total_amount wins"] == ["✘ excluded: this example refutes it"]
    assert card["the later update_timestamp in the item wins"][0].startswith("? names the same winner")


def test_without_a_verdict_of_a_step_one_is_made_from_what_the_regions_showed() -> None:
    assert "the update of partner B (eu-west-1) won" in sentence(conflict(decided=False))


def test_regions_that_nobody_looked_at_give_no_verdict() -> None:
    first, second = write(US, 600, BASE, A, "A"), write(EU, 600.1, BASE, B, "B")
    record = made(first, second, findings=[contention([first, second])])
    assert sentence(record).startswith("no verdict was reached")
    assert "No region was read after the updates." in text(winner_cards(record))


def test_a_delete_that_wins_is_no_missing_item() -> None:
    base, first, second = put(US, 0, BASE), write(US, 600, BASE, A, "A"), delete(EU, 600.1, BASE, "B")
    looks = [look(US, 601, None), look(EU, 601, None)]
    record = made(base, first, second, *looks, findings=[contention([first, second])])
    assert "the delete of partner B (eu-west-1) won" in sentence(record)
    assert "no item, as the delete of partner B left it" in text(winner_cards(record))


def test_a_write_without_an_answer_leaves_the_winner_unknown() -> None:
    base, first, second = put(US, 0, BASE), write(US, 600, BASE, A, "A"), unanswered(EU, 600.1, B, "B")
    looks = [look(US, 601, B), look(EU, 601, B)]
    record = made(base, first, second, *looks, findings=[contention([first, second])])
    assert sentence(record).startswith("No winner: it is not known whether")
    assert "? undecided" in text(winner_cards(record))


def test_a_blend_is_called_a_blend() -> None:
    base, first = put(US, 0, BASE), write(US, 600, BASE, {**BASE, "total_amount": 150}, "A")
    second = write(EU, 600.1, BASE, {**BASE, "status": "shipped"}, "B")
    blend = {**BASE, "total_amount": 150, "status": "shipped"}
    looks = [look(US, 601, blend), look(EU, 601, blend)]
    card = text(winner_cards(made(base, first, second, *looks, findings=[contention([first, second])])))
    assert "a blend: status of the update of partner B with total_amount of the update of partner A, at" in card
    assert "✘ differs" in card


def test_a_verdict_that_is_told_elsewhere_is_not_told_again() -> None:
    [card] = cards_of(conflict(winner=A))
    assert "yet the update of partner B was written later" in render("winner_card.html", card=card, inline=True)
    assert "yet the update of" not in render("winner_card.html", card=card, inline=True, told=True)


def test_words_of_an_item_are_no_markup() -> None:
    evil = {**A, "status": "<script>alert(1)</script>"}
    first, second = write(US, 600, BASE, evil, "A"), write(EU, 600.1, BASE, B, "B")
    record = made(first, second, findings=[contention([first, second])])
    assert "<script>" not in winner_cards(record)
    assert "<script>alert(1)</script>" in text(winner_cards(record))
