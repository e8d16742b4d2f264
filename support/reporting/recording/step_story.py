"""What happened in a step, in lines that the report shows under it: how much time passed, what was written and read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from support.clock import Clock
from support.reporting.recording.operations import RecordingContext
from support.verdicts.history import History, Write
from support.verdicts.observations import Observation, observations

FEW = 4
"""So many operations of one region are told one by one; more are counted."""


class StepStory:
    """Follows the history and the clock of a scenario from the beginning of a step to its end."""

    def __init__(self, context: RecordingContext | None) -> None:
        self._operations = len(context.history) if context else 0
        self._seconds = context.clock.elapsed() if context else 0.0
        self._real_seconds = context.clock.real_elapsed() if context else 0.0

    def lines(self, context: RecordingContext | None) -> Iterator[str]:
        """The lines, at the end of the step; the table may have been made in it."""
        if context is None:
            return
        yield from _writes(context.history, self._operations)
        yield from _reads(context.history, self._operations)
        yield from self._time(context.clock)

    def _time(self, clock: Clock) -> Iterator[str]:
        passed = clock.elapsed() - self._seconds
        if clock.simulated and passed > 0:
            really = 1000 * (clock.real_elapsed() - self._real_seconds)
            yield f"waited: simulated {passed:.1f} s, real {really:.0f} ms"


def _writes(history: History, start: int) -> Iterator[str]:
    writes = [each for each in list(history)[start:] if isinstance(each, Write)]
    if len(writes) <= FEW:
        yield from map(_of_write, writes)
        return
    for region, each in groupby(sorted(writes, key=lambda write: write.region), key=lambda write: write.region):
        outcomes = Counter(str(write.outcome) for write in each)
        yield f"wrote {outcomes.total()} items in {region}: {_counted(outcomes)}"


def _of_write(write: Write) -> str:
    who = f" of {write.by}" if write.by else ""
    moment = f"{write.at:%H:%M:%S.%f}"[:-3]
    again = f" after {write.attempts} attempts" if write.attempts > 1 else ""
    return f"{write.action}{who} in {write.region} at {moment} UTC: {write.outcome}{again}"


def _reads(history: History, start: int) -> Iterator[str]:
    seen = sorted(observations(history, start), key=lambda each: each.read.region)
    for region, each in groupby(seen, key=lambda each: each.read.region):
        yield _of_reads(region, list(each))


def _of_reads(region: str, seen: Sequence[Observation]) -> str:
    items = {each.read.key for each in seen}
    if len(items) > 1:
        found = _counted(Counter(str(each.kind) for each in seen))
        return f"read {len(items)} items in {region}, {len(seen)} times: {found}"
    runs = [(kind, len(list(each))) for kind, each in groupby(seen, key=lambda each: str(each.kind))]
    found = ", then ".join(f"{kind} {number} times" if number > 1 else kind for kind, number in runs)
    return f"read {items.pop()} in {region}: {found}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
