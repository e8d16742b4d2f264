"""Waiting until a query of an index finds what it should, with the same three outcomes as for items.

Indexes are local to each region and follow the table a moment later, so an entry that is missing, or one that has just
left, is not yet wrong. An entry that never belonged there, or one with attributes that the index does not project, is.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence

from support.clock import Task
from support.polling import PollPolicy
from support.verdicts.convergence.agreement import Settling
from support.verdicts.errors import InconclusiveError, IndexDiffersError, NotArrivedError
from support.verdicts.history import Image, Key


def until_found(
    query: Callable[[], Sequence[Image]],
    index: str,
    expected: Collection[Key],
    own: Callable[[Key], bool],
    once: Collection[Key],
    policy: PollPolicy,
    settling: Settling,
    explain: Callable[[Key], str] = lambda _: "",
    region: str = "",
    arrived: Callable[[Key], bool] = lambda _: True,
) -> Task[list[Image]]:
    """A task: query an index until it finds exactly the expected items, and until nothing can change that any more.

    Entries that are not the scenario's `own` are left aside. Those that were there `once` may linger for a while. The
    messages name the `region` that is queried.
    Raises InconclusiveError if no look tells whether all was as expected in time.
    Raises IndexDiffersError at once for an entry that never belonged there or has more than keys, after `policy.within`
    when an entry is missing or lingers, and when one goes or comes back after all was as expected; `explain` says why
    the first such item may not be as expected, and NotArrivedError where that has not `arrived` in the table
    either. `settling` is asked of the items that are expected or were there once: of none it has to say 0.
    """
    poll = policy.start()
    place = f"{index} in {region}" if region else index
    complete_after: float | None = None
    while True:
        final = not settling(poll.waited - complete_after if complete_after is not None else 0.0)
        poll.look()
        found = [image for image in query() if own(Key.of(image))]
        for key, problem in _wrong(index, found, expected, once):
            raise IndexDiffersError(_story(f"{place}: wrong: {problem}", explain(key)))
        keys = {Key.of(image) for image in found}
        if keys == set(expected):
            if complete_after is None and not poll.in_time():
                raise InconclusiveError(f"{place}: {poll.untold()}")
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
            raise IndexDiffersError(_story(f"{headline}; {late}", explain(min(keys ^ set(expected)))))
        if poll.over:
            behind = min(keys ^ set(expected) or {*expected, *once})
            error = IndexDiffersError if arrived(behind) else NotArrivedError
            raise error(_story(late, explain(behind)))
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


def _story(headline: str, explanation: str) -> str:
    return "\n  ".join(filter(None, (headline, explanation)))


def _late(place: str, waited: float, found: Collection[Key], expected: Collection[Key]) -> str:
    missing = [f"{key} is missing" for key in sorted(expected) if key not in found]
    lingering = [f"{key} is still there" for key in sorted(found) if key not in expected]
    if not missing and not lingering:
        return f"{place}: complete after {waited:.1f} s, but not for good: a change of these items is still pending"
    return f"{place}: not yet after {waited:.1f} s: {'; '.join(missing + lingering)}"
