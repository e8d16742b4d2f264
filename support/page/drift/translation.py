"""A translation of the page: headings by their order, JSON templates, numbers and names; not its words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from support.page.drift.finding import Change, Known
from support.page.drift.line_changes import blocks
from support.page.drift.markdown_page import FoundPage, FoundSection
from support.page.drift.templates import compare_templates
from support.page.drift.wording import names, numbers
from support.page.page_map import Kind, PageSection

ALIKE = 0.6
"""So much of the order of headings and lists, and of the templates, a translation shares with the page."""

BLANK = re.compile(r"\[[^\]]*\]")


def is_translation(found: FoundPage, known: Known) -> bool:
    """Whether a page without common words has the structure of the page, and templates with its attributes."""
    sections = known.page.sections
    structure = SequenceMatcher(None, [*map(_shape, sections)], [*map(_shape, found.sections)], False).ratio()
    written = [set(claim.template) for claim in known.page.claims if claim.kind is Kind.JSON]
    templates = [set(item) for section in found.sections for item in section.templates if item]
    alike = sum(any(len(one & other) >= ALIKE * len(one | other) for other in templates) for one in written)
    return structure >= ALIKE and alike >= ALIKE * len(written)


def compare_translation(found: FoundPage, known: Known) -> Iterator[Change]:
    """What the headings, numbers, names and templates of a translation say that the suite does not know."""
    old, new = known.page.sections, found.sections
    matcher = SequenceMatcher(None, [*map(_shape, old)], [*map(_shape, new)], False)
    for operation, start, end, first, last in matcher.get_opcodes():
        paired = range(min(end - start, last - first))
        for step in paired:
            yield from _section(known, old[start + step], new[first + step])
        if operation == "equal":
            continue
        for section in old[start + len(paired) : end]:
            text = f'nothing is in the place of the heading "{section.title}"'
            yield known.change("heading", known.label(section), text, section.lines)
        for more in new[first + len(paired) : last]:
            yield known.change("heading", more.title, "a heading was added, and nothing tests what is below it")


def _section(known: Known, old: PageSection, new: FoundSection) -> Iterator[Change]:
    label = known.label(old)
    before = [block.text for block in blocks(old)]
    after = [line.text for line in new.lines]
    yield from _counted(known, old, "number", _all(numbers, before), _all(numbers, after))
    # How often a name is said is the translator's choice.
    named = [
        dict.fromkeys(map(str.casefold, _all(names, texts))) for texts in ([old.title, *before], [new.title, *after])
    ]
    yield from _counted(known, old, "name", *map(list, named))
    items = sum(line.level > 0 for line in old.lines), sum(line.level > 0 for line in new.lines)
    if items[0] != items[1]:
        yield known.change("line", label, f"it has {items[1]} list items, not {items[0]}", old.lines)
    yield from compare_templates(known, old, _with_known_blanks(old, new.templates))


def _counted(known: Known, old: PageSection, kind: str, before: list[str], after: list[str]) -> Iterator[Change]:
    gone, more = Counter(before) - Counter(after), Counter(after) - Counter(before)
    said = [f"{' and '.join(gone)} {'is' if gone.total() == 1 else 'are'} gone"] if gone else []
    said += [f"{' and '.join(more)} {'is' if more.total() == 1 else 'are'} new"] if more else []
    if said:
        yield known.change(kind, known.label(old), f"{kind}s differ: {', '.join(said)}", old.lines)


def _named(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(str.casefold, _all(names, texts))))


def _all(read: Callable[[str], list[str]], texts: Sequence[str]) -> list[str]:
    return [BLANK.sub("[]", each) for text in texts for each in read(text)]


def _with_known_blanks(
    section: PageSection, templates: Sequence[Mapping[str, Any] | None]
) -> list[Mapping[str, Any] | None]:
    """The templates with the page's blanks in place of the translated ones: [your-name] may have any name."""
    written = [line.template for line in section.lines if line.kind is Kind.JSON]
    found: list[Mapping[str, Any] | None] = []
    for index, item in enumerate(templates):
        same = written[index] if index < len(written) else {}
        found.append(item and {name: _known_blanks(value, same.get(name)) for name, value in item.items()})
    return found


def _known_blanks(value: object, known: object) -> object:
    if isinstance(value, str) and isinstance(known, str) and BLANK.sub("[]", value) == BLANK.sub("[]", known):
        return known
    return value


def _shape(section: PageSection | FoundSection) -> tuple[int, int]:
    """What a translation leaves as it is: the depth of a heading, and how many list items are below it."""
    return section.depth, sum(line.level > 0 for line in section.lines)
