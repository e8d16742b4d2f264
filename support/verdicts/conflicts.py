"""Which of several updates of one item won, and why: pure functions over what was sent and what the regions hold.

The rule is AWS's own (facts 1.1): of each item the version that was written last stays, whole, in every region; the
time that counts is one the service keeps and does not show. From outside, the order of two writes is known only when
one was answered before the other was sent, or had seen it. Where the two overlap, either may win, everywhere the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, permutations

from support.verdicts.findings import Details, Finding
from support.verdicts.history import Image, Outcome, Write, in_order
from support.verdicts.images import same
from support.verdicts.versions import (
    comes_before,
    final_writes,
    has_seen,
    left_by,
    may_have_been_done_twice,
    may_have_seen,
    old_image_is_known,
    was_replaced,
)
from support.verdicts.wording import blend_in_words, compared, names, shown_as


@dataclass(frozen=True)
class RuleCheck:
    """What a rule that a reader might suspect predicts (None: nothing in this example), and whether the outcome
    excludes it. If it names the same winner as AWS's rule, the example proves nothing against it.
    """

    rule: str
    prediction: str | None
    excluded: bool


def check_rivals(writes: Sequence[Write], final: Image | None, primary: str) -> list[RuleCheck]:
    """Hold each rival rule against the image that all regions hold in the end; `primary` is the primary region."""
    predicted = {
        "the later update_timestamp in the item wins": _greatest("update_timestamp", writes),
        "the larger total_amount wins": _greatest("total_amount", writes),
        "the primary region wins": _only([write for write in writes if write.region == primary]),
        "the first writer wins": _first_writer(writes),
    }
    checks = [
        RuleCheck(rule, write.name if write else None, excluded=write is not None and write.new_image != final)
        for rule, write in predicted.items()
    ]
    merged, possible = None, blends(writes)
    if possible:
        blend = final if final in possible else possible[0]
        merged = next((write.name for write in writes if write.new_image == blend), "a blend of the updates")
    return [*checks, RuleCheck("attributes are merged", merged, excluded=bool(possible) and final not in possible)]


def blends(writes: Sequence[Write]) -> list[Image]:
    """The images that might stand if attributes were merged and of each the later change stayed: one for each order
    that the writes may have had. None if the example cannot show it.
    """
    known = all(write.old_image is not None and old_image_is_known(write, writes) for write in writes)
    if not known or any(write.new_image is None for write in writes):
        return []
    ordered = all(earlier.is_before(later) for earlier, later in pairwise(writes))
    return [_blend(order) for order in ([writes] if ordered else permutations(writes))]


def _blend(writes: Sequence[Write]) -> Image:
    blend = dict(writes[0].old_image or {})
    for write in writes:
        before, after = write.old_image or {}, write.new_image or {}
        untouched = {name: value for name, value in blend.items() if name in after or name not in before}
        blend = untouched | {name: value for name, value in after.items() if before.get(name) != value}
    return blend


def _greatest(attribute: str, writes: Sequence[Write]) -> Write | None:
    valued = [
        (write.new_image[attribute], write) for write in writes if write.new_image and attribute in write.new_image
    ]
    if len(valued) < len(writes):
        return None
    greatest = max(value for value, _ in valued)
    return _only([write for value, write in valued if value == greatest])


def _only(writes: Sequence[Write]) -> Write | None:
    return writes[0] if len(writes) == 1 else None


def _first_writer(writes: Sequence[Write]) -> Write | None:
    first = min(writes, key=lambda write: write.invoked)
    return first if all(first is write or first.is_before(write) for write in writes) else None


class Ruling(StrEnum):
    """Three values: an unknown verdict is never a pass."""

    DECIDED = "decided"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """A conflict: a write had not seen the one before it. A sequential overwrite: each of them had."""

    CONFLICT = "conflict"
    SEQUENTIAL = "sequential overwrite"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """Who won, against whom, and the sentence that says why; for a wrong or unknown verdict, the reason.

    `undecidable` says that the writes overlapped: any of them might have won.
    """

    ruling: Ruling
    kind: Kind
    because: str
    winner: Write | None = None
    losers: tuple[Write, ...] = ()
    rules: tuple[RuleCheck, ...] = ()
    undecidable: bool = False

    @property
    def excluded_rules(self) -> list[str]:
        return [check.rule for check in self.rules if check.excluded]

    @property
    def open_rules(self) -> list[str]:
        """The rival rules that name the same winner, so that this example does not tell them apart."""
        return [check.rule for check in self.rules if check.prediction and not check.excluded]

    def finding(self) -> "Conflict":
        won = self.winner
        return Conflict(
            ruling=str(self.ruling),
            kind=str(self.kind),
            winner=won.number if won else None,
            winner_name=_placed(won) if won else "",
            winner_by="" if won is None else won.by if won.action == "update" else won.name,
            winner_region=won.region if won else "",
            losers=[write.number for write in self.losers],
            loser_names=[_placed(write) for write in self.losers],
            because=self.because,
            undecidable=self.undecidable,
            excluded_rules=self.excluded_rules,
            open_rules=self.open_rules,
        )


@dataclass(frozen=True, kw_only=True)
class Conflict(Finding):
    """A verdict in plain values: writes are given by their numbers in the history, and by their names."""

    ruling: str
    kind: str
    because: str
    winner: int | None = None
    winner_name: str = ""
    winner_by: str = ""
    winner_region: str = ""
    losers: Sequence[int] = ()
    loser_names: Sequence[str] = ()
    undecidable: bool = False
    excluded_rules: Sequence[str] = ()
    open_rules: Sequence[str] = ()

    @property
    def title(self) -> str:
        if self.winner is None:
            return f"no winner: {self.because}"
        wrong = "wrong: " if self.ruling == Ruling.WRONG else ""
        return f"{wrong}{self.winner_name} won over {' and '.join(self.loser_names)}: {self.because}"

    @property
    def details(self) -> Details:
        if self.winner is None:
            return [("verdict", self.ruling)]
        return [
            ("winner", self.winner_name),
            ("loser", ", ".join(self.loser_names)),
            ("why", self.because),
            ("kind", self.kind),
            ("excludes", "; ".join(self.excluded_rules) or "no rival rule"),
            ("does not tell apart", "; ".join(self.open_rules) or "nothing"),
        ]


@dataclass(frozen=True)
class Contention(Finding):
    """Writes that contend for one item, by their numbers and in words, and whether they had seen each other."""

    contenders: Sequence[int]
    kind: str
    names: str

    @property
    def title(self) -> str:
        sentence = {
            Kind.CONFLICT: "a conflict: neither had seen the other" if len(self.contenders) == 2 else "a conflict",
            Kind.SEQUENTIAL: "a sequential overwrite: the later one had seen the earlier one",
            Kind.UNKNOWN: "whether they had seen each other is not known",
        }[Kind(self.kind)]
        return f"{self.names}: {sentence}"


def decide(writes: Sequence[Write], held: Mapping[str, Image | None]) -> Verdict:
    """The verdict on contending writes of one item, from what each region holds in the end, the primary one first.

    Raises ValueError for fewer than two writes or no region: then there is nothing to decide.
    """
    if len(writes) < 2 or not held:
        raise ValueError("a verdict needs two writes and a region at least")
    ordered = in_order(writes)
    kind = classify(ordered)
    unknown = [write for write in ordered if write.outcome is not Outcome.ACKNOWLEDGED]
    if unknown:
        return Verdict(Ruling.UNKNOWN, kind, f"it is not known whether {names(unknown)} was done")
    final = next(iter(held.values()))
    if any(not same(image, final) for image in held.values()):
        shown = [f"{region} holds {_what(ordered, held[region])}" for region in sorted(held)]
        return Verdict(Ruling.WRONG, kind, f"the regions do not agree: {', '.join(shown)}")
    winners = left_by(ordered, final)
    if len(winners) > 1:
        same_end = f"{names(winners)} left {'the same' if final else 'no'} item"
        return Verdict(Ruling.UNKNOWN, kind, f"{same_end}: the outcome does not tell them apart")
    twice = [write for write in ordered if may_have_been_done_twice(write, ordered)]
    if twice and not winners:
        return Verdict(Ruling.UNKNOWN, kind, f"it is not known how often {names(twice)} was done")
    if not winners:
        return Verdict(Ruling.WRONG, kind, _unexplained(ordered, final))
    return _verdict_on(winners[0], ordered, kind, final, next(iter(held)))


def _placed(write: Write) -> str:
    return f"{write.name} ({write.region})"


def contention(writes: Sequence[Write]) -> Contention:
    return Contention([write.number for write in writes], str(classify(writes)), names(writes))


def classify(writes: Sequence[Write]) -> Kind:
    """Whether each of the writes (in the order of sending) had seen the one before it; else unknown."""
    if any(write.outcome is not Outcome.ACKNOWLEDGED for write in writes):
        return Kind.UNKNOWN
    ordered = in_order(writes)
    kinds = {_kind_of_two(earlier, later, writes) for earlier, later in pairwise(ordered)}
    return next(kind for kind in (Kind.CONFLICT, Kind.UNKNOWN, Kind.SEQUENTIAL) if kind in kinds)


def _kind_of_two(one: Write, other: Write, writes: Sequence[Write]) -> Kind:
    may_have_looked = [other] if one.is_before(other) else [one, other]
    if not all(old_image_is_known(write, writes) for write in may_have_looked):
        return Kind.UNKNOWN
    if _came_after(other, one, writes) or _came_after(one, other, writes):
        return Kind.SEQUENTIAL
    doubtful = may_have_seen(other, one) or may_have_seen(one, other)
    return Kind.UNKNOWN if doubtful else Kind.CONFLICT


def _came_after(write: Write, other: Write, writes: Sequence[Write]) -> bool:
    """Whether a write found in its region what the other one had left, be it that there was no item any more."""
    deleted = other.new_image is None and other.old_image is not None
    return has_seen(write, other, writes) or (deleted and write.old_image is None and other.is_before(write))


def _verdict_on(winner: Write, writes: Sequence[Write], kind: Kind, final: Image | None, primary: str) -> Verdict:
    losers = tuple(write for write in writes if write is not winner)
    rules = tuple(check_rivals(writes, final, primary))
    possible = final_writes(writes)
    if winner not in possible:
        later = [write for write in losers if comes_before(winner, write, writes)]
        why = f"yet {names(later)} {'was' if len(later) == 1 else 'were'} written later"
        return Verdict(Ruling.WRONG, kind, why, winner, losers, rules)
    because = _of_several(possible) if len(possible) > 1 else _because(winner, losers, kind)
    return Verdict(Ruling.DECIDED, kind, because, winner, losers, rules, undecidable=len(possible) > 1)


def _of_several(possible: Sequence[Write]) -> str:
    at_once = len({write.invoked for write in possible}) == 1
    what = "were sent at the same moment; AWS does not document which wins then" if at_once else "overlapped in time"
    any_of_them = "either" if len(possible) == 2 else "any of them"
    return f"{names(possible)} {what}, so {any_of_them} may win. It is the same one in every region, and whole"


def _because(winner: Write, losers: Sequence[Write], kind: Kind) -> str:
    """Why it has won over the others, which are in the order of sending."""
    last = losers[-1]
    gap = winner.invoked - last.invoked
    written_last = "it was written last" + (f", {gap:.{1 if gap >= 0.1 else 3}f} s later" if gap > 0 else "")
    if kind is Kind.UNKNOWN:
        return f"{written_last}; whether it had seen {names(losers)} is not known"
    if kind is Kind.SEQUENTIAL:
        return f"{written_last}, after {last.name} had reached its region: an overwrite, not a conflict"
    seen = [write for write in losers if _came_after(winner, write, [winner, *losers])]
    if seen:
        return f"{written_last}, after {names(seen)} had reached its region"
    return f"{written_last}, before {names(losers)} had reached its region"


def _what(writes: Sequence[Write], image: Image | None) -> str:
    if left := left_by(writes, image):
        return f"what {names(left)} left"
    if image is None or was_replaced(writes, image):
        return shown_as(writes, image)
    return f"an item that none of them left ({compared(writes[-1], image)})"


def _unexplained(writes: Sequence[Write], final: Image | None) -> str:
    if final is None:
        return "no region holds the item, and none of the writes deleted it"
    mixed = blend_in_words(writes, final)
    blend = f", {mixed}" if mixed else ""
    if final in blends(writes):
        return f"the attributes of the updates were merged{blend}; a whole image should have won"
    if was_replaced(writes, final):
        return f"every region holds the item as it was before {names(writes)}"
    return f"every region holds an item that none of the writes left{blend}; {compared(writes[-1], final)}"
