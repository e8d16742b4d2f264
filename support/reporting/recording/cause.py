"""What kind of trouble a test is in, for a reader who has to know whom to ask: the categories of the report."""

import re
from traceback import format_exception_only

import pytest
from pytest_bdd.exceptions import StepDefinitionNotFoundError

from support.page.claims import BROKEN, FAILED, PASSED, SKIPPED
from support.verdicts.errors import KINDS, NoVerdictError, VerdictError

ENVIRONMENT = "Environment"
SUITE = "Suite"
INCOMPLETE = "Run not complete"
CAUSES = (*(each.kind for each in KINDS), ENVIRONMENT, SUITE, INCOMPLETE)

INTERRUPTED = "the run was interrupted while this test was running: it has no verdict"
NO_RESULT = "this test has no result: it never started, was interrupted, or the process that ran it crashed"
NOT_ENDED = "This run did not come to its end"
"""How the messages of what never came to its end begin."""

OF_THE_SUITE = (
    StepDefinitionNotFoundError, pytest.FixtureLookupError, SyntaxError, TypeError, LookupError, AttributeError,
    NameError, ValueError, ImportError, ArithmeticError, NotImplementedError, RecursionError, AssertionError,
)  # fmt: skip
"""Exceptions that only a mistake in this suite raises, as an assertion without words; all others come from what
surrounds it.
"""


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
    in_words = isinstance(error, AssertionError | NoVerdictError) or cause_of(error) == ENVIRONMENT
    return str(error) if in_words and str(error) else formatted(error)


def formatted(error: BaseException) -> str:
    """The exception as pytest and Allure write it."""
    return "".join(format_exception_only(error)).strip()


def categories() -> list[dict[str, object]]:
    """For `categories.json`, from which Allure 2 and its kin make categories: messages begin with their cause."""
    return [
        {"name": cause, "matchedStatuses": ["failed", "broken"], "messageRegex": f"(?s){re.escape(cause)}: .*"}
        for cause in CAUSES
    ]
