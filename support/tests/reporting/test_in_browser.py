"""`python -m support.reporting` with the real Allure, and what a stakeholder sees who opens the first page.

One run of a few features, with its report, serves all tests.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from support.reporting.__main__ import main
from support.reporting.report.build import find_node, without_analytics
from support.reporting.report.run import ReportError
from support.tests.suite_runs import ROOT, allure_results, pytest_run

pytestmark = pytest.mark.slow

CONFLICTS = "features/exercise_3_conflict_resolution.feature"
EXAMPLE = "Ireland writes five seconds after Virginia, so Ireland wins"
# Something of everything that the report shows, not in the order of the page: five scenarios, two of an outline.
FEW = (
    "features/performance_monitoring.feature::There is no PendingReplicationCount, and nothing is pending",
    "features/exercise_5_replication_timing.feature::Both directions are timed side by side",
    f"{CONFLICTS}::{EXAMPLE}",
    f"{CONFLICTS}::<second> writes before the update from <first> has arrived, and wins",
)

WINNER = "The update of partner B (eu-west-1) won"
AXE = "axe-core@4.14.1"


def make_report(folder: Path, results: Path) -> "subprocess.CompletedProcess[str]":
    """`python -m support.reporting` with everything that it writes in one folder."""
    places = {"--output": folder, "--history": folder, "--json": folder / "r.json", "--summary": folder / "s.md"}
    options = [text for option, place in places.items() for text in (option, str(place))]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    command = [sys.executable, "-m", "support.reporting", str(results), *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)


def change_record(results: Path, **values: object) -> None:
    record = results / "run.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), **values}))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results of a run, its first page, and the page of a second run that found the same."""
    try:
        find_node()
    except ReportError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("built")
    results = folder / "results"
    pytest_run("-q", f"--alluredir={results}", *FEW, "--probes", "3")
    change_record(results, extent={})  # as of a run of everything: a part has no place in a history
    for page in ("first.html", "index.html"):
        made = make_report(folder, results)
        assert made.returncode == 0, made.stderr
        if page == "first.html":
            (folder / "index.html").rename(folder / page)
            change_record(results, started="2126-11-25T00:00:00+00:00")  # the same results once more, as of another run
    return folder


def test_a_second_run_remembers_the_first(built: Path) -> None:
    entries = [json.loads(line) for line in (built / "runs.jsonl").read_text().splitlines()]
    assert [entry["passed"] for entry in entries] == [5, 5]
    page = (built / "index.html").read_text()
    assert "No claim has changed since the last run." in page
    assert "<script" not in page
    assert len((built / "history-simulated.jsonl").read_text().splitlines()) == 2


def test_an_incomplete_run_leaves_no_green_page_and_no_history(built: Path, tmp_path: Path) -> None:
    results = shutil.copytree(built / "results", tmp_path / "results")
    next(results.glob("*-result.json")).unlink()
    made = make_report(tmp_path, results)
    assert made.returncode == 3
    page = (tmp_path / "index.html").read_text()
    for shown in (page, made.stderr):
        assert "THIS RUN IS NOT COMPLETE: 1 of 5 tests" in " ".join(shown.split())
    assert not (tmp_path / "history-simulated.jsonl").exists()
    assert (tmp_path / "runs.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("count", "says"), [(1, "there are no results in"), (3, "3 folders are too many")], ids=["no results", "too many"]
)
def test_input_that_will_not_do_is_one_line_with_the_cure(
    tmp_path: Path, built: Path, capsys: pytest.CaptureFixture[str], count: int, says: str
) -> None:
    assert main([str(built / "results" if count > 1 else tmp_path / "nothing")] * count) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert says in line
    assert "cure: " in line


def test_without_node_there_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ReportError, match="the report needs Node"):
        find_node()


def test_an_analytics_tag_that_has_moved_is_noticed() -> None:
    with pytest.raises(ReportError, match="still calls an analytics service"):
        without_analytics('<img src="https://www.googletagmanager.com/pixel">')


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser with a profile of its own, which is empty at first."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("there is no chromium or no chromedriver: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    profile = f"user-data-dir={tmp_path_factory.mktemp('profile')}"
    for option in ("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run", profile):
        options.add_argument(f"--{option}")
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def page(built: Path, browser: Chrome) -> Chrome:
    """The first page, opened as by a double click, anew."""
    browser.get("about:blank")
    browser.get((built / "index.html").as_uri())
    return browser


def log(page: Chrome, kind: str) -> list[dict[str, str]]:
    """What came to pass in the browser since the last time."""
    entries: list[dict[str, str]] = page.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script that looks for what keeps people from reading a page."""
    if not shutil.which("npm"):
        pytest.skip("axe-core comes from npm, and there is no npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm has no {AXE}: {done.stderr.strip()[-200:]}")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


def test_the_first_page_tells_it_without_a_click(page: Chrome) -> None:
    shown = page.find_element(By.TAG_NAME, "body").text
    for words in (
        "This proves nothing about AWS.",
        "The page can be taught after",
        "half within",
        WINNER,
        "The other contested updates, by the rule that they are examples of",
        "Exercise 3: conflict resolution",
    ):
        assert words in shown


def test_a_link_unfolds_the_scenario_and_nothing_asks_the_network(page: Chrome) -> None:
    for kind in ("performance", "browser"):
        log(page, kind)  # What the browser's own first tab asked for is not the page's.
    page.refresh()
    link = page.find_element(By.LINK_TEXT, EXAMPLE)
    target = str(link.get_attribute("href")).partition("#")[2]
    link.send_keys("\ue007")
    shown = "return document.getElementById(decodeURIComponent(arguments[0])).getBoundingClientRect().height"
    assert page.execute_script(shown, target) > 0
    messages = [json.loads(entry["message"])["message"] for entry in log(page, "performance")]
    requests = [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]
    assert requests, "the browser has told nothing: this shows nothing"
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:", "about:", "chrome:"))] == []
    assert log(page, "browser") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_barrier_that_axe_finds(page: Chrome, axe: str, theme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": theme}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    page.execute_script(axe)
    page.set_script_timeout(60)  # the machine may be busy with other tests
    found = page.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert "color-contrast" in {each["id"] for each in found["passes"]}, "axe has looked at nothing"
    assert [each for each in found["violations"] if each["impact"] in ("serious", "critical")] == []


def test_the_first_page_fits_a_narrow_screen(page: Chrome) -> None:
    screen = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    try:
        assert page.execute_script(script) == 0
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_first_page_prints_on_a_few_sheets(page: Chrome) -> None:
    sheet = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True, "preferCSSPageSize": True}
    printed = page.execute_cdp_cmd("Page.printToPDF", sheet)
    assert 3 < b64decode(printed["data"]).count(b"/Type /Page\n") < 25


def test_any_other_allure_is_given_winner_reason_and_delay(built: Path) -> None:
    [result] = [
        each
        for each in allure_results(built / "results")
        if each["name"].startswith("eu-west-1 writes before the update from us-east-1")
    ]
    html = " ".join(re.sub(r"<[^>]+>", " ", result["descriptionHtml"]).split())
    for words in (WINNER, "it was written last", "won: kept whole", "between 1.00 s and 1.10 s"):
        assert words in html
    assert 'alt="Replication timeline"' in result["descriptionHtml"]
    assert {"name": "epic", "value": "1 Exercises"} in result["labels"]
