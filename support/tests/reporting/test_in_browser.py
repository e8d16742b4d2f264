"""What a stakeholder sees who opens the file by a double click and knows neither the code nor the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.tests.reporting.browser import Page, missing, opened
from support.tests.reporting.built_reports import demand_node, two_runs

pytestmark = pytest.mark.slow

CONFLICT = "eu-west-1 writes before the update from us-east-1 has arrived, and wins"
BOTH = "Both directions are timed side by side"
WINNER = "The update of partner B (eu-west-1) won"
REASON = "it was written last, 0.1 s later, before the update of partner A had reached its region"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    demand_node()
    if missing():
        pytest.skip(missing())
    folder = two_runs(tmp_path_factory)
    with opened(folder / "index.html") as page:
        yield page


@pytest.fixture(scope="module")
def first(page: Page) -> str:
    """The text of the first page."""
    page.open()
    return page.text()


@pytest.fixture(scope="module")
def conflict(page: Page, first: str) -> str:
    """The text of a conflict scenario, to which a click on the first page leads."""
    assert CONFLICT in first
    page.open()
    page.follow(CONFLICT)
    return page.wait_for(WINNER)


@pytest.mark.parametrize(
    "words",
    [
        "Everything that was tested holds",
        "a simulated global table",
        "us-east-1 (N. Virginia), eu-west-1 (Ireland)",
        "demo-ecommerce-freetier",
        "seed",
        "moto 5.",
        "slowest",
        "eu-west-1 to us-east-1",
        REASON,
    ],
)
def test_the_first_page_tells_it_without_a_click(first: str, words: str) -> None:
    assert words in first


def test_the_tree_is_in_the_order_of_the_page_not_of_the_run(first: str) -> None:
    tree = first[first.index("Sort by") :]
    assert tree.index("Exercises") < tree.index("Performance monitoring")


@pytest.mark.parametrize(
    "words",
    [
        REASON,
        "This is a conflict: a partner wrote without having seen the other's change.",
        "15:40:00.000 UTC",
        "15:40:00.100 UTC",
        "after 0 ms",
        "2025-08-11T15:40:00Z",
        "the item as it was before both",
        "lost: dropped whole",
        "won: kept whole",
        "predicted winner",
        "what the update of partner B left",
        "the larger total_amount wins",
    ],
)
def test_the_winner_card_tells_it_all(conflict: str, words: str) -> None:
    assert words in conflict


@pytest.mark.parametrize(
    "words",
    [
        "And both regions hold the same order within 3 minutes",
        "waited: simulated",
        "stale",
        ", then current",
        "between 1.00 and 1.10 s",
    ],
)
def test_steps_tell_waits_and_reads_without_opening_an_attachment(conflict: str, words: str) -> None:
    assert words in conflict[conflict.index("Test body") :]


def test_the_summary_belongs_to_the_first_page(conflict: str) -> None:
    assert "What was tested" not in conflict


def test_each_scenario_has_its_timeline(page: Page) -> None:
    page.open()
    page.follow(CONFLICT)
    page.wait_for("Replication timeline")
    assert page.picture_width("Writes, reads and arrivals in each region") > 500


def test_exercise_5_shows_its_timing_plot(page: Page) -> None:
    page.open()
    page.follow(BOTH)
    page.wait_for("Timing plot")
    assert page.picture_width("Delays of each direction") > 500


def test_both_themes_are_readable(page: Page) -> None:
    page.open()
    looks = {}
    for theme in ("dark", "light"):
        page.prefer(theme)
        looks[theme] = page.colours_of_summary()
    assert all(text != ground for text, ground in looks.values())
    assert looks["light"] != looks["dark"]


def test_nothing_is_requested_from_the_network_and_the_console_is_silent(page: Page) -> None:
    page.forget()
    page.open()
    page.follow(CONFLICT)
    page.wait_for(WINNER)
    page.listen()
    assert page.requests, "the browser has told nothing: this shows nothing"
    assert page.network_requests == []
    assert page.complaints == []


def test_a_page_that_asks_the_network_is_noticed(page: Page, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text('<script src="http://127.0.0.1:9/analytics.js"></script>')
    page.visit(other)
    page.listen()
    assert page.network_requests == ["http://127.0.0.1:9/analytics.js"]
