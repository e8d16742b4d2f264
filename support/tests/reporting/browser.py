"""A page opened in a real browser, without a window, and what a reader sees and does there."""

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 60
"""How long a page may take on a machine that is busy with other tests."""
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1300,1600",
)
DATA_TOO_LATE = "Failed to fetch"
OWN = ("file:", "data:", "blob:", "about:")
"""Addresses that need no network."""


def missing() -> str:
    """What this machine lacks for a browser; empty if nothing."""
    lacking = [program for program in ("chromium", "chromedriver") if not shutil.which(program)]
    return f"there is no {' and no '.join(lacking)}: apt-get install chromium chromium-driver" if lacking else ""


class Page:
    """A page as its reader sees it."""

    def __init__(self, driver: Chrome, file: Path) -> None:
        self._driver = driver
        self._file = file
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def open(self, address: str = "") -> None:
        """Open the file as by a double click, anew; `address` is what follows its name, as "#behaviors"."""
        self._driver.get("about:blank")
        self._driver.get(self._file.as_uri() + address)

    def visit(self, file: Path) -> None:
        """Open another file, and forget what was heard before."""
        self.forget()
        self._driver.get(file.as_uri())

    def forget(self) -> None:
        """Start listening anew."""
        self.listen()
        self.requests.clear()
        self.complaints.clear()

    def text(self) -> str:
        """All text that is rendered now, with that of the description of a scenario, which has a frame of its own."""
        self._driver.switch_to.default_content()
        shown = [self._driver.find_element(By.TAG_NAME, "body").text]
        for _ in self._frames():
            shown.append(self._driver.find_element(By.TAG_NAME, "body").text)
        return "\n".join(shown)

    def _frames(self) -> Iterator[None]:
        for frame in self._driver.find_elements(By.TAG_NAME, "iframe"):
            self._driver.switch_to.frame(frame)
            try:
                yield
            finally:  # also when the frame is drawn anew meanwhile: the next look begins at the page again
                self._driver.switch_to.default_content()

    def follow(self, words: str) -> None:
        """Click a link with this text."""
        self._driver.find_element(By.LINK_TEXT, words).click()

    def wait_for(self, words: str) -> str:
        """The rendered text, once these words are in it."""
        wait = WebDriverWait(self._driver, SECONDS, ignored_exceptions=[StaleElementReferenceException])
        try:
            wait.until(lambda _: words in self._text_after_reload())
        except TimeoutException:
            raise AssertionError(f"the page never shows {words!r}, but {self.text()!r}") from None
        return self.text()

    def _text_after_reload(self) -> str:
        """Allure's page may ask for its data before the browser has read them: then its reader has to load it again."""
        shown = self.text()
        if DATA_TOO_LATE in shown:
            self._driver.refresh()
        return shown

    def click(self, words: str) -> None:
        """Click the first text that begins like this, once it is there."""
        path = f"//*[not(self::script)][starts-with(normalize-space(text()), {_quoted(words)})]"
        wait = WebDriverWait(self._driver, SECONDS, ignored_exceptions=[StaleElementReferenceException])
        found = wait.until(lambda driver: driver.find_element(By.XPATH, path), f"the page never shows {words!r}")
        self._driver.execute_script("arguments[0].scrollIntoView(); arguments[0].click()", found)

    def press_enter_on(self, words: str) -> None:
        """Follow a link with the keyboard."""
        self._driver.find_element(By.LINK_TEXT, words).send_keys("\ue007")

    def picture_width(self, alternative: str) -> int:
        """How wide the picture with this alternative text is drawn; 0 if there is none, or it can't be drawn."""
        for _ in self._frames():
            pictures = self._driver.find_elements(By.CSS_SELECTOR, f'img[alt="{alternative}"]')
            widths = [int(str(picture.get_property("naturalWidth"))) for picture in pictures]
            if widths:
                self._driver.switch_to.default_content()
                return widths[0]
        return 0

    def prefer(self, theme: str) -> None:
        """Ask for the light or the dark theme, as the reader's system does."""
        feature = {"name": "prefers-color-scheme", "value": theme}
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def resize(self, width: int, height: int) -> None:
        """Show the page on a screen of this size, in pixels."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        return int(self._driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        ))  # fmt: skip

    def violations(self, axe: Path) -> list[str]:
        """What axe-core finds that keeps people from reading the page: serious and critical findings."""
        self._driver.execute_script(axe.read_text(encoding="utf-8"))
        self._driver.set_script_timeout(SECONDS)
        found = self._driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        return [
            f"{each['id']}: {each['nodes'][0]['html'][:200]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]

    def pages_when_printed(self) -> int:
        """How many sheets of A4 the page takes."""
        sheet = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True, "preferCSSPageSize": True}
        printed = self._driver.execute_cdp_cmd("Page.printToPDF", sheet)
        return b64decode(printed["data"]).count(b"/Type /Page\n")

    def listen(self) -> None:
        """Collect what was asked of the network, and what the console says, since the last time."""
        for entry in _log(self._driver, "performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
        self.complaints += [entry["message"] for entry in _log(self._driver, "browser")]

    @property
    def network_requests(self) -> list[str]:
        """What was asked of the network."""
        return [url for url in self.requests if not url.startswith(OWN)]


def _quoted(words: str) -> str:
    return f'"{words}"' if "'" in words else f"'{words}'"


def _log(driver: Chrome, kind: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = driver.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


@contextmanager
def opened(file: Path) -> Iterator[Page]:
    """A browser with this file; a profile of its own, which is empty at first."""
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for option in (*OPTIONS, f"--user-data-dir={profile}"):
            options.add_argument(option)
        driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            driver.get("about:blank")
            _log(driver, "performance")  # What the browser's own first tab asked for is not the page's.
            yield Page(driver, file)
        finally:
            driver.quit()
