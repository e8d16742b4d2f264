"""Several results of one test: only a try that showed nothing may be replaced by a later one.

The suite repeats an inconclusive scenario of a live run. Any other second result (`--dist each`, `--reruns`) is a
result of its own: a failure is never hidden by a later pass.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import md5
from pathlib import Path
from typing import Any, Protocol, TypeVar

from support.reporting.recording.scenario_record import SUFFIX


class _Try(Protocol):
    @property
    def test(self) -> str: ...

    @property
    def stop(self) -> int: ...

    @property
    def inconclusive(self) -> bool: ...


T = TypeVar("T", bound=_Try)


def counted(tries: Iterable[T]) -> tuple[list[T], list[T]]:
    """The results that count, the last one of each test first, and the inconclusive tries that were replaced."""
    kept: dict[str, list[T]] = {}
    replaced: list[T] = []
    for each in sorted(tries, key=lambda one: one.stop, reverse=True):
        if each.inconclusive and each.test in kept:
            replaced.append(each)
        else:
            kept.setdefault(each.test, []).append(each)
    return [each for one in kept.values() for each in one], replaced


class _Written:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.allure: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        record = path.with_name(f"{self.allure['uuid']}{SUFFIX}")
        self._record = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
        self.test = str(self._record.get("node_id") or self.allure.get("historyId") or self.allure["uuid"])
        self.stop = int(self.allure.get("stop", 0))
        self.inconclusive = bool(self._record.get("inconclusive"))
        self.where = str(self._record.get("where", ""))


def keep_apart(folder: Path) -> None:
    """Give each further result of a test an identity of its own, for Allure would take it for a retry of the last."""
    kept, _ = counted(_Written(path) for path in sorted(folder.glob("*-result.json")))
    of_test: dict[str, list[_Written]] = {}
    for each in kept:
        of_test.setdefault(each.test, []).append(each)
    for several in of_test.values():
        if len(several) > 1:
            _rename(several)


def _rename(several: Sequence[_Written]) -> None:
    for number, each in enumerate(reversed(several), 1):
        where = f" on {each.where}" if each.where else ""
        name = f"{each.allure['name']} (run {number} of {len(several)}{where})"
        ids = {
            kind: md5(f"{each.allure.get(kind)}/{number}{where}".encode(), usedforsecurity=False).hexdigest()
            for kind in ("historyId", "testCaseId")
        }
        each.path.write_text(json.dumps({**each.allure, **ids, "name": name}, ensure_ascii=False), encoding="utf-8")
