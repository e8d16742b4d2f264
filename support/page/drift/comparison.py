"""What a version of the page says that the suite does not know, and the other way round: pictures aside, everything."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

from support.page.drift.alignment import align
from support.page.drift.finding import Change, Comparison, Known
from support.page.drift.line_changes import Block, LineChanges, blocks
from support.page.drift.markdown_page import FoundLine, FoundPage, FoundSection, PageError, read_page
from support.page.drift.templates import compare_templates
from support.page.drift.translation import compare_translation, is_translation
from support.page.drift.wording import REGION, canonical
from support.page.page_map import PageSection, page_map
from support.page.scenarios import read_scenarios
from support.page.workshop import PRIMARY_REGION, REGION_NAMES

PLACEHOLDER = re.compile(r"\[[a-z][a-z-]+\]")
RENAMED = 0.6
"""So much of a heading stays in one that is renamed; of a heading with other words, so many of its lines."""

ENOUGH = 0.3
"""So much of the headings or lines of the page a file has to share to be a version of it."""


def compare(found: FoundPage, known: Known) -> Comparison:
    """Compare a version of the page with what the suite knows. Raises PageError for a page that is another one."""
    titles = [section.title for section in known.page.sections]
    shared = _share(titles, [section.title for section in found.sections])
    lines = _share(
        [block.text for section in known.page.sections for block in blocks(section)],
        [line.text for section in found.sections for line in section.lines],
    )
    if max(shared, lines) < ENOUGH:
        if is_translation(found, known):
            return Comparison(tuple(compare_translation(found, known)), len(known.scenarios), translation=True)
        raise PageError(f'this is not the page "{known.page.title}": {shared:.0%} of its headings are here')
    renamed = list(_renamed_everywhere(found, known))
    for each in renamed:
        for old, new in each.spellings:
            found = found.with_words(new, old)
    comparison = _Comparing(found, known).comparison()
    return replace(comparison, changes=(*[each.change(known) for each in renamed], *comparison.changes))


class Renamed(NamedTuple):
    """A placeholder or region that another one stands for, wherever it stood."""

    kind: str
    spellings: tuple[tuple[str, str], ...]
    """The old and the new one; of regions as eu-west-1 and as EU-West-1."""

    def change(self, known: Known) -> Change:
        old, new = self.spellings[-1]  # The one in small letters.
        claims = [claim for claim in known.page.claims if old in f"{claim.says} {claim.template}".lower()]
        change = known.change("name", "", f"the {self.kind} {old} is {new} now", claims)
        if old not in REGION_NAMES:
            return change
        option = "--primary-region" if old == PRIMARY_REGION else "--replica-region"
        scenarios = dict.fromkeys([*change.scenarios, *(each.test for each in known.naming(old))])
        return replace(change, text=f"{change.text}; {option} {new} is all it takes", scenarios=tuple(scenarios))


def _renamed_everywhere(found: FoundPage, known: Known) -> Iterator[Renamed]:
    """What is gone altogether, with the one of its kind that is new; nothing where several are gone or new."""
    lines = (f"{line.says} {line.template}" for section in known.page.sections for line in section.lines)
    titles = (section.title for section in known.page.sections)
    said = " ".join([*lines, *titles])
    for kind, pattern in (("placeholder", PLACEHOLDER), ("region", REGION)):
        before, now = ({each[0] for each in pattern.finditer(text)} for text in (said, found.words()))
        gone, new = sorted(before - now), sorted(now - before)
        if len(gone) == len(new) and [len({each.lower() for each in both}) for both in (gone, new)] == [1, 1]:
            yield Renamed(kind, tuple(zip(gone, new, strict=True)))


def compare_file(path: Path) -> Comparison:
    """The comparison of the version in a file. Raises PageError for a file that is none, with its name."""
    found = read_page(path)
    try:
        return compare(found, Known(page_map(), read_scenarios()))
    except PageError as error:
        raise PageError(f"{path}: {error}") from None


def _share(old: Sequence[str], new: Sequence[str]) -> float:
    common = Counter(map(canonical, old)) & Counter(map(canonical, new))
    return common.total() / len(old)


class Pair(NamedTuple):
    """A section as the suite knows it, and what became of it."""

    old: PageSection
    new: FoundSection


def _texts(sections: Iterable[PageSection]) -> Counter[str]:
    return Counter(canonical(block.text) for section in sections for block in blocks(section))


def _cut(pair: Pair) -> list[Block]:
    """What follows the last line of the last section in a file that ends too early."""
    have = {canonical(line.text) for line in pair.new.lines}
    return [*takewhile(lambda block: canonical(block.text) not in have, reversed(blocks(pair.old)))][::-1]


def _to_its_end(pair: Pair, cut: Sequence[Block]) -> Pair:
    """The last section of a file that ends too early, as if all of it were there."""
    templates = [line.template for line in pair.old.lines if line.template][len(pair.new.templates) :]
    lines = [FoundLine(block.text, 0) for block in cut]
    whole = replace(pair.new, lines=(*pair.new.lines, *lines), templates=(*pair.new.templates, *templates))
    return pair._replace(new=whole)


def _without_head(pair: Pair) -> list[FoundLine]:
    """The lines of a section; where a list was made a table, without the table's first row, which names its columns."""
    known = {canonical(block.text) for block in blocks(pair.old)}
    lines = pair.new.lines
    heads = [
        one
        for one, other in pairwise(lines)
        if one.row and other.row and canonical(one.text) not in known and canonical(other.text) in known
    ]
    return [line for line in lines if line not in heads[:1]]


