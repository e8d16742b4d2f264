"""Pytest plugin: a failed scenario says which step failed, what came before it, and why, instead of Python code."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import _pytest
import pluggy
import pytest
import pytest_bdd

# Not public, but the only form of a failure that xdist brings from a worker to the terminal.
from _pytest._code.code import (
    ExceptionChainRepr,
    ExceptionRepr,
    ReprEntry,
    ReprEntryNative,
    ReprFileLocation,
    ReprTraceback,
    TracebackEntry,
)
from pytest_bdd.parser import Scenario, Step

from support.clock import WallClock
from support.page.claims import FailedStep

Link = tuple[ReprTraceback, ReprFileLocation | None, str | None]
"""One part of what pytest shows of a failure."""

MACHINERY = tuple(Path(package.__path__[0]) for package in (pytest, _pytest, pluggy, pytest_bdd))
"""Code between pytest and a step, of which no failure is ever the fault."""

WORTH_TELLING = 0.01
"""Steps that took less than this many seconds are shown without a duration."""


@dataclass
class Course:
    """How far a scenario got. Steps run in order, so the failed one is the first that didn't pass."""

    scenario: Scenario
    passed: list[float] = field(default_factory=list)
    step_clock: WallClock = field(default_factory=WallClock)
    seconds: float = 0.0
    """How long the failed step took."""

    @property
    def failed_step(self) -> Step | None:
        """The step that failed; None if it happened after the last one."""
        return next(iter(self.scenario.steps[len(self.passed) :]), None)

    @property
    def line(self) -> int:
        return self.failed_step.line_number if self.failed_step else self.scenario.line_number

    def told(self) -> Iterator[str]:
        yield f"{self.scenario.keyword}: {self.scenario.name}"
        ended = [*(("passed", seconds) for seconds in self.passed), ("FAILED", self.seconds)]
        marks = chain(ended, repeat(("not reached", 0.0)))
        for step, (mark, seconds) in zip(self.scenario.steps, marks, strict=False):
            duration = f"  ({seconds:.2f} s)" if seconds >= WORTH_TELLING else ""
            yield f"  {mark:<11}  {step.keyword} {step.name}{duration}"


COURSE = pytest.StashKey[Course]()


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    request.node.stash[COURSE] = Course(scenario)


def pytest_bdd_before_step(request: pytest.FixtureRequest) -> None:
    request.node.stash[COURSE].step_clock = WallClock()


def pytest_bdd_after_step(request: pytest.FixtureRequest) -> None:
    course = request.node.stash[COURSE]
    course.passed.append(course.step_clock.elapsed())


@pytest.hookimpl(tryfirst=True)  # Before the report takes the message.
def pytest_bdd_step_error(request: pytest.FixtureRequest, exception: BaseException) -> None:
    """Take what pytest adds to the message of an assertion off it: the message says it already, in words."""
    course = request.node.stash[COURSE]
    course.seconds = course.step_clock.elapsed()
    if isinstance(exception, AssertionError) and exception.args:
        message, _, added = str(exception.args[0]).partition("\nassert ")
        exception.args = (message,) if added else exception.args


@pytest.hookimpl(wrapper=True, trylast=True)  # Innermost, so that other plugins see what the terminal shows.
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a failed scenario in the words of its feature file."""
    report = yield
    course = item.stash.get(COURSE, None)
    template = getattr(getattr(item, "obj", None), "template", None)
    if template:
        report.location = (*report.location[:2], course.scenario.name if course else template.name)
    if course and report.failed and report.when == "call" and call.excinfo:
        report.longrepr = _failure(item, course, call.excinfo, report.longrepr)
    return report


def failed_step(item: pytest.Item) -> FailedStep | None:
    """The step in which a scenario ended; None if all have passed, or it never began."""
    course = item.stash.get(COURSE, None)
    step = course.failed_step if course else None
    return FailedStep(len(course.passed), step.type, step.name) if course and step else None


def _failure(item: pytest.Item, course: Course, excinfo: pytest.ExceptionInfo[Any], shown: object) -> ExceptionRepr:
    path, style = item.location[0], item.config.getoption("tbstyle")
    head: Link = (_plain([f"{path}:{course.line}", *course.told(), ""]), None, None)
    text = str(excinfo.value) if _is_verdict(excinfo.value) else excinfo.exconly()
    links = _links(item.config, excinfo, shown, text)
    # The last link's place and message are those of the short summary, of --tb=line and of JUnit files.
    last: Link = (links[-1][0], ReprFileLocation(path, course.line, text.strip().splitlines()[0]), None)
    return ExceptionChainRepr([*([] if style == "line" else [head]), *links[:-1], last])


def _links(config: pytest.Config, excinfo: pytest.ExceptionInfo[Any], shown: object, text: str) -> Sequence[Link]:
    # More of Python than we would show, or with --tb=line less.
    asked_for = config.getoption("tbstyle") in ("long", "native", "line")
    asked_for = asked_for or config.getoption("fulltrace") or config.getoption("showlocals")
    # Words of its own has what is no fault of the suite's, without being a verdict.
    if not asked_for and (_is_verdict(excinfo.value) or getattr(excinfo.value, "in_words", False)):
        # Pytest colours the lines that begin like this.
        lines = [f"E   {line}" for line in text.splitlines()]
        return [(ReprTraceback([ReprEntry(lines, None, None, None, "short")], None, "short"), None, None)]
    if not asked_for and isinstance(shown, ExceptionRepr):
        shown = excinfo.getrepr(style="short", tbfilter=_own_frames)
    if isinstance(shown, ExceptionChainRepr):
        return shown.chain
    if isinstance(shown, ExceptionRepr):
        return [(shown.reprtraceback, shown.reprcrash, None)]
    return [(_plain(str(shown).splitlines()), None, None)]


def _is_verdict(error: BaseException) -> bool:
    """Whether a check judged the product, in words; anything else is the fault of the suite or its surroundings."""
    return isinstance(error, AssertionError | pytest.fail.Exception) and bool(str(error).strip())


def _own_frames(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    def is_own(entry: TracebackEntry) -> bool:
        path = Path(entry.path)
        return path.suffix != ".feature" and not any(path.is_relative_to(folder) for folder in MACHINERY)

    return excinfo.traceback.filter(is_own).filter(excinfo) or excinfo.traceback


def _plain(lines: Sequence[str]) -> ReprTraceback:
    return ReprTraceback([ReprEntryNative([f"{line}\n" for line in lines])], None, "native")
