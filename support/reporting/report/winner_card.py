"""The winner card: two updates side by side, what each had seen, who should have won and who did, and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from support.reporting.report.html import NO, OPEN, YES, box, heading, headline, paragraph, strong, table, text

Values = Mapping[str, Any]
SIGNS = {"decided": YES, "wrong": NO, "unknown": OPEN}
WRONG = "Wrong: "
SHOWN_APART = ("update_timestamp", "total_amount")
SAME_WINNER = "names the same winner here, so it is neither shown nor refuted"
EXPLAINS = "would explain what was observed"
NO_VERDICT = "no verdict was reached: the regions were not compared to the end"


def winner_cards(record: Values) -> str:
    """A card for each contention of a scenario; empty if nobody contended."""
    writes = {write["number"]: write for write in record.get("writes", ())}
    return "".join(_card(contention, writes) for contention in record.get("contentions", ()))


def _card(contention: Values, writes: Mapping[int, Values]) -> str:
    contenders = [writes[number] for number in contention["contenders"]]
    return "".join(
        [
            heading("Which update won, and why"),
            box(_verdict(contention, writes)),
            _updates(contention, contenders, writes),
            _regions(contention, writes),
            _rules(contention["verdict"]),
        ]
    )


def verdict_sentence(contention: Values, writes: Mapping[int, Values]) -> str:
    """Who won and why, or what is the matter, as plain text."""
    verdict = contention["verdict"]
    if verdict is None:
        return f"{NO_VERDICT}."
    if verdict["winner"] is None:
        return f"No winner: {verdict['because']}."
    winner = writes[verdict["winner"]]
    wrong = WRONG if verdict["ruling"] == "wrong" else ""
    return f"{wrong}{winner['name']} ({winner['region']}) won: {verdict['because']}."


def contention_sign(contention: Values) -> str:
    """A sign for the verdict, which is readable without colours."""
    return SIGNS[contention["verdict"]["ruling"]] if contention["verdict"] else OPEN


def _verdict(contention: Values, writes: Mapping[int, Values]) -> str:
    sentence = verdict_sentence(contention, writes)
    kind = {
        "conflict": "This is a conflict: a partner wrote without having seen the other's change.",
        "sequential overwrite": "This is a sequential overwrite, not a conflict: the later partner had seen the "
        "earlier change before writing.",
        "unknown": "Whether the partners had seen each other's changes is not known.",
    }[contention["kind"]]
    return headline(f"{contention_sign(contention)} {sentence[:1].upper()}{sentence[1:]}") + paragraph(text(kind))


def _updates(contention: Values, contenders: Sequence[Values], writes: Mapping[int, Values]) -> str:
    names = [text(_who(write)) for write in contenders]
    rows = [[text(title), *cells] for title, cells in _rows(contention, contenders, writes)]
    return table(["", *names], rows)


def _rows(
    contention: Values, contenders: Sequence[Values], writes: Mapping[int, Values]
) -> Iterator[tuple[str, list[str]]]:
    verdict = contention["verdict"] or {}
    yield "region", [text(write["region"]) for write in contenders]
    yield "what was done", ["<br>".join(map(text, _done(write))) for write in contenders]
    yield "sent", [text(_time(write["at"])) for write in contenders]
    yield "acknowledged", [text(_acknowledged(write)) for write in contenders]
    yield "update_timestamp in the item", [text(_attribute(write, "update_timestamp")) for write in contenders]
    yield "amount", [text(_attribute(write, "total_amount")) for write in contenders]
    yield "had seen before writing", [text(_seen(contention, write, writes)) for write in contenders]
    yield "what became of it", [strong(_fate(verdict, write["number"])) for write in contenders]


def _regions(contention: Values, writes: Mapping[int, Values]) -> str:
    predicted = [writes[number]["name"] for number in contention["predicted"]]
    expectation = " or ".join(predicted) + (", everywhere the same" if len(predicted) > 1 else "")
    rows = [
        [
            text(seen["region"]),
            text(expectation),
            text(f"{_observed(seen, writes)}, at {_time(seen['at'])}"),
            YES if seen["write"] in contention["predicted"] else f"{NO} differs",
        ]
        for seen in contention["observed"]
    ]
    if not rows:
        return paragraph(text("No region was read after the updates."))
    return table(["region", "predicted winner", "observed in the end", "as predicted"], rows)


def _rules(verdict: Values | None) -> str:
    if not verdict or not (verdict["excluded_rules"] or verdict["open_rules"]):
        return ""
    fits = EXPLAINS if verdict["ruling"] == "wrong" else SAME_WINNER
    rows = [[text(rule), f"{NO} excluded: this example refutes it"] for rule in verdict["excluded_rules"]]
    rows += [[text(rule), f"{OPEN} {fits}"]
             for rule in verdict["open_rules"]]  # fmt: skip
    return table(["other rules that one might suspect", "what this example says of them"], rows)


def _who(write: Values) -> str:
    who = str(write["by"] or write["name"])
    return who[:1].upper() + who[1:]


def _done(write: Values) -> list[str]:
    if write["action"] == "delete":
        return ["deleted the item"]
    before = write["replaced"] or {}
    after = write["left"] or {}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    others = [f"{name} = {value}" for name, value in changed.items() if name not in SHOWN_APART]
    return [write["action"] if changed else f"{write['action']} that changed nothing", *others]


def _time(moment: str) -> str:
    """A time of day with milliseconds, in UTC."""
    return f"{datetime.fromisoformat(moment):%H:%M:%S.%f}"[:-3] + " UTC"


def _acknowledged(write: Values) -> str:
    if write["outcome"] != "acknowledged":
        return str(write["outcome"])
    return f"after {1000 * (write['answered'] - write['invoked']):.0f} ms"


def _attribute(write: Values, name: str) -> str:
    if write["left"] is None:
        return "deleted"
    return str(write["left"].get(name, "none"))


def _seen(contention: Values, write: Values, writes: Mapping[int, Values]) -> str:
    seen = contention["had_seen"][str(write["number"])]
    if seen:
        return " and ".join(str(writes[number]["name"]) for number in seen)
    return "the item as it was before both" if write["replaced"] else "no item"


def _fate(verdict: Values, number: int) -> str:
    if verdict.get("winner") is None:
        return f"{OPEN} undecided"
    return f"{YES} won: kept whole" if number == verdict["winner"] else f"{NO} lost: dropped whole"


def _observed(seen: Values, writes: Mapping[int, Values]) -> str:
    if seen["write"] is not None:
        write = writes[seen["write"]]
        return f"what {write['name']} left" if write["left"] else f"no item, as {write['name']} left it"
    return {"absent": "no item", "stale": "the item as it was before", "unknown": "an item that nobody wrote"}.get(
        seen["kind"], "no answer"
    )
