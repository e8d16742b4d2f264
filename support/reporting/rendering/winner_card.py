"""The winner card: the updates side by side, what each had seen, which should have won and which did, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support.reporting.rendering.templates import NO, OPEN, YES, sentence, time_of_day
from support.reporting.scenario_result import ScenarioResult

Values = Mapping[str, Any]
SIGNS = {"decided": YES, "wrong": NO, "unknown": OPEN}
WRONG = "Wrong: "
SHOWN_APART = ("update_timestamp", "total_amount")
SAME_WINNER = "names the same winner here, so it is neither shown nor refuted"
EXPLAINS = "would explain what was found"
NO_VERDICT = "no verdict was reached"
NOT_COMPARED = "the regions were not compared to the end"
KINDS = {
    "conflict": "This is a conflict: a partner wrote without having seen the other's change.",
    "sequential overwrite": "This is a sequential overwrite, not a conflict: the later partner had seen the earlier "
    "change before writing.",
    "unknown": "Whether the partners had seen each other's changes is not known.",
}
FOUND = {"absent": "no item", "stale": "the item as it was before", "unknown": "an item that no update left"}


@dataclass(frozen=True)
class WinnerCard:
    """What there is to show of one contention, as text.

    `headline` is the verdict with its reason; `names` are the writers, over the columns of `rows`; `regions` hold what
    each region was expected to show against what it showed; `rules` what is said of rival rules.
    """

    ruling: str
    sign: str
    headline: str
    kind: str
    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    regions: Sequence[Sequence[str]]
    rules: Sequence[Sequence[str]]


def winner_cards(result: ScenarioResult) -> list[WinnerCard]:
    return [_card(each) for each in result.contentions]


def verdict_sentence(contention: Values) -> str:
    verdict = contention["verdict"]
    if verdict is None:
        return f"{NO_VERDICT}: {contention['trouble'] or NOT_COMPARED}."
    if verdict["winner"] is None:
        return f"No winner: {verdict['because']}."
    return f"{WRONG if verdict['ruling'] == 'wrong' else ''}{verdict['winner_name']} won: {verdict['because']}."


def contention_sign(contention: Values) -> str:
    """A sign for the verdict, which is readable without colours."""
    return SIGNS[contention["verdict"]["ruling"]] if contention["verdict"] else OPEN


def _card(contention: Values) -> WinnerCard:
    return WinnerCard(
        ruling=contention["verdict"]["ruling"] if contention["verdict"] else "none",
        sign=contention_sign(contention),
        headline=verdict_sentence(contention),
        kind=KINDS[contention["kind"]],
        names=["", *(sentence(str(write["by"] or write["name"])) for write in contention["contenders"])],
        rows=list(_rows(contention)),
        regions=_regions(contention),
        rules=_rules(contention["verdict"]),
    )


def _rows(contention: Values) -> Iterator[list[str]]:
    verdict, contenders = contention["verdict"] or {}, contention["contenders"]
    yield ["region", *(write["region"] for write in contenders)]
    yield ["what was done", *(_done(write) for write in contenders)]
    yield ["sent", *(time_of_day(write["at"]) for write in contenders)]
    yield ["acknowledged", *(_acknowledged(write) for write in contenders)]
    yield ["update_timestamp in the item", *(_attribute(write, "update_timestamp") for write in contenders)]
    yield ["amount", *(_attribute(write, "total_amount") for write in contenders)]
    yield ["had seen before writing", *map(_seen, contenders, contention["had_seen"])]
    yield ["what became of it", *(_fate(verdict, contention["kind"], write["number"]) for write in contenders)]


def _regions(contention: Values) -> list[list[str]]:
    predicted = contention["predicted"]
    expectation = " or ".join(predicted) + (", everywhere the same" if len(predicted) > 1 else "")
    return [
        [
            seen["region"],
            expectation,
            f"{_found(seen)}, at {time_of_day(seen['at'])}",
            YES if seen["expected"] else f"{NO} differs",
        ]
        for seen in contention["observed"]
    ]


def _rules(verdict: Values | None) -> list[list[str]]:
    if not verdict:
        return []
    fits = EXPLAINS if verdict["ruling"] == "wrong" else SAME_WINNER
    excluded = [[rule, f"{NO} excluded: this example refutes it"] for rule in verdict["excluded_rules"]]
    return excluded + [[rule, f"{OPEN} {fits}"] for rule in verdict["open_rules"]]


def _done(write: Values) -> str:
    if write["action"] == "delete":
        return "deleted the item"
    before, after = write["replaced"] or {}, write["left"] or {}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    others = [f"{name} = {value}" for name, value in changed.items() if name not in SHOWN_APART]
    return ", ".join([write["action"] if changed else f"{write['action']} that changed nothing", *others])


def _acknowledged(write: Values) -> str:
    if write["outcome"] != "acknowledged":
        return str(write["outcome"])
    return f"after {1000 * (write['answered'] - write['invoked']):.0f} ms"


def _attribute(write: Values, name: str) -> str:
    return "deleted" if write["left"] is None else str(write["left"].get(name, "none"))


def _seen(write: Values, seen: Sequence[str]) -> str:
    return " and ".join(seen) or ("the item as it was before both" if write["replaced"] else "no item")


def _fate(verdict: Values, kind: str, number: int) -> str:
    if verdict.get("winner") is None:
        return f"{OPEN} undecided"
    if number == verdict["winner"]:
        return f"{YES} won: kept whole"
    return f"{NO} overwritten" if kind == "sequential overwrite" else f"{NO} lost: dropped whole"


def _found(seen: Values) -> str:
    if write := seen["write"]:
        return f"what {write['name']} left" if write["left"] else f"no item, as {write['name']} left it"
    return seen["blend"] or FOUND.get(seen["kind"], "no answer")
