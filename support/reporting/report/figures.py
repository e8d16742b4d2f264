"""The figures of a run as a whole: the delays of each direction, the contentions, what became of the page's claims."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from support.page.annotation import evidence_of
from support.page.claims import ScenarioOutcome, State
from support.page.page_map import Claim, Kind, page_map
from support.page.scenarios import claims_of as claims_of_tags
from support.reporting.recording.outcome import outcome
from support.reporting.rendering.templates import NO, OPEN, YES
from support.reporting.rendering.timing_plot import directions_of
from support.reporting.rendering.winner_card import WRONG, contention_sign, verdict_sentence, writes_of
from support.reporting.report.results import Result, Run
from support.verdicts.delays.timings import Sample, Summary, summarise

Values = Mapping[str, Any]

TIMED = (
    "Replication from <source> to <destination> is usually faster than 2 seconds",
    "Both directions are timed side by side",
)
"""The scenarios that time replication as it is; others cut it, or slow it down, to try the measurement itself."""

PLURAL = {
    State.HOLDS: "hold",
    State.FAILS: "fail",
    State.NOT_REACHED: "were not reached",
    State.NOT_RUN: "were not tested",
    State.FILLED_IN: "are filled in",
    State.DONE: "are instructions that were carried out",
    State.CONTRADICTED: "are contradicted by AWS's documentation",
    State.UNDOCUMENTED: "are not documented by AWS",
    State.UNTESTABLE: "can't be tested by an API",
}
SINGULAR = {
    State.HOLDS: "holds",
    State.FAILS: "fails",
    State.NOT_REACHED: "was not reached",
    State.NOT_RUN: "was not tested",
    State.FILLED_IN: "is filled in",
    State.DONE: "is an instruction that was carried out",
    State.CONTRADICTED: "is contradicted by AWS's documentation",
    State.UNDOCUMENTED: "is not documented by AWS",
    State.UNTESTABLE: "can't be tested by an API",
}


JUDGED = (State.HOLDS, State.FAILS, State.CONTRADICTED, State.UNDOCUMENTED, State.NOT_REACHED, State.NOT_RUN)
"""The states of claims that a run can decide."""

NOT_AWS = "not AWS"
"""How the name of a target says that something else answered."""


class Won(NamedTuple):
    """A contention of a run: its scenario, a sign for the verdict, and the sentence with the winner and the reason."""

    result: Result
    sign: str
    sentence: str
    contention: Values


def template_name(result: Result) -> str:
    """The name of the scenario as it is written: node ids have the rows of outlines in brackets."""
    node_id = str(result.record.get("node_id", ""))
    return node_id.partition("::")[2].partition("[")[0]


def delays(run: Run) -> list[Summary]:
    """The figures of each direction, from all probes of exercise 5 that time replication as it is."""
    return [summarise([_sample(each) for each in samples]) for samples in timed_samples(run).values()]


def _sample(values: Values) -> Sample:
    ends = values["source"], values["destination"]
    return Sample(*ends, values["last_miss"], values["first_hit"], values["gave_up"])


def timed_samples(run: Run) -> dict[str, list[Values]]:
    """The probes that those figures are made of, by their direction."""
    found: dict[str, list[Values]] = {}
    for result in run.results:
        for direction, samples in directions_of(result.record).items() if template_name(result) in TIMED else ():
            found.setdefault(direction, []).extend(samples)
    return dict(sorted(found.items(), reverse=True))


def contentions(run: Run) -> Iterator[Won]:
    for result in run.results:
        writes = writes_of(result.record)
        for contention in result.record.get("contentions", ()):
            yield Won(result, contention_sign(contention), verdict_sentence(contention, writes), contention)


def claims(run: Run) -> list[tuple[Claim, State]]:
    """The claims of the page, each with what is to be said of it after the run."""
    evidence = evidence_of(outcomes(run))
    return [(claim, evidence.state(claim)) for claim in page_map().claims]


def outcomes(run: Run) -> list[ScenarioOutcome]:
    """How each scenario of a run ended, for the page's claims."""
    return [
        outcome({**result.record, "title": result.name, "status": result.status}, result.findings)
        for result in run.results
        if result.record
    ]


def claims_of(result: Result) -> list[str]:
    """The ids of the page's claims that a scenario shows."""
    return list(claims_of_tags(tuple(result.record.get("tags", ()))))


def in_trouble(run: Run) -> Sequence[Result]:
    return [result for result in run.results if result.status not in ("passed", "skipped")]


def plain_message(result: Result) -> str:
    return next(iter(result.message.splitlines()), "")


def plain_reason(result: Result) -> str:
    """Why a scenario failed, in a sentence: the wrong verdict on a conflict, if that is what it came to."""
    for contention in result.record.get("contentions", ()):
        if (contention["verdict"] or {}).get("ruling") == "wrong":
            return verdict_sentence(contention, writes_of(result.record)).removeprefix(WRONG)
    return plain_message(result)


def verdict_sign(run: Run) -> str:
    """A sign for the verdict; that nothing was found wrong where nothing was looked at is none."""
    if run.problems or (run.part and not in_trouble(run)):
        return OPEN
    return NO if in_trouble(run) else YES if run.count("passed") else OPEN


def verdict(run: Run) -> str:
    red = in_trouble(run)
    passed, skipped = run.count("passed"), run.count("skipped")
    total = len(run.results)
    left_out = f", {skipped} skipped" if skipped else ""
    if run.problems:
        return f"No verdict, for this run is not complete. Of what has ended: {passed} passed, {len(red)} did not."
    part = f"This is {run.part} scenarios. " if run.part else ""
    if red:
        causes = Counter(result.cause for result in red)
        why = ", ".join(f"{count} {cause.lower()}" for cause, count in sorted(causes.items()))
        return f"{part}{len(red)} of {total} scenarios did not pass ({why}); {passed} passed{left_out}."
    if not passed:
        return f"No verdict, for nothing was tested: none of {total} scenarios passed{left_out}."
    if part:
        return f"{part}All that were run hold: {passed} passed{left_out}; of the others this run says nothing."
    return f"Everything that was tested holds: {passed} of {total} scenarios passed{left_out}, none failed."


def claims_sentence(run: Run) -> str:
    """What became of the page's claims, never saying more than was shown: simulated runs prove nothing about AWS."""
    asserting = (Kind.EXPECTATION, Kind.NUMBER)  # not instructions and blanks
    counts = Counter(state for claim, state in claims(run) if claim.kind in asserting and state in JUDGED)
    said = [f"{counts[State.HOLDS]} of {counts.total()} claims of the page hold"]
    said += [f"{counts[one]} {(SINGULAR if counts[one] == 1 else PLURAL)[one]}" for one in JUDGED[1:] if counts[one]]
    return f"{warning(run)} {', '.join(said)}."


def warning(run: Run) -> str:
    """What the results are worth: which table was tested."""
    if run.mode == "simulated":
        return "Simulated: proves nothing about AWS yet."
    target = run.environment.get("target", "")
    return f"Not AWS ({target}): proves nothing about AWS." if NOT_AWS in target else "Shown on AWS."


def is_aws(run: Run) -> bool:
    """Whether it was AWS itself that was tested."""
    return run.mode == "live" and NOT_AWS not in run.environment.get("target", "")
