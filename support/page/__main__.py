"""`python -m support.page` tells which scenarios show the page's claims, and what changed in a version of the page.

Exit status: 0 nothing that the suite tests has changed, 3 something has, 2 the file is no version of the page.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from support.clock import WallClock
from support.command import run_command
from support.evidence import scenarios_of
from support.page import facts
from support.page.annotation import evidence_of, suggestions
from support.page.correction import patch
from support.page.drift.comparison import compare_file
from support.page.drift.markdown_page import PageError, read_text
from support.page.page_map import page_map

UNCHANGED, UNREADABLE, CHANGED = 0, 2, 3


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if options.claims:
        _print(options.json, [dict(each) for each in coverage()], coverage_lines())
        return UNCHANGED
    if options.facts_table:
        facts.TABLE.write_text(facts.table(), encoding="utf-8")
        print(f"the table is {facts.TABLE}")
        return UNCHANGED
    if options.facts:
        print("\n".join(facts.lines(_shown_on_aws(options.evidence))))
        return UNCHANGED
    if options.stale_facts is not None:
        old = facts.stale(WallClock().now().date(), options.stale_facts)
        print("\n".join(old or [f"no fact was read longer than {options.stale_facts} days ago"]))
        return UNCHANGED
    try:
        if options.suggestions:
            found = suggestions()
            if options.patch:
                print(patch(options.patch, read_text(options.patch), found), end="")
            else:
                _print(
                    options.json, [asdict(each) for each in found], (line for each in found for line in each.lines())
                )
            return UNCHANGED
        comparison = compare_file(options.page)
    except PageError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return UNREADABLE
    _print(options.json, {"page": str(options.page), **comparison.values()}, iter(comparison.lines()))
    return CHANGED if comparison.changes else UNCHANGED


def _options(arguments: list[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m support.page", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("page", nargs="?", type=Path, metavar="PATH", help="compare a version of the page, in Markdown")
    what.add_argument("--claims", action="store_true", help="list the page's claims, each with its scenarios")
    what.add_argument("--suggestions", action="store_true", help="list what to write instead of what AWS contradicts")
    what.add_argument("--facts", action="store_true", help="list what is known about AWS, by whom, and what shows it")
    what.add_argument("--facts-table", action="store_true", help="make the table of them anew, in Markdown")
    what.add_argument("--stale-facts", type=int, metavar="DAYS", help="list the facts that were read longer ago")
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="with --facts: what live runs have shown")
    parser.add_argument("--patch", type=Path, metavar="PATH", help="with --suggestions: as a diff of this file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    return parser.parse_args(arguments)


def _shown_on_aws(evidence: Path | None) -> dict[str, str]:
    """The last day on which each scenario was shown on AWS, by its title."""
    if evidence is None:
        return {}
    days: dict[str, str] = {}
    for name, values in scenarios_of(json.loads(read_text(evidence))):
        title = name.partition("::")[2].partition("[")[0]
        days[title] = max(days.get(title, ""), str(values["day"]) if values["target"] == "AWS" else "")
    return days


def coverage() -> Iterator[dict[str, object]]:
    """Each claim with its scenarios, as plain values."""
    evidence = evidence_of(())
    for claim in page_map().claims:
        scenarios = [each.test for each in evidence.scenarios_of(claim)]
        yield {
            "id": claim.id,
            "section": claim.section,
            "says": claim.says,
            "kind": str(claim.kind),
            "how": claim.how,
            "reason": claim.reason,
            "scenarios": scenarios,
        }


def coverage_lines() -> Iterator[str]:
    """The same for a reader: a line for each claim, and one for each scenario below it."""
    for claim in coverage():
        note = "; ".join(str(claim[name]) for name in ("how", "reason") if claim[name])
        yield f"{claim['id']}  {claim['kind']}: {claim['says']}" + (f"  ({note})" if note else "")
        scenarios = claim["scenarios"]
        yield from (f"    {each}" for each in (scenarios if isinstance(scenarios, list) else ()))


def _print(as_json: bool, values: object, lines: Iterator[str]) -> None:
    text = json.dumps(values, indent=1, ensure_ascii=False) if as_json else "\n".join(lines)
    print(text)


if __name__ == "__main__":
    run_command(main)
