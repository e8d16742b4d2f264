"""Updates that contended for an item: what each had seen, which should have won and which did, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.reporting.rendering.templates import NO, OPEN, YES, sentence, time_of_day
from support.reporting.scenario_result import ScenarioResult, Values
from support.verdicts.conflicts import Kind, Ruling

SIGNS: Mapping[str, str] = {Ruling.DECIDED: YES, Ruling.WRONG: NO, Ruling.UNKNOWN: OPEN}
SHOWN_APART = ("update_timestamp", "total_amount")
FOUND = {"absent": "no item", "stale": "the item as it was before", "unknown": "an item that no update left"}


NEARLY = 0.01
"""Seconds: closer than this AWS does not document which of two updates counts as the later one."""


@dataclass(frozen=True)
class WinnerCard:
    """A contention of a scenario, in the words of the winner card, which is readable without colours."""

    result: ScenarioResult
    values: Values

    @property
    def verdict(self) -> Values:
        return self.values["verdict"] or {}

    @property
    def ruling(self) -> str:
        return str(self.verdict.get("ruling", "none"))

    @property
    def sign(self) -> str:
        return SIGNS.get(self.ruling, OPEN)

    @property
    def headline(self) -> str:
        if not self.verdict:
            return f"no verdict was reached: {self.values['trouble'] or 'the regions were not compared to the end'}."
        because = self.verdict["because"]
        if self.verdict["winner"] is None:
            return f"No winner: {because}."
        return f"{'Wrong: ' if self.ruling == Ruling.WRONG else ''}{self.verdict['winner_name']} won: {because}."

    @property
    def names(self) -> list[str]:
        """The writers, over the columns of `rows`."""
        return ["", *(sentence(str(write["by"] or write["name"])) for write in self.values["contenders"])]

    @property
    def rows(self) -> Iterator[list[str]]:
        contenders = self.values["contenders"]
        yield ["region", *(write["region"] for write in contenders)]
        yield ["what was done", *map(_done, contenders)]
        yield ["sent", *(time_of_day(write["at"]) for write in contenders)]
        yield ["acknowledged", *map(_acknowledged, contenders)]
        yield ["update_timestamp in the item", *(_attribute(write, "update_timestamp") for write in contenders)]
        yield ["amount", *(_attribute(write, "total_amount") for write in contenders)]
        yield ["had seen before writing", *map(_seen, contenders, self.values["had_seen"])]
        yield ["what became of it", *(self._fate(write["number"]) for write in contenders)]

    @property
    def regions(self) -> list[list[str]]:
        """What each region was expected to show against what it showed."""
        predicted = self.values["predicted"]
        expectation = " or ".join(predicted) + (", everywhere the same" if len(predicted) > 1 else "")
        rows = []
        for seen in self.values["observed"]:
            found = f"{_found(seen)}, at {time_of_day(seen['at'])}"
            rows.append([seen["region"], expectation, found, YES if seen["expected"] else f"{NO} differs"])
        return rows

    @property
    def rules(self) -> list[list[str]]:
        fits = "names the same winner here, so it is neither shown nor refuted"
        if self.ruling == Ruling.WRONG:
            fits = "would explain what was found"
        excluded = f"{NO} excluded: this example refutes it"
        return [
            *([rule, excluded] for rule in self.verdict.get("excluded_rules", ())),
            *([rule, f"{OPEN} {fits}"] for rule in self.verdict.get("open_rules", ())),
        ]

    def _fate(self, number: int) -> str:
        if self.verdict.get("winner") is None:
            return f"{OPEN} undecided"
        if number == self.verdict["winner"]:
            return f"{YES} won: kept whole"
        return f"{NO} overwritten" if self.values["kind"] == Kind.SEQUENTIAL else f"{NO} lost: dropped whole"

    @property
    def should(self) -> tuple[str, str, str]:
        """What one like it is, what several are, and what AWS documents of them."""
        sent = sorted(write["invoked"] for write in self.values["contenders"])
        if self.values["kind"] == Kind.SEQUENTIAL:
            had_seen = "that had seen the earlier update"
            return f"overwrite {had_seen}", f"overwrites {had_seen}", "the later one stayed"
        if self.values["kind"] != Kind.CONFLICT:
            doubt = "of which it is not known whether it was a conflict"
            return f"case {doubt}", f"cases {doubt}", "both regions kept the same one"
        if sent[-1] - sent[-2] >= NEARLY and not self.verdict.get("undecidable"):
            return "conflict", "conflicts", "the update written last was kept, whole, in both regions"
        nearly = "at nearly the same moment"
        return f"conflict {nearly}", f"conflicts {nearly}", "both regions kept the same one"


def winner_cards(result: ScenarioResult) -> list[WinnerCard]:
    return [WinnerCard(result, each) for each in result.contentions]


def contested(contentions: Sequence[WinnerCard]) -> list[str]:
    """What came of contentions in a sentence for each kind, told apart by what AWS documents of them."""
    kinds = dict.fromkeys(each.should for each in contentions)
    return [_counted(*kind, [each for each in contentions if each.should == kind]) for kind in kinds]


def _counted(one: str, several: str, should: str, alike: Sequence[WinnerCard]) -> str:
    judged = [each for each in alike if each.verdict]
    number, right, left = len(judged), sum(each.sign == YES for each in judged), len(alike) - len(judged)
    if not judged:
        return f"of {left} {one if left == 1 else several} there is no verdict"
    more = f"; of {left} more there is no verdict" if left else ""
    if right < number:
        return f"in {number - right} of {number} {several} it was not so that {should}{more}"
    of_all = {1: f"in the one {one}", 2: f"in both {several}"}
    return f"{of_all.get(number, f'in all {number} {several}')} {should}{more}"


def _done(write: Values) -> str:
    """What a write has changed: that it set an attribute to the value which that had before, its history can't tell."""
    if write["action"] == "delete":
        return "deleted the item"
    before, after = write["old_image"] or {}, write["new_image"] or {}
    changed = [name for name, value in after.items() if name not in before or before[name] != value]
    removed = [name for name in before if name not in after]
    if not changed and not removed:
        return f"{write['action']} that changed nothing"
    others = [f"{name} to {after[name]}" for name in changed if name not in SHOWN_APART]
    told = [f"changed {', '.join(others)}"] if others else []
    told += [f"removed {', '.join(removed)}"] if removed else []
    return f"{write['action']} that {' and '.join(told)}" if told else str(write["action"])


def _acknowledged(write: Values) -> str:
    if write["outcome"] != "acknowledged":
        return str(write["outcome"])
    return f"after {1000 * (write['answered'] - write['invoked']):.0f} ms"


def _attribute(write: Values, name: str) -> str:
    return "deleted" if write["new_image"] is None else str(write["new_image"].get(name, "none"))


def _seen(write: Values, seen: Sequence[str]) -> str:
    return " and ".join(seen) or ("the item as it was before both" if write["old_image"] else "no item")


def _found(seen: Values) -> str:
    if write := seen["write"]:
        return f"what {write['name']} left" if write["new_image"] else f"no item, as {write['name']} left it"
    return seen["blend"] or FOUND.get(seen["kind"], "no answer")