@dataclass
class _Comparing:
    """One comparison: pairs the sections, then compares their lines and templates."""

    found: FoundPage
    known: Known

    def comparison(self) -> Comparison:
        old, new = self.known.page.sections, self.found.sections
        matched = align([each.title for each in old], [each.title for each in new], RENAMED)
        renamed = [*matched.reworded, *self._by_content(matched.removed, matched.added)]
        pairs = dict(sorted((*matched.same, *matched.moved, *renamed)))
        changes = LineChanges(self.known, self.found)
        for one, other in sorted(renamed):
            changes.renamed_heading(old[one], new[other].title)
        headings = [*self._moved([one for one, _ in matched.moved]), *self._levels(pairs)]
        sections = [Pair(old[one], new[other]) for one, other in pairs.items()]
        removed = [old[one] for one in range(len(old)) if one not in pairs]
        ending: list[Change] = []
        if self._ends_early(sections, removed):
            cut = _cut(sections[-1])
            ending = [self._ending(sections[-1].old, cut, removed)]
            sections[-1] = _to_its_end(sections[-1], cut)
            removed = []
        added = [new[other] for other in range(len(new)) if other not in pairs.values()]
        changes.compare([(pair.old, _without_head(pair)) for pair in sections], removed, added)
        templates = [each for pair in sections for each in compare_templates(self.known, pair.old, pair.new.templates)]
        notes = [*changes.notes(), *self._pictures()]
        total, corrected = len(self.known.scenarios), tuple(changes.corrected)
        headings += self._tables(sections)
        return Comparison((*headings, *changes.found(), *templates, *ending), total, tuple(notes), corrected=corrected)

    def _ends_early(self, sections: Sequence[Pair], removed: Sequence[PageSection]) -> bool:
        """Whether all sections from a place on are gone with their lines, and none before."""
        if not sections or len(removed) < 2 or tuple(removed) != self.known.page.sections[-len(removed) :]:
            return False
        found = Counter(canonical(line.text) for each in self.found.sections for line in each.lines)
        moved = found - _texts(pair.old for pair in sections)
        return not moved & _texts(removed)

    def _ending(self, last: PageSection, cut: Sequence[Block], removed: Sequence[PageSection]) -> Change:
        """The one change of a file that ends too early."""
        lost = [claim for block in cut for claim in block.claims]
        claims = [*lost, *(claim for section in removed for claim in section.lines if claim.id)]
        place = f'in "{last.title}"' if lost else f'before "{removed[0].title}"'
        text = f"the file ends {place}: {len(removed)} sections after it are gone"
        return self.known.change("heading", self.known.label(last), text, claims)

    def _tables(self, pairs: Sequence[Pair]) -> Iterator[Change]:
        for pair in pairs:
            rows = {canonical(line.text) for line in pair.new.lines if line.row}
            claims = [line for line in pair.old.lines if line.level and canonical(line.says) in rows]
            if claims:
                yield self.known.change("line", self.known.label(pair.old), "the list is a table now", claims)

    def _by_content(self, removed: Sequence[int], added: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Sections whose headings have nothing in common, and most of their lines have."""
        left = list(added)
        for one in removed:
            texts = [block.text for block in blocks(self.known.page.sections[one])]
            for other in left:
                if texts and _share(texts, [line.text for line in self.found.sections[other].lines]) >= RENAMED:
                    left.remove(other)
                    yield one, other
                    break

    def _moved(self, indexes: Sequence[int]) -> Iterator[Change]:
        """Sections in another place; those that moved along with the one above them are not named again."""
        moved = [self.known.page.sections[index] for index in indexes]
        for section in moved:
            above = self.known.page.path(section)[:-1]
            if not any(each in moved for each in above):
                claims = self.known.below(section)
                yield self.known.change("heading", self.known.label(section), "moved to another place", claims)

    def _levels(self, pairs: dict[int, int]) -> Iterator[Change]:
        for one, other in pairs.items():
            old, new = self.known.page.sections[one], self.found.sections[other]
            if old.depth != new.depth:
                text = f"its heading is of level {new.depth}, not {old.depth}"
                yield self.known.change("heading", self.known.label(old), text, self.known.below(old))

    def _pictures(self) -> Iterator[str]:
        if self.found.pictures != self.known.page.pictures:
            count = f"{self.found.pictures} here, {self.known.page.pictures} in the page that the suite knows"
            yield f"pictures differ ({count}): nothing that is tested depends on them"
