"""The removal of what a run has created: its own items, in every region, until none of them shows them any more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from support.clock import Clock, Task
from support.housekeeping.guard import Owner
from support.polling import PollPolicy
from support.table.calls import Caller
from support.table.wire import key_query, wire_key
from support.verdicts.errors import TargetDownError, TargetTroubleError
from support.verdicts.history import Key

SIDE_BY_SIDE = 8
PATIENCE = 120.0
PAUSE = 0.5
BETWEEN_LINES = 10.0
"""Seconds after which a removal that goes on says so."""


def remove(
    owner: Owner,
    keys: Sequence[Key],
    callers: Mapping[str, Caller],
    clock: Clock,
    gone: Callable[[Key], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Mapping[Key, str]:
    """Delete the items in every region, and look until they are gone from all; those that are not, and why.

    A delete in one region alone would not do: where the item has not arrived yet it removes nothing, and the item
    arrives later. `gone` is called with each key that a Query of its own found in no region, `tell` with what is going
    on, from time to time. Raises ForeignKeyError, before anything is deleted, for an item that is not the owner's.
    """
    for key in keys:
        owner.demand(key)
    work = _Work(callers, clock, gone, dict.fromkeys(keys, "it was not looked at"))
    shares = [keys[number::SIDE_BY_SIDE] for number in range(SIDE_BY_SIDE)]
    with_news(clock, tell, work.news, *(work.remove(share) for share in shares if share))
    return work.left


@dataclass
class _Work:
    """What is done side by side. `left` keeps why an item is not known to be gone."""

    callers: Mapping[str, Caller]
    clock: Clock
    gone: Callable[[Key], None]
    left: dict[Key, str]

    def remove(self, keys: Sequence[Key]) -> Task[None]:
        """A task: remove some of the items."""
        poll = PollPolicy(self.clock.elapsed, PATIENCE, PAUSE).start()
        remaining = list(keys)
        try:
            while remaining:
                poll.look()
                for key in remaining:
                    yield 0  # here a removal that is interrupted ends
                    if poll.waited < PATIENCE:
                        self._remove(key)
                remaining = [key for key in remaining if key in self.left]
                if poll.over:
                    return
                yield poll.pause("items to be gone")
        except TargetDownError as error:
            self.left.update({key: str(error) for key in keys if key in self.left})

    def news(self) -> str:
        return f"{len(self.left)} items are still to be removed; of the first: {next(iter(self.left.values()), '')}"

    def _remove(self, key: Key) -> None:
        try:
            for caller in self.callers.values():
                caller.call("delete_item", Key=wire_key(key))
            seen = [_seen(key, caller) for caller in self.callers.values()]
            if any(seen):
                self.left[key] = "it comes back"
            else:
                self.gone(key)
                del self.left[key]
        except TargetDownError:
            raise
        except TargetTroubleError as error:
            self.left[key] = str(error)


def _seen(key: Key, caller: Caller) -> bool:
    """Whether a region has the item. A Query says so in each answer; what GetItem has of no item may be nothing."""
    return bool(caller.call("query", **key_query(key)).answer["Items"])


def with_news(clock: Clock, tell: Callable[[str], None], news: Callable[[], str], *tasks: Task[None]) -> None:
    """Run the tasks, and say from time to time how far they are."""
    busy = [None for _ in tasks]

    def counted(task: Task[None]) -> Task[None]:
        try:
            yield from task
        finally:
            busy.pop()

    def ticking() -> Task[None]:
        lines, started = 1, clock.elapsed()
        while busy:
            yield PAUSE
            if busy and clock.elapsed() - started >= lines * BETWEEN_LINES:
                lines += 1
                tell(news())

    clock.run(*map(counted, tasks), ticking())
