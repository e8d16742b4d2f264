"""The removal of what a run has created: its own items, in every region, until none of them shows them any more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.clock import Clock, Task
from support.housekeeping.ownership import Owner
from support.polling import PollPolicy
from support.table.calls import Caller
from support.verdicts.errors import TargetTroubleError
from support.verdicts.history import Key

SIDE_BY_SIDE = 8
PATIENCE = 120.0
PAUSE = 0.5


@dataclass(frozen=True)
class Removal:
    """What became of the items: how many are gone from every region, and why others are not."""

    removed: int
    left: tuple[str, ...] = ()


def remove(owner: Owner, keys: Sequence[Key], callers: Mapping[str, Caller], clock: Clock) -> Removal:
    """Delete the items in every region, and look until they are gone from all.

    A delete in one region alone would not do: where the item has not arrived yet it removes nothing, and the item
    arrives later. Raises ForeignKeyError, before anything is deleted, for an item that is not the owner's.
    """
    for key in keys:
        owner.demand(key)
    shares = [keys[number::SIDE_BY_SIDE] for number in range(SIDE_BY_SIDE)]
    results = clock.run(*(_remove_share(share, callers, clock.elapsed) for share in shares if share))
    left = tuple(problem for problems in results for problem in problems)
    return Removal(len(keys) - len(left), left)


def _remove_share(
    keys: Sequence[Key], callers: Mapping[str, Caller], elapsed: Callable[[], float]
) -> Task[tuple[str, ...]]:
    """A task: what could not be removed, and why."""
    remaining = list(keys)
    trouble: dict[Key, str] = {}
    poll = PollPolicy(elapsed, PATIENCE, PAUSE).start()
    while True:
        for key in remaining:
            yield 0  # here a removal that is interrupted ends
            for problem in _delete(key, callers):
                trouble[key] = problem
        remaining = [key for key in remaining if any(_seen(key, callers, trouble))]
        if not remaining or poll.over:
            return tuple(f"{key}: {trouble.get(key, 'it comes back')}" for key in remaining)
        yield poll.pause("items to be gone")


def _delete(key: Key, callers: Mapping[str, Caller]) -> Iterator[str]:
    for caller in callers.values():
        call = caller.call("delete_item", raising=False, Key=_wire(key))
        if call.error:
            yield f"{call.region}: {call.error}"


def _seen(key: Key, callers: Mapping[str, Caller], trouble: dict[Key, str]) -> Iterator[bool]:
    """For each region whether the item is there, as far as anybody can know."""
    for caller in callers.values():
        try:
            yield "Item" in caller.call("get_item", Key=_wire(key), ConsistentRead=True).answer
        except TargetTroubleError as error:
            trouble[key] = str(error)
            yield True


def _wire(key: Key) -> dict[str, dict[str, str]]:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}
