"""Which text of one list is which of another: the same, moved, reworded, removed or added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from support.page.drift.wording import canonical, similarity

ALIKE = 0.4
"""So much of two texts has to be equal for one to be the other, reworded."""


@dataclass(frozen=True)
class Alignment:
    """Indexes into the old and the new list: pairs of what stayed, moved or was reworded, and what is left of each."""

    same: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]
    reworded: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def pairs(self) -> dict[int, int]:
        """The new place of each old text that is still there."""
        return dict(sorted((*self.same, *self.moved, *self.reworded)))


def align(old: Sequence[str], new: Sequence[str], alike: float = ALIKE) -> Alignment:
    """Match two lists of texts. What differs in typography only is the same."""
    before, after = [*map(canonical, old)], [*map(canonical, new)]
    blocks = SequenceMatcher(None, before, after, False).get_matching_blocks()
    same = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    removed = [index for index in range(len(old)) if index not in {one for one, _ in same}]
    added = [index for index in range(len(new)) if index not in {other for _, other in same}]
    moved = list(_equal(removed, added, before, after))
    removed, added = _without(removed, added, moved)
    reworded = list(_likely(removed, added, old, new, alike))
    removed, added = _without(removed, added, reworded)
    return Alignment(tuple(same), tuple(moved), tuple(sorted(reworded)), tuple(removed), tuple(added))


Pairs = list[tuple[int, int]]


def _equal(
    removed: Sequence[int], added: Sequence[int], before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[int, int]]:
    left = list(added)
    for one in removed:
        for other in left:
            if before[one] == after[other]:
                left.remove(other)
                yield one, other
                break


def _likely(
    removed: Sequence[int], added: Sequence[int], old: Sequence[str], new: Sequence[str], alike: float
) -> Iterator[tuple[int, int]]:
    """The most alike first; of equally alike ones those whose places are nearest."""
    candidates = [
        (-similarity(old[one], new[other]), abs(one - other), one, other) for one in removed for other in added
    ]
    left, taken = set(removed), set(added)
    for unlike, _, one, other in sorted(candidates):
        if -unlike >= alike and one in left and other in taken:
            left.remove(one)
            taken.remove(other)
            yield one, other


def _without(removed: Sequence[int], added: Sequence[int], pairs: Pairs) -> tuple[list[int], list[int]]:
    olds, news = {one for one, _ in pairs}, {other for _, other in pairs}
    return [each for each in removed if each not in olds], [each for each in added if each not in news]
