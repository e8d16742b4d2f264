"""A version of the workshop page, read from its Markdown: headings, lines and JSON templates in order."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from support.page.page_map import Heading

FRONT_MATTER = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(\n|\Z)", re.DOTALL)
SHORTCODE = re.compile(r"\{\{(%|<).*?(%|>)\}\}", re.DOTALL)
PICTURE = re.compile(r"\{\{[%<]\s*(figure|img|image)\b|<img\b", re.IGNORECASE)
CONFLICT = re.compile(r"(<{7}|>{7}) ")
SCREENSHOT = re.compile(r"\W*screenshot", re.IGNORECASE)
"""How the lines begin that stand where a picture is still to be made."""


class PageError(ValueError):
    """The file is no version of the page: one line that says why."""


@dataclass(frozen=True)
class FoundLine:
    """A paragraph (level 0), an item (1) or a nested one (2), without markup.

    `code`: a code block that is no JSON. `row`: a row of a table, its cells with a colon between them, as in an item.
    """

    text: str
    level: int
    code: bool = False
    row: bool = False


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
        """All that it says, in one text."""
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


def read_page(path: Path) -> FoundPage:
    """The page in a file. Raises PageError for a file that can't be read, has a conflict in it, or has no heading."""
    text = read_text(path)
    for number, line in enumerate(text.splitlines(), 1):
        if CONFLICT.match(line):
            raise PageError(f"{path}, line {number}: a conflict marker of git; resolve the conflict first")
    try:
        page = parse_page(text)
    except PageError as error:
        raise PageError(f"{path}: {error}") from None
    if not any(section.title for section in page.sections):
        raise PageError(f"{path} has no heading: name the page's Markdown file")
    return page


def read_text(path: Path) -> str:
    """What is in the file. Raises PageError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PageError(f"{path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise PageError(f"{path} can't be read ({error.strerror}): name the page's Markdown file") from None


def parse_page(text: str) -> FoundPage:
    """The page that a Markdown text describes; Hugo's front matter and shortcodes are left out.

    Raises PageError for a code block that does not end.
    """
    body = FRONT_MATTER.sub("", "\n".join(text.splitlines()), count=1)
    pictures = len(PICTURE.findall(body))
    # What surrounds a paragraph must not become part of it.
    body = SHORTCODE.sub("", body)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    _refuse_open_block(tokens, body.splitlines())
    pictures += sum(child.type == "image" for token in tokens for child in token.children or ())
    sections: list[FoundSection] = []
    title, depth, lines, templates = "", 1, list[FoundLine](), list[Mapping[str, Any] | None]()
    for block in _blocks(tokens):
        match block:
            case (str() as heading, int() as level):
                sections.append(FoundSection(title, depth, tuple(lines), tuple(templates)))
                title, depth, lines, templates = heading, level, [], []
            case FoundLine(text=words) if SCREENSHOT.match(words) and not block.code:
                continue
            case FoundLine():
                lines.append(block)
            case _:
                templates.append(block)
    sections.append(FoundSection(title, depth, tuple(lines), tuple(templates)))
    empty = not (sections[0].title or sections[0].lines or sections[0].templates)
    return FoundPage(tuple(sections[1:] if empty else sections), pictures)


def _refuse_open_block(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Whatever follows a code block without an end is taken for code, up to the next one: nothing could be compared."""
    for token in tokens:
        if token.type == "fence" and token.map:
            start, end = token.map
            ends = end - start > 1 and lines[end - 1].strip(" >").startswith(token.markup)
            if not ends or any(line.startswith(token.markup) for line in token.content.splitlines()):
                begin = " ".join(token.content.split())[:40]
                raise PageError(f'the code block that begins with "{begin}" does not end: is the file cut off?')


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, int] | FoundLine | dict[str, Any] | None]:
    """Headings with their depths, lines, and templates."""
    depth, heading = 0, 0
    cells: list[str] | None = None
    for token in tokens:
        depth += token.nesting if token.type.startswith(("bullet_list", "ordered_list")) else 0
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "tr_open":
            cells = []
        elif token.type == "inline" and cells is not None:
            cells.append(_text(token))
        elif token.type == "tr_close" and cells is not None:
            yield FoundLine(": ".join(cells), depth, row=True)
            cells = None
        elif token.type == "inline" and (text := _text(token)):
            yield (text, heading) if heading else FoundLine(text, depth)
        elif token.type in ("fence", "code_block"):
            yield _code(token, depth)


def _text(token: Token) -> str:
    """What a reader reads of a paragraph; pictures and HTML are left out."""
    breaks = ("softbreak", "hardbreak")
    parts = [
        child.content if child.type in ("text", "code_inline") else " " if child.type in breaks else ""
        for child in token.children or ()
    ]
    return " ".join("".join(parts).split())


def _code(token: Token, depth: int) -> FoundLine | dict[str, Any] | None:
    try:
        item = json.loads(token.content)
    except ValueError:
        item = None
    if isinstance(item, dict):
        return item
    meant = token.info.strip().lower() == "json" or token.content.lstrip().startswith("{")
    return None if meant else FoundLine(" ".join(token.content.split()), depth, code=True)
