"""What a run has created, in a file that survives the run: each key is written down before the item is created.

An item that was seen to be gone is written down, too. One file for each process that writes. While the process lives
it holds a lock on its file; a file without one is what a run has left behind.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from support.verdicts.history import Key

if sys.platform != "win32":  # where live runs are refused
    import fcntl

FOLDER = Path("reports") / "journal"
SUFFIX = ".jsonl"
GONE = "gone"


@dataclass(frozen=True)
class RunManifest:
    """Where a run writes: `tables` are their identities by region, so that no other table is ever taken for it.

    `template` is that of the experiments that the run may start in its first region; empty: it starts none.
    """

    owner: str
    table: str
    tables: Mapping[str, str]
    started: str
    template: str = ""

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self.tables)


class Journal:
    """The journal of one process, which is the only one to write to it."""

    def __init__(self, folder: Path, manifest: RunManifest, process: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._noted: set[Key] = set()
        self._lock = Lock()
        path = folder / f"{manifest.owner}.{process}{SUFFIX}"
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._append(asdict(manifest))

    def note(self, key: Key) -> None:
        """Write down that this item may come into being. Threads may do so."""
        with self._lock:
            if key not in self._noted:
                self._append(list(key))
                self._noted.add(key)

    def close(self) -> None:
        """From now on others may remove what it names."""
        os.close(self._file)

    def _append(self, entry: Any) -> None:
        # One write of a whole line: whatever ends the process, a line is there or the item is not.
        os.write(self._file, (json.dumps(entry) + "\n").encode())


@dataclass(frozen=True)
class Leftover:
    """A journal that was found: where its run wrote, what, and whether the run still lives."""

    path: Path
    manifest: RunManifest
    keys: tuple[Key, ...]
    in_use: bool


def leftovers(folder: Path, owner: str = "") -> list[Leftover]:
    """The journals in a folder, or those of one run, in the order of their names."""
    return [found for path in sorted(folder.glob(f"{owner or '*'}.*{SUFFIX}")) for found in _read(path)]


@contextmanager
def held(journal: Path) -> Iterator[bool]:
    """Whether no other process has the journal; as long as the block lasts none will."""
    with journal.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def forget(leftover: Leftover, key: Key) -> None:
    """Write down that no region has this item any more. Threads may do so."""
    with leftover.path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({GONE: list(key)}) + "\n")


def _read(path: Path) -> Iterator[Leftover]:
    entries = list(_entries(path.read_text(encoding="utf-8")))
    if entries and isinstance(entries[0], dict):
        manifest = RunManifest(**entries[0])
        gone = {Key(*entry[GONE]) for entry in entries[1:] if isinstance(entry, dict) and GONE in entry}
        noted = dict.fromkeys(Key(*entry) for entry in entries[1:] if isinstance(entry, list))
        keys = tuple(key for key in noted if key not in gone)
        with held(path) as free:
            yield Leftover(path, manifest, keys, in_use=not free)


def _entries(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # the line that a dying process did not finish: its item was not created
