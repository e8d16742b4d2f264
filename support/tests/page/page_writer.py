"""Writes the workshop page from what the suite knows of it, so that each kind of edit can be made to it."""

import json
from collections.abc import Callable, Iterator

from support.page.drift.comparison import compare
from support.page.drift.finding import Comparison, Known
from support.page.drift.markdown_page import parse_page
from support.page.page_map import Claim, Kind, PageSection, page_map
from support.page.scenarios import read_scenarios

KNOWN = Known(page_map(), read_scenarios())
FRONT_MATTER = '---\ntitle : "3.3 Multi-Region Operations"\nweight : 33\n---\n\n'
PICTURE = "![3.3.1(1)](/images/3/3.3.1(1).png?featherlight=false&width=90pc)"


def page_text(translate: Callable[[str], str] = str) -> str:
    """The page in Markdown, with as many pictures as it has; `translate` is done to headings and lines."""
    parts = [FRONT_MATTER]
    for section in page_map().sections:
        parts.append(f"{'#' * section.depth} {translate(section.title)}\n\n")
        parts += _lines(section, translate)
    return "".join([*parts, f"{PICTURE}\n" * page_map().pictures])


def _lines(section: PageSection, translate: Callable[[str], str]) -> Iterator[str]:
    for index, line in enumerate(section.lines):
        following = section.lines[index + 1 :]
        end = " " if following and following[0].continues else "\n" if _in_list(line, following) else "\n\n"
        yield ("", "- ", "   - ")[line.level] + _marked(translate(line.says)) + end
        if line.kind is Kind.JSON:
            yield f"```json\n{json.dumps(line.template, indent=2)}\n```\n\n"


def _in_list(line: Claim, following: tuple[Claim, ...]) -> bool:
    return bool(line.level and following and following[0].level)


def _marked(text: str) -> str:
    """The page's own markup: the words before the first colon in bold; what Markdown would take for its own escaped."""
    lead, colon, rest = text.partition(": ")
    escaped = rest.replace("[", "\\[").replace("<", "\\<")
    return f"**{lead}**{colon}{escaped}" if colon else text.replace("[", "\\[")


def edited(*edits: tuple[str, str]) -> Comparison:
    """What the suite says of the page after some replacements. Each has to find its text."""
    text = page_text()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return compare(parse_page(text), KNOWN)
