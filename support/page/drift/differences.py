"""The headings and lines of two versions of the page: renamed, moved, reworded, removed, added."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from support.page.drift.finding import Change, Comparison
from support.page.drift.markdown_page import FoundLine, FoundPage, FoundSection
from support.page.drift.templates import compare_templates
from support.page.drift.wording import (
    NUMBER,
    Pair,
    align,
    canonical,
    changes,
    kind_of_name,
    names,
    numbers,
    same_name,
    share,
)
from support.page.page_map import Block, Claim, PageSection, heading_path, label, page_map, subtree

ALIKE = 0.4
"""So much of two lines has to be equal for one to be the other, reworded."""

RENAMED = 0.6
"""So much of a heading stays in one that is renamed; of a heading with other words, so many of its lines."""

_Kept = tuple[PageSection, FoundSection]
"""A section as the suite knows it, and what became of it."""


class _Added(NamedTuple):
    """A line of the other version, and the section that it stands in, as the suite knows it; None: a new one."""

    section: PageSection | None
    line: FoundLine


@dataclass
class Differences:
    """One comparison: pairs the sections, then asks of each line what became of it, nearest explanation first."""

    found: FoundPage
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
        old, new = page_map().sections, self.found.sections
        matched = align([each.title for each in old], [each.title for each in new], RENAMED)
        renamed = matched.reworded | self._by_content(matched.pairs)
        pairs = dict(sorted((matched.pairs | renamed).items()))
        self._renamed_headings([(old[one], new[other].title) for one, other in sorted(renamed.items())])
        for section in _outermost([old[one] for one in matched.moved]):
            self._tell(True, "heading", section, "moved to another place", page_map().below(section))
        kept = [(old[one], new[other]) for one, other in pairs.items()]
        self._levels(kept)
        removed = [each for index, each in enumerate(old) if index not in pairs]
        added = [each for index, each in enumerate(new) if index not in pairs.values()]
        cut = self._cut(kept, removed)
        self._compare_lines(kept, cut or [], removed if cut is None else [], added)
        for section, here in kept:
            to_the_end = cut is None or section is not kept[-1][0]
            self.changes += compare_templates(section, here.templates, to_the_end)
        found = (*self._renamed(), *self.changes)
        return Comparison(changes=found, notes=self._notes(), corrected=tuple(self.corrected))

    def _levels(self, kept: Sequence[_Kept]) -> None:
        steps = {here.depth - section.depth for section, here in kept}
        if len(kept) > 1 and len(steps) == 1 and steps != {0}:
            self._tell(True, "heading", "", f"all headings are {steps.pop():+d} levels from where they were")
            return
        for section, here in kept:
            if section.depth != here.depth:
                text = f"its heading is of level {here.depth}, not {section.depth}"
                self._tell(True, "heading", section, text, page_map().below(section))

    def _by_content(self, pairs: dict[int, int]) -> dict[int, int]:
        """Sections whose headings have nothing in common, and most of their lines have, or else the number."""
        found: dict[int, int] = {}
        for one, section in enumerate(page_map().sections):
            taken = {*pairs.values(), *found.values()}
            for other, candidate in enumerate(self.found.sections):
                if one not in pairs and other not in taken and self._has_content_of(section, candidate):
                    found[one] = other
                    break
        return found

    def _has_content_of(self, section: PageSection, candidate: FoundSection) -> bool:
        texts = [block.text for each in subtree(page_map().sections, section) for block in each.blocks]
        if texts:
            found = [line.text for each in subtree(self.found.sections, candidate) for line in each.lines]
            return share(texts, found) >= RENAMED
        called = page_map().label(section)
        return called[-1].isdigit() and called == label(self.found.sections, candidate)

    def _renamed_headings(self, renamed: Sequence[tuple[PageSection, str]]) -> None:
        """Each by itself, but the same words in the place of the same words in several headings are one change."""
        alike: dict[tuple[Pair, ...], list[tuple[PageSection, str]]] = {}
        for section, title in renamed:
            alike.setdefault(tuple(changes(section.title, title)), []).append((section, title))
        for pairs, headings in alike.items():
            below = [page_map().below(section) for section, _ in headings]
            known = [claim for claim in page_map().claims if any(claim in each for each in below)]
            section, title = headings[0]
            if _all_names(pairs):
                self._rename(pairs, known)
            elif len(headings) > 1:
                said = ", ".join(f'"{old}" is "{new}"' for old, new in pairs)
                text = f"{said} in {len(headings)} headings, and their addresses change with it"
                self._tell(True, "heading", "", text, known)
            else:
                text = f'the heading "{section.title}" is "{title}" now, and its address changes with it'
                self._tell(known, "heading", section, text, known)

    def _cut(self, kept: Sequence[_Kept], removed: Sequence[PageSection]) -> list[Block] | None:
        """What is missing of the last section of a file that ends too early; None for a file that does not.

        All sections from a place on are gone then with their lines, and none before.
        """
        sections = page_map().sections
        if not kept or len(removed) < 2 or tuple(removed) != sections[-len(removed) :]:
            return None
        found = Counter(canonical(line.text) for each in self.found.sections for line in each.lines)
        if (found - _texts(section for section, _ in kept)) & _texts(removed):
            return None
        last, shortened = kept[-1]
        have = {canonical(line.text) for line in shortened.lines}
        cut = [*takewhile(lambda block: canonical(block.text) not in have, reversed(last.blocks))][::-1]
        lost = [claim for block in cut for claim in block.claims]
        claims = [*lost, *(claim for section in removed for claim in section.lines if claim.id)]
        place = f'in "{last.title}"' if lost else f'before "{removed[0].title}"'
        text = f"the file ends {place}: {len(removed)} sections after it are gone"
        self._tell(True, "heading", last, text, claims)
        return cut

    def _compare_lines(
        self,
        kept: Sequence[_Kept],
        cut: Sequence[Block],
        removed: Sequence[PageSection],
        added: Sequence[FoundSection],
    ) -> None:
        for section, other in kept:
            lines = other.lines
            rows = {canonical(line.text) for line in lines if line.row}
            claims = [line for line in section.lines if line.level and canonical(line.says) in rows]
            if claims:
                self._tell(True, "line", section, "the list is a table now", claims)
                listed = {canonical(line.says) for line in claims}
                lines = tuple(line for line in lines if not line.head or canonical(line.text) in listed)
            self._exact(section, [each for each in section.blocks if each not in cut], lines)
        self.gone += [block for section in removed for block in section.blocks]
        self.more += [_Added(None, line) for section in added for line in section.lines]
        joined = self._moved(removed)
        for section, _ in kept:
            self._reworded(section)
        for section in _outermost([section for section in removed if section not in joined]):
            below = page_map().below(section)
            claims = [claim for block in self.gone for claim in block.claims if claim in below]
            text = f'the heading "{section.title}" and what stood below it is gone'
            self._tell(below, "heading", section, text, claims)
        for other in added:
            self._added_section(other)

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
        for block in list(old):
            if line := next((each for each in new if _corrected(block, each.text)), None):
                self.corrected += _corrected(block, line.text)
                old.remove(block)
                new.remove(line)
        pairs = align([block.text for block in old], [line.text for line in new], ALIKE).pairs
        removed = [one for one in range(len(old)) if one not in pairs]
        added = [other for other in range(len(new)) if other not in pairs.values()]
        if len(removed) == len(added):  # Nothing in common, but one in the place of the other.
            pairs |= zip(removed, added, strict=True)
            removed, added = [], []
        for one, other in sorted(pairs.items()):
            self._replaced(old[one], new[other].text)
        for block in (old[one] for one in removed):
            tested = block.claims or numbers(block.text) or names(block.text)
            self._tell(tested, "line", section, f'"{block.text}" is gone', block.claims)
        for line in (new[other] for other in added):
            what = "a code block" if line.code else "a line"
            self._tell(True, "line", section, f'{what} was added, and nothing tests it: "{line.text}"')

    def _replaced(self, block: Block, text: str) -> None:
        pairs = changes(block.text, text)
        concerned = block.claims or [claim for claim in block.section.lines if claim.id]
        if _all_names(pairs):
            self._rename(pairs, concerned)
        elif all(NUMBER.fullmatch(old) and NUMBER.fullmatch(new) for old, new in pairs):
            said = ", ".join(f"{old} is {new} now" for old, new in pairs)
            self._tell(True, "number", block.section, f'"{block.text}": {said}', concerned)
        else:
            tested = block.claims or any(numbers(said) or names(said) for said in map(" ".join, pairs))
            self._tell(tested, "line", block.section, f'"{block.text}" is "{text}" now', concerned)

    def _added_section(self, section: FoundSection) -> None:
        lines = [each.line for each in self.more if each.section is None]
        said = [f'"{line.text}"' for line in section.lines if line in lines]
        said += [f"a JSON template ({', '.join(item)})" for item in section.templates if item]
        below = f", with {'; '.join(said)}" if said else ""
        what = f'the heading "{section.title}" was added' if section.title else "text was added before all headings"
        text = f"{what}, and nothing tests what is below it{below}"
        self._tell(True, "heading", label(self.found.sections, section), text)

    def _rename(self, pairs: Iterable[Pair], claims: Iterable[Claim]) -> None:
        for old, new in pairs:
            known = self.renames.setdefault((kind_of_name(old), *same_name(old, new)), {})
            known.update({claim.id: claim for claim in claims if claim.id})

    def _renamed(self) -> Iterator[Change]:
        for (kind, old, new), claims in self.renames.items():
            kept = [each.id for each in page_map().claims if _names(each, kind, old) and each.id not in claims]
            if kept and kind in ("table", "region", "index"):
                text = f"the page contradicts itself: {new} in {', '.join(claims)}, {old} in {', '.join(kept)}"
                yield Change.of("name", "", text, claims.values())
            else:
                yield Change.of_name(kind, old, new, claims.values())

    def _tell(
        self, tested: object, kind: str, section: PageSection | str, text: str, claims: Iterable[Claim] = ()
    ) -> None:
        if tested:
            self.changes.append(Change.of(kind, section, text, claims))
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
        if self.found.pictures != page_map().pictures:
            count = f"{self.found.pictures} here, {page_map().pictures} in the page that the suite knows"
            notes.append(f"pictures differ ({count}): nothing that is tested depends on them")
        return tuple(notes)


def _outermost(sections: Sequence[PageSection]) -> list[PageSection]:
    """Those that do not belong to another one of them: what is said of that is not said of them again."""
    return [
        section
        for section in sections
        if not any(each in sections for each in heading_path(page_map().sections, section)[:-1])
    ]


def _texts(sections: Iterable[PageSection]) -> Counter[str]:
    return Counter(canonical(block.text) for section in sections for block in section.blocks)


def _corrected(block: Block, text: str) -> list[str]:
    """The claims of a block that a text says as was suggested, and all others as before; empty for any other text."""
    suggested = [claim for claim in block.claims if claim.reason and claim.instead]
    said = [claim for claim in suggested if canonical(claim.instead) in canonical(text)]
    words = block.text
    for claim in said:
        words = words.replace(claim.says, claim.instead)
    return [claim.id for claim in said] if canonical(words) == canonical(text) else []


def _names(claim: Claim, kind: str, name: str) -> bool:
    """Whether a claim names a table, a region or an index; the keys of an index are a template's own changes."""
    template = "" if kind == "index" else claim.template
    return name.lower() in f"{claim.section} {claim.says} {template}".lower()


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _all_names(pairs: Sequence[Pair]) -> bool:
    return bool(pairs) and all(kind_of_name(old) and new for old, new in pairs)
