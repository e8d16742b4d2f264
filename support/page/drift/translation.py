"""A translation of the page: headings by their order, JSON templates, numbers and names; not its words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from support.page.drift.finding import Change
from support.page.drift.markdown_page import FoundPage, FoundSection
from support.page.drift.templates import compare_templates
from support.page.drift.wording import names, numbers
from support.page.page_map import Kind, PageSection, page_map

ALIKE = 0.6
"""So much of the order of headings and lists, and of the templates, a translation shares with the page."""

BLANK = re.compile(r"\[[^\]]*\]")


def is_translation(found: FoundPage) -> bool:
    """Whether a page without common words has the structure of the page, and templates with its attributes."""
    written = [set(claim.template) for claim in page_map().claims if claim.kind is Kind.JSON]
    templates = [set(item) for section in found.sections for item in section.templates if item]
    alike = sum(any(len(one & other) >= ALIKE * len(one | other) for other in templates) for one in written)
    return _matcher(found).ratio() >= ALIKE and alike >= ALIKE * len(written)


def compare_translation(found: FoundPage) -> Iterator[Change]:
    """What the headings, numbers, names and templates of a translation say that the suite does not know."""
    old, new = page_map().sections, found.sections
    for operation, start, end, first, last in _matcher(found).get_opcodes():
        paired = min(end - start, last - first)
        for step in range(paired):
            yield from _section(old[start + step], new[first + step])
        if operation == "equal":
            continue
        for section in old[start + paired : end]:
            text = f'nothing is in the place of the heading "{section.title}"'
            yield Change.of("heading", section, text, section.lines)
        for more in new[first + paired : last]:
            yield Change.of("heading", more.title, "a heading was added, and nothing tests what is below it")


def _matcher(found: FoundPage) -> SequenceMatcher[tuple[int, int]]:
    """Compares what a translation leaves as it is: the depths of headings, and how many list items are below each."""
    before, after = ([(each.depth, _items(each)) for each in page.sections] for page in (page_map(), found))
    return SequenceMatcher(None, before, after, False)


def _items(section: PageSection | FoundSection) -> int:
    return sum(line.level > 0 for line in section.lines)


def _section(old: PageSection, new: FoundSection) -> Iterator[Change]:
    before = [block.text for block in old.blocks]
    after = [line.text for line in new.lines]
    yield from _counted(old, "number", _all(numbers, before), _all(numbers, after))
    # How often a name is said is the translator's choice.
    said = [_all(names, texts) for texts in ([old.title, *before], [new.title, *after])]
    yield from _counted(old, "name", *(list(dict.fromkeys(map(str.casefold, each))) for each in said))
    if _items(old) != _items(new):
        yield Change.of("line", old, f"it has {_items(new)} list items, not {_items(old)}", old.lines)
    written = [line.template for line in old.lines if line.kind is Kind.JSON]
    found = [*map(_with_known_blanks, new.templates, written), *new.templates[len(written) :]]
    yield from compare_templates(old, found)


def _all(read: Callable[[str], list[str]], texts: Sequence[str]) -> list[str]:
    return [BLANK.sub("[]", each) for text in texts for each in read(text)]


def _counted(old: PageSection, kind: str, before: list[str], after: list[str]) -> Iterator[Change]:
    gone, more = Counter(before) - Counter(after), Counter(after) - Counter(before)
    said = [f"{' and '.join(gone)} {'is' if gone.total() == 1 else 'are'} gone"] if gone else []
    said += [f"{' and '.join(more)} {'is' if more.total() == 1 else 'are'} new"] if more else []
    if said:
        yield Change.of(kind, old, f"{kind}s differ: {', '.join(said)}", old.lines)


def _with_known_blanks(item: Mapping[str, Any] | None, written: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A template with the page's blanks in place of the translated ones: [your-name] may have any name."""
    return item and {name: _known_blanks(value, written.get(name)) for name, value in item.items()}


def _known_blanks(value: object, known: object) -> object:
    if isinstance(value, str) and isinstance(known, str) and BLANK.sub("[]", value) == BLANK.sub("[]", known):
        return known
    return value
