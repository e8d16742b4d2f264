"""Waiting until regions agree on an item for good.

An agreement can be momentary: of two updates the first may have arrived everywhere while the second is still on its
way. So looking goes on until nothing that was written can still arrive, and a change in that time is a verdict.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from support.clock import Task
from support.polling import Poll, PollPolicy
from support.verdicts.errors import (
    FailureError,
    InconclusiveError,
    IndexDiffersError,
    NotArrivedError,
    Suspect,
    WrongVersionError,
)
from support.verdicts.findings import Note
from support.verdicts.history import Image, Key, Outcome, Write
from support.verdicts.images import same
from support.verdicts.judgement import Judgement, State, Views, doubt, failure, judge
from support.verdicts.versions import Version, Versions, final_writes
from support.verdicts.wording import shown_as

Settling = Callable[[float], float]
"""Tells when an agreement is final.

From the seconds since the regions agreed: the seconds until they are to be looked at again, because something that was
written may still arrive. 0: nothing can arrive any more. Infinite: something is pending, and nothing delivered.
"""

Tell = Callable[[type[FailureError], str], FailureError]
"""Makes a failure of its headline."""


@dataclass(frozen=True)
class Agreement:
    """All regions show the same for good: the image, the seconds waited for it, and what they showed before.

    `settled` are the seconds that passed from then on until nothing could arrive any more.
    """

    image: Image | None
    waited: float
    views: Views
    settled: float = 0.0

    def finding(self) -> Note:
        """For the report: when the regions agreed, and how long it took until that was final."""
        final = f"; nothing could arrive any more {self.settled:.2f} s later" if self.settled else ", for good"
        return Note(f"the regions agreed after {self.waited:.2f} s{final}")

    def arrival(self, region: str) -> tuple[float | None, float]:
        """When a region was last seen without the image (None: never), and first with it."""
        looks = self.views.looks[region]
        return (looks[-2].asked[0] if len(looks) > 1 else None), looks[-1].answered[0]


def until_converged(
    writes: Callable[[], Sequence[Write]],
    look: Callable[[str], Image | None],
    regions: Sequence[str],
    policy: PollPolicy,
    settling: Settling,
) -> Task[Agreement]:
    """A task: look at the regions until they agree, and until nothing that was written can still arrive.

    `writes` are those to the item, `look` reads it from a region.
    Raises DivergenceError at once when something is wrong, when the regions do not agree in time, and when one of them
    changes after they have agreed; InconclusiveError instead where an update without an answer may explain it, or where
    no look tells whether they agreed in time.
    """
    views, poll = Views(), policy.start()
    agreed: _Agreed | None = None
    while True:
        # A look that was under way when the last change arrived may have missed it: one that began later is final.
        final = not settling(poll.waited - agreed.waited if agreed else 0.0)
        poll.look()
        for region in regions:
            asked = policy.elapsed()
            views.add(region, look(region), asked, policy.elapsed())
        sent = writes()
        judgement = judge(sent, views)
        tell = partial(failure, writes=sent, views=views)
        if judgement.state is State.WRONG:
            raise tell(judgement.error, f"wrong: {judgement.why}")
        if agreed is not None and agreed.is_contradicted(sent, views, judgement):
            raise _changed(agreed, poll.waited, sent, views, tell)
        if judgement.state is State.DONE:
            image = views.shown[regions[0]]
            if agreed is None or not same(agreed.image, image):
                agreed = _agreed_on(image, poll, sent, tell, first=agreed is None)
            rest = settling(poll.waited - agreed.waited)
            if final and not rest:
                return Agreement(image, agreed.waited, views, poll.waited - agreed.waited)
            if rest < math.inf:
                yield rest
                continue
        else:
            agreed = None
        if poll.over:
            raise _too_late(agreed, judgement, poll.waited, sent, views, tell)
        yield poll.pause(f"{sent[0].key}: {_in_words(sent, views.shown)}")


@dataclass(frozen=True)
class _Agreed:
    """An agreement that may not be final: its image, when it came about, and how many writes there were by then."""

    image: Image | None
    waited: float
    writes: int

    def is_contradicted(self, writes: Sequence[Write], views: Views, judgement: Judgement) -> bool:
        """Whether a region has changed for which there is no newer write.

        One region alone may first show its own update and then another one that overlapped it.
        """
        changed = any(not same(image, self.image) for image in views.shown.values())
        alone = len(views.shown) == 1 and judgement.state is State.DONE
        return changed and not alone and len(writes) <= self.writes


def _agreed_on(image: Image | None, poll: Poll, writes: Sequence[Write], tell: Tell, *, first: bool) -> _Agreed:
    """What the look at hand has shown. Raises InconclusiveError if it is the first agreement, and may be too late."""
    writing = max((write.answered - write.invoked for write in final_writes(writes)), default=0.0)
    if first and not poll.in_time(writing):
        raise tell(InconclusiveError, poll.doubt())
    return _Agreed(image, poll.waited, len(writes))


def _changed(agreed: _Agreed, waited: float, writes: Sequence[Write], views: Views, tell: Tell) -> FailureError:
    changed = {region: image for region, image in views.shown.items() if not same(image, agreed.image)}
    before = f"agreed after {agreed.waited:.1f} s on {shown_as(writes, agreed.image)}"
    headline = f"wrong: {before}, changed after {waited:.1f} s: {_in_words(writes, changed)}"
    doubted = doubt(writes)
    return tell(InconclusiveError, f"{headline}; {doubted}") if doubted else tell(WrongVersionError, headline)


def _too_late(
    agreed: _Agreed | None, judgement: Judgement, waited: float, writes: Sequence[Write], views: Views, tell: Tell
) -> FailureError:
    error: type[FailureError] = NotArrivedError
    if agreed:
        where = " and ".join(views.shown)
        why = f"{where} agreed after {agreed.waited:.1f} s, but not for good: a change of this item is still pending"
    else:
        why = judgement.why
        error = InconclusiveError if _unanswered_may_explain(writes, views) else judgement.error
    return tell(error, f"not yet after {waited:.1f} s: {why}")


def _in_words(writes: Sequence[Write], shown: Mapping[str, Image | None]) -> str:
    return ", ".join(f"{region} shows {shown_as(writes, image)}" for region, image in shown.items())


def _unanswered_may_explain(writes: Sequence[Write], views: Views) -> bool:
    """Whether the regions agree on what may be the last version, if a write without an answer was done, or was not."""
    first, *others = views.shown.values()
    certain = any(write.outcome is Outcome.ACKNOWLEDGED for write in writes)
    last: list[Version] = [*final_writes(writes), *([] if certain else [None])]
    return any(each in last for each in Versions(writes).of(first)) and all(same(first, image) for image in others)


def until_found(
    query: Callable[[], Sequence[Image]],
    region: str,
    index: str,
    value: str,
    expected: Collection[Key],
    own: Callable[[Key], bool],
    once: Collection[Key],
    policy: PollPolicy,
    settling: Settling,
    arrived: Callable[[Key], bool],
) -> Task[list[Image]]:
    """A task: query an index until it finds exactly the expected items, and until nothing can change that any more.

    Indexes are local to each region and follow the table a moment later, so an entry that is missing, or one that has
    just left, is not yet wrong.
    `query` asks for the entries under a `value`. Those that are not the scenario's `own` are left aside; those that
    were there `once` may linger for a while. `settling` is asked of the items that are expected or were there once: of
    none it has to say 0.
    Raises InconclusiveError if no look tells whether all was as expected in time.
    Raises IndexDiffersError at once for an entry that never belonged there or has more than keys, after `policy.within`
    when an entry is missing or lingers, and when one goes or comes back after all was as expected, about the first such
    item; NotArrivedError where that has not `arrived` in the table either.
    """
    poll = policy.start()
    place = f"{index} in {region}"

    def about(key: Key) -> Suspect:
        return Suspect(*key, region, index, value)

    complete_after: float | None = None
    while True:
        final = not settling(poll.waited - complete_after if complete_after is not None else 0.0)
        poll.look()
        found = [image for image in query() if own(Key.of(image))]
        for key, problem in _wrong(index, found, expected, once):
            raise IndexDiffersError(f"{place}: wrong: {problem}", about(key))
        keys = {Key.of(image) for image in found}
        if keys == set(expected):
            if complete_after is None and not poll.in_time():
                raise InconclusiveError(f"{place}: {poll.doubt()}")
            complete_after = poll.waited if complete_after is None else complete_after
            rest = settling(poll.waited - complete_after)
            if final and not rest:
                return found
            if rest < math.inf:
                yield rest
                continue
        late = _late(place, poll.waited, keys, expected)
        if complete_after is not None and keys != set(expected):
            headline = f"{place}: wrong: complete after {complete_after:.1f} s, changed after {poll.waited:.1f} s"
            raise IndexDiffersError(f"{headline}; {late}", about(min(keys ^ set(expected))))
        if poll.over:
            behind = min(keys ^ set(expected) or {*expected, *once})
            error = IndexDiffersError if arrived(behind) else NotArrivedError
            raise error(late, about(behind))
        yield poll.pause(late)


def keys_of_index(index: str) -> set[str]:
    """The attributes that an index of the workshop's table projects: KEYS_ONLY."""
    return {"PK", "SK", f"{index}PK", f"{index}SK"}


def _wrong(
    index: str, found: Sequence[Image], expected: Collection[Key], once: Collection[Key]
) -> Iterator[tuple[Key, str]]:
    keys = [Key.of(image) for image in found]
    for image in found:
        key = Key.of(image)
        if key not in expected and key not in once:
            yield key, f"it finds {key}, which never belonged there"
        if keys.count(key) > 1:
            yield key, f"it finds {key} {keys.count(key)} times"
        if set(image) != keys_of_index(index):
            yield key, f"it gives {', '.join(sorted(image))} of {key}, not the keys only"


def _late(place: str, waited: float, found: Collection[Key], expected: Collection[Key]) -> str:
    missing = [f"{key} is missing" for key in sorted(expected) if key not in found]
    lingering = [f"{key} is still there" for key in sorted(found) if key not in expected]
    if not missing and not lingering:
        return f"{place}: complete after {waited:.1f} s, but not for good: a change of these items is still pending"
    return f"{place}: not yet after {waited:.1f} s: {'; '.join(missing + lingering)}"
