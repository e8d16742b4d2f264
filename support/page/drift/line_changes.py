"""The lines of two versions of the page: reworded, moved, added, removed; a new number; a table or region renamed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from support.page.drift.alignment import align
from support.page.drift.finding import Change, Known
from support.page.drift.markdown_page import FoundLine, FoundPage, FoundSection
from support.page.drift.wording import NUMBER, Pair, canonical, changes, kind_of_name, names, numbers, same_name
from support.page.page_map import Claim, PageSection

EXACT = 2.0
"""No two texts are so much alike: only equal ones are matched."""


@dataclass(frozen=True)
class Block:
    """A paragraph or list item as the suite knows it: one line, or several claims that make up one paragraph."""

    section: PageSection
    text: str
    claims: tuple[Claim, ...]


class Added(NamedTuple):
    """A line of the other version, and the section that it stands in, as the suite knows it; None: a new one."""

    section: PageSection | None
    line: FoundLine


@dataclass
class _Renames:
    """A name that was replaced wherever it stood: by its kind, the old and the new name."""

    claims: dict[tuple[str, str, str], dict[str, Claim]] = field(default_factory=dict)

    def add(self, pairs: Iterable[Pair], claims: Iterable[Claim]) -> None:
        for old, new in pairs:
            kind = kind_of_name(old)
            known = self.claims.setdefault((kind, *same_name(old, new)), {})
            known.update({claim.id: claim for claim in claims if claim.id})


@dataclass
class LineChanges:
    """Collects what changed, line by line, and keeps apart what nothing tests."""

    known: Known
    page: FoundPage
    _changes: list[Change] = field(default_factory=list)
    _renames: _Renames = field(default_factory=_Renames)
    _untested: list[str] = field(default_factory=list)
    _typography: int = 0
    corrected: list[str] = field(default_factory=list)
    """The ids of claims that the page says as was suggested."""

    def renamed_heading(self, section: PageSection, title: str) -> None:
        """A heading has other words."""
        pairs = changes(section.title, title)
        claims = self.known.below(section)
        if _all_names(pairs):
            self._renames.add(pairs, claims)
        elif claims:
            text = f'the heading "{section.title}" is "{title}" now, and its address changes with it'
            self._add("heading", section, text, claims)
        else:
            self._untested.append(f'the heading "{section.title}" is "{title}" now')

    def compare(
        self,
        pairs: Sequence[tuple[PageSection, Sequence[FoundLine]]],
        removed: Sequence[PageSection],
        added: Sequence[FoundSection],
    ) -> None:
        """Compare the lines of sections that are still there, and of those that were removed or added."""
        old: list[Block] = []
        new: list[Added] = []
        for section, lines in pairs:
            gone, more = self._exact(section, lines)
            old += gone
            new += [Added(section, line) for line in more]
        old += [block for section in removed for block in blocks(section)]
        new += [Added(None, line) for section in added for line in section.lines]
        removed = [section for section in removed if not self._joined(section, old, new)]
        old, new = self._moved(old, new)
        for section, _ in pairs:
            self._reworded(
                section,
                [block for block in old if block.section is section],
                [each.line for each in new if each.section is section],
            )
        self._removed_sections(removed, old)
        self._added_sections(added, [each.line for each in new if each.section is None])

    def found(self) -> list[Change]:
        """The changes that the suite has to follow, the renamed first."""
        return [*self._renamed(), *self._changes]

    def notes(self) -> list[str]:
        """What differs, and changes nothing that is tested: a line each."""
        count = len(self._untested)
        wording = f"{_lines(count)} around the claims changed, and nothing tests them: {'; '.join(self._untested)}"
        typography = f"punctuation, capitals or quotes differ in {_lines(self._typography)}, and nothing else"
        return [*([wording] if count else []), *([typography] if self._typography else [])]

    def _add(self, kind: str, section: PageSection, text: str, claims: Iterable[Claim] = ()) -> None:
        self._changes.append(self.known.change(kind, self.known.label(section), text, claims))

    def _exact(self, section: PageSection, lines: Sequence[FoundLine]) -> tuple[list[Block], list[FoundLine]]:
        old = blocks(section)
        found = align([block.text for block in old], [line.text for line in lines], EXACT)
        self._typography += sum(old[one].text != lines[other].text for one, other in found.same)
        for one, other in found.moved:
            if old[one].claims:
                where = f'after "{lines[other - 1].text}"' if other else "to the beginning"
                self._add("line", section, f'"{old[one].text}" moved {where}', old[one].claims)
            else:
                self._untested.append(f'"{old[one].text}" moved')
        return [old[one] for one in found.removed], [lines[other] for other in found.added]

    def _joined(self, section: PageSection, old: list[Block], new: list[Added]) -> bool:
        """Whether a heading alone is gone: all lines of its section stand below another one. They are left out then."""
        texts = {canonical(block.text) for block in blocks(section)}
        stood = [each for each in new if canonical(each.line.text) in texts]
        for other in [each.section for each in stood if each.section]:
            joined = [each for each in stood if each.section is other]
            if len(joined) >= len(texts):
                text = f'the heading is gone, and what stood below it stands below "{other.title}" now'
                self._add("heading", section, text, [line for line in section.lines if line.id])
                old[:] = [block for block in old if block.section is not section]
                new[:] = [each for each in new if each not in joined]
                return True
        return False

    def _moved(self, old: Sequence[Block], new: Sequence[Added]) -> tuple[list[Block], list[Added]]:
        """Lines that stand in another section now."""
        found = align([block.text for block in old], [each.line.text for each in new], EXACT)
        pairs = {**dict(found.same), **dict(found.moved)}
        for one, other in pairs.items():
            block, section = old[one], new[other].section
            where = f'to "{section.title}"' if section else "to a new section"
            self._add("line", block.section, f'"{block.text}" moved {where}', block.claims)
        return (
            [block for index, block in enumerate(old) if index not in pairs],
            [each for index, each in enumerate(new) if index not in pairs.values()],
        )

    def _reworded(self, section: PageSection, old: Sequence[Block], new: Sequence[FoundLine]) -> None:
        found = align([block.text for block in old], [line.text for line in new])
        pairs = list(found.reworded)
        if len(found.removed) == len(found.added):  # Nothing in common, but one in the place of the other.
            pairs += zip(found.removed, found.added, strict=True)
        for one, other in sorted(pairs):
            self._replaced(old[one], new[other].text)
        for one in set(range(len(old))) - {one for one, _ in pairs}:
            self._removed(old[one])
        for other in set(range(len(new))) - {other for _, other in pairs}:
            what = "a code block" if new[other].code else "a line"
            self._add("line", section, f'{what} was added, and nothing tests it: "{new[other].text}"')

    def _replaced(self, block: Block, text: str) -> None:
        if corrected := _corrected(block, text):
            self.corrected += corrected
            return
        pairs = changes(block.text, text)
        concerned = block.claims or tuple(claim for claim in block.section.lines if claim.id)
        if _all_names(pairs):
            self._renames.add(pairs, concerned)
        elif all(NUMBER.fullmatch(old) and NUMBER.fullmatch(new) for old, new in pairs):
            said = ", ".join(f"{old} is {new} now" for old, new in pairs)
            self._add("number", block.section, f'"{block.text}": {said}', concerned)
        elif block.claims or any(_facts(" ".join(pair)) for pair in pairs):
            self._add("line", block.section, f'"{block.text}" is "{text}" now', concerned)
        else:
            self._untested.append(f'"{block.text}" is "{text}" now')

    def _removed(self, block: Block) -> None:
        if block.claims or _facts(block.text):
            self._add("line", block.section, f'"{block.text}" is gone', block.claims)
        else:
            self._untested.append(f'"{block.text}" is gone')

    def _removed_sections(self, removed: Sequence[PageSection], old: Sequence[Block]) -> None:
        for section in removed:
            claims = [claim for block in old if block.section is section for claim in block.claims]
            if self.known.below(section):
                self._add("heading", section, f'the heading "{section.title}" and what stood below it is gone', claims)
            else:
                self._untested.append(f'the heading "{section.title}" is gone')

    def _added_sections(self, added: Sequence[FoundSection], lines: Sequence[FoundLine]) -> None:
        for section in added:
            said = [f'"{line.text}"' for line in section.lines if line in lines]
            said += [f"a JSON template ({', '.join(item)})" for item in section.templates if item]
            below = f", with {'; '.join(said)}" if said else ""
            text = f'the heading "{section.title}" was added, and nothing tests what is below it{below}'
            self._changes.append(self.known.change("heading", self.page.label(section), text))

    def _renamed(self) -> Iterator[Change]:
        for (kind, old, new), claims in self._renames.claims.items():
            kept = [each.id for each in self.known.page.claims if old in each.says.lower() and each.id not in claims]
            if kept and kind in ("table", "region"):
                text = f"the page contradicts itself: {new} in {', '.join(claims)}, {old} in {', '.join(kept)}"
                yield self.known.change("name", "", text, claims.values())
                continue
            concerned = (*self.known.naming(old), *self.known.concerned(claims.values()))
            scenarios = tuple(dict.fromkeys(each.test for each in concerned))
            option = {"table": f"; --table-name {new} is all it takes"}.get(kind, "")
            yield Change("name", "", f"the {kind} {old} is {new} now{option}", tuple(claims), scenarios)


def blocks(section: PageSection) -> list[Block]:
    """The paragraphs and items of a section; claims that continue a paragraph are joined."""
    found: list[list[Claim]] = []
    for line in section.lines:
        if line.continues:
            found[-1].append(line)
        else:
            found.append([line])
    return [
        Block(section, " ".join(line.says for line in lines), tuple(line for line in lines if line.id))
        for lines in found
    ]


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


def _facts(text: str) -> bool:
    """Whether a text has a number or a name, which may be a claim."""
    return bool(numbers(text) or names(text))
