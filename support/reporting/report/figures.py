"""The figures of a run as a whole: the delays of each direction, the contentions, what became of the page's claims."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from support.page.annotation import Suggestion, suggestions
from support.page.claims import Evidence, State, claims_in_words
from support.page.page_map import Claim, page_map
from support.reporting.rendering.templates import NO, OPEN, YES
from support.reporting.rendering.timing_plot import directions_of
from support.reporting.rendering.winner_card import contention_sign, verdict_sentence
from support.reporting.report.results import Run
from support.reporting.scenario_result import ScenarioResult
from support.verdicts.delays.timings import Sample, Summary, summarise
from support.verdicts.findings import Finding

Values = Mapping[str, Any]

TIMED = (
    "Replication from <source> to <destination> is usually faster than 2 seconds",
    "Both directions are timed side by side",
)
"""The scenarios that time replication as it is; others cut it, or slow it down, to try the measurement itself."""

NOT_AWS = "not AWS"
"""How the name of a target says that something else answered."""


class Won(NamedTuple):
    """A contention of a run: its scenario, a sign for the verdict, and the sentence with the winner and the reason."""

    result: ScenarioResult
    sign: str
    sentence: str
    contention: Values


class Contested(NamedTuple):
    """Contentions of one kind: what one is, what several are, and in how many of them it was as it should be."""

    one: str
    several: str
    should: str
    number: int
    right: int
    open: int = 0
    """So many more have no verdict."""

    @property
    def sentence(self) -> str:
        more = f"; of {self.open} more there is no verdict" if self.open else ""
        if not self.number:
            return f"of {self.open} {self.one if self.open == 1 else self.several} there is no verdict"
        if self.right < self.number:
            wrong = self.number - self.right
            return f"in {wrong} of {self.number} {self.several} it was not so that {self.should}{more}"
        of_all = {1: f"in the one {self.one}", 2: f"in both {self.several}"}
        return f"{of_all.get(self.number, f'in all {self.number} {self.several}')} {self.should}{more}"


NEARLY = 0.01
"""Seconds: closer than this AWS does not document which of two updates counts as the later one."""


def template_name(result: ScenarioResult) -> str:
    """The name of the scenario as it is written: node ids have the rows of outlines in brackets."""
    return result.node_id.partition("::")[2].partition("[")[0]


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
        for direction, samples in directions_of(result).items() if template_name(result) in TIMED else ():
            found.setdefault(direction, []).extend(samples)
    return dict(sorted(found.items(), reverse=True))


def of_cuts(run: Run) -> list[tuple[ScenarioResult, Finding]]:
    """What the scenarios that passed have found out about replication that was cut."""
    passed = [result for result in run.results if result.status == "passed"]
    return [(result, each) for result in passed for each in result.findings if each.kind == "recovery"]


def contentions(run: Run) -> Iterator[Won]:
    for result in run.results:
        for contention in result.contentions:
            yield Won(result, contention_sign(contention), verdict_sentence(contention), contention)


def claims(run: Run) -> list[tuple[Claim, State]]:
    """The claims of the page, each with what is to be said of it after the run."""
    evidence = Evidence(tuple(outcomes(run)))
    corrected = run.corrected
    return [
        (claim, evidence.shown(claim) if claim.id in corrected else evidence.state(claim))
        for claim in page_map().claims
    ]


def outcomes(run: Run) -> list[ScenarioResult]:
    """The scenarios of a run, for the page's claims."""
    return [each for each in run.results if each.feature]


def contested(won: Sequence[Won]) -> list[Contested]:
    """What came of the contentions, told apart by what AWS documents of them."""
    kinds: dict[tuple[str, str, str], list[Won]] = {}
    for each in won:
        sent = sorted(write["invoked"] for write in each.contention["contenders"])
        if each.contention["kind"] == "sequential overwrite":
            had_seen = "that had seen the earlier update"
            kind = f"overwrite {had_seen}", f"overwrites {had_seen}", "the later one stayed"
        elif each.contention["kind"] != "conflict":
            doubt = "of which it is not known whether it was a conflict"
            kind = f"case {doubt}", f"cases {doubt}", "both regions kept the same one"
        elif sent[-1] - sent[-2] >= NEARLY:
            kind = "conflict", "conflicts", "the update written last was kept, whole, in both regions"
        else:
            nearly = "at nearly the same moment"
            kind = f"conflict {nearly}", f"conflicts {nearly}", "both regions kept the same one"
        kinds.setdefault(kind, []).append(each)
    return [_counted(kind, alike) for kind, alike in kinds.items()]


