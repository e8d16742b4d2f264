"""A version of the workshop page, read from its Markdown: headings, lines and JSON templates in order."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from support.page.page_map import Heading

FRONT_MATTER = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(\n|\Z)", re.DOTALL)
SHORTCODE = re.compile(r"\{\{(%|<).*?(%|>)\}\}", re.DOTALL)
PICTURE = re.compile(r"\{\{[%<]\s*(figure|img|image)\b|<img\b", re.IGNORECASE)
CONFLICT = re.compile(r"\s*(<{7}|>{7}|\|{7})( |$)")
OWN_ANCHOR = re.compile(r"\s*\{#[\w-]+\}$")
SCREENSHOT = re.compile(r"\W*screenshot", re.IGNORECASE)
"""How the lines begin that stand where a picture is still to be made."""


class PageError(ValueError):
    """The file is no version of the page: one line that says why."""


@dataclass(frozen=True)
class FoundLine:
    """A paragraph (level 0), an item (1) or a nested one (2), without markup.

    `code`: a code block that is no JSON. `row`: a row of a table, its cells with a colon between them, as in an item;
    `head`: it names the columns.
    """

    text: str
    level: int
    code: bool = False
    row: bool = False
    head: bool = False


@dataclass(frozen=True)
class FoundSection(Heading):
    """A heading, and what stands below it up to the next one; a template that is no JSON object any more is None."""

    lines: tuple[FoundLine, ...]
    templates: tuple[Mapping[str, Any] | None, ...]


@dataclass(frozen=True)
class FoundPage:
    """The sections in order; what stands before the first heading has none of its own and an empty title."""

    sections: tuple[FoundSection, ...]
    pictures: int

    def words(self) -> str:
        lines = (line.text for section in self.sections for line in section.lines)
        return " ".join([*lines, *(f"{section.title} {section.templates}" for section in self.sections)])

    def with_words(self, old: str, new: str) -> "FoundPage":
        """The same with other words in place of some, in headings, lines and templates."""
        sections = (
            FoundSection(
                each.title.replace(old, new),
                each.depth,
                tuple(replace(line, text=line.text.replace(old, new)) for line in each.lines),
                tuple(item and json.loads(json.dumps(item).replace(old, new)) for item in each.templates),
            )
            for each in self.sections
        )
        return replace(self, sections=tuple(sections))


def read_text(path: Path) -> str:
    """What is in the file. Raises PageError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:  # a patch of it keeps the ends of its lines
            return file.read()
    except UnicodeDecodeError:
        raise PageError(f"{path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise PageError(f"{path} can't be read ({error.strerror}): name the page's Markdown file") from None


def parse_page(text: str) -> FoundPage:
    """The page that a Markdown text describes; Hugo's front matter and shortcodes are left out.

    Raises PageError for a text that has a conflict in it, or no heading, and for a code block that does not end.
    """
    all_lines = text.splitlines()
    for number, line in enumerate(all_lines, 1):
        if CONFLICT.match(line):
            raise PageError(f"line {number}: a conflict marker of git; resolve the conflict first")
    body = FRONT_MATTER.sub("", "\n".join(all_lines), count=1)
    pictures = len(PICTURE.findall(body))
    # What surrounds a paragraph must not become part of it.
    body = SHORTCODE.sub("", body)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(body))
    source = body.splitlines()
    for node in tree.walk():
        _refuse_open_block(node, source)
        pictures += node.type == "image"
    parts = [Heading("", 1), *_parts(tree, 0), Heading("", 1)]  # What stands before the first one has none.
    headings = [(index, part) for index, part in enumerate(parts) if isinstance(part, Heading)]
    sections: list[FoundSection] = []
    for (start, heading), (stop, _) in pairwise(headings):
        lines = (part for part in parts[start:stop] if isinstance(part, FoundLine))
        read = tuple(line for line in lines if line.code or not SCREENSHOT.match(line.text))
        templates = tuple(part for part in parts[start:stop] if part is None or isinstance(part, dict))
        sections.append(FoundSection(heading.title, heading.depth, read, templates))
    if len(sections) == 1:
        raise PageError("there is no heading: name the page's Markdown file")
    return FoundPage(tuple(each for each in sections if each.title or each.lines or each.templates), pictures)


def _refuse_open_block(node: SyntaxTreeNode, lines: Sequence[str]) -> None:
    """Whatever follows a code block without an end is taken for code, up to the next one: nothing could be compared."""
    if node.type == "fence" and node.map:
        start, end = node.map
        ends = end - start > 1 and lines[end - 1].strip(" >").startswith(node.markup)
        if not ends or any(line.startswith(node.markup) for line in node.content.splitlines()):
            begin = " ".join(node.content.split())[:40]
            raise PageError(f'the code block that begins with "{begin}" does not end: is the file cut off?')


def _parts(parent: SyntaxTreeNode, depth: int) -> Iterator[Heading | FoundLine | dict[str, Any] | None]:
    for node in parent.children:
        match node.type:
            case "heading" | "paragraph" if not _text(node):
                continue
            case "heading":
                yield Heading(OWN_ANCHOR.sub("", _text(node)), int(node.tag[1:]))
            case "paragraph":
                yield FoundLine(_text(node), depth)
            case "tr":
                yield FoundLine(": ".join(map(_text, node.children)), depth, row=True, head=parent.type == "thead")
            case "fence" | "code_block":
                yield _code(node, depth)
            case _:
                yield from _parts(node, depth + node.type.endswith("_list"))


def _text(node: SyntaxTreeNode) -> str:
    """What a reader reads of a paragraph; pictures and HTML are left out."""
    breaks = ("softbreak", "hardbreak")
    parts = [
        child.content if child.type in ("text", "code_inline") else " " if child.type in breaks else ""
        for token in node.to_tokens()
        for child in token.children or ()
    ]
    return " ".join("".join(parts).split())


def _code(node: SyntaxTreeNode, depth: int) -> FoundLine | dict[str, Any] | None:
    try:
        item = json.loads(node.content)
    except ValueError:
        item = None
    if isinstance(item, dict):
        return item
    meant = node.info.strip().lower() == "json" or node.content.lstrip().startswith("{")
    return None if meant else FoundLine(" ".join(node.content.split()), depth, code=True)
