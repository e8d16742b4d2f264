"""The result of a scenario: one record of one try of a test, made where it ran.

It travels on the last reports of the test to the process that was started, and with `--alluredir` lies as a file next
to its Allure result. Allure, the terminal, the pages, results.json, evidence, cost and history are made of it. Nothing
in it is secret: items are the page's, and no account, host or path is known to a history.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from support.page.claims import FailedStep, ScenarioOutcome
from support.verdicts.conflicts import Conflict
from support.verdicts.delays import Arrivals, Delay, Sample
from support.verdicts.findings import Finding

SCHEMA = 4
SUFFIX = "-scenario.json"
WORKED_OUT = ("delays", "winner")
"""What follows from the findings, and is not written."""

Values = Mapping[str, Any]
Found = TypeVar("Found", bound=Finding)

PARTS: Mapping[str, str] = {
    "exercise": "1 Exercises",
    "scenario": "2 Real-world scenarios",
    "monitoring": "3 Performance monitoring",
    "troubleshooting": "4 Troubleshooting guide",
    "health": "5 Global table health",
}
"""The parts of the page in its order, under the first word of the tag that each of their features has.

They are numbered because Allure sorts by name.
"""

ELSEWHERE = "6 Other tests"


@dataclass(frozen=True)
class Step:
    """A step, what it has below its line in the feature file, and what was done and found in it: steps with details.

    `start` and `stop` are milliseconds.
    """

    name: str
    status: str
    start: int
    stop: int
    details: Sequence[tuple[str, str]] = ()
    steps: Sequence["Step"] = ()
    table: Sequence[Sequence[str]] = ()
    text: str = ""

    @property
    def seconds(self) -> float:
        return (self.stop - self.start) / 1000


@dataclass(frozen=True, kw_only=True)
class ScenarioResult(ScenarioOutcome):
    """How one try of a test went; `feature` is empty for a test that is no scenario.

    `paragraphs` are those of its feature file, `row` is the number of its row of Examples.
    `message` is what it ended with, `cause` the kind of trouble, `inconclusive` says that a later try may replace this
    one, `no_conflict` that no two writes met in it. `where` is the worker of xdist that ran it; `start` and `stop` are
    milliseconds, `seconds` those of the target. `consumed` is what it has cost. Operations (`writes` to `contentions`)
    are known with `--alluredir` only.
    """

    uuid: str = ""
    mode: str = ""
    feature: str = ""
    rule: str = ""
    part: str = ""
    file: str = ""
    line: int = 0
    row: int = 0
    paragraphs: Sequence[str] = ()
    cause: str = ""
    message: str = ""
    inconclusive: bool = False
    no_conflict: bool = False
    where: str = ""
    start: int = 0
    stop: int = 0
    simulated: bool = False
    seconds: float = 0.0
    consumed: str = ""
    steps: Sequence[Step] = ()
    findings: Sequence[Finding] = ()
    writes: Sequence[Values] = ()
    reads: Sequence[Values] = ()
    arrivals: Sequence[Values] = ()
    contentions: Sequence[Values] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding], **known: Any) -> "ScenarioResult":
        """With the delays and the winner that the findings tell."""
        found = tuple(findings)
        return cls(
            findings=found,
            delays=tuple(_delays(found)),
            winner=next((each.winner_name for each in found if isinstance(each, Conflict) and each.winner_name), ""),
            **known,
        )

    def found(self, kind: type[Found]) -> list[Found]:
        return [each for each in self.findings if isinstance(each, kind)]

    @property
    def place(self) -> tuple[str, str, int, int, str]:
        """Sort by this to have scenarios in the order of the page, and other tests after them."""
        return self.part or "9", self.feature, self.line, self.row, self.node_id

    @property
    def real_seconds(self) -> float:
        return (self.stop - self.start) / 1000

    @property
    def headline(self) -> str:
        return self.message.partition("\n")[0]

    @property
    def tries_the_measurement(self) -> bool:
        """Whether replication is slowed down or cut, to see what comes of it: its delays are not the table's own."""
        return not {"chosen_lag", "one_way_cut"}.isdisjoint(self.tags)

    @property
    def is_red(self) -> bool:
        return self.status not in ("passed", "skipped")

    def to_json(self) -> str:
        plain = asdict(replace(self, findings=()))
        values = {name: value for name, value in plain.items() if name not in WORKED_OUT}
        values["findings"] = [each.to_json() for each in self.findings]
        return json.dumps({"schema": SCHEMA, **values}, default=_plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "ScenarioResult":
        """What `to_json` wrote. Raises ValueError for anything else."""
        values = json.loads(text)
        if values.pop("schema", None) != SCHEMA:
            raise ValueError("it is of another version of this suite")
        step = values.pop("failed_step")
        values["steps"] = [_step(each) for each in values["steps"]]
        values["tags"] = tuple(values["tags"])
        found = [Finding.from_json(each) for each in values.pop("findings")]
        return cls.of(found, failed_step=FailedStep(**step) if step else None, **values)


def part_of(tags: Collection[str]) -> str:
    """The part of the page that a feature with these tags transcribes; empty for one that transcribes none."""
    kinds = {tag.partition("_")[0] for tag in tags}
    return next((part for kind, part in PARTS.items() if kind in kinds), "")


def counted(tries: Iterable[ScenarioResult]) -> tuple[list[ScenarioResult], list[ScenarioResult]]:
    """The results that count, in the order of the page, and the inconclusive tries that a later one has replaced.

    Only a try that showed nothing is replaced: the suite repeats an inconclusive scenario of a live run. Any other
    second result of a test (`--dist each`, `--reruns`) is one of its own: a failure is never hidden by a later pass.
    """
    kept: dict[str, list[ScenarioResult]] = {}
    replaced: list[ScenarioResult] = []
    for each in sorted(tries, key=lambda one: one.stop, reverse=True):
        if each.inconclusive and each.node_id in kept:
            replaced.append(each)
        else:
            kept.setdefault(each.node_id, []).append(each)
    return sorted((each for one in kept.values() for each in one), key=lambda each: (each.place, each.stop)), replaced


def named_apart(results: Sequence[ScenarioResult]) -> list[ScenarioResult]:
    """The results, those of one test with a number in their titles: Allure would take them for retries of the last."""
    number, several = Counter[str](), Counter(each.node_id for each in results)
    named = []
    for each in results:
        number[each.node_id] += 1
        where = f" on {each.where}" if each.where else ""
        apart = f"{each.title} (run {number[each.node_id]} of {several[each.node_id]}{where})"
        named.append(replace(each, title=apart) if several[each.node_id] > 1 else each)
    return named


def _delays(findings: Iterable[Finding]) -> Iterator[tuple[str, float]]:
    """Direction and seconds of each delay, infinite for an item that did not arrive in time."""
    for finding in findings:
        if isinstance(finding, Delay):
            yield finding.direction, finding.sample.delay
        elif isinstance(finding, Arrivals):
            yield from ((finding.direction, Sample(**each).delay) for each in finding.samples)


def _step(values: dict[str, Any]) -> Step:
    return Step(**{**values, "steps": [_step(each) for each in values["steps"]]})


def _plain(value: object) -> object:
    """Values that JSON does not know."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
