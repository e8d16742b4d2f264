"""Which of several updates of one item won, and why: pure functions over what was sent and what the regions hold.

The rule is AWS's own (facts 1.1): of each item the version that was written last stays, whole, in every region; the
time that counts is one the service keeps, which nobody sees. From outside, the order of two writes is known only when
one was answered before the other was sent, or had seen it. Where the two overlap, either may win, everywhere the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.convergence import final_writes, has_seen
from support.findings import Finding
from support.history import Image, Outcome, Write
from support.images import difference
from support.rival_rules import RuleCheck, check_rivals, merged


class Ruling(StrEnum):
    """Three values: an unknown verdict is never a pass."""

    DECIDED = "decided"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """A conflict: the second write had not seen the first. A sequential overwrite: it had."""

    CONFLICT = "conflict"
    SEQUENTIAL = "sequential overwrite"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """Who won, against whom, and the sentence that says why; for a wrong or unknown one, what is the matter.

    `undecidable` says that the writes overlapped: any of them might have won.
    """

    ruling: Ruling
    kind: Kind
    winner: Write | None
    losers: tuple[Write, ...]
    because: str
    rules: tuple[RuleCheck, ...] = ()
    undecidable: bool = False

    @property
    def excluded_rules(self) -> list[str]:
        """The rival rules that this example refutes."""
        return [check.rule for check in self.rules if check.excluded]

    @property
    def open_rules(self) -> list[str]:
        """The rival rules that name the same winner, so that this example does not tell them apart."""
        return [check.rule for check in self.rules if check.prediction and not check.excluded]

    def finding(self) -> Finding:
        """For the report: winner, loser and why."""
        if self.winner is None:
            return Finding("conflict", f"no winner: {self.because}", (("verdict", self.ruling),))
        details = (
            ("winner", f"{self.winner.name} ({self.winner.region})"),
            ("loser", ", ".join(f"{write.name} ({write.region})" for write in self.losers)),
            ("why", self.because),
            ("kind", self.kind),
            ("excludes", "; ".join(self.excluded_rules) or "no rival rule"),
            ("does not tell apart", "; ".join(self.open_rules) or "nothing"),
        )
        wrong = "wrong: " if self.ruling is Ruling.WRONG else ""
        title = f"{wrong}{self.winner.name} ({self.winner.region}) won over {_names(self.losers)}: {self.because}"
        return Finding("conflict", title, details)


def decide(writes: Sequence[Write], held: Mapping[str, Image | None]) -> Verdict:
    """The verdict on contending writes of one item, from what each region holds in the end.

    Raises ValueError for fewer than two writes or no region: then there is nothing to decide.
    """
    if len(writes) < 2 or not held:
        raise ValueError("a verdict needs two writes and a region at least")
    ordered = sorted(writes, key=lambda write: (write.invoked, write.number))
    kind = classify(ordered)
    failed = [write for write in ordered if write.outcome is not Outcome.ACKNOWLEDGED]
    if failed:
        return Verdict(Ruling.UNKNOWN, kind, None, (), f"nobody knows whether {_names(failed)} was done")
    regions = sorted(held)
    final = held[regions[0]]
    if any(held[region] != final for region in regions):
        return Verdict(Ruling.WRONG, kind, None, (), _disagreement(ordered, held))
    winners = [write for write in ordered if write.left == final]
    if len(winners) > 1:
        return Verdict(
            Ruling.UNKNOWN, kind, None, (), f"{_names(winners)} left the same item: nobody can tell them apart"
        )
    if not winners:
        return Verdict(Ruling.WRONG, kind, None, (), _stranger(ordered, final))
    return _verdict_on(winners[0], ordered, kind, final)


def classify(writes: Sequence[Write]) -> Kind:
    """Whether the last of the writes (in the order of sending) had seen the ones before it."""
    if any(write.outcome is not Outcome.ACKNOWLEDGED for write in writes):
        return Kind.UNKNOWN
    if any(_has_seen_one(write, writes) for write in writes):
        return Kind.SEQUENTIAL
    return Kind.CONFLICT


def _has_seen_one(write: Write, writes: Sequence[Write]) -> bool:
    deleted = any(other.left is None and write.replaced is None and other.is_before(write) for other in writes)
    return deleted or any(has_seen(write, other) for other in writes)


def _verdict_on(winner: Write, writes: Sequence[Write], kind: Kind, final: Image | None) -> Verdict:
    losers = tuple(write for write in writes if write is not winner)
    rules = tuple(check_rivals(writes, final))
    possible = final_writes(writes)
    if winner not in possible:
        why = f"yet {_names(possible)} was written later and should have won"
        return Verdict(Ruling.WRONG, kind, winner, losers, why, rules)
    undecidable = len(possible) > 1
    because = _because(winner, losers, kind, undecidable)
    return Verdict(Ruling.DECIDED, kind, winner, losers, because, rules, undecidable)


def _because(winner: Write, losers: Sequence[Write], kind: Kind, undecidable: bool) -> str:
    if undecidable:
        return (
            "the writes were sent at the same moment, so either may win; AWS does not document which. "
            "It is the same in every region, and whole"
        )
    last = max(losers, key=lambda write: write.invoked)
    written_last = f"it was written last, {winner.invoked - last.invoked:.1f} s later"
    if kind is Kind.SEQUENTIAL:
        return f"{written_last}, when its region already held what {last.name} left: an overwrite, not a conflict"
    return f"{written_last}, before either region had seen the other's write"


def _disagreement(writes: Sequence[Write], held: Mapping[str, Image | None]) -> str:
    shown = [f"{region} holds {_what(writes, held[region])}" for region in sorted(held)]
    return f"the regions do not agree: {', '.join(shown)}"


def _what(writes: Sequence[Write], image: Image | None) -> str:
    left_by = [write.name for write in writes if write.left == image]
    if left_by:
        return f"what {' and '.join(left_by)} left"
    return "no item" if image is None else "neither"


def _stranger(writes: Sequence[Write], final: Image | None) -> str:
    if final is not None and final == merged(writes):
        return "the attributes of the updates were merged; a whole image should have won"
    last = writes[-1]
    return f"every region holds an item that none of the writes left; compared with {last.name}: " + difference(
        last.left, final
    )


def _names(writes: Sequence[Write]) -> str:
    return " and ".join(write.name for write in writes)
