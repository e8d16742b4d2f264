"""Headings with another number, or that stand twice: named once, and for the rest as the suite knows them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from support.page.drift.finding import Change
from support.page.drift.markdown_page import FoundPage, FoundSection
from support.page.drift.wording import canonical
from support.page.page_map import Claim, label, page_map

ENDS = re.compile("[:.]| -")
NUMBER = re.compile(rf"(?<=\w )\d+(?={ENDS.pattern})")
"""As in "Exercise 3: Conflict Resolution"."""


def with_known_numbers(found: FoundPage) -> tuple[FoundPage, list[Change]]:
    """The page with the known number in each heading that has another one before the same words, and what they are."""
    here = {canonical(each.title) for each in found.sections}
    gone = {_unnumbered(each.title): each for each in page_map().sections if canonical(each.title) not in here}
    sections, said, claims = list[FoundSection](), list[str](), list[Claim]()
    for each in found.sections:
        section = gone.get(_unnumbered(each.title))
        sections.append(replace(each, title=section.title) if section else each)
        if section:
            said.append(f"{page_map().label(section)} is now {ENDS.split(each.title)[0]}")
            claims += [claim for claim in page_map().below(section) if claim not in claims]
    text = f"renumbered, and their addresses with them: {'; '.join(said)}"
    changes = [Change.of("heading", "", text, claims)] if said else []
    return replace(found, sections=tuple(sections)), changes


def join_doubled(found: FoundPage) -> tuple[FoundPage, list[Change]]:
    """The page with each heading once, below it what stands below any of its copies, and the headings with copies."""
    sections = found.sections
    labels = [label(sections, each) for each in sections]
    below = [[*each.lines, *each.templates] for each in sections]
    joined = dict(enumerate(sections))
    dropped: set[int | None] = set()
    changes: list[Change] = []
    for section in page_map().sections:
        places = [place for place, each in enumerate(sections) if canonical(each.title) == canonical(section.title)]
        kept = max(places, key=lambda place: len(below[place]), default=0)
        # Another section with this heading would have lines of its own.
        same = [
            each for each in places if labels[each] == labels[kept] or all(line in below[kept] for line in below[each])
        ]
        if len(same) < 2:
            continue
        lines, templates = [], []
        for place in same:
            lines += [each for each in joined[place].lines if each not in lines]
            templates += [each for each in joined.pop(place).templates if each not in templates]
        joined[kept] = replace(sections[kept], lines=tuple(lines), templates=tuple(templates))
        dropped.update(set(same) - {kept})
        above = [_above(sections, each) for each in same]
        if len(set(above)) == 1 or not dropped.intersection(above):  # What stands below a copy is no copy by itself.
            times = "twice" if len(same) == 2 else f"{len(same)} times"
            text = f'the heading "{section.title}" stands {times}'
            where = dict.fromkeys(labels[each] for each in same)
            if len(where) > 1:
                text += f", in {' and in '.join(where)}"
            changes.append(Change.of("heading", section, text, page_map().below(section)))
    return replace(found, sections=tuple(joined[place] for place in sorted(joined))), changes


def _above(sections: Sequence[FoundSection], place: int) -> int | None:
    """Where the heading stands that this one belongs to."""
    return next((each for each in reversed(range(place)) if sections[each].depth < sections[place].depth), None)


def _unnumbered(title: str) -> str:
    return canonical(NUMBER.sub("", title, count=1))
