"""The last touches to the page that Allure has written: no analytics, the page's order, and the summary on top.

Allure 3 has no option for any of them, so they depend on how the pinned release writes its single file. Each change
is checked here, and the page as a whole in a browser by the tests.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from support.reporting.error import ReportError

ANALYTICS = re.compile(r"<script[^>]*googletagmanager[^>]*></script>\s*<script>.*?</script>", re.DOTALL)
DATA = re.compile(r'd\("((?:widgets/|data/test-results/)[^"]*\.json)","([^"]*)"')
APP = '<div id="app"></div>'

STYLE = """
#run-summary { box-sizing: border-box; max-width: 1040px; margin: 16px auto; padding: 8px 24px 16px; overflow-x: auto;
  font: 14px/1.4 system-ui, sans-serif; border-radius: 8px; background: #fff; color: #111; }
[data-theme="dark"] #run-summary { background: #1e2024; color: #eee; }
#run-summary h1 { font-size: 24px; font-weight: 700; margin: 12px 0; }
#run-summary a { color: inherit; }
#run-summary a[href^="https"] { overflow-wrap: anywhere; }
#run-summary[hidden] { display: none; }
"""
SHOW = """
const summary = document.getElementById("run-summary");
const show = () => { summary.hidden = !["", "#", "#/"].includes(location.hash); };
for (const name of ["pushState", "replaceState"]) {
  const original = history[name].bind(history);
  history[name] = (...values) => { original(...values); show(); };
}
addEventListener("hashchange", show); addEventListener("popstate", show); show();
"""
"""The summary belongs to the first page; all others have an address with a # and more, and tell no event of it."""


class TestId(NamedTuple):
    """What a test is recognized by in the page: environment, full name, and name with the values of its row."""

    mode: str
    full_name: str
    name: str


def without_analytics(html: str) -> str:
    """The page without the only thing in it that asks the network for anything."""
    clean = ANALYTICS.sub("", html)
    if "googletagmanager" in clean:
        raise ReportError("Allure's page still calls an analytics service; cure: see ANALYTICS in html_page.py")
    return clean


def in_order(html: str, order: Sequence[TestId]) -> str:
    """The page with its tree and its "next" buttons in this order, not in that of the run."""
    found = addresses(html)
    places = {found[test]: place for place, test in enumerate(order) if test in found}

    def reordered(match: re.Match[str]) -> str:
        name, values = match[1], _decoded(match[2])
        if name.endswith("/tree.json"):
            for leaf in values["leavesById"].values():
                leaf["groupOrder"] = places.get(leaf["nodeId"], len(places)) + 1
        elif name.endswith("/nav.json"):
            values.sort(key=lambda each: places.get(each, len(places)))
        else:
            return match[0]
        return f'd("{name}","{_encoded(values)}"'

    return DATA.sub(reordered, html)


def addresses(html: str) -> dict[TestId, str]:
    """The id of each test in the page, which is its address after the #."""
    found = {}
    for name, data in DATA.findall(html):
        if name.startswith("data/"):
            test = _decoded(data)
            if not test["isRetry"]:
                found[TestId(test.get("environment", ""), test.get("fullName", ""), test["name"])] = test["id"]
    if not found:
        raise ReportError("Allure's page has no test results where they are looked for; cure: see DATA in html_page.py")
    return found


def with_summary(html: str, title: str, summaries: Sequence[str]) -> str:
    """The page with the summaries of its runs above everything that Allure shows."""
    if APP not in html:
        raise ReportError("Allure's page is built differently; cure: see APP in html_page.py")
    section = (
        f'<section id="run-summary" aria-label="Summary of the run"><h1>{title}</h1>{"<hr>".join(summaries)}</section>'
    )
    return html.replace(APP, f"<style>{STYLE}</style>{section}{APP}<script>{SHOW}</script>", 1)


def links(found: Mapping[TestId, str], tests: Mapping[str, TestId]) -> dict[str, str]:
    """The addresses of tests in the page by their node ids."""
    return {node_id: f"#{found[test]}" for node_id, test in tests.items() if test in found}


def _decoded(data: str) -> Any:
    return json.loads(b64decode(data))


def _encoded(values: object) -> str:
    return b64encode(json.dumps(values).encode()).decode()
