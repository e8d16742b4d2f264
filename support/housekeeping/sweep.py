"""The removal of what runs have created in live tables, in every region, until none shows it any more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from support.clock import Clock, Task, WallClock
from support.housekeeping.experiments import Experiments
from support.housekeeping.guard import ForeignKeyError, Owner, guard
from support.housekeeping.journal import Leftover, RunManifest, forget, held, leftovers
from support.polling import PollPolicy
from support.table.aws_clients import Clients
from support.table.calls import Caller, Endpoint
from support.table.region import described_table
from support.table.wire import key_query, wire_key
from support.verdicts.errors import TargetDownError, TargetTroubleError
from support.verdicts.health import identity
from support.verdicts.history import Key

PATIENCE = 30.0
"""Seconds for which a region is asked that does not answer."""
SIDE_BY_SIDE = 8
LONGEST_REMOVAL = 120.0
"""Seconds for which an item is looked at until it is gone."""
PAUSE = 0.5
BETWEEN_LINES = 10.0
"""Seconds after which a removal that goes on says so."""


@dataclass(frozen=True)
class Swept:
    """What became of one journal: its items that are `left`, and why; None were tried if it was `refused`."""

    leftover: Leftover
    left: Mapping[Key, str] = field(default_factory=dict)
    refused: str = ""

    @property
    def clean(self) -> bool:
        return not self.left and not self.refused


def sweep(folder: Path, profile: str = "", owner: str = "", patience: float = PATIENCE) -> list[Swept]:
    """Remove what the journals in a folder name, or those of one run. A journal whose items are gone is deleted.

    Journals of runs that go on are left alone, and so is a table that is not the one that the run wrote to. A removal
    that takes long prints a line from time to time. A region that does not answer is asked for `patience` seconds.
    """
    # One session for all journals of a run with many workers: each would read the model of the API anew.
    clients = cache(lambda: Clients(profile))
    # A region that does not answer for one journal is not waited for with the next.
    endpoint = cache(lambda region: Endpoint(region, ends_the_run=True))
    clock = WallClock()

    def caller(run: RunManifest, region: str) -> Caller:
        client = guard(clients().client("dynamodb", region), run.table, Owner(run.owner), note=lambda _: None)
        always = {"TableName": run.table}
        return Caller(region, client, clock, always, endpoint=endpoint(region), patience=patience)

    found = leftovers(folder, owner)
    pausing = {each.manifest.owner: each for each in found if each.manifest.template and not each.in_use}
    for each in pausing.values():  # before any removal, which a pause would keep from the other region
        _end_experiments(each.manifest, clients, patience)
    return [_sweep_one(each, clock, caller) for each in found]


def _end_experiments(manifest: RunManifest, clients: Callable[[], Clients], patience: float) -> None:
    """Let replication go on that a run has paused; what can't be ended is told, and ends by itself."""
    try:
        region = manifest.regions[0]
        service = Caller(f"FIS in {region}", clients().client("fis", region), WallClock(), {}, patience=patience)
        experiments = Experiments(service, manifest.template, manifest.owner)
        for each in experiments.at_work():
            experiments.stop(each)
            _tell(f"run {manifest.owner}: the experiment {each} is stopped, replication goes on")
    except TargetTroubleError as error:
        _tell(f"run {manifest.owner}: whether it has paused replication is not known: {error}")


def _sweep_one(leftover: Leftover, clock: Clock, caller: Callable[[RunManifest, str], Caller]) -> Swept:
    with held(leftover.path) as free:
        if not free:
            return Swept(leftover, refused="the run is still at work")
        manifest, left = leftover.manifest, dict[Key, str]()
        try:
            if leftover.keys:
                callers = {region: caller(manifest, region) for region in manifest.regions}
                news = f"looking whether {manifest.table} is the table that the run wrote to"
                _with_news(clock, _tell, lambda: news, _demand_same_tables(manifest, callers))
                left = remove(Owner(manifest.owner), leftover.keys, callers, clock, partial(forget, leftover), _tell)
        except (ForeignKeyError, TargetTroubleError) as error:
            return Swept(leftover, refused=str(error))
        swept = Swept(leftover, left)
        if swept.clean:
            leftover.path.unlink()
        return swept


