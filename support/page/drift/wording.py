"""The words of a line without its typography: what two versions of a page have to share to say the same."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from support.page.workshop import REGION_NAMES, TABLE_NAME

TOKEN = re.compile(
    r"[<>]=?(?=\s*\d)"  # a comparison
    r"|(?<!\w)[-+]\d+(?:[.:,]\d+)*"
    r"|\d+(?:[-.:,]\d+)*(?![\w#])"
    r"|[\w\[][\w#\[\]@./-]*[\w\]]|\w"
)
NUMBER = re.compile(r"[<>]=?|[-+]?\d+(?:[-.:,]\d+)*")
HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d", re.IGNORECASE)
INDEX = re.compile(r"GSI\d+\w*")
PLACES = frozenset(word.casefold() for name in REGION_NAMES.values() for word in re.findall(r"\w\w+", name))

Pair = tuple[str, str]
"""What was said, and what is said instead; either may be empty."""


def tokens(text: str) -> list[str]:
    """Words, numbers and names of a text. Punctuation, quotes, arrows, pictures and the page's ___ are none."""
    found = TOKEN.findall(text.translate(DASHES))
    return [each for each in found if each.strip("_")]


def canonical(text: str) -> str:
    """Equal for two texts that differ in typography only: punctuation, blanks, hyphens, capitals of plain words."""
    return "".join(map(_plain, tokens(text)))


def numbers(text: str) -> list[str]:
    """The numbers, times and comparisons of a text, in order."""
    return [each for each in tokens(text) if NUMBER.fullmatch(each)]


def names(text: str) -> list[str]:
    """The tables, indexes, regions and keys that a text names, in order; regions in small letters."""
    return [_name(each) for each in tokens(text) if kind_of_name(each) or "#" in each]


def kind_of_name(token: str) -> str:
    """Whether a word is the name of a table, an index or a region; empty if it is none."""
    if token == TABLE_NAME:
        return "table"
    if INDEX.fullmatch(token):
        return "index"
    return "region" if REGION.fullmatch(token) or token.casefold() in PLACES else ""


def same_name(old: str, new: str) -> Pair:
    """Two names without what they have in common: GSI1 and GSI3 for GSI1PK and GSI3PK; regions in small letters."""
    if INDEX.fullmatch(old) and INDEX.fullmatch(new) and old[-2:] == new[-2:] and old[-1] == "K":
        return old[:-2], new[:-2]
    return (old.lower(), new.lower()) if REGION.fullmatch(old) else (old, new)


def changes(old: str, new: str) -> list[Pair]:
    """The words that differ between two texts, as pairs; those that differ in typography only are left out."""
    before, after = tokens(old), tokens(new)
    return list(_pairs(before, after, SequenceMatcher(None, [*map(_plain, before)], [*map(_plain, after)], False)))


def similarity(old: str, new: str) -> float:
    """From 0 (nothing in common) to 1 (the same words)."""
    return SequenceMatcher(None, [*map(_plain, tokens(old))], [*map(_plain, tokens(new))], False).ratio()


def _pairs(before: Sequence[str], after: Sequence[str], matcher: SequenceMatcher[str]) -> Iterator[Pair]:
    for operation, start, end, first, last in matcher.get_opcodes():
        if operation == "equal":
            continue
        if end - start == last - first:
            yield from zip(before[start:end], after[first:last], strict=True)
        else:
            yield " ".join(before[start:end]), " ".join(after[first:last])


def _name(token: str) -> str:
    return token.lower() if REGION.fullmatch(token) else token


def _plain(token: str) -> str:
    """A word as it is compared: names of keys, attributes and the like keep their capitals."""
    exact = any(letter in token for letter in "#_[]") or (token.isupper() and len(token) > 2)
    return HYPHEN.sub("", token if exact else token.casefold())
