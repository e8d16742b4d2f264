"""`python -m support.page` tells which scenarios show the page's claims, and what changed in a version of the page.

Exit status: 0 nothing that the suite tests has changed, 3 something has, 2 the file is no version of the page.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from support.clock import WallClock
from support.command import run_command
from support.evidence import Evidence, EvidenceError
from support.page import facts
from support.page.claims import Outcomes
from support.page.drift.comparison import compare_file
from support.page.drift.markdown_page import PageError, read_text
from support.page.page_map import page_map
from support.page.suggestions import not_there, patch, suggestions

UNCHANGED, UNREADABLE, CHANGED = 0, 2, 3


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        if options.page:
            comparison = compare_file(options.page)
            _print(options.json, {"page": str(options.page), **comparison.values()}, comparison.lines())
            return CHANGED if comparison.changes else UNCHANGED
        if options.claims:
            _list_claims(options.json)
        elif options.suggestions and options.patch:
            text, found = read_text(options.patch), suggestions()
            print(patch(options.patch, text, found), end="")
            for claim in not_there(text, found):
                print(f"{claim} is worded otherwise in {options.patch}: correct it by hand", file=sys.stderr)
        elif options.suggestions:
            found = suggestions()
            lines = [line for each in found for line in each.lines()]
            _print(options.json, [asdict(each) for each in found], lines)
        elif options.facts:
            print("\n".join(facts.lines(_shown_on_aws(options.evidence))))
        elif options.facts_table:
            facts.TABLE.write_text(facts.table(), encoding="utf-8")
            print(f"the table is {facts.TABLE}")
        else:
            old = facts.stale(WallClock().now().date(), options.stale_facts)
            print("\n".join(old or [f"no fact was read longer than {options.stale_facts} days ago"]))
    except PageError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return UNREADABLE
    except EvidenceError as error:
        print(f"ERROR: {options.evidence} {error}", file=sys.stderr)
        return UNREADABLE
    return UNCHANGED


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
    for place, shown in Evidence.read(evidence).shown.items():
        for name, each in shown.items():
            title = name.partition("::")[2].partition("[")[0]
            days[title] = max(days.get(title, ""), each.day if place.target == "AWS" else "")
    return days


def _list_claims(as_json: bool) -> None:
    outcomes = Outcomes(())
    values, lines = list[dict[str, object]](), list[str]()
    for claim in page_map().claims:
        shown = {name: str(getattr(claim, name)) for name in ("id", "section", "says", "kind", "how", "reason")}
        scenarios = [each.test for each in outcomes.scenarios_of(claim)]
        values.append({**shown, "scenarios": scenarios})
        note = "; ".join(filter(None, [claim.how, claim.reason]))
        lines.append(f"{claim.id}  {claim.kind}: {claim.says}" + (f"  ({note})" if note else ""))
        lines += (f"    {each}" for each in scenarios)
    _print(as_json, values, lines)


def _print(as_json: bool, values: object, lines: Iterable[str]) -> None:
    text = json.dumps(values, indent=1, ensure_ascii=False) if as_json else "\n".join(lines)
    print(text)


if __name__ == "__main__":
    run_command(main)