def _counted(kind: tuple[str, str, str], alike: Sequence[Won]) -> Contested:
    judged = [each for each in alike if each.contention["verdict"]]
    return Contested(*kind, len(judged), sum(each.sign == YES for each in judged), len(alike) - len(judged))


def in_trouble(run: Run) -> Sequence[ScenarioResult]:
    return [result for result in run.results if result.is_red]


def by_cause(run: Run) -> list[tuple[str, list[ScenarioResult]]]:
    """What went wrong, by what was seen; what there is most of comes first."""
    causes = Counter(each.cause for each in in_trouble(run))
    return [(cause, [each for each in in_trouble(run) if each.cause == cause]) for cause, _ in causes.most_common()]


def plain_message(result: ScenarioResult) -> str:
    return next(iter(result.message.splitlines()), "")


def plain_reason(result: ScenarioResult) -> str:
    """Why a scenario failed, in a sentence: the wrong verdict on a conflict, if that is what it came to."""
    for contention in result.contentions:
        if (contention["verdict"] or {}).get("ruling") == "wrong":
            return verdict_sentence(contention)
    return plain_message(result)


def broken_on_purpose(run: Run) -> str:
    """The faults of the table that was tested; empty for none."""
    faults = run.environment.get("faults", "none")
    return "" if faults == "none" else faults


def gives_advice(run: Run) -> bool:
    """Whether the run can say what the page should: a table that is wrong, or was broken on purpose, says nothing."""
    return not (run.problems or in_trouble(run) or broken_on_purpose(run) or not run.count("passed"))


def corrections(run: Run) -> list[Suggestion]:
    return [each for each in suggestions(outcomes(run)) if each.claim not in run.corrected] if gives_advice(run) else []


def verdict_sign(run: Run) -> str:
    """A sign for the verdict; that nothing was found wrong where nothing was looked at is none."""
    if run.problems or ((run.part or run.page_changes) and not in_trouble(run)):
        return OPEN
    return NO if in_trouble(run) else YES if run.count("passed") else OPEN


def answer(run: Run) -> str:
    """Whether the page can be taught as it stands, in a sentence."""
    if run.problems:
        return "No answer: this run is not complete."
    if broken_on_purpose(run):
        return f"This says nothing of the page: the table was broken on purpose ({broken_on_purpose(run)})."
    if in_trouble(run):
        return (
            "The page can't be taught on this table." if not run.part else "What was run can't be taught on this table."
        )
    if not run.count("passed"):
        return "No answer: nothing was tested."
    if run.part:
        return "No answer for the whole page: only a part of it was run."
    if number := len(run.page_changes):
        lines = "1 line" if number == 1 else f"{number} lines"
        return f"No answer for the page that was given: it differs in {lines} from the one that is tested."
    number = len(corrections(run))
    if not number:
        return "The page can be taught as it stands."
    return f"The page can be taught after {number} correction{'s' if number > 1 else ''}."


def verdict(run: Run) -> str:
    """How the scenarios went, in a sentence."""
    red = in_trouble(run)
    passed, skipped, total = run.count("passed"), run.count("skipped"), len(run.results)
    left_out = f", {skipped} skipped" if skipped else ""
    if run.problems:
        return f"Of what has ended {passed} scenarios passed, {len(red)} did not."
    part = f"This is {run.part} scenarios. " if run.part else ""
    if red:
        why = ", ".join(f"{len(alike)} {cause}" for cause, alike in by_cause(run))
        return f"{part}{len(red)} of {total} scenarios did not pass ({why}); {passed} passed{left_out}."
    others = "; of the others this run says nothing" if part else ""
    return f"{part}{passed} of {total} scenarios passed{left_out}, none failed{others}."


def claims_sentence(run: Run) -> str:
    """What became of all lines of the page that claim something: the states add up to them."""
    return claims_in_words(state for _, state in claims(run))


def warning(run: Run) -> str:
    """What the results are worth: which table was tested."""
    if run.mode == "simulated":
        return "Simulated: proves nothing about AWS yet."
    target = run.environment.get("target", "")
    return f"{target[:1].upper()}{target[1:]}: proves nothing about AWS." if NOT_AWS in target else "Shown on AWS."


def is_aws(run: Run) -> bool:
    """Whether it was AWS itself that was tested."""
    return run.mode == "live" and NOT_AWS not in run.environment.get("target", "")
