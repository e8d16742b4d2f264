"""A run that does not come to its end: what is missing, how that is told, and the Allure results that say so.

Allure counts only results. Without these a run of which half never ran would look wholly passed.
"""

from collections.abc import Iterator, Mapping
from hashlib import md5
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from support.gherkin.regions import in_words_of_run, renamed_regions
from support.reporting.recording.cause import INCOMPLETE, NO_RESULT, NOT_ENDED

Values = Mapping[str, Any]
FILE = "run.json"
PREFIX = "missing#"
"""How the full names of these results begin."""

UNKNOWN_MODE = "simulated"


def missing(known: Values, recorded: set[str]) -> list[str]:
    """The tests of a run without a result; `known` is its record, `recorded` are the tests that left one."""
    there = {*known.get("ended", ()), *recorded}
    return [test for test in known.get("collected", ()) if test not in there]


def problems(known: Values, lost: int, gone: int = 0) -> Iterator[str]:
    """Why the results are not the whole run; `lost` is how many tests have none, `gone` of how many it is not there."""
    if not known:
        yield f"whether the run came to its end is not known: its {FILE} is missing"
        return
    without = f"{lost} of {len(known['collected'])} tests {'has' if lost == 1 else 'have'} no result"
    and_so = f", and {without}" if lost else ""
    if not known["finished"]:
        yield f"the run was killed, or is still going on: it never came to its end{and_so}"
    if known["stopped_because"]:
        yield f"the run did not come to its end: {known['stopped_because']}{and_so}"
    if known.get("mixed"):
        yield "two runs wrote into this folder at the same time: their results are mixed"
    if lost and known["finished"] and not known["stopped_because"]:
        yield f"{without}: they never started, or their process crashed"
    if gone > 0:
        yield f"{gone} of {len(known['collected'])} tests ended, and the folder does not have their results"


def results(known: Values, mode: str, lost: list[str], at: int) -> Iterator[dict[str, Any]]:
    """A broken result for the run itself, and one for each test without a result; none for a run that is complete."""
    said = list(problems(known, len(lost)))
    if said:
        yield _broken("run", NOT_ENDED, f"{NOT_ENDED}: {'; '.join(said)}", mode, at)
    regions = known.get("environment", {}).get("regions")
    renamed = renamed_regions(regions.split(", ")) if regions else {}
    for test in lost:
        title = in_words_of_run(test.partition("::")[2] or test, renamed)
        yield _broken(test, title, NO_RESULT, mode, at)


def _broken(name: str, title: str, message: str, mode: str, at: int) -> dict[str, Any]:
    feature = "This run" if name == "run" else "Without a result"
    identity = md5(name.encode(), usedforsecurity=False).hexdigest()
    labels = {"mode": mode, "epic": "0 This run", "feature": feature, "cause": INCOMPLETE}
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"global tables/missing/{name}")),
        "name": title,
        "fullName": f"{PREFIX}{name}",
        "testCaseId": identity,
        "historyId": identity,
        "status": "broken",
        "statusDetails": {"message": message},
        "start": at,
        "stop": at,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }
