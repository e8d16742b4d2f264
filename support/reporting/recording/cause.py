"""What kind of trouble a test is in, for a reader who has to know whom to ask: the categories of the report."""

import re

from support.verdicts.errors import WORTH_ANOTHER_TRY

TOO_LATE = "Replication too late"
WRONG = "Wrong verdict"
ENVIRONMENT = "Environment"
SUITE = "Suite"
INCOMPLETE = "Run not complete"

INTERRUPTED = "the run was interrupted while this test was running: it has no verdict"
NO_RESULT = "this test has no result: it never started, was interrupted, or the process that ran it crashed"
NOT_ENDED = "This run did not come to its end"
"""How the messages of what never came to its end begin."""

LATE_WORDS = r"not yet after|did not appear within|took [^\n]* or more|was never shown|not available[^\n]* after"
"""How the messages of waits that were in vain begin; a step's verdict says so in the same words."""

SUITE_WORDS = (
    r"(?:\w+\.)*(?:StepDefinitionNotFoundError|FixtureLookupError|\w*SyntaxError|TypeError|KeyError|AttributeError"
    r"|NameError|IndexError|LookupError|ValueError|ImportError|ModuleNotFoundError|UnboundLocalError"
    r"|ZeroDivisionError|NotImplementedError|RecursionError)\b"
)
"""Exceptions that only a mistake in this suite raises; all others come from what surrounds it."""

EXCEPTION = re.compile(r"^(?:\w+\.)*\w+(?:Error|Exception|Exit|Failed): ")
"""How the message of a failure begins, which means nothing to a reader who knows no Python."""

INCONCLUSIVE = re.compile(rf"^(?:\w+\.)*(?:{'|'.join(each.__name__ for each in WORTH_ANOTHER_TRY)})\b")
"""How the message of a try begins that a live run may repeat (see support/targets/live_run/reruns.py)."""

NOT_COMPLETE_WORDS = "|".join(map(re.escape, (INTERRUPTED, NO_RESULT, NOT_ENDED)))


def cause_of(status: str, message: str) -> str:
    """The category of a test that ended like this with this message; empty for one that is not in trouble."""
    if status == "failed":
        return TOO_LATE if re.search(LATE_WORDS, message) else WRONG
    if status != "broken":
        return ""
    if re.match(NOT_COMPLETE_WORDS, message):
        return INCOMPLETE
    return SUITE if re.match(SUITE_WORDS, message) else ENVIRONMENT


def in_plain_words(message: str) -> str:
    """The message without the name of its exception, unless it is this suite that has to be mended."""
    return message if re.match(SUITE_WORDS, message) else EXCEPTION.sub("", message.strip())


def categories() -> list[dict[str, object]]:
    """The same for `categories.json`, from which Allure 2 and its kin make categories: regular expressions of Java."""
    late, suite, incomplete = (f"(?s){words}" for words in (f".*(?:{LATE_WORDS}).*", f"(?:{SUITE_WORDS}).*",
                               f"(?:{NOT_COMPLETE_WORDS}).*"))  # fmt: skip
    surroundings = f"(?s)(?!{SUITE_WORDS}|{NOT_COMPLETE_WORDS}).*"
    rows = [
        (WRONG, "failed", f"(?s)(?!.*(?:{LATE_WORDS})).*"),
        (TOO_LATE, "failed", late),
        (ENVIRONMENT, "broken", surroundings),
        (SUITE, "broken", suite),
        (INCOMPLETE, "broken", incomplete),
    ]
    return [{"name": name, "matchedStatuses": [status], "messageRegex": regex} for name, status, regex in rows]
