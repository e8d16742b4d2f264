"""What a version of the page says that the suite does not know, and the other way round: pictures aside, everything."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, takewhile
from pathlib import Path
from typing import NamedTuple

from support.page.drift.finding import Change, Comparison, Known
from support.page.drift.markdown_page import FoundLine, FoundPage, FoundSection, PageError, read_page
from support.page.drift.templates import compare_templates
from support.page.drift.translation import compare_translation, is_translation
from support.page.drift.wording import (
    NUMBER,
    REGION,
    Pair,
    align,
    canonical,
    changes,
    kind_of_name,
    names,
    numbers,
    same_name,
)
from support.page.page_map import Block, Claim, PageSection, heading_path, label, page_map
from support.page.scenarios import read_scenarios

PLACEHOLDER = re.compile(r"\[[a-z][a-z-]+\]")

ALIKE = 0.4
"""So much of two lines has to be equal for one to be the other, reworded."""

RENAMED = 0.6
"""So much of a heading stays in one that is renamed; of a heading with other words, so many of its lines."""

ENOUGH = 0.3
"""So much of the headings or lines of the page a file has to share to be a version of it."""


def compare_file(path: Path) -> Comparison:
    """The comparison of the version in a file. Raises PageError for a file that is none, with its name."""
    found = read_page(path)
    try:
        return compare(found, Known(page_map(), read_scenarios()))
    except PageError as error:
        raise PageError(f"{path}: {error}") from None


def compare(found: FoundPage, known: Known) -> Comparison:
    """Compare a version of the page with what the suite knows. Raises PageError for a page that is another one."""
    titles = [section.title for section in known.page.sections]
    shared = _share(titles, [section.title for section in found.sections])
    lines = _share(
        [block.text for section in known.page.sections for block in section.blocks],
        [line.text for section in found.sections for line in section.lines],
    )
    if max(shared, lines) < ENOUGH:
        if is_translation(found, known):
            return Comparison(tuple(compare_translation(found, known)), len(known.scenarios), translation=True)
        raise PageError(f'this is not the page "{known.page.title}": {shared:.0%} of its headings are here')
    renamed = []
    for spellings, change in _renamed_everywhere(found, known):
        renamed.append(change)
        for old, new in spellings:
            found = found.with_words(new, old)
    comparison = _Comparing(found, known).comparison()
    return replace(comparison, changes=(*renamed, *comparison.changes))


def _share(old: Sequence[str], new: Sequence[str]) -> float:
    common = Counter(map(canonical, old)) & Counter(map(canonical, new))
    return common.total() / len(old)


def _renamed_everywhere(found: FoundPage, known: Known) -> Iterator[tuple[list[Pair], Change]]:
    """A placeholder or region that is gone altogether, with the one that is new; nothing where several are.

    It comes with all its spellings: a region stands there as eu-west-1 and as EU-West-1.
    """
    lines = (f"{line.says} {line.template}" for section in known.page.sections for line in section.lines)
    said = " ".join([*lines, *(section.title for section in known.page.sections)])
    for kind, pattern in (("placeholder", PLACEHOLDER), ("region", REGION)):
        before, now = ({each[0] for each in pattern.finditer(text)} for text in (said, found.words()))
        gone, new = sorted(before - now), sorted(now - before)
        if len(gone) == len(new) and [len({each.lower() for each in both}) for both in (gone, new)] == [1, 1]:
            old = gone[-1]  # The one in small letters.
            claims = [claim for claim in known.page.claims if old in f"{claim.says} {claim.template}".lower()]
            yield list(zip(gone, new, strict=True)), known.renamed(kind, old, new[-1], claims)


class _Added(NamedTuple):
    """A line of the other version, and the section that it stands in, as the suite knows it; None: a new one."""

    section: PageSection | None
    line: FoundLine


@dataclass
class _Comparing:
    """One comparison: pairs the sections, then asks of each line what became of it, nearest explanation first."""

    found: FoundPage
    known: Known
    changes: list[Change] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)
    """What differs, and changes nothing that is tested."""
    corrected: list[str] = field(default_factory=list)
    """The ids of claims that the page says as was suggested."""
    renames: dict[tuple[str, str, str], dict[str, Claim]] = field(default_factory=dict)
    """The claims around a name that was replaced, by its kind, the old and the new name."""
    typography: int = 0
    gone: list[Block] = field(default_factory=list)
    more: list[_Added] = field(default_factory=list)
    """With `gone`, what nothing has explained yet."""

    def comparison(self) -> Comparison:
        old, new = self.known.page.sections, self.found.sections
        matched = align([each.title for each in old], [each.title for each in new], RENAMED)
        renamed = matched.reworded | self._by_content(matched.pairs)
        pairs = dict(sorted((matched.pairs | renamed).items()))
        for one, other in sorted(renamed.items()):
            self._renamed_heading(old[one], new[other].title)
        kept = [(old[one], new[other]) for one, other in pairs.items()]
        headings = [*self._moved_sections([old[one] for one in matched.moved]), *self._levels(kept)]
        removed = [each for index, each in enumerate(old) if index not in pairs]
        added = [each for index, each in enumerate(new) if index not in pairs.values()]
        ending, cut = self._ending(kept, removed)
        headings += self._compare_lines(kept, cut, [] if ending else removed, added)
        last = kept[-1][0] if ending else None
        templates = [
            each
            for section, other in kept
            for each in compare_templates(self.known, section, other.templates, to_the_end=section is not last)
        ]
        found = (*headings, *self._renamed(), *self.changes, *templates, *ending)
        return Comparison(found, len(self.known.scenarios), self._notes(), corrected=tuple(self.corrected))

    def _by_content(self, pairs: dict[int, int]) -> dict[int, int]:
        """Sections whose headings have nothing in common, and most of their lines have."""
        found: dict[int, int] = {}
        for one, section in enumerate(self.known.page.sections):
            texts = [block.text for block in section.blocks]
            for other, candidate in enumerate(self.found.sections):
                free = one not in pairs and other not in (*pairs.values(), *found.values())
                if free and texts and _share(texts, [line.text for line in candidate.lines]) >= RENAMED:
                    found[one] = other
                    break
        return found

    def _renamed_heading(self, section: PageSection, title: str) -> None:
        pairs = changes(section.title, title)
        claims = self.known.below(section)
        if _all_names(pairs):
            self._rename(pairs, claims)
        else:
            text = f'the heading "{section.title}" is "{title}" now, and its address changes with it'
            self._tell(claims, "heading", section, text, claims)

    def _moved_sections(self, moved: Sequence[PageSection]) -> Iterator[Change]:
        """Sections in another place; those that moved along with the one above them are not named again."""
        for section in moved:
            above = heading_path(self.known.page.sections, section)[:-1]
            if not any(each in moved for each in above):
                yield self.known.change("heading", section, "moved to another place", self.known.below(section))

    def _levels(self, kept: Sequence[tuple[PageSection, FoundSection]]) -> Iterator[Change]:
        for old, new in kept:
            if old.depth != new.depth:
                text = f"its heading is of level {new.depth}, not {old.depth}"
                yield self.known.change("heading", old, text, self.known.below(old))

    def _ending(
        self, kept: Sequence[tuple[PageSection, FoundSection]], removed: Sequence[PageSection]
    ) -> tuple[list[Change], list[Block]]:
        """The one change of a file that ends too early, with what is missing of its last section; else nothing.

        All sections from a place on are gone then with their lines, and none before.
        """
        sections = self.known.page.sections
        if not kept or len(removed) < 2 or tuple(removed) != sections[-len(removed) :]:
            return [], []
        found = Counter(canonical(line.text) for each in self.found.sections for line in each.lines)
        if (found - _texts(section for section, _ in kept)) & _texts(removed):
            return [], []
        last, shortened = kept[-1]
        have = {canonical(line.text) for line in shortened.lines}
        cut = [*takewhile(lambda block: canonical(block.text) not in have, reversed(last.blocks))][::-1]
        lost = [claim for block in cut for claim in block.claims]
        claims = [*lost, *(claim for section in removed for claim in section.lines if claim.id)]
        place = f'in "{last.title}"' if lost else f'before "{removed[0].title}"'
        text = f"the file ends {place}: {len(removed)} sections after it are gone"
        return [self.known.change("heading", last, text, claims)], cut

    def _compare_lines(
        self,
        kept: Sequence[tuple[PageSection, FoundSection]],
        cut: Sequence[Block],
        removed: Sequence[PageSection],
        added: Sequence[FoundSection],
    ) -> list[Change]:
        """Compare the lines of all sections. The lists that are tables now are the result."""
        tables: list[Change] = []
        for section, other in kept:
            lines = other.lines
            rows = {canonical(line.text) for line in lines if line.row}
            claims = [line for line in section.lines if line.level and canonical(line.says) in rows]
            if claims:
                tables.append(self.known.change("line", section, "the list is a table now", claims))
                listed = {canonical(line.says) for line in claims}
                lines = tuple(line for line in lines if not line.head or canonical(line.text) in listed)
            self._exact(section, [each for each in section.blocks if each not in cut], lines)
        self.gone += [block for section in removed for block in section.blocks]
        self.more += [_Added(None, line) for section in added for line in section.lines]
        joined = self._moved(removed)
        for section, _ in kept:
            self._reworded(section)
        for section in (section for section in removed if section not in joined):
            claims = [claim for block in self.gone if block.section is section for claim in block.claims]
            text = f'the heading "{section.title}" and what stood below it is gone'
            self._tell(self.known.below(section), "heading", section, text, claims)
        for other in added:
            self._added_section(other)
        return tables

    def _exact(self, section: PageSection, old: Sequence[Block], new: Sequence[FoundLine]) -> None:
        matched = align([block.text for block in old], [line.text for line in new])
        self.typography += sum(old[one].text != new[other].text for one, other in matched.same.items())
        for one, other in matched.moved.items():
            where = f'after "{new[other - 1].text}"' if other else "to the beginning"
            self._tell(old[one].claims, "line", section, f'"{old[one].text}" moved {where}', old[one].claims)
        self.gone += [block for index, block in enumerate(old) if index not in matched.pairs]
        self.more += [_Added(section, line) for index, line in enumerate(new) if index not in matched.pairs.values()]

    def _moved(self, removed: Sequence[PageSection]) -> list[PageSection]:
        """Lines that stand in another section now. Returned are the sections whose headings alone are gone."""
        pairs = align([block.text for block in self.gone], [each.line.text for each in self.more]).pairs
        places = [self.more[pairs[one]].section if one in pairs else None for one in range(len(self.gone))]
        joined: list[PageSection] = []
        for section in removed:
            now = [place for block, place in zip(self.gone, places, strict=True) if block.section is section]
            if now and now[0] and all(place is now[0] for place in now):
                text = f'the heading is gone, and what stood below it stands below "{now[0].title}" now'
                self._tell(True, "heading", section, text, [line for line in section.lines if line.id])
                joined.append(section)
        for block, place in ((self.gone[one], places[one]) for one in pairs):
            if block.section not in joined:
                where = f'to "{place.title}"' if place else "to a new section"
                self._tell(True, "line", block.section, f'"{block.text}" moved {where}', block.claims)
        self.gone = [block for index, block in enumerate(self.gone) if index not in pairs]
        self.more = [each for index, each in enumerate(self.more) if index not in pairs.values()]
        return joined

    def _reworded(self, section: PageSection) -> None:
        old = [block for block in self.gone if block.section is section]
        new = [each.line for each in self.more if each.section is section]
        pairs = align([block.text for block in old], [line.text for line in new], ALIKE).pairs
        removed = [one for one in range(len(old)) if one not in pairs]
        added = [other for other in range(len(new)) if other not in pairs.values()]
        if len(removed) == len(added):  # Nothing in common, but one in the place of the other.
            pairs |= zip(removed, added, strict=True)
            removed, added = [], []
        for one, other in sorted(pairs.items()):
            self._replaced(old[one], new[other].text)
        for block in (old[one] for one in removed):
            tested = block.claims or _has_facts(block.text)
            self._tell(tested, "line", section, f'"{block.text}" is gone', block.claims)
        for line in (new[other] for other in added):
            what = "a code block" if line.code else "a line"
            self._tell(True, "line", section, f'{what} was added, and nothing tests it: "{line.text}"')

    def _replaced(self, block: Block, text: str) -> None:
        if corrected := _corrected(block, text):
            self.corrected += corrected
            return
        pairs = changes(block.text, text)
        concerned = block.claims or [claim for claim in block.section.lines if claim.id]
        if _all_names(pairs):
            self._rename(pairs, concerned)
        elif all(NUMBER.fullmatch(old) and NUMBER.fullmatch(new) for old, new in pairs):
            said = ", ".join(f"{old} is {new} now" for old, new in pairs)
            self._tell(True, "number", block.section, f'"{block.text}": {said}', concerned)
        else:
            tested = block.claims or any(_has_facts(" ".join(pair)) for pair in pairs)
            self._tell(tested, "line", block.section, f'"{block.text}" is "{text}" now', concerned)

    def _added_section(self, section: FoundSection) -> None:
        lines = [each.line for each in self.more if each.section is None]
        said = [f'"{line.text}"' for line in section.lines if line in lines]
        said += [f"a JSON template ({', '.join(item)})" for item in section.templates if item]
        below = f", with {'; '.join(said)}" if said else ""
        text = f'the heading "{section.title}" was added, and nothing tests what is below it{below}'
        self._tell(True, "heading", label(self.found.sections, section), text)

    def _rename(self, pairs: Iterable[Pair], claims: Iterable[Claim]) -> None:
        for old, new in pairs:
            known = self.renames.setdefault((kind_of_name(old), *same_name(old, new)), {})
            known.update({claim.id: claim for claim in claims if claim.id})

    def _renamed(self) -> Iterator[Change]:
        for (kind, old, new), claims in self.renames.items():
            kept = [each.id for each in self.known.page.claims if old in each.says.lower() and each.id not in claims]
            if kept and kind in ("table", "region"):
                text = f"the page contradicts itself: {new} in {', '.join(claims)}, {old} in {', '.join(kept)}"
                yield self.known.change("name", "", text, claims.values())
            else:
                yield self.known.renamed(kind, old, new, claims.values())

    def _tell(
        self, tested: object, kind: str, section: PageSection | str, text: str, claims: Iterable[Claim] = ()
    ) -> None:
        if tested:
            self.changes.append(self.known.change(kind, section, text, claims))
        else:
            self.untested.append(text)

    def _notes(self) -> tuple[str, ...]:
        """What differs, and changes nothing that is tested: a line each."""
        notes: list[str] = []
        if self.untested:
            said = "; ".join(self.untested)
            notes.append(f"{_lines(len(self.untested))} around the claims changed, and nothing tests them: {said}")
        if self.typography:
            notes.append(f"punctuation, capitals or quotes differ in {_lines(self.typography)}, and nothing else")
        if self.found.pictures != self.known.page.pictures:
            count = f"{self.found.pictures} here, {self.known.page.pictures} in the page that the suite knows"
            notes.append(f"pictures differ ({count}): nothing that is tested depends on them")
        return tuple(notes)


def _texts(sections: Iterable[PageSection]) -> Counter[str]:
    return Counter(canonical(block.text) for section in sections for block in section.blocks)


def _corrected(block: Block, text: str) -> list[str]:
    """The claims of a block that a text says as was suggested, and all others as before; empty for any other text."""
    open_ones = [claim for claim in block.claims if claim.reason and claim.instead]
    for number in range(len(open_ones), 0, -1):
        for chosen in combinations(open_ones, number):
            words = block.text
            for claim in chosen:
                words = words.replace(claim.says, claim.instead)
            if canonical(words) == canonical(text):
                return [claim.id for claim in chosen]
    return []


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _all_names(pairs: Sequence[Pair]) -> bool:
    return bool(pairs) and all(kind_of_name(old) and new for old, new in pairs)


def _has_facts(text: str) -> bool:
    """Whether a text has a number or a name, which may be a claim."""
    return bool(numbers(text) or names(text))
