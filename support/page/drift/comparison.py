"""What a version of the page says that the suite does not know, and the other way round: pictures aside, everything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from support.page.drift.alignment import align
from support.page.drift.finding import Change, Comparison, Known
from support.page.drift.line_changes import LineChanges, blocks
from support.page.drift.markdown_page import FoundPage, FoundSection, PageError, read_page
from support.page.drift.templates import compare_templates
from support.page.drift.translation import compare_translation, is_translation
from support.page.drift.wording import canonical
from support.page.page_map import PageSection, page_map
from support.page.scenarios import read_scenarios

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
    return _Comparing(found, known).comparison()


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
        changes = LineChanges(self.known)
        for one, other in sorted(renamed):
            changes.renamed_heading(old[one], new[other].title)
        headings = [*self._moved([one for one, _ in matched.moved]), *self._levels(pairs)]
        sections = [Pair(old[one], new[other]) for one, other in pairs.items()]
        removed = [old[one] for one in range(len(old)) if one not in pairs]
        added = [new[other] for other in range(len(new)) if other not in pairs.values()]
        changes.compare([(pair.old, pair.new.lines) for pair in sections], removed, added)
        templates = [each for pair in sections for each in compare_templates(self.known, pair.old, pair.new.templates)]
        notes = [*changes.notes(), *self._pictures()]
        total, corrected = len(self.known.scenarios), tuple(changes.corrected)
        return Comparison((*headings, *changes.found(), *templates), total, tuple(notes), corrected=corrected)

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
