"""What a version of the page says that the suite does not know, and the other way round: pictures aside, everything."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from support.page.drift.differences import Differences
from support.page.drift.finding import Change, Comparison
from support.page.drift.markdown_page import FoundPage, FoundSection, PageError, parse_page, read_text
from support.page.drift.translation import compare_translation, is_translation
from support.page.drift.wording import A_REGION, Pair, canonical, share
from support.page.page_map import Claim, label, page_map

PLACEHOLDER = re.compile(r"[\[<{][a-z][\w-]+[\]>}]")

ENOUGH = 0.3
"""So much of the headings or lines of the page a file has to share to be a version of it."""

ENDS = re.compile("[:.]| -")
NUMBER = re.compile(rf"(?<=\w )\d+(?={ENDS.pattern})")
"""As in "Exercise 3: Conflict Resolution"."""


def compare_file(path: Path) -> Comparison:
    """The comparison of the version in a file. Raises PageError for a file that is none, with its name."""
    text = read_text(path)
    try:
        return compare(parse_page(text))
    except PageError as error:
        raise PageError(f"{path}: {error}") from None


def compare(found: FoundPage) -> Comparison:
    """Compare a version of the page with what the suite knows. Raises PageError for a page that is another one."""
    titles = [section.title for section in page_map().sections]
    shared = share(titles, [section.title for section in found.sections])
    lines = share(
        [block.text for section in page_map().sections for block in section.blocks],
        [line.text for section in found.sections for line in section.lines],
    )
    if max(shared, lines) < ENOUGH:
        if is_translation(found):
            return Comparison(translation=True, changes=tuple(compare_translation(found)))
        raise PageError(f'this is not the page "{page_map().title}": {shared:.0%} of its headings are here')
    renamed = []
    for spellings, change in _renamed_everywhere(found):
        renamed.append(change)
        for old, new in spellings:
            found = found.with_words(new, old)
    found, renumbered = with_known_numbers(found)
    found, doubled = join_doubled(found)
    comparison = Differences(found).comparison()
    return replace(comparison, changes=(*renamed, *renumbered, *doubled, *comparison.changes))


def _renamed_everywhere(found: FoundPage) -> Iterator[tuple[list[Pair], Change]]:
    """Placeholders and regions that are gone altogether, each with the one that is new; nothing if there are more new
    ones, or fewer. Of several they are those that come first, second, and so on.

    Each comes with all its spellings: a region stands there as eu-west-1 and as EU-West-1.
    """
    lines = [line.says for section in page_map().sections for line in section.lines]
    templates = [f"{each.title} {[line.template for line in each.lines]}" for each in page_map().sections]
    said = " ".join([*lines, *templates])
    for kind, pattern in (("placeholder", PLACEHOLDER), ("region", A_REGION)):
        before, now = ([each[0] for each in pattern.finditer(text)] for text in (said, found.words()))
        gone, new = _spellings(before, without=now), _spellings(now, without=before)
        if [len(each) for each in gone.values()] != [len(each) for each in new.values()]:
            continue
        for old, other in zip(gone, new, strict=True):
            claims = [claim for claim in page_map().claims if old in f"{claim.says} {claim.template}".lower()]
            yield list(zip(gone[old], new[other], strict=True)), Change.of_name(kind, old, other, claims)


def _spellings(names: Sequence[str], without: Collection[str]) -> dict[str, list[str]]:
    """The spellings of each name that is not among the others in any spelling, in the order of the names."""
    found: dict[str, list[str]] = {}
    others = {name.lower() for name in without}
    for name in names:
        if name.lower() not in others and name not in found.setdefault(name.lower(), []):
            found[name.lower()].append(name)
    return {name: sorted(each) for name, each in found.items()}


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
