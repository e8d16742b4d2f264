"""Findings on their way to another process, and in the order in which they were made."""

import json

from support.verdicts.findings import Finding, Findings

FINDING = Finding("note", "a sentence", (("name", "value"), ("other", "more")), {"number": 1})


def test_a_finding_survives_a_way_through_json() -> None:
    written = FINDING.to_json()
    assert written == {
        "kind": "note",
        "title": "a sentence",
        "details": (("name", "value"), ("other", "more")),
        "values": {"number": 1},
    }
    assert Finding.from_json(json.loads(json.dumps(written))) == FINDING


def test_findings_come_in_the_order_in_which_they_were_made() -> None:
    findings = Findings()
    assert (list(findings), len(findings)) == ([], 0)
    second = Finding("retry", "another sentence")
    findings.add(FINDING)
    findings.add(second)
    assert (list(findings), len(findings)) == ([FINDING, second], 2)
