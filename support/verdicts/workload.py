"""The checker of a random workload: a pure function from a history to a verdict with a shortest counter-example.

Each put and update sets the attribute `WRITE_ID` to the `by` of the write, which no other write has, so that an image
tells which write left it. No item exists before the history begins, and the last read of each region shows what it
holds in the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.verdicts.contradictions import Floor, Sight, contradictions, sight
from support.verdicts.history import Key, Outcome, Read, Write, in_order
from support.verdicts.images import difference
from support.verdicts.versions import Versions, is_version


class Rule(StrEnum):
    """What a history can break."""

    WHOLE_IMAGES = "an image was shown that no write left"
    NO_STEP_BACK = "a region showed an older version after a newer one"
    OWN_WRITES = "a region did not show its own write"
    DELETED = "a deleted item came back, though it was not written again"
    CONVERGENCE = "the regions do not hold the same last version in the end"


@dataclass(frozen=True)
class Anomaly:
    """A rule that the history breaks, and the sentence that proves it; `at` is when it showed (seconds).

    `operations` are the numbers of the operations that the proof needs.
    """

    rule: Rule
    at: float
    operations: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class WorkloadVerdict:
    """All anomalies of a history, those with the fewest operations first, and of these the earliest.

    `delivered_twice` is how many writes a network is known to have delivered twice: the order of the history is not
    the whole one then.
    """

    writes: int
    reads: int
    anomalies: tuple[Anomaly, ...]
    delivered_twice: int = 0

    @property
    def valid(self) -> bool:
        return not self.anomalies

    def against(self, *rules: Rule) -> str:
        """The shortest counter-example against one of these rules; empty if there is none."""
        found = [each for each in self.anomalies if each.rule in rules]
        more = f" ({len(found) - 1} more like this)" if len(found) > 1 else ""
        return f"{found[0].rule}: {found[0].sentence}{more}" if found else ""


def check_workload(operations: Iterable[Write | Read]) -> WorkloadVerdict:
    """Check a history. Raises ValueError when a write has no id of its own: then images tell nothing."""
    by_item: dict[Key, list[Write | Read]] = defaultdict(list)
    for operation in operations:
        by_item[operation.key].append(operation)
    anomalies = [anomaly for key, each in by_item.items() for anomaly in _Item(key, each).anomalies()]
    anomalies.sort(key=lambda each: (len(each.operations), each.at))
    writes = [each for item in by_item.values() for each in item if isinstance(each, Write)]
    twice = sum(each.repeated and each.attempts == 1 for each in writes)
    return WorkloadVerdict(len(writes), sum(map(len, by_item.values())) - len(writes), tuple(anomalies), twice)


class _Item:
    """The operations on one item, in the order in which they were sent."""

    def __init__(self, key: Key, operations: Iterable[Write | Read]) -> None:
        self._key = key
        self._operations = in_order(operations)
        self._writes = [each for each in self._operations if isinstance(each, Write)]
        _demand_ids(self._writes)
        self._versions = Versions(self._writes)
        self._sights = [sight(each) for each in self._operations if each.outcome is Outcome.ACKNOWLEDGED]

    def anomalies(self) -> Iterator[Anomaly]:
        for region in dict.fromkeys(each.region for each in self._operations):
            for found in contradictions(self._versions, [each for each in self._sights if each.region == region]):
                yield self._step_back(found.sight, found.floor) if found.floor else self._unexplained(found.sight)
        yield from self._two_images_of_one_write()
        yield from self._in_the_end()

    def _unexplained(self, shown: Sight) -> Anomaly:
        """An image that no write can have left by then."""
        write = self._versions.author(shown.image)
        if write is None:
            text = "an image that no write left: its id is of none"
        elif write is shown.write:
            text = "what it left itself"
        elif write.outcome is Outcome.FAILED:
            text = f"what {_named(write)} would have left, which was refused"
        elif shown.answered[0] < write.invoked:
            text = f"what {_named(write)} left, which was not sent yet"
        else:
            text = f"not what {_named(write)} left: {difference(write.new_image, shown.image)}"
        proof = [write.number] if write and write is not shown.write else []
        return self._anomaly(Rule.WHOLE_IMAGES, shown, [*proof, shown.number], f"{_words(shown)} {text}")

    def _step_back(self, shown: Sight, floor: Floor) -> Anomaly:
        newer, since, older = floor.newer, floor.since, self._versions.author(shown.image)
        own = since.write is newer
        rule = Rule.OWN_WRITES if own else Rule.NO_STEP_BACK
        if newer.action == "delete":  # an image was shown then: this very delete would explain that there is none
            rule = Rule.DELETED
        before = "it was done there" if own else f"it was there at {since.asked[0]:.3f} s"
        unexplained = "" if older else ", and no delete explains it"
        what = f"{_words(shown)} {self._in_words(shown)}{unexplained}"
        numbers = {newer.number, since.number, shown.number, *([older.number] if older else [])}
        return self._anomaly(rule, shown, sorted(numbers), f"{what}, though {_named(newer)} came later and {before}")

    def _two_images_of_one_write(self) -> Iterator[Anomaly]:
        """An update that does not tell what it left, and was done once, has left what was first shown of it."""
        first: dict[int, Sight] = {}
        for shown in self._sights:
            write = self._versions.author(shown.image)
            if write is None or write.new_image_is_known or write.repeated or write.outcome is not Outcome.ACKNOWLEDGED:
                continue
            before = first.setdefault(write.number, shown)
            if problem := difference(before.image, shown.image):
                text = f"{_words(shown)} another image of {_named(write)} than {_words(before)}: {problem}"
                yield self._anomaly(Rule.WHOLE_IMAGES, shown, [write.number, before.number, shown.number], text)

    def _in_the_end(self) -> Iterator[Anomaly]:
        last = list({each.region: each for each in self._sights if each.write is None}.values())
        for other in last[1:]:
            if problem := difference(last[0].image, other.image):
                text = " in the end, ".join(f"{each.region} shows {self._in_words(each)}" for each in (last[0], other))
                yield self._anomaly(Rule.CONVERGENCE, other, [last[0].number, other.number], f"{text}: {problem}")
        done = [each for each in self._writes if each.outcome is Outcome.ACKNOWLEDGED and is_version(each)]
        if not done:
            return
        latest = done[-1]
        for shown in last:
            left = self._versions.of(shown.image)
            if left and all(self._versions.is_older(each, [latest]) for each in left):
                text = f"{shown.region} shows {self._in_words(shown)} in the end, though {_named(latest)} came later"
                yield self._anomaly(Rule.CONVERGENCE, shown, [latest.number, shown.number], text)

    def _in_words(self, shown: Sight) -> str:
        """An image, by the write that left it."""
        write = self._versions.author(shown.image)
        if shown.image is None:
            return "no item"
        return f"what {_named(write)} left" if write else "an image that no write left"

    def _anomaly(self, rule: Rule, shown: Sight, numbers: Sequence[int], text: str) -> Anomaly:
        return Anomaly(rule, shown.answered[0], tuple(numbers), f"{self._key}: {text}")


def _demand_ids(writes: Iterable[Write]) -> None:
    known: set[str] = set()
    for write in writes:
        if not write.by or write.by in known:
            raise ValueError(f"operation {write.number} has no id of its own: {write.by!r}")
        known.add(write.by)


def _words(shown: Sight) -> str:
    return (
        f"{_named(shown.write)} replaced"
        if shown.write
        else f"a read in {shown.region} at {shown.asked[0]:.3f} s showed"
    )


def _named(write: Write) -> str:
    return f"the {write.action} {write.by} in {write.region} at {write.invoked:.3f} s"
