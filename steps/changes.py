"""Changes of items: read from a feature's table, made at their times or side by side, refused or not."""

from collections.abc import Callable, Sequence

from steps.words import Row, time_of_day
from steps.world import World
from support.clock import Task
from support.targets.global_table import GlobalTable
from support.verdicts.business_rules import becoming
from support.verdicts.errors import ConditionFailedError, NoConflictError
from support.verdicts.history import Image, Key, Outcome, Write
from support.verdicts.images import in_words, same

NUMBERS = ("total_amount", "paid_amount", "version")
NOT_ATTRIBUTES = ("by", "partner", "order", "region", "at", "action", "if_version", "status")
A_MOMENT = 0.005

Change = Callable[[], Write]


def change_of(world: World, key: Key, row: Row, by: str) -> Change:
    """What a row says is to be done to an item: a delete, or an update, with an `if_version` on that condition."""
    region = world.table.region(row["region"])
    if row.get("action") == "delete":
        return lambda: region.delete(key, by)
    attributes = {name: cell for name, cell in row.items() if name not in NOT_ATTRIBUTES}
    values: Image = {name: int(cell) if name in NUMBERS else cell for name, cell in attributes.items()}
    status = becoming(row["status"]) if "status" in row else {}
    provided = {"version": int(row["if_version"])} if "if_version" in row else None
    return lambda: region.update(key, {**values, **status}, by, provided)


def at_their_times(world: World, changes: Sequence[tuple[str, Change]]) -> list[Write]:
    """Let each change be made at its time of day, at the same time or one after the other as the times say.

    Who is later does not write before the earlier ones have been answered: over a slow network the two might overlap,
    and their order would be unknown.
    """
    waits = world.clock.seconds_until([time_of_day(moment) for moment, _ in changes])
    answered: set[int] = set()

    def in_turn(number: int) -> Task[Write]:
        wait = waits[number]
        yield wait
        while any(earlier < wait and each not in answered for each, earlier in enumerate(waits)):
            yield A_MOMENT
        write = changes[number][1]()
        answered.add(number)
        return write

    return world.clock.run(*(in_turn(number) for number in range(len(changes))))


def side_by_side(world: World, changes: Sequence[Change]) -> list[Write]:
    def begin(change: Change) -> Task[Write]:
        yield 0.0
        return change()

    return world.clock.run(*map(begin, changes))


def demand_done(global_table: GlobalTable, key: Key, change: Change) -> Write:
    """Make a change of an item on a condition that should hold in its region."""
    try:
        return change()
    except ConditionFailedError:
        raise wrongly_refused(global_table, key) from None


def demand_refusal(change: Change, why: str) -> None:
    """Make a change on a condition that should not hold in its region."""
    try:
        done = change()
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{done.region} should refuse {done.name}, because {why}, and did it: it left {in_words(done.left)}; "
        "likely the condition was not checked"
    )


def refused_side_by_side(global_table: GlobalTable, created: Write) -> Exception:
    """Of two writes with a condition, side by side, one was refused: the error that says what this shows.

    NoConflictError if the region that refused shows what was written elsewhere after the item was `created`.
    """
    refused = refused_write(global_table, created.key)
    shown = global_table.region(refused.region).peek(created.key)
    for write in global_table.history.writes(created.key):
        elsewhere = write.region != refused.region and write.number > created.number
        if elsewhere and write.left_is_known and same(write.left, shown):
            return NoConflictError(f"{write.name} had arrived in {refused.region} before {refused.name} was made there")
    return wrongly_refused(global_table, created.key)


def wrongly_refused(global_table: GlobalTable, key: Key) -> ConditionFailedError:
    """The verdict on a region that refused a write with a condition that should hold there."""
    refused = refused_write(global_table, key)
    shown = global_table.region(refused.region).peek(key)
    return ConditionFailedError(
        f"{refused.region} should have done {refused.name}, whose condition holds for what had arrived there, "
        f"and refused it ({refused.error}): it shows {in_words(shown)}; "
        "likely the condition is checked against something else"
    )


def refused_write(global_table: GlobalTable, key: Key) -> Write:
    writes = [each for each in global_table.history if isinstance(each, Write) and each.key == key]
    return [write for write in writes if write.outcome is Outcome.FAILED][-1]
