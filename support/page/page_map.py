"""The workshop page as the suite knows it (`claims.toml`): its headings, its lines, and what it claims."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from itertools import chain, count, takewhile
from pathlib import Path
from typing import Any, TypeVar

Section = TypeVar("Section", bound="Heading")

FILE = Path(__file__).with_name("claims.toml")


class Kind(StrEnum):
    """What sort of claim a line is; TEXT is none."""

    TEXT = "text"
    EXPECTATION = "expectation"
    NUMBER = "number"
    JSON = "json"
    INSTRUCTION = "instruction"
    BLANK = "blank"


@dataclass(frozen=True)
class Claim:
    """A line of the page; the head of `claims.toml` describes its fields, of which sources and reasons are texts here.

    Without an `id` it claims nothing. Of `contradicted`, `undocumented` and `untestable` at most one is there.
    """

    says: str
    section: str
    id: str = ""
    level: int = 0
    kind: Kind = Kind.TEXT
    continues: bool = False
    both: bool = False
    shown_by: tuple[str, ...] = ()
    done_with: str = ""
    how: str = ""
    blank: str = ""
    partner: str = ""
    template: Mapping[str, Any] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    contradicted: str = ""
    undocumented: str = ""
    untestable: str = ""
    instead: str = ""
    source: str = ""

    @property
    def reason(self) -> str:
        """Why its state does not depend on the run; empty if it does."""
        return self.contradicted or self.undocumented or self.untestable

    @property
    def line(self) -> int:
        """Where it begins in the map."""
        return line_of(FILE, self.id)

    @property
    def shown_with(self) -> str:
        """The id that the tags of its scenarios name: its own, or that of the claim that it is done with."""
        return self.done_with or self.id

    def is_shown_by(self, step_type: str | None, text: str) -> bool:
        return any(words in text for words in self.shown_by) if self.shown_by else step_type == "then"


@dataclass(frozen=True)
class Heading:
    """A section of this page or of another version of it."""

    title: str
    depth: int


@dataclass(frozen=True)
class PageSection(Heading):
    """A heading of the page and its lines. `markers` are those of pytest for the features that transcribe it."""

    markers: Sequence[str]
    lines: tuple[Claim, ...]

    @cached_property
    def blocks(self) -> tuple["Block", ...]:
        """Its paragraphs and items; claims that continue a paragraph are joined."""
        found: list[list[Claim]] = []
        for line in self.lines:
            if not line.continues:
                found.append([])
            found[-1].append(line)
        return tuple(
            Block(self, " ".join(line.says for line in lines), tuple(line for line in lines if line.id))
            for lines in found
        )


@dataclass(frozen=True)
class Block:
    """A paragraph or list item: one line, or several claims that make up one paragraph."""

    section: PageSection
    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class PageMap:
    """The page: its title, its published address, how many pictures it has, and its sections in order.

    `other_regions` are those that features name beside the page's two.
    """

    title: str
    url: str
    pictures: int
    other_regions: Sequence[str]
    sections: tuple[PageSection, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(line for section in self.sections for line in section.lines if line.id)

    def claim(self, name: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.id == name), None)

    def address(self, section: PageSection) -> str:
        return f"{self.url}#{anchors(each.title for each in self.sections)[self.sections.index(section)]}"

    def label(self, section: PageSection) -> str:
        return label(self.sections, section)

    def below(self, section: PageSection) -> list[Claim]:
        """The claims of a section and of those below it."""
        return [line for each in subtree(self.sections, section) for line in each.lines if line.id]


def subtree(sections: Sequence[Section], section: Section) -> list[Section]:
    place = next(place for place, each in enumerate(sections) if each is section)  # An equal one may stand before it.
    return [section, *takewhile(lambda each: each.depth > section.depth, sections[place + 1 :])]


def label(sections: Sequence[Heading], section: Heading) -> str:
    """How a reader calls a section: "Exercise 3, Step 2" for that step of "Exercise 3: Conflict Resolution"."""
    return ", ".join(each.title.partition(":")[0] for each in heading_path(sections, section))


def heading_path(sections: Sequence[Heading], section: Heading) -> list[Heading]:
    """A section below the headings that it belongs to, from depth 2 on."""
    path = [section]
    place = next(place for place, each in enumerate(sections) if each is section)
    for each in reversed(sections[:place]):
        if 1 < each.depth < path[0].depth:
            path.insert(0, each)
    return path


def anchors(headings: Iterable[str]) -> list[str]:
    """The anchors that Hugo gives to the headings of a page: goldmark's automatic ids of type "github".

    Letters in lower case, digits, `-` and `_` stay, a blank becomes a hyphen, all else goes. Of equal ones the second
    ends with -1, the third with -2.
    """
    used: dict[str, None] = {}
    for heading in headings:
        plain = re.sub(r"[^\w-]", "", heading.strip().replace(" ", "-")).lower() or "heading"
        names = chain([plain], (f"{plain}-{number}" for number in count(1)))
        used[next(name for name in names if name not in used)] = None
    return list(used)


def line_of(path: Path, entry: str) -> int:
    """The line with the id of an entry, in a file such as the map."""
    return path.read_text(encoding="utf-8").splitlines().index(f'id = "{entry}"') + 1


@cache
def page_map() -> PageMap:
    """Read the map. Raises KeyError or TypeError for a file that does not fit: it is part of the suite."""
    values = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sources, reasons = values.pop("sources"), values.pop("reasons")
    read: Mapping[str, Callable[[Any], Any]] = {
        "kind": Kind,
        "shown_by": tuple,
        "template": json.loads,
        "contradicted": sources.__getitem__,
        "undocumented": sources.__getitem__,
        "source": sources.__getitem__,
        "untestable": reasons.__getitem__,
    }
    sections = []
    for section in values.pop("section"):
        lines = [
            Claim(
                section=section["title"],
                **{name: read[name](value) if name in read else value for name, value in line.items()},
            )
            for line in section.get("line", ())
        ]
        sections.append(PageSection(section["title"], section["depth"], section.get("markers", ()), tuple(lines)))
    return PageMap(**values, sections=tuple(sections))
