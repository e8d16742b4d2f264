"""What the report and a program learn of a verdict."""

import pytest

from support.tests.verdicts.conflicts.partners import B_LATER, B_SOON, BASE, A, verdict
from support.tests.verdicts.histories import AP, EU, US, delete, order, put, write
from support.verdicts.conflicts.verdict import contention
from support.verdicts.findings import Finding
from support.verdicts.history import Write

OVERWRITTEN = "it was written last, 5.0 s later, after the update of partner A had reached its region"


def test_the_finding_names_winner_loser_why_and_the_rules() -> None:
    because = f"{OVERWRITTEN}: an overwrite, not a conflict"
    assert verdict([A, B_LATER], order(200)).finding() == Finding(
        "conflict",
        f"the update of partner B (eu-west-1) won over the update of partner A: {because}",
        (
            ("winner", "the update of partner B (eu-west-1)"),
            ("loser", "the update of partner A (us-east-1)"),
            ("why", because),
            ("kind", "sequential overwrite"),
            ("excludes", "the primary region wins; the first writer wins"),
            ("does not tell apart", "the larger total_amount wins; attributes are merged"),
        ),
        {
            "ruling": "decided",
            "kind": "sequential overwrite",
            "winner": B_LATER.number,
            "winner_name": "the update of partner B (eu-west-1)",
            "winner_by": "partner B",
            "winner_region": "eu-west-1",
            "losers": [A.number],
            "because": because,
            "undecidable": False,
            "excluded_rules": ["the primary region wins", "the first writer wins"],
            "open_rules": ["the larger total_amount wins", "attributes are merged"],
        },
    )


def test_an_example_that_shows_nothing_of_any_rule_says_so() -> None:
    writes = [delete(EU, 0, BASE, "A"), put(AP, 0, order(2), BASE, "B"), delete(EU, 0, BASE, "C")]
    details = dict(verdict(writes, order(2)).finding().details)
    assert (details["excludes"], details["does not tell apart"]) == ("no rival rule", "nothing")
    assert details["loser"] == "the delete of partner A (eu-west-1), the delete of partner C (eu-west-1)"


def test_the_finding_of_a_verdict_without_a_winner_says_why() -> None:
    because = "no region holds the item, and none of the writes deleted it"
    assert verdict([A, B_SOON], None).finding() == Finding(
        "conflict",
        f"no winner: {because}",
        (("verdict", "wrong"),),
        {
            "ruling": "wrong",
            "kind": "conflict",
            "winner": None,
            "winner_name": "",
            "winner_by": "",
            "winner_region": "",
            "losers": [],
            "because": because,
            "undecidable": False,
            "excluded_rules": [],
            "open_rules": [],
        },
    )


@pytest.mark.parametrize(
    ("writes", "kind", "sentence"),
    [
        ([A, B_SOON], "conflict", "a conflict: neither had seen the other"),
        ([A, B_LATER], "sequential overwrite", "a sequential overwrite: the later one had seen the earlier one"),
        ([write(US, 600, BASE, BASE, "A"), B_SOON], "unknown", "whether they had seen each other is not known"),
    ],
)
def test_a_contention_says_whether_the_writes_had_seen_each_other(
    writes: list[Write], kind: str, sentence: str
) -> None:
    title = f"the update of partner A and the update of partner B: {sentence}"
    values = {"contenders": [write.number for write in writes], "kind": kind}
    assert contention(writes) == Finding("note", title, (), values)


def test_a_contention_of_three_does_not_say_that_none_had_seen_another() -> None:
    third = write(AP, 610, order(200), order(300), "C")
    assert contention([A, B_SOON, third]).title.endswith("the update of partner C: a conflict")


def test_a_put_is_named_by_its_region_when_nobody_is_named() -> None:
    puts = [put(US, 0, order(1), BASE), put(EU, 1, order(2), BASE)]
    assert "the put in eu-west-1 (eu-west-1) won over the put in us-east-1" in verdict(puts, order(2)).finding().title
