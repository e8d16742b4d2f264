"""What kind of trouble a test is in, for a reader who has to know whom to ask: the categories of the report."""

import re

TOO_LATE = "Replication too late"
WRONG = "Wrong verdict"
ENVIRONMENT = "Environment"
SUITE = "Suite"

LATE_WORDS = re.compile(r"not yet after|did not appear within|took .* or more|was never shown|not available.* after")
"""How the messages of waits that were in vain begin; a step's verdict says so in the same words."""

SUITE_WORDS = re.compile(
    r"^(?:\w+\.)*(?:StepDefinitionNotFoundError|FixtureLookupError|\w*SyntaxError|TypeError|KeyError|AttributeError"
    r"|NameError|IndexError|LookupError|ValueError|ImportError|ModuleNotFoundError|UnboundLocalError"
    r"|ZeroDivisionError|NotImplementedError|RecursionError)\b"
)
"""Exceptions that only a mistake in this suite raises; all others come from what surrounds it."""


def cause_of(status: str, message: str) -> str:
    """The category of a test that ended like this with this message; empty for one that is not in trouble."""
    if status == "failed":
        return TOO_LATE if LATE_WORDS.search(message) else WRONG
    if status == "broken":
        return SUITE if SUITE_WORDS.search(message) else ENVIRONMENT
    return ""
