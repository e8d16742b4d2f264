"""What a stakeholder sees who opens the first page by a double click, and who has any other Allure."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

from support.tests.reporting.browser import Page, missing, opened
from support.tests.reporting.built_reports import ALLURE_2, demand_node, plain_allure, two_runs

pytestmark = pytest.mark.slow

CONFLICT = "eu-west-1 writes before the update from us-east-1 has arrived, and wins"
EXAMPLE = "Ireland writes five seconds after Virginia, so Ireland wins"
WINNER = "The update of partner B (eu-west-1) won"
REASON = "it was written last, 0.1 s later, before the update of partner A had reached its region"
BRACKET = "between 1.00 s and 1.10 s"
AXE = "axe-core@4.14.1"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    demand_node()
    if missing():
        pytest.skip(missing())
    with opened(two_runs(tmp_path_factory) / "index.html") as page:
        yield page


@pytest.fixture(scope="module")
def first(page: Page) -> str:
    """The text of the first page."""
    page.open()
    return page.text()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script that looks for what keeps people from reading a page."""
    if not shutil.which("npm"):
        pytest.skip("axe-core comes from npm, and there is no npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm has no {AXE}: {done.stderr.strip()[-200:]}")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return folder / "package" / "axe.min.js"


@pytest.mark.parametrize(
    "words",
    [
        "SIMULATED",
        "This proves nothing about AWS.",
        "us-east-1 (N. Virginia), eu-west-1 (Ireland)",
        "Everything that was tested holds",
        "on average from us-east-1 to eu-west-1",
        "half arrived within (p50)",
        WINNER,
        "The other contested updates, by the rule that they are examples of",
        "Exercise 3: Conflict Resolution Testing",
        "demo-ecommerce-freetier",
    ],
)
def test_the_first_page_tells_it_without_a_click(first: str, words: str) -> None:
    assert words in first


def test_a_link_leads_into_allure_with_the_keyboard_too(page: Page) -> None:
    page.open()
    page.press_enter_on(EXAMPLE)
    shown = page.wait_for("Test body")
    assert WINNER in shown
    assert page.picture_width("Replication timeline") > 500


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, axe: Path, theme: str) -> None:
    page.prefer(theme)
    page.open()
    assert page.violations(axe) == []


def test_what_keeps_people_from_reading_is_noticed(page: Page, axe: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text('<html lang="en"><title>x</title><p style="color:#ddd;background:#fff">pale</p>')
    page.visit(tmp_path / "bad.html")
    assert any("color-contrast" in each for each in page.violations(axe))


@pytest.mark.parametrize("width", [390, 768, 1600])
def test_no_screen_has_to_be_scrolled_sideways(page: Page, width: int) -> None:
    page.resize(width, 900)
    page.open()
    assert page.overflow() == 0


def test_it_prints(page: Page) -> None:
    page.open()
    assert 3 < page.pages_when_printed() < 25


def test_nothing_is_requested_from_the_network_and_the_console_is_silent(page: Page) -> None:
    page.resize(1300, 1600)
    page.forget()
    page.open()
    page.follow(EXAMPLE)
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


GROUPS = ("1 Exercises", "Exercise 3: conflict resolution", "Of two updates that had not seen each other", CONFLICT)


def address_in_allure_3(results: Path, name: str) -> str:
    """What follows the # in the address of a test."""
    found = [json.loads(path.read_text()) for path in results.glob("*-result.json")]
    [uuid] = [each["uuid"] for each in found if each["name"] == name]
    return md5(uuid.encode(), usedforsecurity=False).hexdigest()


def test_plain_allure_3_tells_winner_reason_and_delay(tmp_path_factory: pytest.TempPathFactory) -> None:
    demand_node()
    if missing():
        pytest.skip(missing())
    with opened(plain_allure(tmp_path_factory)) as page:
        page.open(f"#{address_in_allure_3(two_runs(tmp_path_factory) / 'results', CONFLICT)}")
        shown = page.wait_for("Test body")
    for words in (WINNER, REASON, BRACKET, "won: kept whole"):
        assert words in shown


def test_allure_2_tells_winner_reason_and_delay(tmp_path_factory: pytest.TempPathFactory) -> None:
    demand_node()
    if missing():
        pytest.skip(missing())
    with opened(plain_allure(tmp_path_factory, ALLURE_2)) as page:
        page.open("#behaviors")
        for words in GROUPS:
            page.click(words)
        shown = page.wait_for("Test body")
    for words in (WINNER, REASON, BRACKET, "won: kept whole"):
        assert words in shown