def _demand_same_tables(manifest: RunManifest, callers: Mapping[str, Caller]) -> Task[None]:
    for region, caller in callers.items():
        yield 0
        table = described_table(caller)
        if table is None or identity(table) != manifest.tables[region]:
            what = f"{manifest.table} in {region} is not the table that the run wrote to"
            raise TargetTroubleError(f"{what}; cure: use the profile and the endpoint that the run used")


def remove(
    owner: Owner,
    keys: Sequence[Key],
    callers: Mapping[str, Caller],
    clock: Clock,
    gone: Callable[[Key], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[Key, str]:
    """Delete the items in every region, and look until they are gone from all; those that are not, and why.

    A delete in one region alone would not do: where the item has not arrived yet it removes nothing, and the item
    arrives later. `gone` is called with each key that a Query of its own found in no region, `tell` with what is going
    on, from time to time. Raises ForeignKeyError, before anything is deleted, for an item that is not the owner's.
    """
    for key in keys:
        owner.demand(key)
    left = dict.fromkeys(keys, "it was not looked at")

    def removal(share: Sequence[Key]) -> Task[None]:
        poll = PollPolicy(clock.elapsed, LONGEST_REMOVAL, PAUSE).start()
        try:
            while remaining := [key for key in share if key in left]:
                poll.look()
                for key in remaining:
                    yield 0  # here a removal that is interrupted ends
                    if poll.waited < LONGEST_REMOVAL:
                        if why := _why_it_is_left(key, callers):
                            left[key] = why
                        else:
                            gone(key)
                            del left[key]
                if poll.over:
                    return
                yield poll.pause("items to be gone")
        except TargetDownError as error:
            left.update({key: str(error) for key in share if key in left})

    def news() -> str:
        return f"{len(left)} items are still to be removed; of the first: {next(iter(left.values()), '')}"

    shares = [keys[number::SIDE_BY_SIDE] for number in range(SIDE_BY_SIDE)]
    _with_news(clock, tell, news, *(removal(share) for share in shares if share))
    return left


def _why_it_is_left(key: Key, callers: Mapping[str, Caller]) -> str:
    """Delete an item in every region. Why it is not known to be gone from all; empty if it is."""
    try:
        for caller in callers.values():
            caller.call("delete_item", Key=wire_key(key))
        # A Query says in each answer what it found; what GetItem has of no item may be nothing.
        found = [caller.call("query", **key_query(key)).answer["Items"] for caller in callers.values()]
    except TargetDownError:
        raise
    except TargetTroubleError as error:
        return str(error)
    return "it comes back" if any(found) else ""


def _with_news(clock: Clock, tell: Callable[[str], None], news: Callable[[], str], *tasks: Task[None]) -> None:
    """Run the tasks, and say from time to time how far they are."""
    busy = [None for _ in tasks]

    def counted(task: Task[None]) -> Task[None]:
        try:
            yield from task
        finally:
            busy.pop()

    def ticking() -> Task[None]:
        told = clock.elapsed()
        while busy:
            yield PAUSE
            if busy and clock.elapsed() - told >= BETWEEN_LINES:
                told = clock.elapsed()
                tell(news())

    clock.run(*map(counted, tasks), ticking())


def _tell(line: str) -> None:
    print(f"housekeeping: {line}", flush=True)


def report(swept: Iterable[Swept]) -> list[str]:
    """What became of the journals: a line for each run, and one for each thing that is left."""
    runs = groupby(swept, lambda each: each.leftover.manifest.owner)
    return [f"housekeeping: {line}" for _, journals in runs for line in _report_of_run([*journals])]


def _report_of_run(journals: Sequence[Swept]) -> Iterator[str]:
    manifest = journals[0].leftover.manifest
    removed = sum(len(each.leftover.keys) - len(each.left) for each in journals if not each.refused)
    where = f"table {manifest.table} in {' and '.join(manifest.regions)}"
    yield f"run {manifest.owner}: {removed} items removed from {where}"
    for each in journals:
        if each.refused:
            yield f"run {manifest.owner}: {len(each.leftover.keys)} items are left alone: {each.refused}"
        reasons = defaultdict[str, list[Key]](list)
        for key, reason in each.left.items():
            reasons[reason].append(key)
        for reason, keys in reasons.items():
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            yield f"NOT removed: {keys[0]}{more}: {reason}"
