"""How a failed scenario is told: which step failed, what came before it, and why, instead of Python code."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from traceback import format_exception_only
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
from pytest_bdd.exceptions import StepDefinitionNotFoundError
from pytest_bdd.parser import Scenario

from support.page.claims import BROKEN, FAILED, PASSED, SKIPPED
from support.reporting.scenario_result import Step
from support.verdicts.errors import NoVerdictError, VerdictError

Link = tuple[ReprTraceback, ReprFileLocation | None, str | None]
"""One part of what pytest shows of a failure."""

MACHINERY = tuple(Path(package.__path__[0]) for package in (pytest, _pytest, pluggy, pytest_bdd))
"""Code between pytest and a step, of which no failure is ever the fault."""

WORTH_TELLING = 0.01
"""Steps that took less than this many seconds are shown without a duration."""


ENVIRONMENT = "Environment"
SUITE = "Suite"

OF_THE_SUITE = (
    StepDefinitionNotFoundError, pytest.FixtureLookupError, SyntaxError, TypeError, LookupError, AttributeError,
    NameError, ValueError, ImportError, ArithmeticError, NotImplementedError, RecursionError, AssertionError,
)  # fmt: skip
"""Exceptions that only a mistake in this suite raises, as an assertion without words; all others come from what
surrounds it.
"""


def failure(
    item: pytest.Item, scenario: Scenario, ended: Sequence[Step], excinfo: pytest.ExceptionInfo[Any], shown: object
) -> ExceptionRepr:
    """What pytest is to show of a scenario in which these steps have ended, instead of what it would show."""
    path, style = item.location[0], item.config.getoption("tbstyle")
    left = scenario.steps[sum(each.status == PASSED for each in ended) :]
    line = left[0].line_number if left else scenario.line_number
    head: Link = (_plain([f"{path}:{line}", *_steps(scenario, ended), ""]), None, None)
    text = str(excinfo.value) if status_of(excinfo.value) == FAILED else excinfo.exconly()
    if isinstance(excinfo.value, NoVerdictError):  # Its name is what pytest-rerunfailures looks for.
        text = f"{type(excinfo.value).__name__}: {excinfo.value}"
    links = _links(item.config, excinfo, shown, text)
    # The last link's place and message are those of the short summary, of --tb=line and of JUnit files.
    last: Link = (links[-1][0], ReprFileLocation(path, line, text.strip().splitlines()[0]), None)
    return ExceptionChainRepr([*([] if style == "line" else [head]), *links[:-1], last])


def _steps(scenario: Scenario, ended: Sequence[Step]) -> Iterator[str]:
    yield f"{scenario.keyword}: {scenario.name}"
    for step, end in zip_longest(scenario.steps, ended):
        mark = "not reached" if end is None else "passed" if end.status == PASSED else "FAILED"
        duration = f"  ({end.seconds:.2f} s)" if end and end.seconds >= WORTH_TELLING else ""
        yield f"  {mark:<11}  {step.keyword} {step.name}{duration}"


def _links(config: pytest.Config, excinfo: pytest.ExceptionInfo[Any], shown: object, text: str) -> Sequence[Link]:
    # More of Python than we would show, or with --tb=line less.
    asked_for = config.getoption("tbstyle") in ("long", "native", "line")
    asked_for = asked_for or config.getoption("fulltrace") or config.getoption("showlocals")
    if not asked_for and is_in_words(excinfo.value):
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


def _own_frames(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    def is_own(entry: TracebackEntry) -> bool:
        path = Path(entry.path)
        return path.suffix != ".feature" and not any(path.is_relative_to(folder) for folder in MACHINERY)

    return excinfo.traceback.filter(is_own).filter(excinfo) or excinfo.traceback


def _plain(lines: Sequence[str]) -> ReprTraceback:
    return ReprTraceback([ReprEntryNative([f"{line}\n" for line in lines])], None, "native")


def status_of(error: BaseException | None) -> str:
    """How a step or a test ends with this exception: only a check that failed in words is a verdict."""
    if error is None:
        return PASSED
    if isinstance(error, AssertionError | pytest.fail.Exception) and str(error).strip():
        return FAILED
    return SKIPPED if isinstance(error, pytest.skip.Exception) else BROKEN


def cause_of(error: BaseException | None) -> str:
    """The category of a test that ended with this exception; None: with no exception of its own."""
    if isinstance(error, VerdictError):
        return error.kind
    if status_of(error) == FAILED:
        return VerdictError.kind
    return SUITE if isinstance(error, OF_THE_SUITE) else ENVIRONMENT


def plain_message(error: BaseException) -> str:
    """What the exception says; without its name, unless it is this suite that has to be mended."""
    says_all = is_in_words(error) or cause_of(error) == ENVIRONMENT
    return str(error) if says_all and str(error) else formatted(error)


def is_in_words(error: BaseException) -> bool:
    """Whether it is a verdict, or says why there is none: no place in Python says more."""
    return status_of(error) == FAILED or isinstance(error, NoVerdictError)


def formatted(error: BaseException) -> str:
    """The exception as pytest and Allure write it."""
    return "".join(format_exception_only(error)).strip()
