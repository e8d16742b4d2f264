"""The track record: public reports of trouble with replicated tables, and the scenario that notices each of them."""

import tomllib
from pathlib import Path
from typing import Any

REPORTS = Path(__file__).with_name("track_record.toml")
TABLE = Path(__file__).with_name("TRACK_RECORD.md")


def reports() -> dict[str, list[dict[str, Any]]]:
    """What was reported and is noticed (`report`), and what is not (`unnoticed`)."""
    return tomllib.loads(REPORTS.read_text(encoding="utf-8"))


def table() -> str:
    """The same in Markdown, for a reader; made by `python -m support.mutants --track-record`, never by hand."""
    known = reports()
    lines = [
        "# What this suite would have noticed",
        "",
        f"{len(known['report'])} public reports of real trouble with replicated tables, and {len(known['unnoticed'])}"
        " that no scenario would notice yet. Made from `track_record.toml` by"
        " `python -m support.mutants --track-record`; all were read on 2026-11-28.",
        "",
        "| What happened | The wrong rule | Scenario that notices | See it red: `pytest features/ --fault` |",
        "| --- | --- | --- | --- |",
        *(
            _row(f"{each['happened']} ([{each['title']}]({each['address']}))", each["rule"], each["scenario"],
                 f"`{each['fault']}`")
            for each in known["report"]
        ),
        "",
        "| Not noticed | The wrong rule | What a scenario would have to show |",
        "| --- | --- | --- |",
        *(
            _row(f"{each['happened']} ([{each['title']}]({each['address']}))", each["rule"], each["missing"])
            for each in known["unnoticed"]
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace('<', '&lt;') for cell in cells)} |"
