"""The words of a line without its typography: what two versions of a page have to share to say the same."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from support.page.workshop import REGION, REGION_NAMES, TABLE_NAME

TOKEN = re.compile(
    r"(?:[<>]=?|[~≈±])(?=\s*\d)|(?<=\d)[%+]"  # a comparison, or how exactly
    r"|(?<!\w)[-+]\d+(?:[.:,]\d+)*"
    r"|\d+(?:[-.:,]\d+)*(?![\w#])"
    r"|[\w\[][\w#\[\]@./-]*[\w\]]|\w"
)
NUMBER = re.compile(r"[<>]=?|[~≈±%+]|[-+]?\d+(?:[-.:,]\d+)*")
HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")

A_REGION = re.compile(REGION, re.IGNORECASE)
INDEX = re.compile(r"GSI\d+\w*")
PLACES = frozenset(word.casefold() for name in REGION_NAMES.values() for word in re.findall(r"\w\w+", name))

Pair = tuple[str, str]
"""What was said, and what is said instead; either may be empty."""


def tokens(text: str) -> list[str]:
    """Words, numbers and names of a text. Punctuation, quotes, arrows, pictures and the page's ___ are none."""
    found = TOKEN.findall(text.translate(DASHES))
    return [each for each in found if each.strip("_")]


@cache
def canonical(text: str) -> str:
    """Equal for two texts that differ in typography only: punctuation, blanks, hyphens, capitals of plain words."""
    return "".join(map(_plain, tokens(text)))


def numbers(text: str) -> list[str]:
    """The numbers, times and comparisons of a text, in order."""
    return [each for each in tokens(text) if NUMBER.fullmatch(each)]


def names(text: str) -> list[str]:
    """The tables, indexes, regions and keys that a text names, in order; regions in small letters."""
    found = [each for each in tokens(text) if kind_of_name(each) or "#" in each]
    return [each.lower() if A_REGION.fullmatch(each) else each for each in found]


def kind_of_name(token: str) -> str:
    """Whether a word is the name of a table, an index or a region; empty if it is none."""
    if token == TABLE_NAME:
        return "table"
    if INDEX.fullmatch(token):
        return "index"
    return "region" if A_REGION.fullmatch(token) or token.casefold() in PLACES else ""


def same_name(old: str, new: str) -> Pair:
    """Two names without what they have in common: GSI1 and GSI3 for GSI1PK and GSI3PK; regions in small letters."""
    if INDEX.fullmatch(old) and INDEX.fullmatch(new) and old[-2:] == new[-2:] and old[-1] == "K":
        return old[:-2], new[:-2]
    return (old.lower(), new.lower()) if A_REGION.fullmatch(old) else (old, new)


def changes(old: str, new: str) -> list[Pair]:
    """The words that differ between two texts, as pairs; those that differ in typography only are left out."""
    before, after = tokens(old), tokens(new)
    found: list[Pair] = []
    for operation, start, end, first, last in _matcher(old, new).get_opcodes():
        if operation == "replace" and end - start == last - first:
            found += zip(before[start:end], after[first:last], strict=True)
        elif operation != "equal":
            found.append((" ".join(before[start:end]), " ".join(after[first:last])))
    return found


def share(old: Sequence[str], new: Sequence[str]) -> float:
    """How much of a list of texts is in another one: from 0 to 1."""
    common = Counter(map(canonical, old)) & Counter(map(canonical, new))
    return common.total() / len(old)


class Alignment(NamedTuple):
    """Which text of one list is which of another: places in the new one by those in the old one, in its order."""

    same: dict[int, int]
    moved: dict[int, int]
    reworded: dict[int, int]

    @property
    def pairs(self) -> dict[int, int]:
        return dict(sorted((self.same | self.moved | self.reworded).items()))


def align(old: Sequence[str], new: Sequence[str], alike: float = 1.0) -> Alignment:
    """Match two lists of texts: the most alike first; of equally alike ones those whose places are nearest.

    What differs in typography only is the same. Of two texts so much has to be `alike`: by default all.
    """
    before, after = [*map(canonical, old)], [*map(canonical, new)]
    blocks = SequenceMatcher(None, before, after, False).get_matching_blocks()
    same = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
    gone, more = set(range(len(old))) - {*same}, set(range(len(new))) - {*same.values()}
    likely: list[tuple[float, int, int, int]] = []
    for one, other in ((one, other) for one in gone for other in more):
        equal = before[one] == after[other]
        ratio = 1.0 if equal else _matcher(old[one], new[other]).ratio() if alike < 1 else 0.0
        if ratio >= alike:
            likely.append((-ratio, abs(one - other), one, other))
    pairs: dict[int, int] = {}
    for _, _, one, other in sorted(likely):
        if one not in pairs and other not in pairs.values():
            pairs[one] = other
    moved = {one: other for one, other in sorted(pairs.items()) if before[one] == after[other]}
    return Alignment(same, moved, {one: other for one, other in sorted(pairs.items()) if one not in moved})


def _matcher(old: str, new: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [*map(_plain, tokens(old))], [*map(_plain, tokens(new))], False)


def _plain(token: str) -> str:
    """A word as it is compared: names of tables, keys, attributes and the like keep their capitals and hyphens."""
    exact = any(letter in token for letter in "#_[]") or (token.isupper() and len(token) > 2)
    is_name = token.count("-") > 1 and not A_REGION.fullmatch(token)
    return token if exact or is_name else HYPHEN.sub("", token.casefold())
